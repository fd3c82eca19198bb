//! What is wrong with a text, where, and what to write instead.

mod render;
mod sink;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

pub use self::sink::Sink;
use crate::source::{Places, Source, Span};

/// One mistake in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The text it is about.
    pub at: Span,
    /// What is wrong, as a fragment.
    pub message: String,
    /// What stands under the caret, if more can be said than the message.
    pub label: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake at a place, without label or help yet.
    pub fn new(at: Span, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            label: None,
            help: None,
        }
    }

    /// Says what stands under the caret.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self {
            label: Some(label.into()),
            ..self
        }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// Plain text: the message, `file:line:column`, the line with carets under the place, and the help.
    ///
    /// Long lines are cut to a window around the place, tabs become spaces, and wide characters count twice, so that
    /// the carets stand under what they mean.
    pub fn render(&self, source: &Source) -> String {
        render::render(self, source, source.position(self.at.start))
    }
}

/// A file that can't be used, with every mistake found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// The file.
    pub source: Arc<Source>,
    /// The first mistakes, a hundred at most, in the order of their places; never empty.
    pub diagnostics: Vec<Diagnostic>,
    /// How many mistakes there are beyond those.
    pub more: usize,
}

impl SourceError {
    /// The mistakes collected, of which there must be one.
    pub fn new(source: Arc<Source>, sink: Sink) -> Self {
        let (diagnostics, more) = sink.into_first();
        Self {
            source,
            diagnostics,
            more,
        }
    }

    /// Every mistake as [`Diagnostic::render`] shows it, with a blank line between two, and how many more there are.
    pub fn render(&self) -> String {
        let mut places = Places::of(&self.source);
        let mut rendered: Vec<String> = self
            .diagnostics
            .iter()
            .map(|found| render::render(found, &self.source, places.at(found.at.start)))
            .collect();
        if self.more > 0 {
            rendered.push(format!("and {} more {}\n", self.more, mistakes(self.more)));
        }
        rendered.join("\n")
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.diagnostics.len() + self.more;
        write!(f, "{count} {} in {}", mistakes(count), self.source.name)
    }
}

pub(crate) fn mistakes(count: usize) -> &'static str {
    if count == 1 { "mistake" } else { "mistakes" }
}

impl std::error::Error for SourceError {}
