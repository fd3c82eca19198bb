use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::recording::Recording;

/// Writes recordings into a folder, one file each.
///
/// A file is called `000001-classic-track-1a2b3c4d.json`: a number that goes on from what lies in the folder, the dialect, the
/// path, and a checksum of the request, which is the same whenever the same is sent. A file is there whole or not at all.
#[derive(Clone, Debug)]
pub struct Recorder {
    folder: Arc<Path>,
    last: Arc<AtomicU64>,
}

impl Recorder {
    /// Writes into this folder, which is made if need be.
    ///
    /// # Errors
    ///
    /// When it can't be made, listed or written to.
    pub fn into_folder(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut last = 0;
        for entry in fs::read_dir(folder)? {
            last = last.max(number_of(&entry?.file_name()));
        }
        let recorder = Self {
            folder: folder.into(),
            last: Arc::new(AtomicU64::new(last)),
        };
        let probe = recorder.unfinished("probe");
        fs::write(&probe, "")?;
        fs::remove_file(&probe)?;
        Ok(recorder)
    }

    /// Where it writes.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a recording and says where. It blocks.
    pub(super) fn write(&self, recording: &Recording) -> io::Result<PathBuf> {
        let (name, finished) = loop {
            let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
            let name = name(number, recording);
            let finished = self.folder.join(&name);
            // Another process that records the same into the same folder counts by itself.
            if !finished.exists() {
                break (name, finished);
            }
        };
        let unfinished = self.unfinished(&name);
        let written = fs::write(&unfinished, recording.encode()).and_then(|()| fs::rename(&unfinished, &finished));
        if written.is_err() {
            // What there is of it only takes room.
            let _ = fs::remove_file(&unfinished);
        }
        written.map(|()| finished)
    }

    fn unfinished(&self, name: &str) -> PathBuf {
        self.folder.join(format!(".{name}.{}.tmp", process::id()))
    }
}

fn name(number: u64, recording: &Recording) -> String {
    let request = &recording.request;
    let path = request.path.split('?').next().unwrap_or_default();
    let path: String = path
        .trim_matches('/')
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
        .collect();
    format!(
        "{number:06}-{}-{path}-{:08x}.json",
        recording.dialect,
        checksum(recording)
    )
}

/// Of what was asked, whoever asked it.
fn checksum(recording: &Recording) -> u32 {
    let request = &recording.request;
    let mut hasher = crc32fast::Hasher::new();
    for part in [
        request.method.as_str().as_bytes(),
        request.path.as_bytes(),
        &request.body,
    ] {
        hasher.update(part);
        // No two lists of parts look the same.
        hasher.update(&[0]);
    }
    hasher.finalize()
}

/// The number in front of a file's name; 0 where there is none.
fn number_of(name: &OsStr) -> u64 {
    let name = name.to_string_lossy();
    name.split_once('-')
        .and_then(|(number, _)| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use attribution_ledger::Dialect;

    use super::super::recording::RecordedAnswer;
    use super::super::template::RequestTemplate;
    use super::*;

    fn recording(path: &str, body: &str) -> Recording {
        Recording {
            dialect: Dialect::Actions,
            request: RequestTemplate {
                method: http::Method::POST,
                path: path.to_owned(),
                headers: BTreeMap::new(),
                encoding: None,
                body: body.into(),
            },
            response: RecordedAnswer {
                status: 200,
                headers: BTreeMap::new(),
                encoding: None,
                body: None,
            },
            double: None,
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let listed = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = listed.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_name_says_when_what_and_where_and_the_next_process_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("made/on/the/way");
        let recorder = Recorder::into_folder(&folder).unwrap();
        assert!(names(&folder).is_empty());
        recorder.write(&recording("/v1/t?a=1", "{}")).unwrap();
        recorder.write(&recording("/check_auth", "")).unwrap();
        let next = Recorder::into_folder(&folder).unwrap();
        next.write(&recording("/v1/t?a=1", "{}")).unwrap();
        recorder.write(&recording("/v1/t?a=1", "{}")).unwrap();
        assert_eq!(
            names(&folder),
            [
                "000001-actions-v1-t-bfbdaf90.json",
                "000002-actions-check_auth-f66f5663.json",
                "000003-actions-v1-t-bfbdaf90.json",
                "000004-actions-v1-t-bfbdaf90.json",
            ]
        );
        assert_eq!(
            Recording::decode(&fs::read_to_string(folder.join(&names(&folder)[0])).unwrap()),
            Ok(recording("/v1/t?a=1", "{}"))
        );
    }

    #[test]
    fn a_folder_that_can_not_be_is_told_at_once_and_one_that_went_away_leaves_nothing() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Recorder::into_folder(&file).is_err());
        let folder = parent.path().join("folder");
        let recorder = Recorder::into_folder(&folder).unwrap();
        fs::remove_dir(&folder).unwrap();
        assert!(recorder.write(&recording("/track", "")).is_err());
        assert_eq!(names(parent.path()), ["file"]);
    }
}
