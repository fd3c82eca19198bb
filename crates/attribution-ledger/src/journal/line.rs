use std::borrow::Cow;

use jiff::Timestamp;

use super::Entry;

/// One line of a journal that several projects and namespaces share.
///
/// ```
/// use attribution_ledger::{Line, Logged};
///
/// let line = Line {
///     project: Some("shop".into()),
///     namespace: None,
///     logged: Logged::Reset { at: "2024-01-15T10:00:00Z".parse()? },
/// };
/// let text = line.encode();
/// assert_eq!(text, r#"{"version":1,"project":"shop","reset_at":"2024-01-15T10:00:00Z"}"#);
/// assert_eq!(Line::decode(text.as_bytes())?, line);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The project's id: it is what tells projects apart, so a file of such lines is as secret as the ids are. None as
    /// long as any project may send and none has.
    pub project: Option<Cow<'a, str>>,
    /// The namespace of the project; none for the project itself.
    pub namespace: Option<Cow<'a, str>>,
    /// What happened there.
    pub logged: Logged<'a>,
}

/// What can happen to a project or a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logged<'a> {
    /// A request was received.
    Entry(Cow<'a, Entry>),
    /// Everything before was forgotten, and numbers begin at 1 again.
    Reset {
        /// When.
        at: Timestamp,
    },
}
