//! A bundle on the disk: there whole, or not at all.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, bail};

use super::evidence::{Evidence, FILES};
use super::manifest::Manifest;
use super::{MANIFEST, SCENARIO, digest};
use crate::commands::files::Inputs;
use crate::render::mistakes::shown;

/// What goes into a bundle.
#[derive(Debug)]
pub(crate) struct Content<'a> {
    /// What it is about.
    pub(crate) manifest: Manifest,
    /// What the scenario is read from.
    pub(crate) inputs: &'a Inputs,
    /// What was seen, where it could be played to its end.
    pub(crate) evidence: Option<Evidence>,
    /// What came of it over sockets.
    pub(crate) live: Option<String>,
}

impl Content<'_> {
    /// Each file with its path.
    fn files(self) -> serde_json::Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for (path, text) in &self.inputs.files {
            files.insert(format!("{SCENARIO}/{path}"), text.clone().into_bytes());
        }
        files.insert(self.manifest.scenario.file.clone(), self.inputs.scenario.clone());
        if let Some(evidence) = self.evidence {
            let texts = evidence.texts.map(String::into_bytes);
            files.extend(FILES.map(str::to_owned).into_iter().zip(texts));
        }
        files.extend(self.live.map(|live| ("live.json".to_owned(), live.into_bytes())));
        let digests = files.iter().map(|(path, bytes)| (path.clone(), digest(bytes)));
        let mut manifest = self.manifest;
        manifest.files = digests.collect();
        files.insert(MANIFEST.to_owned(), manifest.sealed()?.into_bytes());
        Ok(files)
    }
}

/// Where the file of a scenario lies in a bundle.
pub(crate) fn place(file_name: &str) -> String {
    format!("{SCENARIO}/{file_name}")
}

/// Puts a bundle into a folder in one step, in place of one that is there already, and returns where it is.
pub(crate) fn write(folder: &Path, name: &str, content: Content<'_>) -> anyhow::Result<PathBuf> {
    let place = folder.join(name);
    let can_not = || format!("can't write the failure bundle {}", place.display());
    let files = content.files().with_context(can_not)?;
    fs::create_dir_all(folder).with_context(can_not)?;
    if fs::symlink_metadata(&place).is_ok() && !place.join(MANIFEST).is_file() {
        bail!(
            "can't write the failure bundle {}: something else is there; move it, or name another folder",
            shown(&place)
        );
    }
    // A name of this process's own in the same folder, since no step leads from one file system to another.
    let own = folder.join(format!(".{name}.{}", process::id()));
    let written = fill(&own, files).and_then(|()| put(&own, &place));
    if written.is_err() {
        // What is left of it is of no use to anyone.
        let _ = fs::remove_dir_all(&own);
    }
    written.with_context(can_not)?;
    Ok(place)
}

/// A folder for its owner's eyes only: there are project ids and whole bodies in it, as in a journal.
fn fill(own: &Path, files: BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    if own.exists() {
        fs::remove_dir_all(own)?;
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has a mode to set"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(own)?;
    for (path, bytes) in files {
        let file = own.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

/// A folder can't be replaced by another in one step; the old one stands aside until the new one is there.
fn put(own: &Path, place: &Path) -> io::Result<()> {
    if fs::symlink_metadata(place).is_err() {
        return fs::rename(own, place);
    }
    let aside = own.with_extension("old");
    fs::rename(place, &aside)?;
    if let Err(error) = fs::rename(own, place) {
        // Better the old one than none.
        let _ = fs::rename(&aside, place);
        return Err(error);
    }
    fs::remove_dir_all(aside)
}
