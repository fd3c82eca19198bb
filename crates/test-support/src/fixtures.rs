use std::fs;
use std::path::{Path, PathBuf};

/// One file below `fixtures/`.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The file name without its extension; what a failing test names.
    pub name: String,
    /// Where the file lies.
    pub path: PathBuf,
}

impl Fixture {
    /// The file's text.
    ///
    /// # Panics
    ///
    /// When the file is not readable UTF-8.
    pub fn text(&self) -> String {
        fs::read_to_string(&self.path).unwrap_or_else(|error| panic!("{}: {error}", self.path.display()))
    }

    /// The file's JSON.
    ///
    /// # Panics
    ///
    /// When the file can't be read or is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text()).unwrap_or_else(|error| panic!("{}: {error}", self.path.display()))
    }
}

/// The top folder of the workspace.
///
/// # Panics
///
/// Never: this crate lies two folders below it.
pub fn workspace_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/test-support lies two folders below the root")
}

/// Every file with this extension directly in a folder below `fixtures/`, by name.
///
/// # Panics
///
/// When the folder can't be listed or holds no such file: a test over no fixture would prove nothing.
pub fn fixtures(folder: &str, extension: &str) -> Vec<Fixture> {
    let folder = workspace_root().join("fixtures").join(folder);
    let listing = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<Fixture> = listing
        .map(|entry| entry.expect("a listed entry is readable").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| Fixture {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            path,
        })
        .collect();
    assert!(!found.is_empty(), "no .{extension} file in {}", folder.display());
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}
