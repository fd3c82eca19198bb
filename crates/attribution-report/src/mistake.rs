//! What is wrong with a text that a user wrote, where, and what to write instead.

use std::error::Error;
use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1: in a CSV file which of its values that is.
    pub column: u64,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// Every mistake of one text, in the order of their places. Nothing of such a text is used.
///
/// ```
/// use attribution_report::Channels;
///
/// let mistakes = Channels::parse("channels.yaml", "channels:\n  - nmae: Ads\n").unwrap_err();
/// assert_eq!(
///     mistakes.to_string(),
///     "channels.yaml:2:5: a channel has no key `nmae`; did you mean `name`?\n\
///      channels.yaml:2:5: the channel has no `filters`; write `filters:` with a list of at least one\n\
///      channels.yaml:2:5: the channel has no `name`; write `name: …`"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// What the text is called, as the user named it.
    pub name: String,
    /// The mistakes; never empty.
    pub all: Vec<Mistake>,
}

/// More of them are not told: whoever made more is helped by the first.
const MOST: usize = 20;

impl fmt::Display for Mistakes {
    /// One line a mistake, `file:line:column: what is wrong; what to write instead`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.all.iter().take(MOST).enumerate() {
            let Mistake {
                line,
                column,
                message,
                help,
            } = mistake;
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{}:{line}:{column}: {message}; {help}", self.name)?;
        }
        match self.all.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl Error for Mistakes {}

/// The help for a word that is none of the legal ones: the nearest of them, or else all.
pub(crate) fn help<'a>(word: &str, legal: impl IntoIterator<Item = &'a str>) -> String {
    /// More than these nobody reads.
    const LISTED: usize = 12;
    let legal: Vec<&str> = legal.into_iter().collect();
    if let Some(near) = nearest(word, &legal) {
        return format!("did you mean `{near}`?");
    }
    let listed: Vec<String> = legal.iter().take(LISTED).map(|word| format!("`{word}`")).collect();
    match legal.len().saturating_sub(LISTED) {
        0 => format!("write one of {}", listed.join(", ")),
        more => format!("write one of {} or {more} more", listed.join(", ")),
    }
}

/// The legal word that someone who wrote this one may have meant: a third of its letters may be wrong.
pub(crate) fn nearest<'a>(word: &str, legal: &[&'a str]) -> Option<&'a str> {
    let word = bare(word);
    let scored = legal.iter().map(|candidate| {
        let candidate_bare = bare(candidate);
        let allowed = word.chars().count().min(candidate_bare.chars().count()) / 3;
        (strsim::damerau_levenshtein(&word, &candidate_bare), allowed, *candidate)
    });
    let near = scored.filter(|(distance, allowed, _)| *distance == 0 || distance <= allowed);
    near.min_by_key(|(distance, ..)| *distance)
        .map(|(.., candidate)| candidate)
}

/// Without case and separators, and no longer than what is worth comparing.
fn bare(word: &str) -> String {
    const LONGEST: usize = 64;
    let kept = word.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    kept.take(LONGEST).flat_map(char::to_lowercase).collect()
}

/// Text from outside as it stands in a message: short, and without what a terminal would obey.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_suggested_and_otherwise_all_are_listed() {
        assert_eq!(help("refferer", ["path", "referrer"]), "did you mean `referrer`?");
        assert_eq!(help("Auto-Tag", ["auto_tag"]), "did you mean `auto_tag`?");
        assert_eq!(help("banana", ["path", "referrer"]), "write one of `path`, `referrer`");
    }

    #[test]
    fn text_from_outside_is_cut_and_harmless() {
        assert_eq!(quoted("a\u{1b}[1m"), "`a\\u{1b}[1m`");
        assert_eq!(quoted(&"é".repeat(99)), format!("`{}…`", "é".repeat(60)));
    }

    #[test]
    fn many_mistakes_are_counted() {
        let mistake = |line| Mistake {
            line,
            column: 1,
            message: "wrong".into(),
            help: "mend it".into(),
        };
        let mistakes = Mistakes {
            name: "a".into(),
            all: (1..=25).map(mistake).collect(),
        };
        let text = mistakes.to_string();
        assert!(
            text.starts_with("a:1:1: wrong; mend it\n") && text.ends_with("a:20:1: wrong; mend it\nand 5 more"),
            "{text}"
        );
    }
}
