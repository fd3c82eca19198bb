/// The channels of visits that no filter matches: Attribution's default channels (docs.attributionapp.com, default
/// channels). Each has one filter of the same name.
///
/// The vendor's words settle direct, organic and unsegmented. Those of raw and unknown source are not public: what they are
/// here is this project's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltIn {
    /// A landing page without a referrer, and no parameter that a filter knows.
    Direct,
    /// A referrer, and a landing url without any parameters.
    Organic,
    /// A referrer, and parameters that no filter knows.
    Unsegmented,
    /// No landing url at all: an app's screens, or pages that a server tells of without saying which.
    Raw,
    /// A landing url or a referrer that can't be read as one.
    Unknown,
}

impl BuiltIn {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Direct, Self::Organic, Self::Unsegmented, Self::Raw, Self::Unknown];

    /// What the channel and its filter are called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Organic => "organic",
            Self::Unsegmented => "unsegmented",
            Self::Raw => "raw",
            Self::Unknown => "unknown source",
        }
    }

    /// Why a visit belongs here, as a sentence without its end.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Direct => "no filter matches, and there is no referrer from elsewhere",
            Self::Organic => "no filter matches, there is a referrer, and the landing url has no parameters",
            Self::Unsegmented => "no filter matches, there is a referrer, and the landing url has parameters",
            Self::Raw => "no filter matches, and there is no landing url",
            Self::Unknown => "no filter matches, and the landing url or the referrer can't be read",
        }
    }
}
