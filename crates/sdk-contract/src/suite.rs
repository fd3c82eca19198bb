use std::fmt;

/// A group of cases, by the names that `e2e-config.json` of Segment's SDKs uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suite {
    /// Every call arrives once, with its fields, in batches that are not too large.
    Basic,
    /// What fails for now is sent again, what is refused for good is not.
    Retry,
    /// The write key, the two hosts, and the settings that a client library asks for first.
    Settings,
    /// Retries as the fetched settings say.
    RetrySettings,
}

impl Suite {
    /// All of them, in the order in which they are played.
    pub const ALL: [Self; 4] = [Self::Basic, Self::Retry, Self::Settings, Self::RetrySettings];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Retry => "retry",
            Self::Settings => "settings",
            Self::RetrySettings => "retry-settings",
        }
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
