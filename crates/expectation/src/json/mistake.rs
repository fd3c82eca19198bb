//! What is wrong with a text, for machines.

use std::fmt;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Sink, mistakes};
use crate::pointer::pointer;
use crate::printable::printable;
use crate::source::{Places, Position, Source};
use crate::tree::Node;

/// The most characters of a message, label or help.
const LONGEST: usize = 3_000;

/// One mistake in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The value it is about, as a JSON pointer; nothing where the text is no JSON.
    pub pointer: Option<String>,
    /// Where it is in the text.
    pub position: Position,
    /// What is wrong, as a fragment.
    pub message: String,
    /// More about the place, if more can be said than the message.
    pub label: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
}

/// Every mistake in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistakes {
    /// The first mistakes, a hundred at most, in the order of their places; never empty.
    pub mistakes: Vec<Mistake>,
    /// How many mistakes there are beyond those.
    #[serde(rename = "more_mistakes")]
    pub more: usize,
}

impl Mistakes {
    /// Without `root`, the text is no JSON.
    pub(super) fn of(source: &Source, root: Option<&Node>, sink: Sink) -> Self {
        let (found, more) = sink.into_first();
        let mut places = Places::of(source);
        let mistake = |found: Diagnostic| Mistake {
            pointer: root.map(|root| pointer(root, &source.text, found.at)),
            position: places.at(found.at.start),
            message: printable(&found.message, LONGEST),
            label: found.label.map(|label| printable(&label, LONGEST)),
            help: found.help.map(|help| printable(&help, LONGEST)),
        };
        Self {
            mistakes: found.into_iter().map(mistake).collect(),
            more,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(f, "line {line}, column {column}: {}", self.message)?;
        for more in self.label.iter().chain(&self.help) {
            write!(f, "; {more}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{mistake}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more {}", mistakes(more)),
        }
    }
}

impl std::error::Error for Mistakes {}
