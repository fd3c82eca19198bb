//! What is shown, one file per thing.

pub(crate) mod chaos;
pub(crate) mod conformance;
pub(crate) mod coverage;
pub(crate) mod duration;
pub(crate) mod explained;
pub(crate) mod json;
pub(crate) mod kept;
pub(crate) mod lint;
pub(crate) mod list;
pub(crate) mod mistakes;
pub(crate) mod outcome;
pub(crate) mod passage;
pub(crate) mod received;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod rule;
pub(crate) mod sdk;
pub(crate) mod sent;
pub(crate) mod shell;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod trace;
pub(crate) mod verdict;
pub(crate) mod walk;
