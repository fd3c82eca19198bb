//! `harness export`: the raw record as files for a database.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use attribution_report::{Channels, Export, ExportTable, Settings, Spend};

use super::report::{channels, spend};
use super::taken::Taken;
use super::{Unusable, record, whole_file};
use crate::args::ExportArgs;
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::mistakes::shown;

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<ExitStatus> {
    let tables = ExportTable::ALL.into_iter();
    let tables = tables.filter(|table| *table != ExportTable::Spend || args.spend.is_some());
    let files: Vec<(ExportTable, PathBuf)> = tables.map(|table| (table, place(args, table))).collect();
    refuse_taken(args, &files)?;
    let channels = channels(&args.channels)?;
    let settings = Settings {
        currency: args.currency,
        ..Settings::default()
    };
    let spend = spend(args.spend.as_deref(), &channels, &settings)?;
    let export = record::export(&args.source)?;
    let made = fs::create_dir_all(&args.to);
    made.with_context(|| format!("can't make the folder {}", shown(&args.to)))?;
    let paths: Vec<PathBuf> = files.iter().map(|(_, path)| path.clone()).collect();
    whole_file::write_all(&paths, |place, out| {
        table(files[place].0, args, &export, &spend, &channels, out)
    })?;
    let mut out = Output::new(anstream::stdout().lock());
    for path in &paths {
        writeln!(out, "wrote {}", shown(path))?;
    }
    out.flush()?;
    Ok(ExitStatus::Passed)
}

fn place(args: &ExportArgs, table: ExportTable) -> PathBuf {
    let extension = attribution_report::ExportFormat::from(args.format).extension();
    args.to.join(format!("{}.{extension}", table.as_str()))
}

fn table(
    table: ExportTable,
    args: &ExportArgs,
    export: &Export,
    spend: &Spend,
    channels: &Channels,
    out: &mut fs::File,
) -> io::Result<()> {
    let (format, out) = (args.format.into(), BufWriter::new(out));
    match table {
        ExportTable::Visitors => export.visitors(format, out),
        ExportTable::Visits => export.visits(channels, format, out),
        ExportTable::Events => export.events(format, out),
        ExportTable::Spend => Export::spend(spend, channels, args.currency, format, out),
    }
}

/// Without `--force` no file is replaced.
fn refuse_taken(args: &ExportArgs, files: &[(ExportTable, PathBuf)]) -> anyhow::Result<()> {
    let is_there = |path: &&PathBuf| !args.force && path.symlink_metadata().is_ok();
    let taken: Vec<PathBuf> = files.iter().map(|(_, path)| path).filter(is_there).cloned().collect();
    if taken.is_empty() {
        Ok(())
    } else {
        let instead = "name another folder, or replace it with --force";
        Err(Unusable::new(Taken { paths: taken, instead }).into())
    }
}
