use bytes::Bytes;
use segment_event::Event;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc;

/// An event that ingest accepted: it comes as bytes, as whoever hands it on needs no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The number of its receipt.
    pub number: u64,
    /// What its write key stands for.
    pub route: usize,
    json: Bytes,
}

impl Accepted {
    /// `json` is that of a message that ingest accepts, with what Segment fills in.
    pub(crate) fn new(number: u64, route: usize, json: Bytes) -> Self {
        Self { number, route, json }
    }

    /// The message with what Segment fills in, as one object in JSON.
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// The same, taken apart.
    ///
    /// # Panics
    ///
    /// Never: what was accepted is a message.
    pub fn event(&self) -> Event {
        let message = json_value::from_slice(&self.json).ok();
        let event = message.map(Event::unchecked).and_then(Result::ok);
        event.expect("what was accepted is a message")
    }
}

/// An accepted event; the first of a body has the room of all of it.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) accepted: Accepted,
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// The accepted events in the order of their acceptance. As long as they are not taken, the source says 429 at its bounds;
/// once this is dropped, it takes nothing.
#[derive(Debug)]
pub struct AcceptedEvents(pub(crate) mpsc::Receiver<Queued>);

impl AcceptedEvents {
    /// The next one; none once the source and everything that serves it is gone, and all were taken.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Accepted> {
        self.0.recv().await.map(taken)
    }

    /// Waits for the next one, and takes with it at most so many that are there already; how many were taken, none once
    /// [`next`](Self::next) gives none. Whoever has a busy runtime keeps pace by taking many at once.
    ///
    /// Dropping the future loses nothing.
    pub async fn next_many(&mut self, into: &mut Vec<Accepted>, most: usize) -> usize {
        let mut queued = Vec::new();
        let count = self.0.recv_many(&mut queued, most).await;
        into.extend(queued.into_iter().map(taken));
        count
    }

    /// Lets no further event in; those that are in can still be taken, and after the last there is none.
    pub fn close(&mut self) {
        self.0.close();
    }

    /// The next one, if it is there already.
    pub fn try_next(&mut self) -> Option<Accepted> {
        self.0.try_recv().ok().map(taken)
    }
}

fn taken(queued: Queued) -> Accepted {
    let Queued { accepted, room } = queued;
    drop(room);
    accepted
}
