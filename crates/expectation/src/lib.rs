//! The language of expectations: what is claimed of visits, identities, requests and whatever else there is to be seen,
//! and how a claim is held against what was observed.
//!
//! It stands beside the pipe: `text → tree → `[`Expectations`]` → check → `[`Failure`]s. A scenario writes its `expect`
//! in YAML, and turns that into the tree itself; a program sends the same as JSON, which is read here. The words of the
//! language, its mistakes and its failures are the same in both.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use expectation::json::Document;
//! use expectation::{Expectations, Observed, Section};
//! use serde_json::{Map, json};
//!
//! let sent = br#"{"visits": [{"visitor": "ada", "source": "google"}], "merges": []}"#;
//! let document = Document::parse(sent)?;
//! let expectations = document.read(|node, sink| Expectations::read(node, &Section::RECORDED, sink))?;
//! assert_eq!(expectations.sections().collect::<Vec<_>>(), [Section::Visits, Section::Merges]);
//!
//! let visit = json!({"visitor": "ada", "page": "/pricing", "source": "bing"});
//! let failures = expectations.check(&Observed {
//!     sections: BTreeMap::from([("visits", vec![visit])]),
//!     deliveries: Map::new(),
//!     resolve: &|_| None,
//! });
//! let rows = document.rows(&failures);
//! assert_eq!((rows[0].place, rows[0].pointer.as_str()), ("visits[0].source", "/visits/0/source"));
//! assert_eq!((rows[0].expected, rows[0].actual), ("\"google\"", "\"bing\""));
//! # Ok::<(), expectation::json::Mistakes>(())
//! ```
//!
//! - `source`: a text and places in it; `diagnostic`: a mistake at such a place; [`printable()`]: text from outside as
//!   it may be shown; `pointer`: JSON pointers.
//! - [`tree`]: a text as nodes with places; [`Syntax`]: what it is written in.
//! - [`read`]: from the tree to expectations, with every mistake at once; [`json`]: from JSON to the tree, and failures
//!   as rows of an answer.
//! - `expect`: what is claimed, and how claims are held against what was observed.
//!
//! # Architecture invariants
//!
//! - Pure: no clock, file, network or thread, and nothing of YAML or of the command line.
//! - No text makes a reader panic, and no mistake hides another.
//! - A mistake is in the same words in every syntax; only what to write instead is shown in the text's own.
//! - Numbers keep their digits from the text to the comparison.

mod diagnostic;
mod expect;
pub mod json;
mod pointer;
mod printable;
pub mod read;
mod source;
mod syntax;
pub mod tree;

pub use diagnostic::{Diagnostic, Sink, SourceError};
pub use expect::{
    Comparison, Diff, DiffLine, Difference, Expectations, Failure, LineKind, ListExpectation, Nearest, Needs, Observed,
    Pattern, PatternKind, Regex, Section, Tally,
};
pub use printable::printable;
pub use source::{Included, Position, Source, Span};
pub use syntax::Syntax;
