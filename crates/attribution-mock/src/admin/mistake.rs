use std::fmt;

/// What is wrong with a query. `Display` tells a person what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// There is no such parameter here.
    Unknown {
        written: String,
        meant: Option<&'static str>,
        names: Vec<&'static str>,
    },
    /// It is there more than once.
    Twice(String),
    /// It has a value that it can't have.
    Value { name: &'static str, reason: String },
}

impl Mistake {
    /// There is no such parameter, only these; the last ones are not worth telling.
    pub(super) fn unknown(written: &str, names: &[&'static str], hidden: &[&'static str]) -> Self {
        let all = [names, hidden].concat();
        Self::Unknown {
            written: excerpt(written),
            meant: alias(written, names).or_else(|| nearest_word(written, &all)),
            names: names.to_vec(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown {
                written,
                meant: Some(meant),
                ..
            } => {
                write!(f, "there is no parameter {written}: did you mean `{meant}`?")
            }
            Self::Unknown {
                written,
                meant: None,
                names,
            } if names.is_empty() => {
                write!(
                    f,
                    "there is no parameter {written} here: none but `project` and `namespace`"
                )
            }
            Self::Unknown {
                written,
                meant: None,
                names,
            } => {
                let verb = if names.len() == 1 { "is" } else { "are" };
                write!(
                    f,
                    "there is no parameter {written}: there {verb} {}",
                    listed(names, "and")
                )
            }
            Self::Twice(name) => write!(f, "`{name}` is given twice"),
            Self::Value { name, reason } => write!(f, "`{name}` {reason}"),
        }
    }
}

/// What others call it.
fn alias(written: &str, names: &[&'static str]) -> Option<&'static str> {
    let meant = match written.to_ascii_lowercase().as_str() {
        "user" | "user_id" | "userid" | "anonymous_id" | "anonymousid" | "cookie" | "cookie_id" | "id" => "visitor",
        "type" | "call" => "kind",
        "from" | "start" => "since",
        "to" | "end" => "until",
        "count" | "size" | "per_page" | "n" => "limit",
        "sort" | "direction" => "order",
        "cursor" | "next" | "offset" | "page" => "after",
        "code" => "status",
        "violation" => "rule",
        "level" => "severity",
        "seq" => "request",
        _ => return None,
    };
    names.contains(&meant).then_some(meant)
}

/// The word that is spelt most like this one, if any is like it at all.
pub(super) fn nearest_word(written: &str, words: &[&'static str]) -> Option<&'static str> {
    /// Longer words are not compared: nobody mistypes that much.
    const LONGEST: usize = 30;
    /// How alike two words must be, of 1.
    const ALIKE: f64 = 0.6;
    if written.len() > LONGEST {
        return None;
    }
    let written = written.to_ascii_lowercase();
    let likeness = |word: &&'static str| (strsim::normalized_damerau_levenshtein(&written, word), *word);
    let alike = words.iter().map(likeness).filter(|(likeness, _)| *likeness >= ALIKE);
    alike.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, word)| word)
}

/// Words as a sentence lists them.
pub(super) fn listed(words: &[&str], and: &str) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|word| format!("`{word}`")).collect();
            format!("{} {and} `{last}`", most.join(", "))
        }
    }
}

/// What was written, in quotes and cut where it would drown the message.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", text[..end].escape_debug()),
        None => format!("`{}`", text.escape_debug()),
    }
}
