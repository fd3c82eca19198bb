use crate::decode::{Body, Hit, Route, classic};
use crate::rules::{self, Severity, Subject, Violation};

/// What a request says and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// What could be read; none when nothing of the request can be attributed to anyone.
    pub hit: Option<Hit>,
    /// Every rule that the request breaks, in the order of their ids.
    pub violations: Vec<Violation>,
}

impl Assessment {
    /// Whether a strict server refuses the request.
    pub fn is_denied(&self) -> bool {
        self.violations
            .iter()
            .any(|violation| violation.severity == Severity::Deny)
    }
}

/// Reads one request of the classic wire and applies every rule to it.
///
/// The hit is there even for a request that breaks a rule, as far as it can be read: a lenient server records it.
///
/// ```
/// use attribution_ledger::{Hit, assess};
///
/// let fine = assess("/identify", br#"{"user_id":"user-1","traits":{"email":"ada@example.com"}}"#);
/// assert!(matches!(fine.hit, Some(Hit::Identify(_))));
/// assert!(fine.violations.is_empty());
///
/// let denied = assess("/track", br#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00Z"}"#);
/// assert!(denied.is_denied());
/// assert_eq!(denied.violations[0].rule, "ATT004");
/// ```
pub fn assess(path: &str, body: &[u8]) -> Assessment {
    let body = Body::parse(body);
    let route = Route::of_path(path);
    let violations = rules::check(&Subject {
        path,
        route,
        body: &body,
    });
    let hit = match (route, body) {
        (Some(route), Body::Object(body)) => classic::decode(route, body),
        _ => None,
    };
    Assessment { hit, violations }
}
