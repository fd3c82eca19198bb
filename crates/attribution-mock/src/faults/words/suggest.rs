//! "Did you mean".

use super::list::words;

/// Longer words are not compared: nobody mistypes that much.
const LONGEST: usize = 30;

/// How alike two words must be, of 1.
const ALIKE: f64 = 0.6;

/// What to do about a key that no fault has.
pub(super) fn for_key(key: &str) -> String {
    if key == "cut" {
        return "only a scenario's link counts bytes: write `reset: before` or `truncate: true`".to_owned();
    }
    let known: Vec<&str> = words().collect();
    match meant(key).or_else(|| nearest(key, &known)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", listed(&known)),
    }
}

/// What to do about a word that is none of these.
pub(super) fn for_word(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => match known {
            [only] => format!("there is only `{only}`"),
            _ => format!("there are {}", listed(known)),
        },
    }
}

/// What other tools call it.
fn meant(key: &str) -> Option<&'static str> {
    match bare(key).as_str() {
        "status" | "statuscode" | "code" | "response" | "answer" => Some("respond"),
        "latency" | "sleep" | "wait" | "slow" => Some("delay"),
        "count" | "repeat" | "n" => Some("times"),
        "url" | "endpoint" | "route" => Some("path"),
        "timeout" => Some("hang"),
        "rst" => Some("reset"),
        "fin" | "drop" | "disconnect" => Some("close"),
        "refuse" => Some("connect"),
        "ratelimit" | "bucket" | "limit" => Some("rate"),
        "throttle" | "speed" => Some("bandwidth"),
        "chance" | "random" => Some("probability"),
        "duration" | "lasting" => Some("for"),
        "user" | "userid" | "anonymousid" | "cookieid" | "previousid" => Some("visitor"),
        "call" | "kind" => Some("type"),
        "name" => Some("event"),
        _ => None,
    }
}

fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = bare(word);
    known
        .iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(&word, &bare(known)), *known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

/// Without case and separators.
fn bare(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

fn listed(words: &[&str]) -> String {
    let (last, most) = words.split_last().unwrap_or((&"", &[]));
    let most: Vec<String> = most.iter().map(|word| format!("`{word}`")).collect();
    format!("{} and `{last}`", most.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_finds_the_word_that_was_meant() {
        for (written, word) in [
            ("respnd", "respond"),
            ("status", "respond"),
            ("Retry-After", "retry_after"),
            ("retryAfter", "retry_after"),
            ("time", "times"),
            ("latency", "delay"),
            ("userId", "visitor"),
            ("probabilty", "probability"),
        ] {
            assert_eq!(for_key(written), format!("did you mean `{word}`?"), "{written}");
        }
        for written in ["colour", &"respond".repeat(100_000)] {
            assert!(for_key(written).starts_with("there are `respond`, "));
        }
    }
}
