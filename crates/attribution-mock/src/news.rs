//! How whoever waits for a request learns that one has arrived.

use tokio::sync::watch;

/// How far a record has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// How often it was reset.
    pub(crate) resets: u64,
    /// The number of the last entry since; 0 before the first.
    pub(crate) last: u64,
}

/// Tells it to whoever listens, without waiting for them: what they miss is made up by what comes next.
///
/// It is told while the record is locked, so whoever was told and then looks finds all of it there.
#[derive(Debug)]
pub(crate) struct News(watch::Sender<Progress>);

impl News {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Progress::default()))
    }

    /// An entry of this number was added.
    pub(crate) fn arrived(&self, seq: u64) {
        self.0.send_modify(|progress| progress.last = seq);
    }

    /// Everything was forgotten.
    pub(crate) fn reset(&self) {
        self.0.send_modify(|progress| {
            *progress = Progress {
                resets: progress.resets + 1,
                last: 0,
            };
        });
    }

    pub(crate) fn listen(&self) -> watch::Receiver<Progress> {
        self.0.subscribe()
    }
}
