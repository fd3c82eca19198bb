use std::sync::PoisonError;
use std::time::Duration;

use tokio::sync::watch;

use super::log::{Failure, Shared};
use super::options::JournalSync;

/// So long what was received may lie in the system's memory alone.
const INTERVAL: Duration = Duration::from_secs(1);

/// How far the file is on the disk.
#[derive(Clone, Debug)]
pub(crate) enum Synced {
    To(u64),
    /// It can't be told what of it is.
    Failed(Failure),
}

/// Brings the file to the disk whenever there is something new, until it is to stop or the disk fails. What comes while
/// it is at it goes along the next time, all at once.
pub(super) fn keep_syncing(shared: &Shared, sync: JournalSync, publish: &watch::Sender<Synced>) {
    loop {
        let waited = shared
            .changed
            .wait_while(shared.state(), |state| !state.needs_sync && !state.is_stopping);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if sync == JournalSync::Interval {
            let waited = shared
                .changed
                .wait_timeout_while(state, INTERVAL, |state| !state.is_stopping);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let (length, is_needed, is_stopping) = (state.length, state.needs_sync, state.is_stopping);
        state.needs_sync = false;
        drop(state);
        if is_needed {
            if let Err(error) = shared.disk.sync() {
                // What of it is on the disk nobody can tell, and a later success would say nothing of this one.
                let failure = Failure::of(&error);
                shared.state().broken = Some(failure.clone());
                publish.send_replace(Synced::Failed(failure));
                return;
            }
            publish.send_replace(Synced::To(length));
        }
        if is_stopping {
            return;
        }
    }
}
