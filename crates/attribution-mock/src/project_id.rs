use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The project id that senders must authenticate with: a secret, so `Debug` and `Display` don't show it.
///
/// ```
/// let id = attribution_mock::ProjectId::from("demo-project");
/// assert_eq!(format!("{id} {id:?}"), "[redacted] [redacted]");
/// assert_eq!(id.expose(), "demo-project");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectId(Arc<Parts>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Parts {
    id: String,
    /// What every event's sender sends, so it is made once.
    encoded: String,
}

impl ProjectId {
    /// The id itself, for whoever has to send or compare it.
    pub fn expose(&self) -> &str {
        &self.0.id
    }

    /// What follows `Basic` in a sender's `Authorization` header.
    pub(crate) fn encoded(&self) -> &str {
        &self.0.encoded
    }

    /// Whether these are its credentials: the id and a colon, or the id alone when it contains a colon already (the classic
    /// destination's HTTP client appends none then).
    pub(crate) fn has(&self, credentials: &[u8]) -> bool {
        credentials.strip_suffix(behind(self.expose()).as_bytes()) == Some(self.expose().as_bytes())
    }
}

fn behind(id: &str) -> &'static str {
    if id.contains(':') { "" } else { ":" }
}

impl<T: Into<String>> From<T> for ProjectId {
    fn from(id: T) -> Self {
        let id = id.into();
        let encoded = STANDARD.encode(format!("{id}{}", behind(&id)));
        Self(Arc::new(Parts { id, encoded }))
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
