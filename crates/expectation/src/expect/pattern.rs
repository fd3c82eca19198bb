//! What a value must be.

use std::cmp::Ordering;
use std::fmt;

use serde_json::{Number, Value};

use crate::source::Span;

/// What a value must be, and where the text says so.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The pattern in the text.
    pub at: Span,
    /// What the value must be.
    pub kind: PatternKind,
}

/// What a value must be.
#[derive(Clone, Debug)]
pub enum PatternKind {
    /// A single value: numbers by value (`99.9` is `99.90`), strings equal or the same moment, and null for what is
    /// null or not there.
    Literal(Value),
    /// A mapping with at least these fields, in the order of the text.
    Partial(Vec<(String, Pattern)>),
    /// A list of exactly these items.
    Items(Vec<Pattern>),
    /// `$any: true`: anything but null, which projections write for what they don't know.
    Any,
    /// `$absent: true`: null or not there.
    Absent,
    /// `$exactly`: equal at every depth, with no further field.
    Exactly(Value),
    /// `$regex`: a string in which this is found.
    Regex(Regex),
    /// `$gt`, `$gte`, `$lt`, `$lte`: a number, or a string that is a moment, on this side of the limit.
    Compare {
        /// Which side.
        comparison: Comparison,
        /// A number, or a string that is a moment.
        limit: Value,
    },
    /// `$approx`: a number at most `within` away, up to the rounding of binary floating point.
    Approx {
        /// The middle.
        value: Number,
        /// The greatest distance that still matches; by default 0.01, a cent.
        within: Number,
    },
    /// `$not`: whatever the pattern does not match.
    Not(Box<Pattern>),
    /// `$in`: any one of these.
    OneOf(Vec<Pattern>),
    /// Several operators side by side: all of them.
    All(Vec<Pattern>),
}

/// How a value lies to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `$gt`.
    Greater,
    /// `$gte`.
    GreaterOrEqual,
    /// `$lt`.
    Less,
    /// `$lte`.
    LessOrEqual,
}

impl Comparison {
    /// The operator.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Greater => "$gt",
            Self::GreaterOrEqual => "$gte",
            Self::Less => "$lt",
            Self::LessOrEqual => "$lte",
        }
    }

    /// Whether a value that lies so to the limit is on the right side.
    pub fn admits(self, ordering: Ordering) -> bool {
        match self {
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}

/// A regular expression; found anywhere in the text unless anchored.
#[derive(Clone)]
pub struct Regex(regex::Regex);

impl Regex {
    /// Compiles one.
    ///
    /// # Errors
    ///
    /// When it is not a regular expression of the crate `regex`, or too large.
    pub fn new(pattern: &str) -> Result<Self, regex::Error> {
        regex::Regex::new(pattern).map(Self)
    }

    /// Whether it is found in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The expression as written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regex({})", self.as_str())
    }
}
