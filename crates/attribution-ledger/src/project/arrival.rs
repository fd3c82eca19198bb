use jiff::Timestamp;

use super::people::{Browser, Person};

/// The circumstances in which a hit arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// The number of the request.
    pub(crate) request: u64,
    /// When it happened: by the sender's clock where the request says, else when it was received.
    pub(crate) at: Timestamp,
    /// Whom it belonged to when it arrived.
    pub(crate) person: Person,
    /// What it came from.
    pub(crate) browser: Browser,
}
