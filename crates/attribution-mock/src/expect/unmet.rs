use std::fmt;
use std::time::Duration;

use expectation::Failure;
use expectation::json::{Mistake, Mistakes};

/// Why what was received is not as expected.
///
/// `Debug` shows what `Display` shows, since that is what `unwrap`, and `?` in a test, print.
#[non_exhaustive]
pub enum Unmet {
    /// What was expected can't be read.
    Mistaken(Mistakes),
    /// It does not hold.
    Failed(Vec<Failure>),
    /// It did not hold in time.
    TimedOut {
        /// How long was waited.
        within: Duration,
        /// Why it did not hold at the end.
        failures: Vec<Failure>,
    },
}

impl Unmet {
    /// Every way in which it does not hold.
    pub fn failures(&self) -> &[Failure] {
        match self {
            Self::Mistaken(_) => &[],
            Self::Failed(failures) | Self::TimedOut { failures, .. } => failures,
        }
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistaken(mistakes) => {
                f.write_str("what is expected can't be read:")?;
                mistakes.mistakes.iter().try_for_each(|mistake| told(mistake, f))
            }
            Self::Failed(_) => f.write_str("not as expected:"),
            Self::TimedOut { within, .. } => write!(f, "not as expected within {within:?}:"),
        }?;
        self.failures().iter().try_for_each(|failure| write!(f, "\n{failure}"))
    }
}

/// Where a program made the text, a pointer tells more than line and column.
fn told(mistake: &Mistake, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let pointer = mistake.pointer.as_deref().filter(|pointer| !pointer.is_empty());
    write!(f, "\n{}: {}", pointer.unwrap_or("the whole"), mistake.message)?;
    let more = mistake.label.iter().chain(&mistake.help);
    more.into_iter().try_for_each(|more| write!(f, "; {more}"))
}

impl fmt::Debug for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Unmet {}

impl From<Mistakes> for Unmet {
    fn from(mistakes: Mistakes) -> Self {
        Self::Mistaken(mistakes)
    }
}
