use segment_event::Kind;

/// What a path of the Tracking API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// One message of this kind.
    One(Kind),
    /// Several in a `batch`.
    Batch,
    /// What analytics.js counts of itself.
    Metrics,
}

/// The paths with what they take. The short ones are analytics.js's: the first letter of the type, `b` for a batch and `m`
/// for metrics. `/v1/import` is `/v1/batch` by the name it had for history.
pub(crate) const PATHS: [(&str, Call); 16] = [
    ("/v1/identify", Call::One(Kind::Identify)),
    ("/v1/track", Call::One(Kind::Track)),
    ("/v1/page", Call::One(Kind::Page)),
    ("/v1/screen", Call::One(Kind::Screen)),
    ("/v1/group", Call::One(Kind::Group)),
    ("/v1/alias", Call::One(Kind::Alias)),
    ("/v1/batch", Call::Batch),
    ("/v1/import", Call::Batch),
    ("/v1/i", Call::One(Kind::Identify)),
    ("/v1/t", Call::One(Kind::Track)),
    ("/v1/p", Call::One(Kind::Page)),
    ("/v1/s", Call::One(Kind::Screen)),
    ("/v1/g", Call::One(Kind::Group)),
    ("/v1/a", Call::One(Kind::Alias)),
    ("/v1/b", Call::Batch),
    ("/v1/m", Call::Metrics),
];

impl Call {
    /// What this path takes, if it takes anything.
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, call) = PATHS.iter().find(|(known, _)| *known == path)?;
        Some(*call)
    }
}

/// Whether only analytics.js posts there.
pub(crate) fn is_browsers(path: &str) -> bool {
    path.len() == "/v1/t".len()
}
