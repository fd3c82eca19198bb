use super::subject::excerpt;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::IdField;

pub(super) const RULE: Rule = Rule {
    id: "ATT036",
    name: "placeholder-identity",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "An id is somebody's own",
    doc: RuleDoc {
        what: "No id is a word that stands for the lack of one: `undefined`, `null`, `nil`, `none`, `NaN`, `anonymous`, \
               `[object Object]`, the name of the field itself, such as `anonymousId`, or zeros, as in \
               `00000000-0000-0000-0000-000000000000`. Letter case makes no difference.",
        why: "Everybody who is sent with such an id is one visitor, whose visits and conversions come from everywhere at \
              once. What one of them buys is credited to whatever another one clicked.",
        fix: "Leave the field out where there is no id, and look for where text is made of `undefined` or `null`. An \
              advertising id is all zeros where the visitor has switched it off: use an id of your own instead.",
        source: "A constant `anonymousId` for everybody is a public report (segmentio/analytics-react-native#439).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let placeholders = subject.ids().filter_map(|(name, id)| match id {
        IdField::Text(text) if is_placeholder(text) => Some((name, text)),
        _ => None,
    });
    placeholders
        .map(|(name, text)| {
            Finding::at_field(
                name,
                format!("is {}, which everybody shares who has no id", excerpt(text)),
            )
        })
        .collect()
}

const WORDS: [&str; 18] = [
    "undefined",
    "null",
    "(null)",
    "nil",
    "none",
    "nan",
    "anonymous",
    "[object object]",
    "anonymousid",
    "anonymous_id",
    "cookieid",
    "cookie_id",
    "userid",
    "user_id",
    "previousid",
    "previous_id",
    "not set",
    "(not set)",
];

/// Fewer zeros may be the key of a database.
const FEWEST_ZEROS: usize = 8;

fn is_placeholder(id: &str) -> bool {
    let id = id.trim();
    let zeros = || id.bytes().filter(|&byte| byte == b'0').count();
    let nothing_else = id.bytes().all(|byte| matches!(byte, b'0' | b'-'));
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(id)) || nothing_else && zeros() >= FEWEST_ZEROS
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn a_placeholder_is_nobodys_id() {
        for id in [
            "undefined",
            "NULL",
            "anonymousId",
            "00000000-0000-0000-0000-000000000000",
            " none ",
            "00000000",
        ] {
            assert!(is_placeholder(id), "{id}");
        }
    }

    #[test]
    fn an_id_that_looks_odd_may_be_somebodys() {
        for id in [
            "0",
            "000",
            "anon-1",
            "anonymous-7",
            "nullah",
            "-",
            "",
            "00000000-0000-0000-0000-000000000001",
        ] {
            assert!(!is_placeholder(id), "{id}");
        }
    }
}
