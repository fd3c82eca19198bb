/// What a dialect calls the ids of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// Segment's user id.
    pub(crate) user: &'static str,
    /// Segment's anonymous id: the visitor's cookie.
    pub(crate) cookie: &'static str,
    /// The id that an alias moves on from.
    pub(crate) previous: &'static str,
}
