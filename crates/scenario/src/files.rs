//! How `file:` steps are read, and kept inside the scenario's folder tree.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::{fmt, fs, io};

/// Where `file:` steps find their files.
pub trait Files {
    /// The text of a file.
    ///
    /// # Errors
    ///
    /// When the path leads out of the scenario's folder tree, or the file can't be read.
    fn read(&self, path: &str) -> Result<String, FileError>;
}

/// Why a file can't be had.
#[derive(Debug)]
pub enum FileError {
    /// The path is empty.
    Empty,
    /// The path does not begin at the scenario's folder.
    Absolute,
    /// The path climbs above the scenario's folder with `..`.
    Outside,
    /// A symbolic link on the way leads out of the scenario's folder tree.
    LinkedOutside,
    /// It is a folder, a device or a pipe.
    NotAFile,
    /// The byte at this offset is not UTF-8.
    NotUtf8(usize),
    /// The operating system refuses.
    Unreadable(io::Error),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the path is empty"),
            Self::Absolute => f.write_str("the path is absolute"),
            Self::Outside => f.write_str("the path leads out of the scenario's folder"),
            Self::LinkedOutside => f.write_str("a symbolic link leads out of the scenario's folder"),
            Self::NotAFile => f.write_str("it is not a regular file"),
            Self::NotUtf8(offset) => write!(f, "it is not UTF-8: byte {offset} can't be read"),
            Self::Unreadable(_) => f.write_str("it can't be read"),
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            Self::Empty | Self::Absolute | Self::Outside | Self::LinkedOutside | Self::NotAFile | Self::NotUtf8(_) => {
                None
            }
        }
    }
}

/// The folder a scenario file lies in.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder of this scenario file. Nothing is looked up yet.
    ///
    /// ```
    /// use scenario::{FileError, Files, Folder};
    ///
    /// let folder = Folder::of("scenarios/a.yaml");
    /// assert!(matches!(folder.read("../secrets.ndjson"), Err(FileError::Outside)));
    /// ```
    pub fn of(scenario: impl AsRef<Path>) -> Self {
        let root = scenario
            .as_ref()
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        Self {
            root: root.unwrap_or(Path::new(".")).to_owned(),
        }
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<String, FileError> {
        confined(path)?;
        let root = self.root.canonicalize().map_err(FileError::Unreadable)?;
        let file = root.join(path).canonicalize().map_err(FileError::Unreadable)?;
        if !file.starts_with(&root) {
            return Err(FileError::LinkedOutside);
        }
        // A pipe would block the reader for ever, and a device never end.
        if !fs::metadata(&file).map_err(FileError::Unreadable)?.is_file() {
            return Err(FileError::NotAFile);
        }
        let bytes = fs::read(&file).map_err(FileError::Unreadable)?;
        String::from_utf8(bytes).map_err(|error| FileError::NotUtf8(error.utf8_error().valid_up_to()))
    }
}

/// Files that are read by way of this, each of which is remembered as it was read.
#[derive(Debug)]
pub struct Remembering<F> {
    files: F,
    read: RefCell<BTreeMap<String, String>>,
}

impl<F: Files> Remembering<F> {
    /// Reads from these.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use scenario::{Files, Remembering};
    ///
    /// let there: BTreeMap<_, _> = [("a.csv", "id"), ("b.csv", "id")].map(|(path, text)| (path.into(), text.into())).into();
    /// let files = Remembering::of(there);
    /// files.read("a.csv")?;
    /// assert_eq!(files.into_read().into_keys().collect::<Vec<_>>(), ["a.csv"]);
    /// # Ok::<(), scenario::FileError>(())
    /// ```
    pub fn of(files: F) -> Self {
        Self {
            files,
            read: RefCell::default(),
        }
    }

    /// The text of each file that was read, by its path from the scenario's folder.
    pub fn into_read(self) -> BTreeMap<String, String> {
        self.read.into_inner()
    }
}

impl<F: Files> Files for Remembering<F> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        let text = self.files.read(path)?;
        self.read.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }
}

/// Files by path, for tests and for scenarios that lie on no disk.
impl Files for BTreeMap<String, String> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        confined(path)?;
        self.get(path)
            .cloned()
            .ok_or_else(|| FileError::Unreadable(io::ErrorKind::NotFound.into()))
    }
}

/// What can be refused by looking at the path alone.
fn confined(path: &str) -> Result<(), FileError> {
    if path.is_empty() {
        return Err(FileError::Empty);
    }
    let mut depth = 0_usize;
    for component in Path::new(path).components() {
        match component {
            Component::Prefix(_) | Component::RootDir => return Err(FileError::Absolute),
            Component::ParentDir => depth = depth.checked_sub(1).ok_or(FileError::Outside)?,
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
        }
    }
    Ok(())
}
