//! One signal for "go on": a held exchange waits for its fault to be removed or its server to stop.

use std::future;

use tokio::sync::watch;

/// Fires once, by being dropped: whoever waits for it goes on however its owner ended.
#[derive(Debug)]
pub(crate) struct Signal(watch::Sender<()>);

impl Signal {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    pub(crate) fn waiter(&self) -> Waiter {
        Waiter(Some(self.0.subscribe()))
    }
}

/// Waits for a [`Signal`].
#[derive(Clone, Debug)]
pub(crate) struct Waiter(Option<watch::Receiver<()>>);

impl Waiter {
    /// A waiter for a signal that never fires.
    pub(crate) fn never() -> Self {
        Self(None)
    }

    /// Returns when the signal has fired.
    pub(crate) async fn fired(self) {
        match self.0 {
            // Nothing is ever sent, so a change is the sender's end.
            Some(mut owner) => while owner.changed().await.is_ok() {},
            None => future::pending().await,
        }
    }
}
