//! Which strings the original takes for dates wherever they stand in a message, and which instant it makes of them.

use super::instant::Instant;
use super::iso::{self, Shape};

/// The instant that a string is rewritten to, if the whole of it looks like an ISO date.
pub(super) fn instant(text: &str) -> Option<Instant> {
    // Nearly every string of a message ends here.
    let [_, _, _, _, b'-', _, _, b'-', ..] = text.as_bytes() else {
        return None;
    };
    iso::read(text, Shape::DateLike)
}

#[cfg(test)]
mod tests;
