//! `harness init`: a folder to begin with.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use scenario::printable;

use super::Unusable;
use crate::args::InitArgs;
use crate::exit::ExitStatus;
use crate::output::Output;

/// What is written, and where below the folder.
const FILES: [(&str, &str); 3] = [
    (
        "scenarios/first-purchase.yaml",
        include_str!("init/first-purchase.yaml"),
    ),
    ("scenarios/README.md", include_str!("init/README.md")),
    (".github/workflows/scenarios.yml", include_str!("init/scenarios.yml")),
];

const LONGEST: usize = 500;

pub(super) fn run(args: &InitArgs) -> anyhow::Result<ExitStatus> {
    let place = |(name, text): (&str, &'static str)| (args.folder.join(name), text);
    let files = FILES.map(place);
    let taken: Vec<PathBuf> = files
        .iter()
        .map(|(path, _)| path.clone())
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if !taken.is_empty() {
        return Err(Unusable::new(Taken(taken)).into());
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

fn shown(path: &Path) -> String {
    printable(&path.display().to_string(), LONGEST)
}

/// Files that are there already.
#[derive(Debug)]
struct Taken(Vec<PathBuf>);

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self.0.iter().map(|path| shown(path)).collect();
        write!(
            f,
            "nothing was written, since this is there already: {}; move it away, or name another folder",
            paths.join(", ")
        )
    }
}

impl std::error::Error for Taken {}
