//! Failure bundles: a folder that has everything to play a failed scenario again, and what was seen when it failed.
//!
//! | file | what is in it |
//! |---|---|
//! | `bundle.json` | the [`Manifest`]: which scenario, seed and values from outside, and a digest of each file |
//! | `scenario/` | the scenario file and what it reads, each at its path from the scenario's folder |
//! | `outcome.json` | what came of it, as in `--report-json` |
//! | `clock.ndjson` | each step, message and attempt at its moment on the scenario's clock |
//! | `journal.ndjson` | what was received, as `serve --journal` writes it |
//! | `wire.ndjson` | what was on the link, byte for byte but for `Authorization` |
//! | `live.json` | of a `--live` run: what came of that; the rest is of virtual time |
//!
//! What was seen is always of virtual time, because only there it is the same again: [`evidence()`] plays the scenario of a
//! bundle, once when the bundle is made and once more at each replay.

pub(crate) mod evidence;
mod history;
mod manifest;
mod name;
mod read;
mod redact;
mod wire;
mod write;

pub(crate) use self::evidence::{Unplayable, evidence};
pub(crate) use self::manifest::{Attempted, Manifest, Repetition, Told};
pub(crate) use self::name::{named, slashed};
pub(crate) use self::read::{Bundle, read};
pub(crate) use self::write::{Content, place, write};

/// What makes a folder a bundle.
pub(crate) const MANIFEST: &str = "bundle.json";

/// Below it lies what the scenario is read from.
const SCENARIO: &str = "scenario";

/// A digest of bytes, in hexadecimal digits: SHA-256.
fn digest(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let halves = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| DIGITS[usize::from(half)]).collect()
}
