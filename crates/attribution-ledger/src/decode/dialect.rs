use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::{Call, Names, actions, browser, classic, import};

/// The ways in which public senders speak to Attribution. The set is closed, and each has a file of its own here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Segment's Attribution destination, and Attribution's own gem, extension and importers.
    Classic,
    /// Segment's Attribution (Actions).
    Actions,
    /// RudderStack's Attribution destination.
    Import,
    /// Attribution's own attribution.js, in a page.
    Browser,
}

impl Dialect {
    /// All of them, in the order of their contracts.
    pub const ALL: [Self; 4] = [Self::Classic, Self::Actions, Self::Import, Self::Browser];

    /// The name by which messages and settings call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Actions => "actions",
            Self::Import => "import",
            Self::Browser => "browser",
        }
    }

    /// What it calls the ids of a call.
    pub(crate) const fn names(self, call: Call) -> Names {
        match self {
            Self::Classic => classic::names(call),
            Self::Actions => actions::NAMES,
            Self::Import => import::NAMES,
            Self::Browser => browser::NAMES,
        }
    }

    /// The fields of a call that are read, and those that its sender is known to write.
    pub(crate) const fn fields(self, call: Call) -> &'static [&'static str] {
        match self {
            Self::Classic => classic::fields(call),
            Self::Actions => actions::fields(call),
            Self::Import => import::FIELDS,
            Self::Browser => browser::FIELDS,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, UnknownDialect> {
        let found = Self::ALL.into_iter().find(|dialect| dialect.as_str() == name);
        found.ok_or(UnknownDialect)
    }
}

/// There is no dialect of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownDialect;

impl fmt::Display for UnknownDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a dialect is `classic`, `actions`, `import` or `browser`")
    }
}

impl Error for UnknownDialect {}

#[cfg(test)]
mod tests {
    use super::{Dialect, UnknownDialect};

    #[test]
    fn a_dialect_is_read_by_its_name() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.as_str().parse(), Ok(dialect));
            assert!(UnknownDialect.to_string().contains(dialect.as_str()));
        }
        assert_eq!("Classic".parse::<Dialect>(), Err(UnknownDialect));
    }
}
