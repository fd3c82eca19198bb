use std::fmt;

use serde::Serialize;

use super::Subject;

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
    /// One line without a period.
    pub title: &'static str,
    /// Everything else there is to say.
    pub doc: RuleDoc,
    pub(super) check: fn(&Subject<'_>) -> Vec<Finding>,
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
        Self {
            pointer: String::new(),
            message: message.into(),
        }
    }

    /// About one of the body's own fields.
    pub(super) fn at_field(field: &str, message: impl Into<String>) -> Self {
        // RFC 6901: these two characters are written otherwise inside a pointer.
        Self {
            pointer: format!("/{}", field.replace('~', "~0").replace('/', "~1")),
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

impl Rule {
    pub(super) fn violations(&self, subject: &Subject<'_>) -> impl Iterator<Item = Violation> {
        (self.check)(subject).into_iter().map(|finding| Violation {
            rule: self.id,
            name: self.name,
            severity: self.severity,
            pointer: finding.pointer,
            message: finding.message,
        })
    }
}
