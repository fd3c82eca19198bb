//! "Did you mean".

use crate::printable::printable;

/// The help for a word that is none of the legal ones: the nearest of them, or else all.
pub fn help(word: &str, legal: &[&str]) -> String {
    match nearest(word, legal) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there {}", one_of(legal)),
    }
}

/// The legal word that someone who wrote this one may have meant. A URL's `utm_source` is `source` everywhere else.
pub fn nearest<'a>(word: &str, legal: &[&'a str]) -> Option<&'a str> {
    let word = bare(word.strip_prefix("utm_").unwrap_or(word));
    let length = word.chars().count();
    // A third of the letters may be wrong: one in `type`, three in `anonymousId`.
    let allowed = |candidate: &str| length.min(candidate.len()) / 3;
    legal
        .iter()
        .filter(|candidate| length.abs_diff(bare(candidate).len()) <= allowed(candidate))
        .map(|candidate| (strsim::damerau_levenshtein(&word, &bare(candidate)), *candidate))
        .filter(|(distance, candidate)| *distance <= allowed(candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A word from the text inside a message, cut where it would drown the message.
pub fn quoted(word: &str) -> String {
    const LONGEST: usize = 60;
    format!("`{}`", printable(word, LONGEST))
}

/// Without case and separators, so that `user_id` is near `userId`.
fn bare(word: &str) -> String {
    // The distance is quadratic in the length.
    const LONGEST: usize = 64;
    word.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '$'))
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .collect()
}

fn one_of(legal: &[&str]) -> String {
    let words: Vec<String> = legal.iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [one] => format!("is only {one}"),
        [most @ .., last] => format!("are {} and {last}", most.join(", ")),
        [] => "is nothing to write here".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{help, nearest, quoted};

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(nearest("propertis", &["name", "properties"]), Some("properties"));
        assert_eq!(nearest("tarits", &["traits", "track"]), Some("traits"));
    }

    #[test]
    fn case_and_separators_do_not_count() {
        assert_eq!(nearest("user_id", &["userId", "groupId"]), Some("userId"));
        assert_eq!(nearest("Page-Views", &["page_views"]), Some("page_views"));
        assert_eq!(nearest("utm_source", &["page", "source"]), Some("source"));
    }

    #[test]
    fn something_else_is_not_a_slip() {
        assert_eq!(nearest("banana", &["name", "properties"]), None);
        assert_eq!(nearest("at", &["in"]), None);
        assert_eq!(nearest("", &["in"]), None);
    }

    #[test]
    fn without_a_near_word_all_are_listed() {
        assert_eq!(
            help("banana", &["page", "track", "wait"]),
            "there are `page`, `track` and `wait`"
        );
        assert_eq!(help("banana", &["latency"]), "there is only `latency`");
    }

    #[test]
    fn a_long_word_is_cut() {
        assert_eq!(
            quoted(&"é".repeat(500)),
            format!("`{}… (500 characters)`", "é".repeat(60))
        );
    }
}
