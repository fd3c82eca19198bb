//! Puts the files below `fixtures/wire/` into a table, so that an installed binary has them, and they stay the only source.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/wire")
        .canonicalize()?;
    let mut files = Vec::new();
    find(&fixtures, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let below = text(file.strip_prefix(&fixtures).map_err(io::Error::other)?)?;
        let file = text(&file)?;
        writeln!(table, "    ({below:?}, include_str!({file:?})),").map_err(io::Error::other)?;
    }
    table.push(']');
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&out).join("golden.rs"), table)
}

/// A path as it can stand in a source file.
fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::other("the path is not UTF-8"))
}

/// Every file below a folder. Cargo is told of the folders, as a new file changes nothing but its folder.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
