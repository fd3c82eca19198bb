//! Folders that can't hold a spool, and what the user is told.

use std::fs;
use std::path::Path;

use spool::{Spool, SpoolError, SpoolOptions, Unusable};

use crate::{all, open};

fn refusal(folder: &Path) -> SpoolError {
    Spool::open(folder, SpoolOptions::default()).unwrap_err()
}

#[test]
fn a_folder_is_made_with_all_its_parents() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a").join("b");
    open(&folder).append(b"a").unwrap();
    assert_eq!(all(&open(&folder)).len(), 1);
}

#[test]
fn a_path_below_a_file_is_refused_with_its_name() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    for folder in [file.clone(), file.join("spool")] {
        let error = refusal(&folder);
        assert!(matches!(&error, SpoolError::Unusable { path, reason: Unusable::Refused(_) } if *path == folder));
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("`{}` can't be used for a spool (", folder.display())),
            "{text}"
        );
        assert!(
            text.ends_with("): name a folder that this process may create and write"),
            "{text}"
        );
    }
}

#[test]
fn a_folder_where_the_lock_can_not_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("lock")).unwrap();
    let error = refusal(folder.path());
    assert!(
        matches!(&error, SpoolError::Unusable { path, .. } if *path == folder.path().join("lock")),
        "{error}"
    );
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.txt");
    fs::write(&letter, "Dear Ada").unwrap();
    let error = refusal(folder.path());
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` is not part of a spool: name an empty folder or one that does not exist",
            letter.display()
        )
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_second_opener_is_told_that_the_folder_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let error = refusal(folder.path());
    assert!(matches!(error, SpoolError::Locked { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "the spool `{}` is in use by another process: stop that one, or name another folder",
            folder.path().display()
        )
    );
    spool.append(b"a").unwrap();
    spool.close().unwrap();
    assert_eq!(all(&open(folder.path())).len(), 1);
}

#[test]
fn a_later_format_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).append(b"a").unwrap();
    fs::write(folder.path().join("format"), "2\n").unwrap();
    let error = refusal(folder.path());
    assert!(matches!(error, SpoolError::Newer { found: 2, known: 1, .. }));
    let text = error.to_string();
    assert!(
        text.contains("has format 2, and this version reads formats up to 1"),
        "{text}"
    );
    fs::write(folder.path().join("format"), "1\n").unwrap();
    assert_eq!(all(&open(folder.path())).len(), 1);
}

#[test]
fn a_format_that_is_no_version_is_damage() {
    for text in ["", "one", "-1", "1 2", "99999999999999"] {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()));
        fs::write(folder.path().join("format"), text).unwrap();
        let error = refusal(folder.path());
        assert!(
            matches!(&error, SpoolError::Corrupt { path, .. } if path.ends_with("format")),
            "{text}: {error}"
        );
    }
}

#[test]
fn records_that_are_missing_are_damage_and_not_an_empty_spool() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).append(b"a").unwrap();
    fs::remove_file(folder.path().join("records.redb")).unwrap();
    let error = refusal(folder.path());
    assert!(
        error.to_string().contains("records.redb` is damaged (it is missing)"),
        "{error}"
    );
}

#[test]
fn a_folder_that_was_left_half_made_is_finished() {
    let made = tempfile::tempdir().unwrap();
    let spool = open(made.path());
    spool.append(b"a").unwrap();
    drop(spool);
    let store = fs::read(made.path().join("records.redb")).unwrap();
    for (left, records) in [
        ("lock", 0),
        ("records.redb.new", 0),
        ("format.new", 0),
        ("records.redb", 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let content = if left.starts_with("records") { &store[..] } else { b"" };
        fs::write(folder.path().join(left), content).unwrap();
        assert_eq!(open(folder.path()).len(), records, "{left}");
    }
}
