//! What travelled the link, byte for byte, for whoever asked for it.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clock::Clock;
use jiff::Timestamp;

/// One exchange, as the sender's end of its connection saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// When the sender asked for the connection, or began to write to one that it had already, on the pipeline's clock.
    pub opened: Timestamp,
    /// What the sender wrote, as far as it got through.
    pub request: Vec<u8>,
    /// When the first byte of the answer left the double; none where there was no answer.
    pub answered: Option<Timestamp>,
    /// What the sender read.
    pub answer: Vec<u8>,
    /// How the connection broke: refused or reset. None where it came to an orderly end, or was given up.
    pub broken: Option<io::ErrorKind>,
}

/// All exchanges of a link, in the order in which they began.
#[derive(Clone, Debug, Default)]
pub(super) struct Wire {
    // A std mutex: it is never held across an await.
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Wire {
    fn exchanges(&self) -> MutexGuard<'_, Vec<Exchange>> {
        // The list is valid after every statement, so a panic elsewhere can't have broken it.
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn all(&self) -> Vec<Exchange> {
        self.exchanges().clone()
    }

    /// Listens to a connection that is asked for now.
    pub(super) fn open(&self, clock: &Clock) -> Ear {
        let index = self.begin(clock);
        Ear {
            wire: self.clone(),
            clock: clock.clone(),
            index: Arc::new(Mutex::new(Some(index))),
        }
    }

    fn begin(&self, clock: &Clock) -> usize {
        let mut exchanges = self.exchanges();
        exchanges.push(Exchange {
            opened: clock.now(),
            request: Vec::new(),
            answered: None,
            answer: Vec::new(),
            broken: None,
        });
        exchanges.len() - 1
    }
}

/// Listens to one connection.
#[derive(Clone, Debug)]
pub(super) struct Ear {
    wire: Wire,
    clock: Clock,
    /// The exchange that is heard; none between two.
    index: Arc<Mutex<Option<usize>>>,
}

impl Ear {
    /// The exchange is over. What is written next begins another.
    pub(super) fn rest(&self) {
        *self.index() = None;
    }

    fn index(&self) -> MutexGuard<'_, Option<usize>> {
        // It is valid after every statement, so a panic elsewhere can't have broken it.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, note: impl FnOnce(&mut Exchange)) {
        let Some(index) = *self.index() else { return };
        if let Some(exchange) = self.wire.exchanges().get_mut(index) {
            note(exchange);
        }
    }

    pub(super) fn sent(&self, bytes: &[u8]) {
        self.index().get_or_insert_with(|| self.wire.begin(&self.clock));
        self.hear(|exchange| exchange.request.extend_from_slice(bytes));
    }

    pub(super) fn received(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.hear(|exchange| {
            exchange.answered.get_or_insert_with(|| self.clock.now());
            exchange.answer.extend_from_slice(bytes);
        });
    }

    pub(super) fn broke(&self, error: &io::Error) {
        self.hear(|exchange| {
            exchange.broken.get_or_insert(error.kind());
        });
    }
}
