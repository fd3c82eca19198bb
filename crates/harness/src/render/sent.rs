//! What became of Segment events that were sent: a line of JSON for each, and one of words for all.

use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

use attribution_destination::Invalid;
use attribution_destination::deliver::{DeadLetter, Delivery, Outcome, Reason};

use crate::exit::ExitStatus;
use crate::render::duration::real;
use crate::render::verdict::{json, why_invalid, why_skipped};

/// What became of one line.
#[derive(Debug)]
pub(crate) enum Sent {
    /// It is no event.
    Invalid(Invalid),
    /// It was handed to the sender.
    Outcome(Outcome),
}

impl Sent {
    /// The event, if it should have arrived and, as far as is known, has not.
    pub(crate) fn dead_letter(&self) -> Option<&DeadLetter> {
        match self {
            Self::Invalid(_) => None,
            Self::Outcome(outcome) => outcome.dead_letter.as_deref(),
        }
    }
}

/// Writes the line of one event; `resumed` is one that an earlier process read.
pub(crate) fn line(out: &mut impl Write, number: u64, resumed: bool, sent: &Sent) -> io::Result<()> {
    write!(out, r#"{{"line":{number},"#)?;
    if resumed {
        out.write_all(br#""resumed":true,"#)?;
    }
    out.write_all(br#""result":"#)?;
    match sent {
        Sent::Invalid(invalid) => {
            out.write_all(br#""invalid""#)?;
            why_invalid(out, invalid)?;
        }
        Sent::Outcome(outcome) => result(out, outcome)?,
    }
    out.write_all(b"}\n")
}

fn result(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    match &outcome.result {
        Delivery::Delivered { status } => {
            write!(out, r#""delivered","status":{status}"#)?;
            effort(out, outcome)
        }
        Delivery::Skipped(skip) => {
            out.write_all(br#""skipped""#)?;
            why_skipped(out, skip)
        }
        Delivery::Invalid(invalid) => {
            out.write_all(br#""invalid""#)?;
            why_invalid(out, invalid)
        }
        Delivery::Rejected { reason, body } => {
            out.write_all(br#""rejected""#)?;
            effort(out, outcome)?;
            why(out, reason)?;
            out.write_all(br#","answer":"#)?;
            json(out, body)
        }
        Delivery::Expired { last } => {
            out.write_all(br#""expired""#)?;
            effort(out, outcome)?;
            why(out, last)
        }
        Delivery::Interrupted => {
            out.write_all(br#""interrupted""#)?;
            effort(out, outcome)
        }
    }
}

fn effort(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let (attempts, elapsed) = (outcome.attempts.len(), outcome.elapsed.as_millis());
    write!(out, r#","attempts":{attempts},"elapsed_ms":{elapsed}"#)
}

fn why(out: &mut impl Write, reason: &Reason) -> io::Result<()> {
    out.write_all(br#","reason":"#)?;
    json(out, &reason.to_string())
}

/// How many lines ended how.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    delivered: u64,
    skipped: u64,
    invalid: u64,
    rejected: u64,
    expired: u64,
    interrupted: u64,
}

impl Tally {
    /// Counts one in.
    pub(crate) fn add(&mut self, sent: &Sent) {
        let count = match sent {
            Sent::Invalid(_) => &mut self.invalid,
            Sent::Outcome(outcome) => match outcome.result {
                Delivery::Delivered { .. } => &mut self.delivered,
                Delivery::Skipped(_) => &mut self.skipped,
                Delivery::Invalid(_) => &mut self.invalid,
                Delivery::Rejected { .. } => &mut self.rejected,
                Delivery::Expired { .. } => &mut self.expired,
                Delivery::Interrupted => &mut self.interrupted,
            },
        };
        *count += 1;
    }

    /// How many there are.
    pub(crate) fn events(&self) -> u64 {
        self.delivered + self.skipped + self.invalid + self.undelivered()
    }

    /// The exit status that the worst of them asks for.
    pub(crate) fn status(&self) -> ExitStatus {
        if self.invalid > 0 {
            ExitStatus::Invalid
        } else if self.undelivered() > 0 {
            ExitStatus::Failed
        } else {
            ExitStatus::Passed
        }
    }

    fn undelivered(&self) -> u64 {
        self.rejected + self.expired + self.interrupted
    }
}

/// All of them and those of each kind that there are: `3 events: 2 delivered, 1 skipped`.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = self.events();
        write!(f, "{events} {}", if events == 1 { "event" } else { "events" })?;
        let kinds = [
            (self.delivered, "delivered"),
            (self.skipped, "skipped"),
            (self.invalid, "invalid"),
            (self.rejected, "rejected"),
            (self.expired, "expired"),
            (self.interrupted, "interrupted"),
        ];
        let there = kinds.into_iter().filter(|(count, _)| *count > 0);
        for (index, (count, kind)) in there.enumerate() {
            write!(f, "{} {count} {kind}", if index == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

/// Writes the last line, for people.
pub(crate) fn summary(out: &mut impl Write, tally: &Tally, elapsed: Duration) -> io::Result<()> {
    writeln!(out, "{tally} in {}", real(elapsed))
}

#[cfg(test)]
mod tests {
    use attribution_destination::{Skip, SkipReason};

    use super::*;

    fn outcome(result: Delivery) -> Sent {
        Sent::Outcome(Outcome {
            attempts: Vec::new(),
            elapsed: Duration::from_micros(1_003_900),
            result,
            dead_letter: None,
        })
    }

    fn every_kind() -> [Sent; 6] {
        [
            Sent::Invalid(Invalid::Rejected(Vec::new())),
            outcome(Delivery::Delivered { status: 204 }),
            outcome(Delivery::Skipped(Skip {
                reason: SkipReason::UnsupportedEventType,
                detail: "why".to_owned(),
            })),
            outcome(Delivery::Rejected {
                reason: Reason::Status(400),
                body: "\"no\"\n".to_owned(),
            }),
            outcome(Delivery::Expired { last: Reason::Refused }),
            outcome(Delivery::Interrupted),
        ]
    }

    #[test]
    fn every_kind_of_result_is_one_line_of_json() {
        let lines = every_kind().map(|sent| {
            let mut out = Vec::new();
            line(&mut out, 7, false, &sent).unwrap();
            String::from_utf8(out).unwrap()
        });
        let expected = [
            r#"{"line":7,"result":"invalid","errors":[]}"#,
            r#"{"line":7,"result":"delivered","status":204,"attempts":0,"elapsed_ms":1003}"#,
            r#"{"line":7,"result":"skipped","reason":"UNSUPPORTED_EVENT_TYPE","detail":"why"}"#,
            r#"{"line":7,"result":"rejected","attempts":0,"elapsed_ms":1003,"reason":"answered 400 Bad Request","answer":"\"no\"\n"}"#,
            r#"{"line":7,"result":"expired","attempts":0,"elapsed_ms":1003,"reason":"connection refused: nothing listens at the endpoint"}"#,
            r#"{"line":7,"result":"interrupted","attempts":0,"elapsed_ms":1003}"#,
        ];
        assert_eq!(lines, expected.map(|line| format!("{line}\n")));
    }

    #[test]
    fn what_an_earlier_process_read_says_so() {
        let mut out = Vec::new();
        line(&mut out, 7, true, &outcome(Delivery::Interrupted)).unwrap();
        let begin = r#"{"line":7,"resumed":true,"result":"interrupted","#;
        assert!(String::from_utf8(out).unwrap().starts_with(begin));
    }

    #[test]
    fn the_tally_names_what_there_is_and_asks_for_the_worst_status() {
        let mut tally = Tally::default();
        assert_eq!(
            (tally.to_string().as_str(), tally.status()),
            ("0 events", ExitStatus::Passed)
        );
        tally.add(&outcome(Delivery::Delivered { status: 200 }));
        assert_eq!(
            (tally.to_string().as_str(), tally.status()),
            ("1 event: 1 delivered", ExitStatus::Passed)
        );
        tally.add(&outcome(Delivery::Interrupted));
        assert_eq!(tally.status(), ExitStatus::Failed);
        for sent in every_kind() {
            tally.add(&sent);
        }
        assert_eq!(
            (tally.to_string().as_str(), tally.status()),
            (
                "8 events: 2 delivered, 1 skipped, 1 invalid, 1 rejected, 1 expired, 2 interrupted",
                ExitStatus::Invalid
            )
        );
    }
}
