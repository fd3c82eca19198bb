use jiff::{SignedDuration, Timestamp};

use crate::decode::{Dialect, Hit, Message, Names};
use crate::history::Fact;

/// What a rule looks at that needs to know more than a request shows: a message as it is recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorded<'a> {
    pub(super) message: &'a Message<'a>,
    /// What its ids are called.
    pub(super) names: Names,
    /// What the id is called that an alias joins.
    pub(super) target: &'static str,
    pub(super) received_at: Timestamp,
    /// What was recorded before that has to do with it.
    pub(super) facts: &'a [Fact],
}

impl<'a> Recorded<'a> {
    pub(crate) fn new(message: &'a Message<'a>, dialect: Dialect, received_at: Timestamp, facts: &'a [Fact]) -> Self {
        let names = dialect.names(message.hit.call());
        let target = match &message.hit {
            Hit::Alias(alias) if alias.user.is_none() => names.cookie,
            _ => names.user,
        };
        Self {
            message,
            names,
            target,
            received_at,
            facts,
        }
    }

    /// How much later than its receipt the message's own time lies, where it has one within the calendar.
    pub(super) fn since_receipt(&self) -> Option<SignedDuration> {
        let at = self.message.hit.at()?;
        let within = at != Timestamp::MIN && at != Timestamp::MAX;
        within.then(|| at.duration_since(self.received_at))
    }
}
