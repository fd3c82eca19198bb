/// Something that was recorded before and has to do with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Its id came before, with the same words.
    Repeated {
        /// The number of the request that brought the id first.
        first: u64,
    },
    /// Its id came before, with other words.
    Reused {
        /// The number of the request that brought the id first.
        first: u64,
    },
    /// A track without an id that says what another said.
    Twin {
        /// The number of the request that said so first.
        first: u64,
    },
    /// So many events of the same ids in a row carry the same time.
    ManyAtOnce { count: u8 },
    /// A user has come with so many cookies in a short time.
    ManyCookies { user: String, count: usize },
    /// A cookie has come with so many users.
    ManyUsers { cookie: String, count: usize },
    /// A page of a visit says that it was reached from where the page before it was: another site.
    SameReferrer {
        referrer: String,
        /// The number of the request that made the page view before.
        request: u64,
    },
    /// Engage tells of somebody none of whose ids was recorded before.
    Stranger,
    /// An alias moves on from an id that was moved on from before.
    MergedBefore {
        /// The id that it joined then.
        into: String,
        /// The number of the request that said so last.
        request: u64,
        /// Whether it joins the same id now.
        again: bool,
    },
    /// An alias joins an id that was moved on from.
    OntoFormer {
        /// The id that it joined then.
        into: String,
        /// The number of the request that said so last.
        request: u64,
    },
    /// An alias joins an id that was merged into its own previous id.
    Cycle { target: String },
}
