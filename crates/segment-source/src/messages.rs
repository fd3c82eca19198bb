use std::collections::VecDeque;
use std::sync::Arc;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::call::Call;
use crate::complete::Origin;
use crate::receipt::Receipt;
use crate::unpack::{Messages, unpack};

/// A message that was received, and what ingest made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What became of it.
    pub receipt: Receipt,
    /// As it was sent, with what its batch says for all and without a write key.
    pub sent: Value,
    /// As it goes on where it is accepted: with everything that ingest fills in.
    pub completed: Value,
}

/// The messages with an id, of those that are kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MessagesOf {
    /// The first of them, oldest first; at most [`MOST`](Self::MOST).
    #[serde(rename = "messages")]
    pub rows: Vec<Message>,
    /// How many there are.
    pub found: u64,
    /// Where there is none, the ids of others that are spelt most like it, the nearest first.
    pub near: Vec<String>,
    /// How many messages are kept, of any id.
    pub kept: u64,
    /// How many older ones are kept no longer.
    pub dropped: u64,
}

impl MessagesOf {
    /// How many messages are shown of those with the same id.
    pub const MOST: usize = 10;
}

/// The bodies of the latest requests, from which their messages can be read again.
///
/// Bodies and not messages, as they are there already: keeping one costs a copy of its bytes, and whoever asks pays the rest. A
/// body is as long as its messages are, and they are dropped together, so none keeps more than its own bytes.
pub(crate) struct Bodies {
    kept: VecDeque<Arc<Kept>>,
    bytes: usize,
    most: usize,
    dropped: u64,
}

/// The body of a request of which each message has a receipt of its own.
pub(crate) struct Kept {
    /// The number of the first one's receipt.
    first: u64,
    messages: u64,
    body: Body,
    origin: Origin,
}

/// What was sent, where to.
pub(crate) struct Body {
    call: Call,
    bytes: Box<[u8]>,
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.receipt.serialize_members(&mut map)?;
        map.serialize_entry("sent", &self.sent)?;
        map.serialize_entry("completed", &self.completed)?;
        map.end()
    }
}

impl Body {
    /// A copy: what was received is a part of a larger buffer, which would be kept with it.
    pub(crate) fn new(call: Call, bytes: &[u8]) -> Self {
        Self {
            call,
            bytes: bytes.into(),
        }
    }
}

impl Bodies {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            bytes: 0,
            most,
            dropped: 0,
        }
    }

    /// Keeps a body whose messages have so many receipts from that number on.
    pub(crate) fn keep(&mut self, first: u64, messages: u64, body: Body, origin: Origin) {
        self.bytes += body.bytes.len();
        self.kept.push_back(Arc::new(Kept {
            first,
            messages,
            body,
            origin,
        }));
    }

    /// Drops the oldest bodies until what is left fits, and those all of whose receipts are gone; `receipts` is the number of the
    /// oldest receipt that is kept.
    pub(crate) fn drop_before(&mut self, receipts: u64) {
        while let Some(oldest) = self.kept.front()
            && (self.bytes > self.most || oldest.first + oldest.messages <= receipts)
        {
            self.bytes -= oldest.body.bytes.len();
            self.dropped += oldest.messages;
            self.kept.pop_front();
        }
    }

    /// The body that has the message of this receipt, if it is kept.
    pub(crate) fn of(&self, number: u64) -> Option<&Arc<Kept>> {
        let after = self.kept.partition_point(|kept| kept.first <= number);
        let kept = self.kept.get(after.checked_sub(1)?)?;
        (number < kept.first + kept.messages).then_some(kept)
    }

    /// How many messages were kept ever.
    pub(crate) fn total(&self) -> u64 {
        self.dropped + self.kept.iter().map(|kept| kept.messages).sum::<u64>()
    }
}

impl Kept {
    /// Reads the message of a receipt again; nothing where it is no object.
    pub(crate) fn message(&self, receipt: Receipt) -> Option<Message> {
        let index = usize::try_from(receipt.number.checked_sub(self.first)?).ok()?;
        let mut sent = match unpack(self.body.call, &self.body.bytes).ok()?.messages {
            Messages::One(message) => message,
            Messages::Many { items, shared } => {
                let Value::Object(mut item) = items.into_iter().nth(index)? else {
                    return None;
                };
                shared.give(&mut item);
                item
            }
        };
        sent.shift_remove("writeKey");
        let completed = self.completed(sent.clone(), &receipt);
        Some(Message {
            receipt,
            sent: sent.into(),
            completed: completed.into(),
        })
    }

    fn completed(&self, mut message: Map<String, Value>, receipt: &Receipt) -> Map<String, Value> {
        self.origin.complete(&mut message);
        // Its own, or the one that it was given.
        if let Some(id) = &receipt.about.message_id {
            message.insert("messageId".to_owned(), id.clone().into());
        }
        message
    }
}

/// The ids that are spelt most like one that no message has, the nearest first.
pub(crate) fn nearest(id: &str, known: Vec<String>) -> Vec<String> {
    /// How many are told.
    const MOST: usize = 3;
    /// Longer ids are not compared: nobody types them.
    const LONGEST: usize = 200;
    /// How alike two ids must be, of 1.
    const ALIKE: f64 = 0.6;
    if id.len() > LONGEST {
        return Vec::new();
    }
    let near = known.into_iter().filter(|known| known.len() <= LONGEST);
    let scored = near.map(|known| (strsim::normalized_damerau_levenshtein(id, &known), known));
    let mut alike: Vec<(f64, String)> = scored.filter(|(likeness, _)| *likeness >= ALIKE).collect();
    alike.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
    alike.dedup_by(|(_, one), (_, other)| one == other);
    alike.into_iter().map(|(_, known)| known).take(MOST).collect()
}
