use std::error::Error;
use std::fmt;

use conformance::{Case, Glob, golden};

use super::super::Unusable;
use super::folder;
use crate::args::ConformanceArgs;

/// The cases that were asked for, of which there is at least one.
pub(super) fn cases(args: &ConformanceArgs) -> anyhow::Result<Vec<Case>> {
    let mut cases = match &args.cases {
        Some(path) => folder::cases(path)?,
        None => golden(),
    };
    let glob = Glob::new(args.case.as_deref().unwrap_or("*"));
    cases.retain(|case| glob.matches(&case.name) && (args.dialect.is_empty() || args.dialect.contains(&case.dialect)));
    if cases.is_empty() {
        return Err(Unusable::new(NoCase).into());
    }
    Ok(cases)
}

/// Nothing is left of all cases.
#[derive(Debug)]
struct NoCase;

impl fmt::Display for NoCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no case is of that name and dialect: `harness conformance --list` lists all there are")
    }
}

impl Error for NoCase {}
