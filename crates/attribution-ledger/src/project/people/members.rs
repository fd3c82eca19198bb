use std::sync::Arc;

use jiff::Timestamp;

use super::deeds::{Deed, DeedKind, Deeds};
use super::ids::IdSet;

/// What an id is worth as the name of a person, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A user id that no alias has moved on from.
    User,
    /// A user id that was the previous id of an alias.
    PreviousUser,
    /// A cookie that no alias has moved on from.
    Cookie,
    /// A cookie that was the previous id of an alias.
    PreviousCookie,
}

impl Rank {
    /// Whether it is a user's id rather than a cookie's.
    pub(super) fn is_user(self) -> bool {
        matches!(self, Self::User | Self::PreviousUser)
    }
}

/// One id of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub(super) rank: Rank,
    pub(super) id: Arc<str>,
}

/// What a person consists of.
///
/// The ids are in order of rank and then of their text, and the first of them names the person. So the name is the last link
/// of a chain of aliases where there is just one, and it depends on which aliases there were and not on their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    ids: IdSet,
    /// Whether a cookie was ever among the ids. One that has passed on to another user is not there any more.
    had_cookie: bool,
    seen: Option<(Timestamp, Timestamp)>,
    deeds: Deeds,
}

impl Members {
    pub(super) fn insert(&mut self, rank: Rank, id: Arc<str>) {
        self.had_cookie |= !rank.is_user();
        self.ids.insert(Member { rank, id });
    }

    pub(super) fn remove(&mut self, rank: Rank, id: Arc<str>) {
        self.ids.remove(&Member { rank, id });
    }

    /// Notes that the person did something, or was heard of.
    pub(super) fn touch(&mut self, at: Timestamp) {
        self.seen = Some(
            self.seen
                .map_or((at, at), |(first, last)| (first.min(at), last.max(at))),
        );
    }

    /// Notes that the person did this.
    pub(super) fn arrive(&mut self, deed: Deed, at: Timestamp) {
        self.deeds.push(deed);
        self.touch(at);
    }

    /// The places of all that the person did of a kind, in no order.
    pub(super) fn deeds(&self, kind: DeedKind) -> impl Iterator<Item = usize> {
        self.deeds.of(kind)
    }

    /// Whether the person did anything of a kind.
    pub(super) fn did(&self, kind: DeedKind) -> bool {
        self.deeds.of(kind).next().is_some()
    }

    /// The earliest and the latest time at which the person did something.
    pub(super) fn seen(&self) -> Option<(Timestamp, Timestamp)> {
        self.seen
    }

    /// The id that names the person.
    pub(super) fn first(&self) -> Option<&Member> {
        self.ids.first()
    }

    /// Whether the person is more than a cookie.
    pub(super) fn has_user(&self) -> bool {
        self.first().is_some_and(|member| member.rank.is_user())
    }

    /// Whether the person ever held a cookie.
    pub(super) fn had_cookie(&self) -> bool {
        self.had_cookie
    }

    /// The user ids, the one that names the person first.
    pub(super) fn user_ids(&self) -> impl Iterator<Item = &str> {
        self.ids
            .iter()
            .filter(|member| member.rank.is_user())
            .map(|member| &*member.id)
    }

    /// The cookies that the person holds.
    pub(super) fn cookie_ids(&self) -> impl Iterator<Item = &str> {
        self.ids
            .iter()
            .filter(|member| !member.rank.is_user())
            .map(|member| &*member.id)
    }

    /// Makes one of two. The smaller set moves, so that a long chain of merges stays cheap.
    pub(super) fn absorb(&mut self, mut other: Self) {
        if other.ids.len() > self.ids.len() {
            std::mem::swap(&mut self.ids, &mut other.ids);
        }
        self.ids.absorb(other.ids);
        self.had_cookie |= other.had_cookie;
        self.deeds.absorb(other.deeds);
        for at in other.seen.into_iter().flat_map(|(first, last)| [first, last]) {
            self.touch(at);
        }
    }
}
