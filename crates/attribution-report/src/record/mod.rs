//! The record that a report is made of.
//!
//! - [`Rows`]: what the ledger's projections say, read from their JSON or taken from the ledger itself.
//! - [`PathRecord`]: the same with ids, traits, merges and violations, for one person's path.
//! - [`ReadJournal`]: the ledger of a journal file's text.
//! - [`Line`]: one line of it, for who wants the requests themselves.
//! - [`Received`]: the requests themselves, for what rows no longer tell.
//! - [`Facts`]: the same in little room, classified and in order: 24 bytes a visit, however long its urls.

pub use attribution_ledger::{EntryVerdict, Line, Logged};

mod facts;
mod journal;
mod path;
mod received;
mod rows;

pub(crate) use facts::{ConversionFact, VisitFact};
pub use facts::{ConversionRow, Facts, FactsBuilder, LeftOut, VisitRow};
pub use journal::{ReadJournal, ReadJournalError};
pub use path::PathRecord;
pub(crate) use path::ReadPerson;
pub use received::Received;
pub(crate) use received::{ReceivedRequest, Told};
pub(crate) use rows::company_of;
pub use rows::{ReadConversion, ReadIdentity, ReadVisit, Rows, RowsError};
