//! What happened to each message, and what Attribution has of its visitor: enough to understand a failure without a
//! second run.

use std::time::Duration;

use expectation::Span;
use jiff::Timestamp;
use serde_json::Value;

/// What was sent when, how that went, and what there is of it in the end.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Every message, in the order in which they were made.
    pub messages: Vec<Message>,
    /// What Attribution has in the end: visits, identities, conversions and merges.
    pub recorded: Vec<Recorded>,
    /// The visitors that failed expectations speak of, in the order of the failures, by the ids under which Attribution
    /// knows them. None where nothing failed, or what failed is about nobody in particular.
    pub concerned: Vec<String>,
}

/// One message and what became of it.
#[derive(Clone, Debug)]
pub struct Message {
    /// The step that made it.
    pub at: Span,
    /// When it was made, on the scenario's clock.
    pub made: Timestamp,
    /// Its `type`.
    pub kind: Option<&'static str>,
    /// Its `event`, or for a page or screen its `name`.
    pub name: Option<String>,
    /// Its `messageId`.
    pub message_id: Option<String>,
    /// The ids it names: user, anonymous and previous.
    pub ids: Vec<String>,
    /// Who that is in the end, as far as Attribution knows any of the ids.
    pub visitor: Option<String>,
    /// The exchanges with Attribution.
    pub attempts: Vec<Attempt>,
    /// How it ended: `delivered`, `skipped`, `invalid`, `rejected`, `expired`, `interrupted` or `pending`.
    pub fate: &'static str,
    /// Why Attribution never recorded it.
    pub why: Option<String>,
}

/// One exchange with Attribution.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began, on the scenario's clock.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// The answer, or why there was none.
    pub answer: String,
    /// Whether the answer was a success.
    pub succeeded: bool,
}

/// One row of what Attribution has.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Of what: `visits`, `identities`, `conversions` or `merges`.
    pub section: &'static str,
    /// Whose it is.
    pub visitor: Option<String>,
    /// The row, as an expectation sees it.
    pub row: Value,
}

impl Timeline {
    /// The messages of these visitors; of everybody, where there are none.
    pub fn messages_of<'a>(&'a self, visitors: &'a [String]) -> impl Iterator<Item = &'a Message> {
        let is_theirs = move |message: &&Message| {
            let named = |visitor: &String| message.visitor.as_ref() == Some(visitor) || message.ids.contains(visitor);
            visitors.is_empty() || visitors.iter().any(named)
        };
        self.messages.iter().filter(is_theirs)
    }

    /// What Attribution has of these visitors; of everybody, where there are none.
    pub fn recorded_of<'a>(&'a self, visitors: &'a [String]) -> impl Iterator<Item = &'a Recorded> {
        let is_theirs = move |row: &&Recorded| {
            visitors.is_empty() || row.visitor.as_ref().is_some_and(|visitor| visitors.contains(visitor))
        };
        self.recorded.iter().filter(is_theirs)
    }
}
