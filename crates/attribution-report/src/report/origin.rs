use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::record::{ReadPerson, Received, ReceivedRequest, Told};

/// Where one id of a person came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The id.
    pub id: String,
    /// The message that named it first.
    pub first_seen: Seen,
    /// The first message that named it together with another id of the person: what made them one. None where no message did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined: Option<Joined>,
}

/// A message in which an id was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// When, by the sender's clock; the time of receipt where the message gives none.
    pub at: Timestamp,
    /// The number of the request.
    pub request: u64,
    /// The call: `page`, `identify`, `alias` and so on.
    pub call: &'static str,
}

/// A message that named two ids of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Joined {
    /// The message.
    #[serde(flatten)]
    pub by: Seen,
    /// The other id.
    pub with: String,
}

/// Where each of the person's ids came from, in the order in which they arrived.
pub(super) fn origins(received: &Received, person: &ReadPerson) -> Vec<Origin> {
    let own: BTreeSet<&str> = person.ids().collect();
    let mut found: Vec<Origin> = Vec::new();
    for (request, message) in received.messages() {
        let told = Told::by(&message.hit);
        let ids = told.ids.map(|id| id.filter(|id| own.contains(id)));
        for (id, other) in [(ids[0], ids[1]), (ids[1], ids[0])] {
            if let Some(id) = id {
                note(
                    &mut found,
                    id,
                    other.filter(|other| *other != id),
                    &seen(request, &told),
                );
            }
        }
    }
    found
}

fn note(found: &mut Vec<Origin>, id: &str, other: Option<&str>, seen: &Seen) {
    let joined = || {
        other.map(|with| Joined {
            by: seen.clone(),
            with: with.to_owned(),
        })
    };
    match found.iter_mut().find(|origin| origin.id == id) {
        Some(known) if known.joined.is_none() => known.joined = joined(),
        Some(_) => {}
        None => found.push(Origin {
            id: id.to_owned(),
            first_seen: seen.clone(),
            joined: joined(),
        }),
    }
}

fn seen(request: &ReceivedRequest, told: &Told<'_>) -> Seen {
    Seen {
        at: told.at.unwrap_or(request.at),
        request: request.number,
        call: told.call.as_str(),
    }
}
