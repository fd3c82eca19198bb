//! The same scenario in tidy lines: [`tidy()`].

use std::fmt;
use std::sync::Arc;

use expectation::{Sink, Source, SourceError, Syntax};
use pretty_yaml::config::{FormatOptions, LayoutOptions, LineBreak};
use serde_json::Value;

use crate::syntax::read;

/// How long a line may become.
const WIDTH: usize = 120;

/// Why a file is left as it is.
#[derive(Debug)]
pub enum TidyError {
    /// It is not YAML, or something in it can't be read.
    Mistakes(SourceError),
    /// It would not say the same any more. No file is known of which that is true.
    SaysSomethingElse,
}

impl fmt::Display for TidyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistakes(_) => f.write_str("it has mistakes"),
            Self::SaysSomethingElse => f.write_str("it can't be tidied without saying something else"),
        }
    }
}

impl std::error::Error for TidyError {}

/// The text with even indents and spaces, and without needless lines; comments stay where they are, and so do the order of keys,
/// flow and block style, and the kind of line ends. Whether it is a scenario is not looked at.
///
/// What it says is the same as before: both texts are read, and held against each other.
///
/// # Errors
///
/// [`TidyError`].
///
/// ```
/// use scenario::{Source, tidy};
///
/// let text = "steps:   # one\n    -   settle:  true\n";
/// assert_eq!(tidy(Source::of("a.yaml", text))?, "steps: # one\n  - settle: true\n");
/// # Ok::<(), scenario::TidyError>(())
/// ```
pub fn tidy(source: Source) -> Result<String, TidyError> {
    let source = Arc::new(source);
    let before = said(&source)?;
    let options = FormatOptions {
        layout: LayoutOptions {
            print_width: WIDTH,
            line_break: if source.text.contains("\r\n") {
                LineBreak::Crlf
            } else {
                LineBreak::Lf
            },
            ..LayoutOptions::default()
        },
        ..FormatOptions::default()
    };
    let Ok(text) = pretty_yaml::format_text(&source.text, &options) else {
        return Err(TidyError::SaysSomethingElse);
    };
    let tidied = Arc::new(Source::of(&source.name, &text));
    match said(&tidied) {
        Ok(after) if after == before => Ok(text),
        _ => Err(TidyError::SaysSomethingElse),
    }
}

/// What a text says, wherever in it.
fn said(source: &Arc<Source>) -> Result<Value, TidyError> {
    let mut sink = Sink::new(Syntax::Yaml);
    match read(&source.text, &mut sink) {
        Ok(node) if sink.is_empty() => return Ok(node.to_value()),
        Ok(_) => {}
        Err(mistake) => sink.push(mistake),
    }
    Err(TidyError::Mistakes(SourceError::new(Arc::clone(source), sink)))
}
