use std::fmt;

use crate::exchange::INGEST_IN_WORDS;

/// Why a fault can't be installed: it could never strike, or what it prescribes can't be said in HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// Its path is none that takes events.
    UnknownPath {
        /// The path as given.
        path: String,
        /// The path that was probably meant.
        nearest: Option<&'static str>,
    },
    /// Its status is not from 200 to 599.
    Status(u16),
    /// It gives a body to an answer of a status that never has one: 204, 205 or 304 (RFC 9110, sections 15.3.5,
    /// 15.3.6 and 15.4.5).
    Bodiless(u16),
    /// A sequence lets every request pass.
    AllPass,
    /// It may strike zero times.
    Never,
    /// It strikes every zeroth request.
    Every,
    /// Its probability is not above 0 and at most 1.
    Probability,
    /// The visitor or the event that it is for is a blank text.
    Blank {
        /// Which of the two.
        word: &'static str,
    },
    /// It lasts no time at all.
    NoTime,
    /// Two of its parts can't be had together.
    Misplaced {
        /// The part that is too much.
        word: &'static str,
        /// What happens.
        action: &'static str,
        /// Why the one does not go with the other, and what to do.
        why: &'static str,
    },
    /// The date of its `Retry-After` lies before the year 0, where HTTP has no way to write it.
    RetryAfter,
    /// Its content type can't stand in a header.
    ContentType,
    /// The shortest of its latencies is longer than the longest.
    Uniform,
    /// The sigma of its latency is not above 0 and at most 10.
    Sigma,
    /// The median of its latency is zero, or longer than the cap.
    Median,
    /// It answers at zero bytes a second.
    Bandwidth,
    /// So many tokens a second can't be had: more than one a nanosecond, or less than one in ten years.
    PerSecond,
    /// Its bucket holds no token.
    Burst,
    /// It refuses connections, which come before anyone knows to which project or namespace they belong.
    NotOnItsOwn,
}

impl FaultError {
    /// The part of the fault that is wrong, as a scenario writes it.
    pub fn place(&self) -> Vec<&'static str> {
        let place: &[&'static str] = match self {
            Self::UnknownPath { .. } => &["path"],
            Self::Status(_) | Self::AllPass => &["respond"],
            Self::Bodiless(_) => &["body"],
            Self::Never => &["times"],
            Self::Every => &["every"],
            Self::Probability => &["probability"],
            Self::Blank { word } | Self::Misplaced { word, .. } => return vec![word],
            Self::NoTime => &["for"],
            Self::RetryAfter => &["retry_after"],
            Self::ContentType => &["content_type"],
            Self::Uniform => &["delay", "uniform"],
            Self::Sigma => &["delay", "lognormal", "sigma"],
            Self::Median => &["delay", "lognormal"],
            Self::Bandwidth => &["bandwidth"],
            Self::PerSecond => &["rate", "per_second"],
            Self::Burst => &["rate", "burst"],
            Self::NotOnItsOwn => &["connect"],
        };
        place.to_vec()
    }

    /// What is wrong, as a fragment.
    pub fn message(&self) -> String {
        match self {
            Self::UnknownPath { path, .. } => return format!("no event is ever sent to {path}"),
            Self::Status(status) => return format!("{status} is not a status to answer with"),
            Self::Bodiless(status) => return format!("an answer `{status}` has no body"),
            Self::Blank { word } => return format!("the {word} is blank"),
            Self::Misplaced { word, action, .. } => return format!("`{word}` does not go with `{action}`"),
            Self::AllPass => "the sequence lets every request pass",
            Self::Never => "a fault for zero requests never strikes",
            Self::Every => "there is no request that is every zeroth",
            Self::Probability => "no such probability strikes",
            Self::NoTime => "a fault that lasts no time never strikes",
            Self::RetryAfter => "the date is before the year 0, for which HTTP has no date",
            Self::ContentType => "the content type can't stand in a header",
            Self::Uniform => "the shortest delay is longer than the longest",
            Self::Sigma => "the delays can't spread like that",
            Self::Median => "the median is zero or longer than the cap",
            Self::Bandwidth => "at no bytes a second there is no answer",
            Self::PerSecond => "tokens can't come at such a rate",
            Self::Burst => "a bucket without room never holds a token",
            Self::NotOnItsOwn => "a connection is refused before anyone knows for which project or namespace it is",
        }
        .to_owned()
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::UnknownPath {
                nearest: Some(nearest), ..
            } => return format!("did you mean {nearest}?"),
            Self::UnknownPath { nearest: None, .. } => return format!("events go to {INGEST_IN_WORDS}"),
            Self::Status(_) => "it must be from 200 to 599",
            Self::Bodiless(_) => "leave the body out, or respond with another status",
            Self::AllPass => "a 2xx in a list is answered as without the fault: list a status that is none",
            Self::Never => "it must be 1 or more",
            Self::Every => "write 1 or more, such as 3 for each third",
            Self::Probability => "it must be above 0 and at most 1, such as 0.3",
            Self::Blank { .. } => "write something, or leave it out",
            Self::NoTime => "it must be longer than zero",
            Self::Misplaced { why, .. } => why,
            Self::RetryAfter => "it must be in the year 0 or later",
            Self::ContentType => "write one such as text/html",
            Self::Uniform => "write the shorter one first",
            Self::Sigma => "sigma must be above 0 and at most 10, such as 0.8",
            Self::Median => "write a median longer than zero, and a cap no shorter",
            Self::Bandwidth => "write at least one",
            Self::PerSecond => "write more than one in ten years and at most 1000000000, such as 10 or 0.5",
            Self::Burst => "write 1 or more",
            Self::NotOnItsOwn => "install it for the first project, without a namespace: it then strikes everyone",
        }
        .to_owned()
    }
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message(), self.help())
    }
}

impl std::error::Error for FaultError {}
