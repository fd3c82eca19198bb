//! `harness init`: a folder to begin with.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Unusable;
use super::taken::Taken;
use crate::args::InitArgs;
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::mistakes::shown;
use anyhow::Context;

/// What is written, and where below the folder.
const FILES: [(&str, &str); 3] = [
    (
        "scenarios/first-purchase.yaml",
        include_str!("init/first-purchase.yaml"),
    ),
    ("scenarios/README.md", include_str!("init/README.md")),
    (".github/workflows/scenarios.yml", include_str!("init/scenarios.yml")),
];

pub(super) fn run(args: &InitArgs) -> anyhow::Result<ExitStatus> {
    let place = |(name, text): (&str, &'static str)| (args.folder.join(name), text);
    let files = FILES.map(place);
    let taken: Vec<PathBuf> = files
        .iter()
        .map(|(path, _)| path.clone())
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if !taken.is_empty() {
        let instead = "move it away, or name another folder";
        return Err(Unusable::new(Taken { paths: taken, instead }).into());
    }
    let mut out = Output::new(anstream::stdout().lock());
    for (path, text) in &files {
        write(path, text).with_context(|| format!("can't write {}", path.display()))?;
        writeln!(out, "wrote {}", shown(path))?;
    }
    let scenarios = args.folder.join("scenarios");
    writeln!(out, "\nnow: harness run {}", shown(&scenarios))?;
    out.flush()?;
    Ok(ExitStatus::Passed)
}

/// Never in place of a file, not even of one that has just come.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}
