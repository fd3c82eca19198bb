//! What must hold for any bytes that come from outside: one function a place where they come in, called by a fuzzer with
//! bytes that nobody thought of, and by the tests with those that were found to matter.
//!
//! It stands beside the pipeline and calls every stage that reads. A property that doesn't hold is a panic, which is what a
//! fuzzer looks for.
//!
//! ```
//! for target in fuzz::Target::ALL {
//!     target.check(b"anything at all");
//! }
//! ```
//!
//! - [`Target`]: the list of them; one file each: `ledger`, `journal`, `double`, `http`, `encodings`, `mapper`, `ingest`,
//!   `scenario`.
//! - `parts`: one input as several requests; `record`: what holds for whatever was recorded; `exchange`: one connection to a
//!   double in virtual time.
//!
//! `fixtures/fuzz/` holds the inputs that reach the most code, a folder for each target, named by what they hash to. The
//! package in `libfuzzer/` is no member of the workspace, because it compiles C++: it hands the same functions to libFuzzer.
//!
//! # Architecture invariants
//!
//! - For tests only: no crate depends on this one.
//! - Nothing here is random or knows the wall clock: the same bytes do the same every time.

mod double;
mod encodings;
mod exchange;
mod http;
mod ingest;
mod journal;
mod ledger;
mod mapper;
mod parts;
mod record;
mod scenario;
mod target;

pub use target::Target;
