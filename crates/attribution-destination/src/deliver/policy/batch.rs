use std::time::Duration;

use super::{PolicyError, at_least_one};

/// How many events share a request, in a dialect whose requests can hold several (`import`). In the others each has its
/// own whatever is set here.
///
/// A request is sent as soon as it has as many events or bytes as are allowed, or when its first event has waited for
/// long enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// How many events at most. 1, as `RudderStack` sends them; more is this project's extension.
    pub events: usize,
    /// How many bytes the events of a request may have together. 500,000. An event that has more goes by itself.
    pub bytes: usize,
    /// How long the first event waits for others. 50 ms.
    pub linger: Duration,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            events: 1,
            bytes: 500_000,
            linger: Duration::from_millis(50),
        }
    }
}

impl Batch {
    pub(in crate::deliver) fn check(&self) -> Result<(), PolicyError> {
        at_least_one(self.events, "a batch", "at least 1 event")?;
        at_least_one(self.bytes, "a batch in bytes", "at least 1, such as 500000")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_of_nothing_is_refused() {
        assert_eq!(Batch::default().check(), Ok(()));
        let none = Batch {
            events: 0,
            ..Batch::default()
        };
        assert_eq!(
            none.check().unwrap_err().to_string(),
            "a batch of 0 lets nothing be sent: give at least 1 event"
        );
    }
}
