//! The files that `--report-…` asks for.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::report::Run;
use crate::args::RunReportArgs;
use crate::commands::whole_file;
use crate::render::report::{github, html, json, junit, tap};

/// Writes every report, whatever became of the others, and says of the first that could not be written why.
pub(super) fn reports(args: &RunReportArgs, run: &Run) -> anyhow::Result<()> {
    let files = [
        file(args.report_json.as_deref(), |_| json::render(run)),
        file(args.report_junit.as_deref(), |_| junit::render(run)),
        file(args.report_tap.as_deref(), |_| Ok(tap::render(run))),
        file(args.report_html.as_deref(), |page| Ok(html::render(run, page))),
    ];
    let on_github = match &args.report_github {
        Some(summary) => to_github(summary.as_deref(), run),
        None => Ok(()),
    };
    files.into_iter().chain([on_github]).collect()
}

fn file(path: Option<&Path>, render: impl FnOnce(&Path) -> anyhow::Result<String>) -> anyhow::Result<()> {
    match path {
        Some(path) => put(path, &render(path)?),
        None => Ok(()),
    }
}

/// A file is replaced in one step, so that nobody reads half of it; a pipe or a device takes the text itself.
fn put(path: &Path, text: &str) -> anyhow::Result<()> {
    let can_not = || format!("can't write the report {}", path.display());
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => fs::write(path, text).with_context(can_not),
        // What a link leads to is replaced, and not the link.
        Ok(_) => whole_file::write(&path.canonicalize().with_context(can_not)?, text),
        Err(_) => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(can_not)?;
            }
            whole_file::write(path, text)
        }
    }
}

/// Annotations go to standard error, which GitHub reads as well: standard output may be JSON.
fn to_github(summary: Option<&Path>, run: &Run) -> anyhow::Result<()> {
    // Nothing is left to do when standard error is gone.
    let _ = io::stderr().write_all(github::annotations(run).as_bytes());
    let from_environment = || std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    let Some(path) = summary
        .map(Path::to_owned)
        .or_else(|| from_environment().map(PathBuf::from))
    else {
        return Ok(());
    };
    let can_not = || format!("can't append the summary to {}", path.display());
    let file = OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(github::summary(run).as_bytes()))
        .with_context(can_not)
}
