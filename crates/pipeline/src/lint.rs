//! Everything that is wrong or looks unintended about many messages, without sending any.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use attribution_destination::{
    Dialect, Invalid, MapError, Mapped, Prepared, Settings, WireRequest, map, parse, prepare,
};
use attribution_ledger::rules::{self, RuleLevels};
use attribution_ledger::{Entry, EntryVerdict, Headers, Ledger, LedgerConfig, Request, Severity, assess};
use jiff::Timestamp;
use segment_event::{Event, MessageId};
use serde::Serialize;

/// How many examples of a finding are kept.
const EXAMPLES: usize = 3;

/// Rules about what only the message itself tells: the classic wire carries neither its id nor when it was sent. They are
/// held against the message as the import dialect carries it, which is whole.
const OF_THE_MESSAGE: [&str; 5] = ["ATT015", "ATT021", "ATT022", "ATT037", "ATT040"];

/// Looks at messages one after the other as Segment's ingest, the destination and Attribution would, and remembers what
/// there is to say of them. Nothing is sent, and no time passes.
///
/// ```
/// use attribution_destination::{ProjectId, Settings};
/// use pipeline::{Linter, Weight};
///
/// let settings = Settings::new(ProjectId::new("demo-project")?);
/// let mut linter = Linter::new(settings, Default::default(), "2024-01-15T10:00:00Z".parse()?);
/// linter.line(1, br#"{"type":"track","userId":"user-1","event":"Order Completed"}"#);
/// linter.line(2, br#"{"type":"track","event":"Order Completed"}"#);
/// let lint = linter.finish();
/// assert_eq!((lint.messages, lint.sent, lint.invalid), (2, 1, 1));
/// assert_eq!((lint.findings[0].code, lint.findings[0].weight), ("no_user_anon_id", Weight::Error));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Linter {
    settings: Settings,
    /// The settings of the dialect that carries whole messages, where it is another one than that of the settings.
    whole: Option<Settings>,
    received: Timestamp,
    wire: Record,
    message: Record,
    found: BTreeMap<(Weight, &'static str), Finding>,
    counts: Counts,
}

/// What the destination remarks and a validation rule says, too.
const TOLD_BY_RULES: [&str; 3] = [
    "page_without_absolute_url",
    "campaign_not_in_url",
    "alias_without_previous_id",
];

/// What was found in all messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lint {
    /// How many lines there were that are not blank.
    pub messages: u64,
    /// Of how many a request would be made that Attribution takes.
    pub sent: u64,
    /// How many the filter would leave out.
    pub skipped: u64,
    /// How many Segment's ingest or the mapping would refuse.
    pub invalid: u64,
    /// Of how many Attribution would refuse the request.
    pub refused: u64,
    /// What was found, the weightiest first, and by code.
    pub findings: Vec<Finding>,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The message does not reach Attribution's record.
    Error,
    /// It does, but probably not as it was meant.
    Warning,
    /// The message itself asks not to be sent.
    Note,
}

/// One thing that is wrong, wherever it was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// What it is: Segment's code, the destination's, or the id of a validation rule.
    pub code: &'static str,
    /// The name of the validation rule, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// How often it was found.
    pub count: u64,
    /// The first places where it was found.
    pub examples: Vec<Example>,
}

/// One place of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The line, from 1.
    pub line: u64,
    /// Where in the message, or of a validation rule in the body, as a JSON pointer.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

#[derive(Debug, Default)]
struct Counts {
    messages: u64,
    sent: u64,
    skipped: u64,
    invalid: u64,
    refused: u64,
}

impl Linter {
    /// A linter for messages that are received then, unless they say otherwise by their `receivedAt` or `sentAt`.
    pub fn new(settings: Settings, rules: RuleLevels, received: Timestamp) -> Self {
        let whole = (settings.dialect != Dialect::Import).then(|| Settings {
            dialect: Dialect::Import,
            ..settings.clone()
        });
        Self {
            settings,
            whole,
            received,
            wire: Record::new(rules),
            message: Record::new(rules),
            found: BTreeMap::new(),
            counts: Counts::default(),
        }
    }

    /// Looks at the message on a line, which is not blank. The numbers of the lines grow.
    pub fn line(&mut self, line: u64, json: &[u8]) {
        self.counts.messages += 1;
        let event = match parse(json, true) {
            Ok(event) => event,
            Err(invalid) => return self.invalid(line, &invalid),
        };
        let received = received(&event).unwrap_or(self.received);
        match prepare(&self.with_id(&event, line), &self.settings, received) {
            Prepared::Send(mapped) => {
                self.whole(line, &event, received);
                self.request(line, &mapped, received);
            }
            Prepared::Skip(skip) => {
                self.counts.skipped += 1;
                self.note(Weight::Note, skip.reason.as_str(), line, "", &skip.detail);
            }
            Prepared::Invalid(invalid) => self.invalid(line, &invalid),
        }
    }

    /// Takes note of a line that could not even be read.
    pub fn unreadable(&mut self, line: u64, error: &MapError) {
        self.counts.messages += 1;
        self.invalid(line, &Invalid::Unmapped(error.clone()));
    }

    fn invalid(&mut self, line: u64, invalid: &Invalid) {
        self.counts.invalid += 1;
        for error in invalid.errors() {
            self.note(Weight::Error, error.code, line, error.pointer, error.message);
        }
    }

    /// What the message says besides what goes on the wire.
    fn whole(&mut self, line: u64, event: &Event, received: Timestamp) {
        if let Some(whole) = &self.whole
            && let Ok(mapped) = map(event, whole, received)
        {
            self.message.take(line, &mapped.request, received);
        }
    }

    fn request(&mut self, line: u64, mapped: &Mapped, received: Timestamp) {
        for diagnostic in &mapped.diagnostics {
            if !TOLD_BY_RULES.contains(&diagnostic.code) {
                self.note(
                    Weight::Warning,
                    diagnostic.code,
                    line,
                    &diagnostic.pointer,
                    &diagnostic.message,
                );
            }
        }
        if self.wire.take(line, &mapped.request, received) {
            self.counts.sent += 1;
        } else {
            self.counts.refused += 1;
        }
    }

    /// The actions dialect can't do without an id, and Segment assigns one. In the import dialect it is told that there is
    /// none.
    fn with_id<'a>(&self, event: &'a Event, line: u64) -> Cow<'a, Event> {
        if self.settings.dialect != Dialect::Actions {
            return Cow::Borrowed(event);
        }
        Cow::Owned(event.clone().with_message_id(MessageId::numbered(line)))
    }

    fn note(&mut self, weight: Weight, code: &'static str, line: u64, pointer: &str, message: &str) {
        let finding = self.found.entry((weight, code)).or_insert_with(|| Finding {
            weight,
            code,
            rule: rules::find(code).ok().map(|rule| rule.name),
            count: 0,
            examples: Vec::new(),
        });
        finding.count += 1;
        if finding.examples.len() < EXAMPLES {
            finding.examples.push(Example {
                line,
                pointer: pointer.to_owned(),
                message: message.to_owned(),
            });
        }
    }

    /// Everything that was found.
    pub fn finish(mut self) -> Lint {
        for violation in self.message.ledger.violations() {
            if OF_THE_MESSAGE.contains(&violation.rule) {
                let pointer = violation.pointer.strip_prefix("/batch/0").unwrap_or(&violation.pointer);
                // Whatever a rule denies in a whole message, of this dialect only the request is refused.
                self.note(
                    Weight::Warning,
                    violation.rule,
                    violation.request,
                    pointer,
                    &violation.message,
                );
            }
        }
        for violation in self.wire.ledger.violations() {
            let told_already = self.whole.is_some() && OF_THE_MESSAGE.contains(&violation.rule);
            if !told_already {
                let weight = match violation.severity {
                    Severity::Deny => Weight::Error,
                    Severity::Warn => Weight::Warning,
                };
                self.note(
                    weight,
                    violation.rule,
                    violation.request,
                    &violation.pointer,
                    &violation.message,
                );
            }
        }
        let Counts {
            messages,
            sent,
            skipped,
            invalid,
            refused,
        } = self.counts;
        Lint {
            messages,
            sent,
            skipped,
            invalid,
            refused,
            findings: self.found.into_values().collect(),
        }
    }
}

impl fmt::Debug for Linter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linter")
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

/// When a message says that it was received, or sent.
fn received(event: &Event) -> Option<Timestamp> {
    let time = |key| event.get(key)?.as_str()?.parse().ok();
    time("receivedAt").or_else(|| time("sentAt"))
}

/// What Attribution would make of requests, which have the numbers of their lines.
struct Record {
    ledger: Ledger,
    rules: RuleLevels,
}

impl Record {
    fn new(rules: RuleLevels) -> Self {
        let config = LedgerConfig {
            rules,
            ..LedgerConfig::default()
        };
        Self {
            ledger: Ledger::new(config),
            rules,
        }
    }

    /// Takes the request of a line in, and says whether it is recorded.
    fn take(&mut self, line: u64, request: &WireRequest, received_at: Timestamp) -> bool {
        let assessment = assess(request.path, &request.body).under(&self.rules);
        let (verdict, status) = if assessment.is_denied() {
            (EntryVerdict::Refused, 400)
        } else {
            (EntryVerdict::Recorded, 200)
        };
        let entry = Entry {
            seq: line,
            request: Request {
                received_at,
                path: request.path.into(),
                browser: false,
                headers: Headers::default(),
                encoding: None,
                body: request.body.as_ref().into(),
            },
            verdict,
            status,
        };
        self.ledger.apply_assessed(&entry, assessment);
        verdict == EntryVerdict::Recorded
    }
}

#[cfg(test)]
mod tests {
    use attribution_destination::ProjectId;

    use super::*;

    fn lint(dialect: Dialect, lines: &[&str]) -> Lint {
        let settings = Settings {
            dialect,
            ..Settings::new(ProjectId::new("demo-project").unwrap())
        };
        let mut linter = Linter::new(settings, RuleLevels::default(), "2024-01-15T10:00:00Z".parse().unwrap());
        for (index, line) in lines.iter().enumerate() {
            linter.line(u64::try_from(index).unwrap() + 1, line.as_bytes());
        }
        linter.finish()
    }

    fn codes(lint: &Lint) -> Vec<(Weight, &'static str, u64)> {
        let findings = lint.findings.iter();
        findings
            .map(|finding| (finding.weight, finding.code, finding.count))
            .collect()
    }

    const SOUND: &str = r#"{"type":"page","messageId":"m-1","anonymousId":"a","userId":"u","timestamp":"2024-01-15T09:59:59Z","properties":{"url":"https://shop.example/"}}"#;

    #[test]
    fn nothing_is_found_where_nothing_is_wrong() {
        for dialect in [Dialect::Classic, Dialect::Actions, Dialect::Import] {
            let lint = lint(dialect, &[SOUND]);
            assert_eq!((codes(&lint), lint.sent), (vec![], 1), "{dialect}");
        }
    }

    #[test]
    fn what_the_wire_does_not_carry_is_found_in_the_message() {
        let twice = lint(Dialect::Classic, &[SOUND, SOUND]);
        assert!(codes(&twice).contains(&(Weight::Warning, "ATT021", 1)), "{twice:?}");
        let [example] = &twice.findings[0].examples[..] else {
            panic!("{twice:?}")
        };
        assert_eq!((example.line, example.pointer.as_str()), (2, "/messageId"));
        let raw = lint(Dialect::Classic, &[r#"{"type":"identify","userId":"u"}"#]);
        for code in ["ATT015", "ATT022"] {
            assert!(codes(&raw).contains(&(Weight::Warning, code, 1)), "{code}: {raw:?}");
        }
    }

    #[test]
    fn findings_are_counted_and_the_weightiest_come_first() {
        let without_url =
            r#"{"type":"page","messageId":"m-2","userId":"u","anonymousId":"a","timestamp":"2024-01-15T09:00:00Z"}"#;
        // Of what is not sent nothing else is told.
        let skipped = r#"{"type":"page","userId":"u","integrations":{"All":false}}"#;
        let lines = [without_url, skipped, "no JSON", "[]", without_url];
        let lint = lint(Dialect::Classic, &lines);
        assert_eq!((lint.messages, lint.sent, lint.skipped, lint.invalid), (5, 2, 1, 2));
        let weights: Vec<Weight> = lint.findings.iter().map(|finding| finding.weight).collect();
        assert!(weights.is_sorted() && weights[0] == Weight::Error && weights.ends_with(&[Weight::Note]));
        let found = lint.findings.iter().find(|finding| finding.code == "ATT011").unwrap();
        let lines: Vec<u64> = found.examples.iter().map(|example| example.line).collect();
        assert_eq!((found.count, lines), (2, vec![1, 5]));
    }

    #[test]
    fn no_more_examples_are_kept_than_are_told() {
        let lint = lint(Dialect::Classic, &["{"; 10]);
        assert_eq!(
            (
                lint.findings.len(),
                lint.findings[0].count,
                lint.findings[0].examples.len()
            ),
            (1, 10, EXAMPLES)
        );
    }
}
