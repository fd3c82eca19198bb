//! What of a timeline is told: of those whom the failures concern, and of bearable length.

use jiff::Timestamp;
use scenario::{Attempt, Message, Recorded, Timeline};

use crate::commands::run::report::Played;
use crate::render::duration::virtual_time;

/// How many messages, and how many rows of what is recorded, are told of one scenario.
const MESSAGES: usize = 50;

/// How many of one message's attempts are told: its first and its last.
const ATTEMPTS: usize = 6;

/// The part of a timeline that is told.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    /// Whose it is; everybody's where there is none.
    pub(crate) visitors: &'a [String],
    /// The first messages, in their order.
    pub(crate) messages: Vec<&'a Message>,
    /// How many more there are.
    pub(crate) more_messages: usize,
    /// The first rows of what Attribution has.
    pub(crate) recorded: Vec<&'a Recorded>,
    /// How many more there are.
    pub(crate) more_recorded: usize,
}

/// What is told of a scenario. Where nothing, or nobody, matches whom the failures concern, it is everybody's.
pub(crate) fn told(played: &Played) -> Told<'_> {
    let timeline = &played.outcome.timeline;
    let theirs = part(timeline, &timeline.concerned);
    if theirs.messages.is_empty() {
        part(timeline, &[])
    } else {
        theirs
    }
}

fn part<'a>(timeline: &'a Timeline, visitors: &'a [String]) -> Told<'a> {
    let messages: Vec<&Message> = timeline.messages_of(visitors).collect();
    let recorded: Vec<&Recorded> = timeline.recorded_of(visitors).collect();
    Told {
        visitors,
        more_messages: messages.len().saturating_sub(MESSAGES),
        messages: messages.into_iter().take(MESSAGES).collect(),
        more_recorded: recorded.len().saturating_sub(MESSAGES),
        recorded: recorded.into_iter().take(MESSAGES).collect(),
    }
}

/// The attempts of a message that are told, with their numbers from 1, and how many lie between them.
pub(crate) fn attempts(message: &Message) -> (impl Iterator<Item = (usize, &Attempt)>, usize) {
    let count = message.attempts.len();
    let more = count.saturating_sub(ATTEMPTS);
    let last = ATTEMPTS / 2;
    let is_told = move |number: usize| more == 0 || number <= ATTEMPTS - last || number > count - last;
    let numbered = (1..).zip(&message.attempts);
    (numbered.filter(move |(number, _)| is_told(*number)), more)
}

/// A moment as the time since the scenario's start.
pub(crate) fn since(start: Timestamp, at: Timestamp) -> String {
    let passed = at.duration_since(start).try_into().unwrap_or_default();
    format!("+{}", virtual_time(passed))
}

/// When the scenario began.
pub(crate) fn start(played: &Played) -> Timestamp {
    let first = played.outcome.steps.first().map(|step| step.started);
    first.unwrap_or_default()
}

/// What a message is called in one line.
pub(crate) fn words(message: &Message) -> String {
    let mut words = vec![message.kind.unwrap_or("message").to_owned()];
    words.extend(message.name.as_ref().map(|name| format!("{name:?}")));
    words.extend(message.message_id.clone());
    if !message.ids.is_empty() {
        words.push(format!("({})", message.ids.join(", ")));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn with_attempts(count: usize) -> Message {
        let attempt = Attempt {
            at: Timestamp::UNIX_EPOCH,
            took: Duration::ZERO,
            answer: "answered 503 Service Unavailable".to_owned(),
            succeeded: false,
        };
        Message {
            at: scenario::Span::default(),
            made: Timestamp::UNIX_EPOCH,
            kind: Some("track"),
            name: Some("sign up".to_owned()),
            message_id: None,
            ids: vec!["user-1".to_owned(), "anon-1".to_owned()],
            visitor: None,
            attempts: vec![attempt; count],
            fate: "expired",
            why: None,
        }
    }

    #[test]
    fn of_many_attempts_the_first_and_the_last_are_told() {
        let told = |count| {
            let message = with_attempts(count);
            let (attempts, more) = attempts(&message);
            (attempts.map(|(number, _)| number).collect::<Vec<_>>(), more)
        };
        assert_eq!(told(0), (vec![], 0));
        assert_eq!(told(6), (vec![1, 2, 3, 4, 5, 6], 0));
        assert_eq!(told(7), (vec![1, 2, 3, 5, 6, 7], 1));
        assert_eq!(told(40), (vec![1, 2, 3, 38, 39, 40], 34));
    }

    #[test]
    fn a_message_is_told_in_a_line() {
        assert_eq!(words(&with_attempts(0)), "track \"sign up\" (user-1, anon-1)");
        let start: Timestamp = "2024-01-15T10:00:00Z".parse().unwrap();
        assert_eq!(since(start, "2024-01-15T11:00:03Z".parse().unwrap()), "+1h 3s");
        assert_eq!(since(start, start), "+0s");
    }
}
