use std::num::NonZeroU64;

use serde::Serialize;

use crate::rules::{Severity, Violation};

/// A broken rule and the request that broke it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordedViolation {
    /// The rule's id, `ATT001`.
    pub rule: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// Whether a strict server refuses the request for it.
    pub severity: Severity,
    /// A JSON pointer into the body; empty for the whole body.
    pub pointer: String,
    /// What is wrong here, as a lowercase fragment that fits after the pointer.
    pub message: String,
    /// At how many more places the request breaks the rule: a hundred are listed, and the last of them says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<NonZeroU64>,
    /// The number of the request.
    pub request: u64,
}

impl RecordedViolation {
    pub(crate) fn new(request: u64, violation: Violation) -> Self {
        let Violation {
            rule,
            name,
            severity,
            pointer,
            message,
            more,
        } = violation;
        Self {
            rule,
            name,
            severity,
            pointer,
            message,
            more,
            request,
        }
    }
}
