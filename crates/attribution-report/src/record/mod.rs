//! The record that a report is made of.
//!
//! - [`Rows`]: what the ledger's projections say, read from their JSON or taken from the ledger itself.
//! - [`Facts`]: the same in little room, classified and in order: 24 bytes a visit, however long its urls.

mod facts;
mod rows;

pub(crate) use facts::{ConversionFact, VisitFact};
pub use facts::{ConversionRow, Facts, FactsBuilder, LeftOut, VisitRow};
pub use rows::{ReadConversion, ReadIdentity, ReadVisit, Rows, RowsError};
