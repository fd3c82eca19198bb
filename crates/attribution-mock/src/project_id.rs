use std::fmt;

/// The project id that senders must authenticate with: a secret, so `Debug` and `Display` don't show it.
///
/// ```
/// let id = attribution_mock::ProjectId::from("demo-project");
/// assert_eq!(format!("{id} {id:?}"), "[redacted] [redacted]");
/// assert_eq!(id.expose(), "demo-project");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectId(String);

impl ProjectId {
    /// The id itself, for whoever has to send or compare it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text that a sender encodes into its `Authorization` header: the id and a colon, or the id alone when it
    /// contains a colon already (the classic destination's HTTP client appends none then).
    pub(crate) fn credentials(&self) -> String {
        format!("{}{}", self.0, self.behind())
    }

    /// Whether these are its [`credentials`](Self::credentials).
    pub(crate) fn has(&self, credentials: &[u8]) -> bool {
        credentials.strip_suffix(self.behind().as_bytes()) == Some(self.0.as_bytes())
    }

    fn behind(&self) -> &'static str {
        if self.0.contains(':') { "" } else { ":" }
    }
}

impl<T: Into<String>> From<T> for ProjectId {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl fmt::Debug for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
