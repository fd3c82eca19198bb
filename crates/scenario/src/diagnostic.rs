//! What is wrong with a scenario file, where, and what to write instead.

mod render;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::source::{Source, Span};

/// One mistake in a scenario file.
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
        render::render(self, source)
    }
}

/// A scenario file that can't be run, with every mistake found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The file.
    pub source: Arc<Source>,
    /// The mistakes in the order of their places; never empty.
    pub diagnostics: Vec<Diagnostic>,
}

impl ScenarioError {
    pub(crate) fn new(source: Arc<Source>, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|diagnostic| diagnostic.at);
        Self { source, diagnostics }
    }

    /// Every mistake as [`Diagnostic::render`] shows it, with a blank line between two.
    pub fn render(&self) -> String {
        let rendered: Vec<String> = self
            .diagnostics
            .iter()
            .map(|found| found.render(&self.source))
            .collect();
        rendered.join("\n")
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mistakes = if self.diagnostics.len() == 1 {
            "mistake"
        } else {
            "mistakes"
        };
        write!(f, "{} {mistakes} in {}", self.diagnostics.len(), self.source.name)
    }
}

impl std::error::Error for ScenarioError {}
