use super::Call;

/// Whom and what a message names, even one that breaks a rule and is never recorded: what requests are looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What the message is: of the classic wire a page or a screen, too. None where it says nothing that it could be.
    pub call: Option<Call>,
    /// Its `event`, as written.
    pub event: Option<String>,
    /// Segment's user id.
    pub user: Option<String>,
    /// Segment's anonymous id: the visitor's cookie.
    pub cookie: Option<String>,
    /// The id that an alias moves on from.
    pub previous: Option<String>,
}
