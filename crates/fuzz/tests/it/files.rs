use std::fs;
use std::path::{Path, PathBuf};

use test_support::workspace_root;

/// What lies directly in a folder of the workspace, by name.
pub(crate) fn directly_in(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let folder = workspace_root().join(folder);
    let listing = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = listing
        .map(|entry| entry.expect("a listed entry is readable").path())
        .collect();
    found.sort();
    found
}

/// Every file below a folder of the workspace.
pub(crate) fn below(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let found = directly_in(folder).into_iter();
    let files = found.flat_map(|path| if path.is_dir() { below(path) } else { vec![path] });
    files.collect()
}

pub(crate) fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
