use std::hash::{BuildHasher as _, Hash};

use crate::decode::{Hit, Ids};
use crate::hash::Fingerprints;

/// A number that is the same for what is the same, in every run of the same program.
///
/// Two things may have one by chance, at a million of them with a probability of one in ten million. What is told from
/// fingerprints is only ever a warning; nothing counts or doesn't because of them.
pub(super) fn of(what: impl Hash) -> u64 {
    Fingerprints::default().hash_one(what)
}

/// Of the ids that a message names.
pub(super) fn of_ids(ids: &Ids) -> u64 {
    of((ids.user(), ids.cookie()))
}

/// Of what a message came from: a cookie, or a user without one.
pub(super) fn of_browser(ids: &Ids) -> u64 {
    of((ids.cookie().is_some(), ids.cookie().or(ids.user())))
}

/// Of what a message says, whenever and in whatever circumstances it says so: without its time and context.
pub(super) fn of_words(hit: &Hit<'_>) -> u64 {
    match hit {
        Hit::Page(page) => of(("page", page.kind, of_ids(&page.ids), &page.name, &page.properties)),
        Hit::Track(track) => of(("track", of_ids(&track.ids), &track.event, &track.properties)),
        Hit::Identify(identify) => of(("identify", of_ids(&identify.ids), &identify.traits)),
        Hit::Alias(alias) => of(("alias", &alias.previous, &alias.user, &alias.cookie)),
        Hit::Group(group) => of(("group", of_ids(&group.ids), &group.group)),
    }
}
