//! What can be set about sending, each checked when the sender is built.

mod batch;
mod limits;
mod ordering;
mod protection;
mod retry;

use std::error::Error;
use std::fmt;
use std::time::Duration;

pub use batch::Batch;
pub use limits::Limits;
pub use ordering::{Ordering, OrderingError};
pub use protection::{Breaker, Protection, RetryBudget};
pub use retry::RetryPolicy;

/// A setting that would not work.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PolicyError {
    /// The first wait is below a millisecond, so an outage would be met by a flood.
    InitialTooShort(Duration),
    /// The waits would have to shrink.
    MaxBelowInitial {
        /// The longest wait asked for.
        max: Duration,
        /// The longest first wait asked for.
        initial: Duration,
    },
    /// Less than a millisecond for an exchange.
    TimeoutTooShort(Duration),
    /// A bound of zero, which nothing could pass.
    Zero {
        /// What it bounds, as a noun.
        bound: &'static str,
        /// The least or the usual value, to write instead.
        instead: &'static str,
    },
    /// No number of requests a second.
    Rate(f64),
    /// No number of retries that a success could earn.
    Earnings(f64),
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InitialTooShort(initial) => {
                write!(f, "an initial wait of {initial:?} is too short: give at least 1ms")
            }
            Self::MaxBelowInitial { max, initial } => {
                write!(
                    f,
                    "a longest wait of {max:?} is below the initial one of {initial:?}: give at least {initial:?}"
                )
            }
            Self::TimeoutTooShort(timeout) => write!(f, "a timeout of {timeout:?} is too short: give at least 1ms"),
            Self::Zero { bound, instead } => write!(f, "{bound} of 0 lets nothing be sent: give {instead}"),
            Self::Rate(rate) => write!(
                f,
                "a rate of {rate} requests a second is no rate: give a number above 0 such as 100, or none for no limit"
            ),
            Self::Earnings(earned) => write!(
                f,
                "a retry budget to which each success adds {earned} can't be kept: give 0 or more, such as 2"
            ),
        }
    }
}

impl Error for PolicyError {}

/// `value`, unless it is zero.
fn at_least_one(value: usize, bound: &'static str, instead: &'static str) -> Result<(), PolicyError> {
    if value == 0 {
        Err(PolicyError::Zero { bound, instead })
    } else {
        Ok(())
    }
}
