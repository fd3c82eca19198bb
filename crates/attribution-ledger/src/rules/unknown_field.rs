use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Call, Dialect, browser};

pub(super) const RULE: Rule = Rule {
    id: "ATT009",
    name: "unknown-field",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "The body holds known fields only",
    doc: RuleDoc {
        what: "Every field of the body is one that the dialect has for the call. On the classic wire: on `/track` `user_id`, \
               `timestamp`, `cookie_id`, `properties`, `context` and `event`; on `/identify` `user_id`, `cookie_id`, \
               `traits` and `context`; on `/alias` `previous_id`, `user_id` and the importers' `anonymous_id`. On the \
               actions wire `messageId`, `timestamp`, `userId`, `anonymousId`, `context` and `type` everywhere, and what \
               Segment's Spec gives to the call. A message of an import may have any field, unless it is one that is read, \
               in another spelling: `user_id`. So may one of attribution.js, whose oldest builds wrote `user_id` beside \
               `userId`.",
        why: "Nothing reads any other field. A misspelt name loses its value silently, and classic identify and alias take \
              effect when they arrive whatever time they carry.",
        fix: "Use the wire's names: snake_case on the classic wire, with Segment's `anonymousId` as `cookie_id`, and \
              camelCase elsewhere. Put data of your own into `properties` or `traits`.",
        source: "integration-attribution 1.2.2 (`lib/mapper.js`) and Attribution (Actions) write exactly these; senders that \
                 pass a hash through, as the Ruby gem does, can write any, and RudderStack's destination forwards all.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(call) = subject.call else {
        return Vec::new();
    };
    let dialect = subject.dialect();
    let known = dialect.fields(call);
    let twin = |key: &str| dialect == Dialect::Browser && browser::is_twin(subject.fields, key);
    let unknown = subject.fields.keys().filter(|key| !known.contains(key) && !twin(key));
    unknown
        .filter_map(|key| {
            let message = match meant(dialect, call, key) {
                Some(meant) => format!("is not a field of {}; did you mean `{meant}`?", subject.route),
                // Whatever else stands in a message is forwarded, and none of it is unusual.
                None if forwards_all(dialect) => return None,
                None => format!("is not a field of {} and is not read", subject.route),
            };
            Some(Finding::at_field(key, message))
        })
        .collect()
}

/// Whether its senders pass on whatever else stands in a message.
fn forwards_all(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Import | Dialect::Browser)
}

/// Longer names are not compared with the known ones: nobody mistypes that much.
const LONGEST_COMPARED: usize = 64;

/// The field that was probably meant.
fn meant(dialect: Dialect, call: Call, key: &str) -> Option<&'static str> {
    if key.len() > LONGEST_COMPARED {
        return None;
    }
    let bare = bare(key);
    match (dialect, bare.as_str()) {
        (Dialect::Classic, "anonymousid") if call != Call::Alias => Some("cookie_id"),
        (Dialect::Actions | Dialect::Browser, "cookieid") => Some("anonymousId"),
        (Dialect::Import | Dialect::Browser, bare) => respelt(dialect.fields(call), bare),
        (Dialect::Classic | Dialect::Actions, bare) => nearest(dialect.fields(call), bare),
    }
}

/// The field of these that is spelt nearly so.
fn nearest(fields: &'static [&'static str], bare: &str) -> Option<&'static str> {
    let score = |field: &str| strsim::normalized_damerau_levenshtein(&self::bare(field), bare);
    // `max_by` takes the last of equals: reversed, that is the first in the wire's order.
    let best = fields
        .iter()
        .rev()
        .copied()
        .max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) >= 0.7).then_some(best)
}

/// The field of these that has these very letters.
fn respelt(fields: &'static [&'static str], bare: &str) -> Option<&'static str> {
    fields.iter().copied().find(|field| self::bare(field) == bare)
}

/// A name without what differs between spellings.
fn bare(name: &str) -> String {
    name.replace(['_', '-'], "").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Call, Dialect, meant};

    #[test]
    fn a_field_in_another_spelling_is_recognised() {
        use Call::{Alias, Identify, Track};
        use Dialect::{Actions, Browser, Classic, Import};
        for (dialect, call, key, field) in [
            (Classic, Track, "userId", Some("user_id")),
            (Classic, Track, "anonymousId", Some("cookie_id")),
            (Classic, Identify, "anonymous_id", Some("cookie_id")),
            (Classic, Alias, "anonymousId", Some("anonymous_id")),
            (Classic, Alias, "previousID", Some("previous_id")),
            (Classic, Track, "propertis", Some("properties")),
            (Classic, Track, "messageId", None),
            (Classic, Identify, "timestamp", None),
            (Classic, Track, "", None),
            (Actions, Track, "user_id", Some("userId")),
            (Actions, Track, "cookie_id", Some("anonymousId")),
            (Actions, Alias, "previousID", Some("previousId")),
            (Actions, Track, "name", None),
            (Import, Track, "user_id", Some("userId")),
            (Import, Track, "UserID", Some("userId")),
            (Import, Track, "userIds", None),
            (Import, Track, "originalTimestamp", None),
            (Browser, Track, "user_id", Some("userId")),
            (Browser, Track, "cookie_id", Some("anonymousId")),
            (Browser, Track, "projectId", None),
        ] {
            assert_eq!(meant(dialect, call, key), field, "{dialect} {key}");
        }
        assert_eq!(meant(Classic, Track, &"user_id".repeat(100_000)), None);
    }
}
