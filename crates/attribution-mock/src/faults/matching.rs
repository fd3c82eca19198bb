use std::time::Duration;

use attribution_ledger::{Call, Dialect, Hit, Message};

/// Which requests a fault strikes: those of which everything holds that is given.
///
/// Whatever asks for a visitor, an event or a call asks for a message that could be read. Of a batch, one message that
/// is all of it is enough.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultMatch {
    /// The one path; none is every path that takes events.
    pub path: Option<String>,
    /// The one dialect.
    pub dialect: Option<Dialect>,
    /// An id of whom the message is about: a user's, a cookie's (Segment's anonymous id), or a previous one.
    pub visitor: Option<String>,
    /// The name of a track. Pages and screens are [calls](Self::call), whatever the classic wire names them.
    pub event: Option<String>,
    /// What the message is.
    pub call: Option<Call>,
    /// Of the requests that fit so far, each so many-eth.
    pub every: Option<u32>,
    /// Of the requests that fit so far, such a part, by chance.
    pub probability: Option<f64>,
    /// How long after its installation the fault begins.
    pub after: Duration,
    /// How long from then it lasts, by the arrival of requests; none is until it is removed.
    pub lasting: Option<Duration>,
    /// How many requests are struck at most; none is without limit.
    pub times: Option<u32>,
}

/// What a fault may look at in a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) path: &'a str,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) messages: &'a [Message<'a>],
}

impl FaultMatch {
    /// Whether this is such a request, count and chance aside.
    pub(super) fn fits(&self, request: Seen<'_>) -> bool {
        let anything = self.visitor.is_none() && self.event.is_none() && self.call.is_none();
        self.path.as_deref().is_none_or(|only| only == request.path)
            && self.dialect.is_none_or(|only| request.dialect == Some(only))
            && (anything || request.messages.iter().any(|message| self.is_about(&message.hit)))
    }

    fn is_about(&self, hit: &Hit<'_>) -> bool {
        let is_named = |name: &str| matches!(hit, Hit::Track(track) if track.event == name);
        self.visitor.as_deref().is_none_or(|id| names(hit, id))
            && self.event.as_deref().is_none_or(is_named)
            && self.call.is_none_or(|call| call == hit.call())
    }

    /// Whether it is the time of a fault that was installed then.
    pub(super) fn is_due(&self, installed: Duration, now: Duration) -> bool {
        let begins = installed.saturating_add(self.after);
        let ends = self.lasting.map(|lasting| begins.saturating_add(lasting));
        now >= begins && ends.is_none_or(|ends| now < ends)
    }
}

/// Whether this is one of the ids that a message says.
fn names(hit: &Hit<'_>, id: &str) -> bool {
    let ids = match hit {
        Hit::Page(page) => &page.ids,
        Hit::Track(track) => &track.ids,
        Hit::Identify(identify) => &identify.ids,
        Hit::Group(group) => &group.ids,
        Hit::Alias(alias) => {
            let ids = [&alias.previous, &alias.user, &alias.cookie];
            return ids.into_iter().any(|known| known.as_deref() == Some(id));
        }
    };
    [ids.user(), ids.cookie()].contains(&Some(id))
}

#[cfg(test)]
mod tests {
    use attribution_ledger::assess;

    use super::super::Fault;
    use super::*;

    #[track_caller]
    fn check(fault: &Fault, path: &str, body: &str, expected: bool) {
        let assessment = assess(path, body.as_bytes());
        let request = Seen {
            path,
            dialect: attribution_ledger::Route::of_path(path).map(attribution_ledger::Route::dialect),
            messages: &assessment.messages,
        };
        assert_eq!(fault.matching.fits(request), expected, "{body}");
    }

    #[test]
    fn a_visitor_is_known_by_any_id() {
        let of = |id: &str| Fault::respond(503).visitor(id);
        check(&of("u"), "/track", r#"{"user_id":"u","event":"E"}"#, true);
        check(
            &of("c"),
            "/track",
            r#"{"cookie_id":"c","user_id":"u","event":"E"}"#,
            true,
        );
        check(&of("c"), "/identify", r#"{"cookie_id":"c","user_id":"u"}"#, true);
        check(&of("p"), "/alias", r#"{"previous_id":"p","user_id":"u"}"#, true);
        check(&of("x"), "/alias", r#"{"previous_id":"p","user_id":"u"}"#, false);
        check(&of("u"), "/track", "[]", false);
    }

    #[test]
    fn an_event_is_a_track_by_its_name_and_a_call_is_what_the_message_is() {
        let page = r#"{"cookie_id":"c","event":"Viewed Pricing Page"}"#;
        let track = r#"{"cookie_id":"c","event":"Sign Up"}"#;
        check(&Fault::respond(503).event("Sign Up"), "/track", track, true);
        check(&Fault::respond(503).event("sign up"), "/track", track, false);
        check(&Fault::respond(503).event("Viewed Pricing Page"), "/track", page, false);
        check(&Fault::respond(503).call(Call::Page), "/track", page, true);
        check(&Fault::respond(503).call(Call::Track), "/track", page, false);
    }

    #[test]
    fn of_a_batch_one_message_must_be_all_of_it() {
        let batch =
            r#"{"batch":[{"type":"track","userId":"u","event":"A"},{"type":"track","userId":"v","event":"B"}]}"#;
        check(&Fault::respond(503).visitor("v").event("B"), "/v1/import", batch, true);
        check(&Fault::respond(503).visitor("u").event("B"), "/v1/import", batch, false);
    }

    #[test]
    fn a_dialect_is_that_of_the_path() {
        let message = r#"{"userId":"u","type":"track","event":"E"}"#;
        check(&Fault::respond(503).dialect(Dialect::Actions), "/v1/t", message, true);
        check(&Fault::respond(503).dialect(Dialect::Classic), "/v1/t", message, false);
    }

    #[test]
    fn a_window_has_its_beginning_and_lacks_its_end() {
        let second = Duration::from_secs;
        let window = Fault::respond(503).after(second(10)).lasting(second(5)).matching;
        for (now, due) in [(99, false), (109, false), (110, true), (114, true), (115, false)] {
            assert_eq!(window.is_due(second(100), second(now)), due, "{now}");
        }
        assert!(FaultMatch::default().is_due(second(100), second(1_000_000)));
    }
}
