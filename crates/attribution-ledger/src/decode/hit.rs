use jiff::Timestamp;
use json_tree::Object;
use serde::Serialize;

use super::Call;

/// What one message says, once it is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit<'a> {
    /// A page or a screen was viewed.
    Page(PageHit<'a>),
    /// Anything else that was done: a conversion event.
    Track(TrackHit<'a>),
    /// Traits of a visitor, and who owns a cookie.
    Identify(IdentifyHit<'a>),
    /// Two ids are one person.
    Alias(AliasHit),
    /// A visitor belongs to a group. It counts as received, and nothing is made of it.
    Group(GroupHit),
}

impl Hit<'_> {
    /// The call that it is read from, as far as the names of its ids go.
    pub fn call(&self) -> Call {
        match self {
            Self::Page(page) if page.kind == PageKind::Screen => Call::Screen,
            Self::Page(_) => Call::Page,
            Self::Track(_) => Call::Track,
            Self::Identify(_) => Call::Identify,
            Self::Alias(_) => Call::Alias,
            Self::Group(_) => Call::Group,
        }
    }

    /// The same without the text that it was read of.
    pub fn into_owned(self) -> Hit<'static> {
        match self {
            Self::Page(page) => Hit::Page(PageHit {
                properties: page.properties.into_owned(),
                context: page.context.into_owned(),
                ..page
            }),
            Self::Track(track) => Hit::Track(TrackHit {
                properties: track.properties.into_owned(),
                context: track.context.into_owned(),
                ..track
            }),
            Self::Identify(identify) => Hit::Identify(IdentifyHit {
                traits: identify.traits.into_owned(),
                context: identify.context.into_owned(),
                ..identify
            }),
            Self::Alias(alias) => Hit::Alias(alias),
            Self::Group(group) => Hit::Group(group),
        }
    }

    /// The sender's time, where there is one.
    pub(crate) fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Page(page) => page.at,
            Self::Track(track) => track.at,
            Self::Identify(identify) => identify.at,
            Self::Alias(alias) => alias.at,
            Self::Group(group) => group.at,
        }
    }
}

/// Whom a message is about. No id is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ids {
    /// A user without a cookie, as a server sends it.
    User(String),
    /// Whoever holds a cookie: the classic wire's `cookie_id`, Segment's anonymous id.
    Cookie(String),
    /// A user, who holds the cookie from now on.
    Both {
        /// Segment's user id.
        user: String,
        /// Segment's anonymous id.
        cookie: String,
    },
}

impl Ids {
    /// From what a message names; none when it names nobody.
    pub fn new(user: Option<String>, cookie: Option<String>) -> Option<Self> {
        match (user, cookie) {
            (Some(user), Some(cookie)) => Some(Self::Both { user, cookie }),
            (Some(user), None) => Some(Self::User(user)),
            (None, Some(cookie)) => Some(Self::Cookie(cookie)),
            (None, None) => None,
        }
    }

    /// The user's id, where a user is named.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::User(user) | Self::Both { user, .. } => Some(user),
            Self::Cookie(_) => None,
        }
    }

    /// The cookie's id, where a cookie is named.
    pub fn cookie(&self) -> Option<&str> {
        match self {
            Self::Cookie(cookie) | Self::Both { cookie, .. } => Some(cookie),
            Self::User(_) => None,
        }
    }
}

/// Whether a page or an app's screen was viewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// A page call; on the classic wire `Viewed … Page` and `Loaded a Page`.
    Page,
    /// A screen call; on the classic wire `Viewed … Screen` and `Loaded a Screen`.
    Screen,
}

/// A page or screen call; on the classic wire a `/track` whose event is named as the destination names them.
#[derive(Clone, Debug, PartialEq)]
pub struct PageHit<'a> {
    /// Whose view it was.
    pub ids: Ids,
    /// The sender's time; absent or unreadable is none, and then the time of receipt counts.
    pub at: Option<Timestamp>,
    /// Page or screen.
    pub kind: PageKind,
    /// The page's name; on the classic wire what stands between `Viewed ` and the kind, and none for `Loaded a …`.
    pub name: Option<String>,
    /// As received.
    pub properties: Object<'a>,
    /// As received.
    pub context: Object<'a>,
}

/// A track call; on the classic wire a `/track` with any other event.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackHit<'a> {
    /// Who did it.
    pub ids: Ids,
    /// The sender's time; absent or unreadable is none, and then the time of receipt counts.
    pub at: Option<Timestamp>,
    /// The event's name, never empty.
    pub event: String,
    /// As received.
    pub properties: Object<'a>,
    /// As received.
    pub context: Object<'a>,
}

/// An identify call.
#[derive(Clone, Debug, PartialEq)]
pub struct IdentifyHit<'a> {
    /// Who is identified.
    pub ids: Ids,
    /// The sender's time; none on the classic wire, and where it is absent or unreadable. Then the time of receipt counts.
    pub at: Option<Timestamp>,
    /// As received.
    pub traits: Object<'a>,
    /// As received.
    pub context: Object<'a>,
}

/// An alias call. At least one id is given, and none is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasHit {
    /// The sender's time; none on the classic wire, and where it is absent or unreadable. Then the time of receipt counts.
    pub at: Option<Timestamp>,
    /// The id that joins: a user or a cookie.
    pub previous: Option<String>,
    /// The user that it joins.
    pub user: Option<String>,
    /// The cookie that it joins where no user is named (`anonymous_id`): what Attribution's own importers send.
    pub cookie: Option<String>,
}

/// A group call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupHit {
    /// Who belongs to the group.
    pub ids: Ids,
    /// The sender's time; absent or unreadable is none.
    pub at: Option<Timestamp>,
    /// The group's id, where there is one.
    pub group: Option<String>,
}
