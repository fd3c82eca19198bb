//! Engage, Segment's audiences and computed traits: from events to the calls that tell a destination about them.
//!
//! A room beside the source: the same events that go to a destination are [recorded](Engage::record) here, and at each
//! [sync](Engage::sync) the differences since the last one become messages, which travel to the destination as any other
//! event does. The destination's name, the times and whatever is random are passed in.
//!
//! ```
//! use std::time::Duration;
//!
//! use segment_engage::{Audience, Condition, Count, Engage, Form, Messages, Selection};
//! use segment_event::Event;
//! use serde_json::json;
//!
//! let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
//! let bought = Condition::event(Selection::track("Order Completed"), Count::AtLeast(1), Some(days(30)));
//! let mut engage = Engage::new(vec![Audience::new("Order Completed Last 30Days", bought)], Vec::new()).unwrap();
//! let mut bits = || 7; // the caller's random bits
//! let messages = Messages::new("Attribution", Form::Identify, engage.computations(), &mut bits);
//!
//! let start: jiff::Timestamp = "2024-01-15T10:00:00Z".parse()?;
//! let order = json!({"type": "track", "event": "Order Completed", "userId": "user-1"});
//! engage.record(&Event::ingest(order).expect("Segment takes it"), start);
//!
//! let first = engage.sync(start + days(1)).next().expect("there is a member");
//! let told = messages.message(&first, start + days(1), &mut bits);
//! assert_eq!((&told["type"], &told["userId"]), (&json!("identify"), &json!("user-1")));
//! assert_eq!(told["traits"], json!({"order_completed_last_30days": true}));
//! assert_eq!(told["integrations"], json!({"All": false, "Attribution": true}));
//!
//! assert_eq!(engage.sync(start + days(2)).len(), 0, "nothing has changed");
//! let last: Vec<_> = engage.sync(start + days(31)).map(|change| change.value).collect();
//! assert_eq!(last, [json!(false)]);
//! # Ok::<(), jiff::Error>(())
//! ```
//!
//! - What is computed: [`Audience`] with its [`Condition`] on events ([`Selection`], [`Count`]) and traits
//!   ([`Predicate`]); [`ComputedTrait`] with its [`Aggregate`].
//! - [`key`]: what a name becomes, and what no key can be; [`Flaw`]: what is wrong with a list of computations.
//! - [`Engage`]: what is known of whom, and the [`Change`]s at each sync; [`ExternalId`]: who someone is.
//! - [`Messages`]: a change as an identify or a track call; [`Schedule`] and [`Timetable`]: when there is a sync.
//!
//! # Who is who
//!
//! A profile is what Segment knows of one person: all external ids, that is user ids and anonymous ids, with all that was
//! done under them. What is public about Segment's identity resolution leaves room; this is what is done here:
//!
//! - A message that carries a user id and an anonymous id joins the two, as long as the anonymous id has no user yet. One
//!   that has another user already stays with that one, and the message counts for the user it names: a shared device
//!   does not fuse the people who use it.
//! - An alias joins the profile of its previous id, be that a user or an anonymous id, with that of its user, because the
//!   page of the Attribution destination promises a merge in both products. Unify, Segment's newer identity graph, takes
//!   no alias: [`Aliases::Ignore`] does the same. A previous id that no message has named before joins nothing.
//! - The joined profile has both histories: every event counts once, of two values of a trait the one that was set last
//!   stands. Each external id is told about by itself, so an id that came to a member by a merge is told `true`.
//! - A profile's e-mail address (its trait `email`) travels along with each change, and is no external id of its own.
//!
//! # What counts when
//!
//! - An event happened at its `timestamp` where that is readable, else when it was received; events may arrive late and in
//!   any order. Within a window of thirty days it counts until it is more than thirty days old, at once where it lies in
//!   the future.
//! - A trait is what the last identify that arrived said, null is as good as absent.
//! - Only what is true at a sync is told: who enters and leaves between two of them was never there.
//!
//! # Architecture invariants
//!
//! - Pure: no clock, no random source, no input or output. The same calls with the same arguments return the same.
//! - A sync costs what may have changed: profiles that were touched since the last one, and those of which an event has
//!   become too old. That equals computing everything anew; a law in `tests/it` holds the two against each other.
//! - What a sync returns is in a defined order: by computation, then by external id in the order of their first appearance.
//! - No destination's name occurs outside documentation and tests.

mod computation;
mod condition;
mod engage;
mod flaw;
mod identity;
pub mod key;
mod memory;
mod message;
mod number;
mod predicate;
mod profile;
mod program;
mod schedule;
mod selection;
mod value;

pub use computation::{Aggregate, Audience, Class, Computation, ComputedTrait};
pub use condition::{Condition, Count};
pub use engage::{Change, Engage};
pub use flaw::{Flaw, FlawKind, flaws};
pub use identity::{Aliases, ExternalId};
pub use message::{Form, Messages};
pub use predicate::Predicate;
pub use schedule::{Interval, Schedule, ScheduleError, Timetable};
pub use selection::Selection;
