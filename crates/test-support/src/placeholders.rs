//! The one table of what varies between two runs of the same thing, and what stands for it in a golden text.
//!
//! | varies | placeholder |
//! |---|---|
//! | a real duration, `[real 12.3 ms]` | `[real TIME]` |
//! | a duration in words, `in 12.3 ms` | `in TIME` |
//! | a loopback address, `127.0.0.1:41234` | `127.0.0.1:PORT` |
//! | the workspace's own folder | `ROOT` |

use crate::fixtures::workspace_root;

/// Replaces everything in the table above.
///
/// ```
/// assert_eq!(test_support::placeholders::apply("passed in 3.1 ms"), "passed in TIME");
/// assert_eq!(test_support::placeholders::apply("http://127.0.0.1:41234/track"), "http://127.0.0.1:PORT/track");
/// ```
pub fn apply(text: &str) -> String {
    let text = text.replace(&workspace_root().display().to_string(), "ROOT");
    let text = number_after(&text, "127.0.0.1:", "PORT", "");
    let text = duration_after(&text, "in ");
    duration_after(&text, "real ")
}

fn duration_after(text: &str, lead: &str) -> String {
    ["ns", "µs", "ms", "s"].iter().fold(text.to_owned(), |text, unit| {
        number_after(&text, lead, "TIME", &format!(" {unit}"))
    })
}

/// `<lead><digits and dots><tail>` becomes `<lead><placeholder>`, where nothing alphabetic follows.
fn number_after(text: &str, lead: &str, placeholder: &str, tail: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find(lead) {
        let (before, after) = rest.split_at(found + lead.len());
        out.push_str(before);
        let digits = after
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(after.len());
        let ends = after[digits..]
            .strip_prefix(tail)
            .filter(|next| !next.starts_with(char::is_alphanumeric));
        rest = match ends {
            Some(next) if digits > 0 => {
                out.push_str(placeholder);
                next
            }
            _ => after,
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn only_durations_and_addresses_are_replaced() {
        assert_eq!(
            apply("4h of virtual time in 12.30 ms, 3 in all"),
            "4h of virtual time in TIME, 3 in all"
        );
        assert_eq!(apply("in 7 msgs"), "in 7 msgs");
    }

    #[test]
    fn a_text_without_anything_that_varies_is_left_alone() {
        assert_eq!(apply("12 scenarios passed"), "12 scenarios passed");
    }
}
