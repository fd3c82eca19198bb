//! Who is who.
//!
//! A user id is one person for good. A cookie is held by one person at a time: first by an anonymous one of its own, then by
//! each user in turn who comes with it. Whoever holds a cookie anonymously becomes the first such user, with everything done
//! so far; from one user to the next only the cookie passes on, so a shared device doesn't fuse people. An alias makes one
//! person of two: whoever has the previous id, be it a user or a cookie, and the target. It binds the *name*: a user or a
//! cookie that arrives later under the previous id joins the target, too.
//!
//! Two users are therefore one person only through aliases, and who is who doesn't depend on the order in which a set of
//! aliases arrives, nor on how often.
//!
//! - [`Forest`](forest::Forest): persons and who has become whom; a union-find.
//! - [`Members`](members::Members): which ids a person has, and which of them stands for the person; with what they did.
//! - [`Deed`]: one of these; [`Alteration`]: what else became of a person, for who follows.
//! - [`People`]: from ids to persons, by the rules above.
//!
//! Where the vendor's rules come from: its documentation of identify and alias; that shared devices don't fuse people is
//! this project's decision.

mod alteration;
mod deeds;
mod forest;
mod ids;
mod members;
mod registry;

pub(crate) use alteration::Alteration;
pub(crate) use deeds::{Deed, DeedKind};
pub(crate) use forest::Person;
pub(crate) use registry::{Browser, People};
