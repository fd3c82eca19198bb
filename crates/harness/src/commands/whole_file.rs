//! Files that others wait for: there whole, or not at all.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::Context;

/// Puts a file there in one step, in place of one that is there already.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let can_not = || format!("can't write {}", path.display());
    let beside = beside(path).with_context(can_not)?;
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is left of it is of no use to anyone.
        let _ = fs::remove_file(&beside);
    }
    written.with_context(can_not)
}

/// Puts several files there, of which none is replaced before all of them are written.
pub(super) fn write_all(
    paths: &[PathBuf],
    mut write: impl FnMut(usize, &mut fs::File) -> io::Result<()>,
) -> anyhow::Result<()> {
    let mut besides = Vec::new();
    let written = paths.iter().enumerate().try_for_each(|(place, path)| {
        let can_not = || format!("can't write {}", path.display());
        if path.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory)).with_context(can_not);
        }
        besides.push(beside(path).with_context(can_not)?);
        let file = fs::File::create(&besides[place]);
        file.and_then(|mut file| write(place, &mut file)).with_context(can_not)
    });
    let mut pairs = besides.iter().zip(paths);
    let put = written.and_then(|()| {
        pairs.try_for_each(|(beside, path)| {
            fs::rename(beside, path).with_context(|| format!("can't write {}", path.display()))
        })
    });
    if put.is_err() {
        for beside in &besides {
            // What is left of it is of no use to anyone.
            let _ = fs::remove_file(beside);
        }
    }
    put
}

/// Removes a file, unless it has another text by now and so is somebody else's.
pub(super) fn remove(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        // Whoever removed it meanwhile did what was to be done.
        let _ = fs::remove_file(path);
    }
}

/// A name of this process's own in the same folder, since no step leads from one file system to another.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let mut own = OsString::from(".");
    own.push(name);
    own.push(format!(".{}", process::id()));
    Ok(path.with_file_name(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = std::env::temp_dir().join(format!("harness-whole-file-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("ready");
        write(&file, "old and longer").unwrap();
        write(&file, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        remove(&file, "somebody else's");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        remove(&file, "new");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);

        assert!(write(&folder, "a folder").is_err());
        let error = write(&folder.join("none/ready"), "text").unwrap_err();
        assert!(format!("{error:#}").starts_with("can't write "), "{error:#}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
