use std::fs;
use std::path::PathBuf;

use scenario::{FileError, Files, Folder};

/// A folder of its own below cargo's folder for such things, with `inside/a.yaml` as the scenario.
fn folder(name: &str) -> (PathBuf, Folder) {
    let top = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("scenario-files")
        .join(name);
    let _ = fs::remove_dir_all(&top);
    fs::create_dir_all(top.join("inside/below")).expect("cargo's folder can be written to");
    for (path, text) in [("secret.ndjson", "{}"), ("inside/below/events.ndjson", "{\"a\":1}")] {
        fs::write(top.join(path), text).expect("cargo's folder can be written to");
    }
    let folder = Folder::of(top.join("inside/a.yaml"));
    (top, folder)
}

#[test]
fn files_in_and_below_the_folder_are_read() {
    let (_, folder) = folder("read");
    assert_eq!(folder.read("below/events.ndjson").unwrap(), "{\"a\":1}");
    assert_eq!(folder.read("./below/../below/events.ndjson").unwrap(), "{\"a\":1}");
}

#[test]
fn no_path_leads_out_of_the_folder() {
    let (top, folder) = folder("confined");
    assert!(matches!(folder.read("../secret.ndjson"), Err(FileError::Outside)));
    assert!(matches!(
        folder.read("below/../../secret.ndjson"),
        Err(FileError::Outside)
    ));
    let absolute = top.join("inside/below/events.ndjson");
    assert!(matches!(
        folder.read(absolute.to_str().unwrap()),
        Err(FileError::Absolute)
    ));
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_folder() {
    use std::os::unix::fs::symlink;

    let (top, folder) = folder("linked");
    symlink(top.join("secret.ndjson"), top.join("inside/link.ndjson")).unwrap();
    symlink(&top, top.join("inside/up")).unwrap();
    symlink(top.join("inside/below/events.ndjson"), top.join("inside/good.ndjson")).unwrap();
    assert!(matches!(folder.read("link.ndjson"), Err(FileError::LinkedOutside)));
    assert!(matches!(folder.read("up/secret.ndjson"), Err(FileError::LinkedOutside)));
    assert_eq!(folder.read("good.ndjson").unwrap(), "{\"a\":1}");
}

#[test]
fn what_can_not_be_read_says_why() {
    let (top, folder) = folder("unreadable");
    fs::write(top.join("inside/latin.ndjson"), b"{\"a\":\"\xE9\"}").unwrap();
    assert!(matches!(folder.read(""), Err(FileError::Empty)));
    assert!(matches!(folder.read("below"), Err(FileError::NotAFile)));
    assert!(matches!(folder.read("latin.ndjson"), Err(FileError::NotUtf8(6))));
    let Err(FileError::Unreadable(reason)) = folder.read("none.ndjson") else {
        panic!("a missing file was read")
    };
    assert_eq!(reason.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn an_error_never_repeats_its_source() {
    let (_, folder) = folder("source");
    let error = folder.read("none.ndjson").unwrap_err();
    let source = std::error::Error::source(&error).expect("the system's reason");
    assert!(!error.to_string().contains(&source.to_string()));
}
