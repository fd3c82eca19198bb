use super::{Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{Route, classic};

pub(super) const RULE: Rule = Rule {
    id: "ATT009",
    name: "unknown-field",
    severity: Severity::Warn,
    title: "The body holds known fields only",
    doc: RuleDoc {
        what: "Every field of the body is one that the classic wire has: on `/track` `user_id`, `timestamp`, `cookie_id`, \
               `properties`, `context` and `event`; on `/identify` `user_id`, `cookie_id`, `traits` and `context`; on \
               `/alias` `previous_id`, `user_id` and the importers' `anonymous_id`.",
        why: "Nothing reads any other field. A camelCase or misspelt name loses its value silently, and identify and \
              alias take effect when they arrive whatever time they carry.",
        fix: "Use the wire's snake_case names, with Segment's `anonymousId` as `cookie_id`, and put data of your own into \
              `properties` or `traits`.",
        source: "integration-attribution 1.2.2 (`lib/mapper.js`) writes exactly these; senders that pass a hash through, \
                 as the Ruby gem does, can write any.",
    },
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((route, fields)) = subject.fields() else {
        return Vec::new();
    };
    let known = classic::fields(route);
    let unknown = fields.keys().filter(|key| !known.contains(&key.as_str()));
    unknown.map(|key| Finding::at_field(key, message(route, key))).collect()
}

fn message(route: Route, key: &str) -> String {
    match meant(route, key) {
        Some(meant) => format!("is not a field of {route}; did you mean `{meant}`?"),
        None => format!("is not a field of {route} and is not read"),
    }
}

/// Longer names are not compared with the known ones: nobody mistypes that much.
const LONGEST_COMPARED: usize = 64;

/// The field that was probably meant.
fn meant(route: Route, key: &str) -> Option<&'static str> {
    if key.len() > LONGEST_COMPARED {
        return None;
    }
    let bare = key.replace(['_', '-'], "").to_lowercase();
    let candidates = classic::fields(route);
    if bare == "anonymousid" && route != Route::Alias {
        return Some("cookie_id");
    }
    let score = |field: &&'static str| strsim::normalized_damerau_levenshtein(&field.replace('_', ""), &bare);
    // `max_by` takes the last of equals: reversed, that is the first in the wire's order.
    let best = candidates
        .iter()
        .rev()
        .copied()
        .max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(&best) >= 0.7).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::{Route, meant};

    #[test]
    fn a_field_in_another_spelling_is_recognised() {
        for (route, key, field) in [
            (Route::Track, "userId", Some("user_id")),
            (Route::Track, "anonymousId", Some("cookie_id")),
            (Route::Identify, "anonymous_id", Some("cookie_id")),
            (Route::Alias, "anonymousId", Some("anonymous_id")),
            (Route::Alias, "previousID", Some("previous_id")),
            (Route::Track, "propertis", Some("properties")),
            (Route::Track, "messageId", None),
            (Route::Identify, "timestamp", None),
            (Route::Track, "", None),
        ] {
            assert_eq!(meant(route, key), field, "{key}");
        }
        assert_eq!(meant(Route::Track, &"user_id".repeat(100_000)), None);
    }
}
