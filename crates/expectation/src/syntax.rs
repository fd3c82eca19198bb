//! In which syntax an expectation is written, for what to write instead.

/// What the text is written in. Mistakes are the same in both; what to write instead is shown in the text's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// YAML, in a scenario file.
    Yaml,
    /// JSON, in a request.
    Json,
}

impl Syntax {
    /// What it is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
        }
    }

    /// An example in backticks. Takes it in YAML's flow style, each word by itself: blanks inside braces, after colons
    /// and after commas.
    ///
    /// ```
    /// use expectation::Syntax;
    ///
    /// assert_eq!(Syntax::Yaml.example("visits: [{ page: … }]"), "`visits: [{ page: … }]`");
    /// assert_eq!(Syntax::Json.example("visits: [{ page: a }]"), r#"`"visits": [{"page": "a"}]`"#);
    /// ```
    pub fn example(self, yaml: &str) -> String {
        match self {
            Self::Yaml => format!("`{yaml}`"),
            Self::Json => {
                let words: Vec<String> = yaml.split(' ').map(word).collect();
                format!("`{}`", words.join(" ").replace("{ ", "{").replace(" }", "}"))
            }
        }
    }
}

/// One word with the brackets, colon and comma around it.
fn word(yaml: &str) -> String {
    let start = yaml.find(|c| !matches!(c, '[' | '{')).unwrap_or(yaml.len());
    let (before, rest) = yaml.split_at(start);
    let word = rest.trim_end_matches([']', '}', ',', ':']);
    let after = &rest[word.len()..];
    format!("{before}{}{after}", scalar(word))
}

fn scalar(word: &str) -> String {
    let stays = matches!(word, "" | "…") || serde_json::from_str::<serde_json::Value>(word).is_ok();
    if stays { word.to_owned() } else { format!("\"{word}\"") }
}

#[cfg(test)]
mod tests {
    use super::Syntax;

    #[test]
    fn an_example_is_written_as_json_wants_it() {
        for (yaml, json) in [
            ("conversions: []", r#""conversions": []"#),
            ("{ delivered: 4, attempts: 6 }", r#"{"delivered": 4, "attempts": 6}"#),
            (
                "$approx: { value: 99.90, within: 0.01 }",
                r#""$approx": {"value": 99.90, "within": 0.01}"#,
            ),
            ("$in: [google, bing]", r#""$in": ["google", "bing"]"#),
            ("visits: { contains: [{ … }] }", r#""visits": {"contains": [{…}]}"#),
            ("{ $any: true }", r#"{"$any": true}"#),
            ("2024-01-15T10:00:00Z", r#""2024-01-15T10:00:00Z""#),
            ("$regex: \"5\"", r#""$regex": "5""#),
        ] {
            assert_eq!(Syntax::Json.example(yaml), format!("`{json}`"));
        }
    }
}
