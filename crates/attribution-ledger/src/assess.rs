use json_tree::Object;

use crate::decode::{Body, Call, Mention, Message, Route, actions, browser, classic, import};
use crate::rules::{self, Posted, RuleLevels, Severity, Subject, Violation};

/// What a request says and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment<'a> {
    /// What could be read, in the order of the batch: at most one message, but for a batch. None when nothing of the
    /// request can be attributed to anyone.
    pub messages: Vec<Message<'a>>,
    /// Every rule that the request breaks on its own, in the order of their ids, and for each rule of the batch. What has to
    /// do with other requests, or with the time of receipt, is for the ledger to say.
    pub violations: Vec<Violation>,
    /// Whom and what the messages name, those that could not be read included, in the order of the batch.
    pub mentions: Vec<Mention>,
}

impl Assessment<'_> {
    /// The same by other levels than the rules' own.
    #[must_use]
    pub fn under(mut self, levels: &RuleLevels) -> Self {
        levels.apply(&mut self.violations);
        self
    }

    /// Whether a strict server refuses the request.
    pub fn is_denied(&self) -> bool {
        self.violations
            .iter()
            .any(|violation| violation.severity == Severity::Deny)
    }
}

/// Reads one request, in the dialect that its path tells, and applies every rule to it.
///
/// The messages are there even for a request that breaks a rule, as far as they can be read: a lenient server records them.
///
/// ```
/// use attribution_ledger::{Hit, assess};
///
/// let fine = assess("/identify", br#"{"user_id":"user-1","traits":{"email":"ada@example.com"}}"#);
/// assert!(matches!(fine.messages[0].hit, Hit::Identify(_)));
/// assert!(fine.violations.is_empty());
///
/// let denied = assess("/track", br#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00Z"}"#);
/// assert!(denied.is_denied());
/// assert_eq!(denied.violations[0].rule, "ATT004");
/// ```
pub fn assess<'a>(path: &str, body: &'a [u8]) -> Assessment<'a> {
    assess_as(Route::of_path(path), path, body)
}

/// [`assess`] for what was sent as attribution.js sends: on a path that it shares with another dialect, only the server
/// knows that.
///
/// ```
/// use attribution_ledger::{Hit, assess, assess_browser};
///
/// let body = br#"{"projectId":"demo-project","messageId":"msg-1","timestamp":"2024-01-15T10:00:00Z","type":"page",
///     "anonymousId":"anon-1","properties":{"url":"https://shop.example/"}}"#;
/// let fine = assess_browser("/v1/p", body);
/// assert!(matches!(fine.messages[0].hit, Hit::Page(_)) && fine.violations.is_empty());
/// assert_eq!(assess("/v1/p", body).violations[0].pointer, "/projectId", "Segment's Attribution (Actions) sends none");
/// ```
pub fn assess_browser<'a>(path: &str, body: &'a [u8]) -> Assessment<'a> {
    assess_as(Route::of_browser(path), path, body)
}

pub(crate) fn assess_as<'a>(route: Option<Route>, path: &str, body: &'a [u8]) -> Assessment<'a> {
    let mut body = Body::parse(body);
    if let (Some(Route::Browser(route)), Body::Object(message)) = (route, &mut body) {
        route.complete(message);
    }
    let posted = Posted {
        path,
        route,
        body: &body,
    };
    let subjects = posted.subjects();
    let violations = rules::check(&posted, &subjects);
    let mentions = subjects.iter().map(Subject::mention).collect();
    let messages = match (route, body) {
        (Some(route), Body::Object(body)) => read(route, body),
        _ => Vec::new(),
    };
    Assessment {
        messages,
        violations,
        mentions,
    }
}

fn read(route: Route, body: Object<'_>) -> Vec<Message<'_>> {
    let one = match route {
        Route::Track => classic::decode(Call::Track, body),
        Route::Identify => classic::decode(Call::Identify, body),
        Route::Alias => classic::decode(Call::Alias, body),
        Route::Actions(call) => actions::decode(call, body),
        Route::Import => return import::decode(body),
        Route::Browser(route) => browser::decode(route, body),
    };
    one.into_iter().collect()
}
