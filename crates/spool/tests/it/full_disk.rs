//! A real disk that is full, where one can be had.

use std::fs;
use std::path::Path;
use std::process::Command;

use spool::{RecordId, SpoolError};

use crate::damage::copied;
use crate::{all, open};

/// A small disk in memory, until it is dropped.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// Nothing where this process may not mount. The same is then tested with a disk that the store's own tests make up.
    fn mounted(at: &'a Path) -> Option<Self> {
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "spool-test"])
            .arg(at)
            .output()
            .ok()?;
        mount.status.success().then_some(Self(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0).status().unwrap();
    }
}

#[test]
fn a_spool_that_fills_its_disk_loses_nothing_and_can_be_emptied() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mounted(folder.path()) else {
        return;
    };
    let path = disk.0.join("spool");
    let spool = open(&path);
    let mut appended: Vec<RecordId> = Vec::new();
    let error = loop {
        match spool.append_all(&vec![[7; 850]; 10]) {
            Ok(ids) => appended.extend(ids),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, SpoolError::DiskFull { .. }), "{error:?}");
    assert!(error.to_string().starts_with("there is no space left for `"), "{error}");
    let there = |spool: &spool::Spool| all(spool).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(there(&spool), appended);

    // Others take the last of the space. The reserve makes it possible to take records out all the same.
    let filler = disk.0.join("filler");
    fs::write(&filler, vec![0; 8 * 1024 * 1024]).unwrap_err();
    assert!(path.join("reserve").exists());
    let removed: Vec<RecordId> = appended.iter().step_by(2).copied().collect();
    let kept: Vec<RecordId> = appended.iter().skip(1).step_by(2).copied().collect();
    spool.remove(&removed).unwrap();
    spool.flush().unwrap();
    assert!(!path.join("reserve").exists());
    assert_eq!(there(&open(copied(&path).path())), kept);

    // A process that finds the disk full can read what waits, and is told when it appends.
    drop(spool);
    let more = disk.0.join("more");
    fs::write(&more, vec![0; 8 * 1024 * 1024]).unwrap_err();
    let spool = open(&path);
    assert_eq!(there(&spool), kept);
    assert!(matches!(spool.append(b"no"), Err(SpoolError::DiskFull { .. })));

    // It can go on as soon as there is space.
    fs::remove_file(filler).unwrap();
    fs::remove_file(more).unwrap();
    let next = spool.append(b"yes").unwrap();
    assert!(Some(&next) > kept.last());
    assert!(path.join("reserve").exists());
    spool.close().unwrap();
    assert_eq!(open(&path).len(), kept.len() as u64 + 1);
}
