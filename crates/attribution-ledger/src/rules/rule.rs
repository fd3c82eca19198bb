use std::fmt;
use std::num::NonZeroU64;

use serde::Serialize;

use super::{Level, Listing, Posted, Recorded, Subject};
use crate::decode::{Dialect, Route};
use crate::project::Unlinked;

/// What a broken rule means for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No public sender can emit it: a strict server refuses the request.
    Deny,
    /// A public sender can emit it, and it probably isn't what was meant: accepted and flagged.
    Warn,
}

impl Severity {
    /// As it is serialised: `deny` or `warn`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One rule, broken at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The rule's id, `ATT001`.
    pub rule: &'static str,
    /// The rule's name, `body-not-json-object`.
    pub name: &'static str,
    /// Whether a strict server refuses the request for it.
    pub severity: Severity,
    /// A JSON pointer into the body; empty for the whole body. It names the place where something is missing, too.
    pub pointer: String,
    /// What is wrong here, as a lowercase fragment that fits after the pointer.
    pub message: String,
    /// At how many more places the request breaks the rule: a hundred are listed, and the last of them says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<NonZeroU64>,
}

/// What can be wrong with a request, and why that matters.
#[derive(Debug)]
pub struct Rule {
    /// Stable, `ATT001`.
    pub id: &'static str,
    /// In kebab case.
    pub name: &'static str,
    /// What breaking it means.
    pub severity: Severity,
    /// The dialects in which a public sender can emit it all the same. There the rule never denies, it only warns.
    pub tolerated: &'static [Dialect],
    /// Why it is off unless somebody turns it on, in whole sentences; none for a rule that is on. Nobody is told of what is
    /// off: [`RuleLevels`](super::RuleLevels) turn it on.
    pub off: Option<&'static str>,
    /// One line without a period.
    pub title: &'static str,
    /// Everything else there is to say.
    pub doc: RuleDoc,
    pub(super) check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// A request as a whole.
    Request(fn(&Posted<'_>) -> Vec<Finding>),
    /// Each message of a request by itself.
    Message(fn(&Subject<'_>) -> Vec<Finding>),
    /// Each message that is recorded, beside what was recorded before. No request shows that: the ledger says so when it
    /// records.
    Recorded(fn(&Recorded<'_>) -> Option<Finding>),
    /// A user whose conversions nothing links to a visit. A later request may still do so: the ledger says so when it is
    /// asked.
    Unlinked(fn(&Unlinked) -> Finding),
}

/// A rule explained, each part in whole sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RuleDoc {
    /// What the rule looks at.
    pub what: &'static str,
    /// What goes wrong when it is broken.
    pub why: &'static str,
    /// How to mend the sender.
    pub fix: &'static str,
    /// Where the fact behind it is from.
    pub source: &'static str,
}

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pointer: String,
    message: String,
}

impl Finding {
    /// About the whole body.
    pub(super) fn of_body(message: impl Into<String>) -> Self {
        Self::of_message(message)
    }

    /// About the whole message; pointers of a message's findings begin there.
    pub(super) fn of_message(message: impl Into<String>) -> Self {
        Self {
            pointer: String::new(),
            message: message.into(),
        }
    }

    /// About one of the body's or the message's own fields.
    pub(super) fn at_field(field: &str, message: impl Into<String>) -> Self {
        Self {
            pointer: token(field),
            message: message.into(),
        }
    }

    /// About a field of a field, such as a trait.
    pub(super) fn below(field: &str, key: &str, message: impl Into<String>) -> Self {
        Self {
            pointer: token(field) + &token(key),
            message: message.into(),
        }
    }

    /// About something below a field, by its pointer.
    pub(super) fn at(pointer: &str, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            message: message.into(),
        }
    }
}

/// One step of a pointer. RFC 6901: two characters are written otherwise inside it.
fn token(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

impl Rule {
    /// What breaking it means in this dialect.
    pub fn severity_in(&self, dialect: Dialect) -> Severity {
        if self.tolerated.contains(&dialect) {
            Severity::Warn
        } else {
            self.severity
        }
    }

    /// What is made of breaking it where nobody says otherwise, in a dialect in which it isn't tolerated.
    pub fn level(&self) -> Level {
        match (self.off, self.severity) {
            (Some(_), _) => Level::Off,
            (None, Severity::Warn) => Level::Warn,
            (None, Severity::Deny) => Level::Deny,
        }
    }

    /// Whether a request can be refused for it. One that needs to know what was recorded can't deny: it is found broken
    /// when the answer has been decided on.
    pub fn can_deny(&self) -> bool {
        match self.check {
            Check::Request(_) | Check::Message(_) => true,
            Check::Recorded(_) | Check::Unlinked(_) => false,
        }
    }

    /// Whether it is known on arrival which request breaks it. What is not, a later request can still make good.
    pub fn is_known_on_arrival(&self) -> bool {
        match self.check {
            Check::Request(_) | Check::Message(_) | Check::Recorded(_) => true,
            Check::Unlinked(_) => false,
        }
    }

    /// Lists where a request breaks it. The subjects are the request's own messages.
    pub(super) fn list(&self, posted: &Posted<'_>, subjects: &[Subject<'_>], listing: &mut Listing) {
        match self.check {
            Check::Request(check) => {
                let findings = check(posted);
                if !findings.is_empty() {
                    self.add(findings, posted.route.map(Route::dialect), None, listing);
                }
            }
            Check::Message(check) => {
                for subject in subjects {
                    let findings = check(subject);
                    if !findings.is_empty() {
                        self.add(findings, Some(subject.dialect()), subject.index, listing);
                    }
                }
            }
            Check::Recorded(_) | Check::Unlinked(_) => {}
        }
    }

    /// Lists what was found of it, in this dialect and at this place of a batch.
    fn add(&self, findings: Vec<Finding>, dialect: Option<Dialect>, index: Option<usize>, listing: &mut Listing) {
        let severity = dialect.map_or(self.severity, |dialect| self.severity_in(dialect));
        for finding in findings {
            listing.add(self.violation(severity, index, finding));
        }
    }

    /// How a message breaks it that is being recorded.
    pub(super) fn recorded(&self, recorded: &Recorded<'_>) -> Option<Violation> {
        let Check::Recorded(check) = self.check else {
            return None;
        };
        let finding = check(recorded)?;
        Some(self.violation(self.severity, recorded.message.index, finding))
    }

    /// How a user breaks it whose conversions nothing links to a visit.
    pub(super) fn unlinked(&self, unlinked: &Unlinked) -> Option<Violation> {
        let Check::Unlinked(check) = self.check else {
            return None;
        };
        Some(self.violation(self.severity, unlinked.spoken.index, check(unlinked)))
    }

    pub(super) fn violation(&self, severity: Severity, index: Option<usize>, finding: Finding) -> Violation {
        let Finding { pointer, message } = finding;
        Violation {
            rule: self.id,
            name: self.name,
            severity,
            pointer: match index {
                Some(index) => format!("/batch/{index}{pointer}"),
                None => pointer,
            },
            message,
            more: None,
        }
    }
}
