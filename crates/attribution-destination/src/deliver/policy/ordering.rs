use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// In which order the events of one visitor are delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ordering {
    /// As they were submitted: an event waits for the outcome of all earlier ones of its visitor.
    #[default]
    PerVisitor,
    /// In none: each event is held back for a random time before its first attempt, and nobody waits for anybody. Segment
    /// itself promises no order, so this shows what disorder does.
    Unordered {
        /// The longest time that an event is held back.
        spread: Duration,
    },
}

impl Ordering {
    /// No order among events that are submitted within ten seconds.
    pub const UNORDERED: Self = Self::Unordered {
        spread: Duration::from_secs(10),
    };

    /// The names that [`FromStr`] knows.
    pub const NAMES: &[&str] = &["per_visitor", "unordered"];

    /// The name by which options and scenarios call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PerVisitor => "per_visitor",
            Self::Unordered { .. } => "unordered",
        }
    }
}

impl fmt::Display for Ordering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Ordering {
    type Err = OrderingError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "per_visitor" => Ok(Self::PerVisitor),
            "unordered" => Ok(Self::UNORDERED),
            _ => Err(OrderingError(name.to_owned())),
        }
    }
}

/// There is no ordering of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderingError(String);

impl fmt::Display for OrderingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown ordering {:?}: write {}",
            self.0,
            Ordering::NAMES.join(" or ")
        )
    }
}

impl std::error::Error for OrderingError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_other() {
        for name in Ordering::NAMES {
            assert_eq!(name.parse::<Ordering>().map(Ordering::as_str), Ok(*name));
        }
        assert_eq!(
            "ordered".parse::<Ordering>().unwrap_err().to_string(),
            r#"unknown ordering "ordered": write per_visitor or unordered"#
        );
    }
}
