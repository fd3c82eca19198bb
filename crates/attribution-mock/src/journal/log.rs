use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::watch;

use super::disk::Disk;
use super::options::JournalSync;
use super::syncer::{Synced, keep_syncing};

/// The journal file while it grows.
#[derive(Debug)]
pub(crate) struct Log {
    shared: Arc<Shared>,
    synced: watch::Receiver<Synced>,
    /// Brings it to the disk.
    thread: Option<JoinHandle<()>>,
    sync: JournalSync,
}

/// What the syncing thread shares.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) disk: Box<dyn Disk>,
    state: Mutex<State>,
    /// Told when there is something to sync, and when to stop.
    pub(super) changed: Condvar,
}

#[derive(Debug)]
pub(super) struct State {
    /// Of the whole lines.
    pub(super) length: u64,
    /// Lines that could not be written when they should have been. They go before the next one.
    owed: Vec<u8>,
    pub(super) needs_sync: bool,
    pub(super) is_stopping: bool,
    /// Why nothing can be written any more, if nothing can.
    pub(super) broken: Option<Failure>,
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    /// Goes on after so many bytes.
    pub(super) fn new(disk: Box<dyn Disk>, length: u64, sync: JournalSync) -> io::Result<Self> {
        let state = State {
            length,
            owed: Vec::new(),
            needs_sync: false,
            is_stopping: false,
            broken: None,
        };
        let shared = Arc::new(Shared {
            disk,
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let (publish, synced) = watch::channel(Synced::To(length));
        let thread = match sync {
            JournalSync::Never => None,
            JournalSync::Always | JournalSync::Interval => {
                let shared = Arc::clone(&shared);
                let named = thread::Builder::new().name("journal".to_owned());
                Some(named.spawn(move || keep_syncing(&shared, sync, &publish))?)
            }
        };
        Ok(Self {
            shared,
            synced,
            thread,
            sync,
        })
    }

    /// Hands a line to the operating system. If that fails, the file is as it was.
    pub(crate) fn append(&self, line: &str) -> Result<Kept, Failure> {
        let mut state = self.shared.state();
        if let Some(failure) = &state.broken {
            return Err(failure.clone());
        }
        let owed = state.owed.len();
        state.owed.extend_from_slice(line.as_bytes());
        state.owed.push(b'\n');
        if let Err(error) = self.shared.disk.append(&state.owed) {
            state.owed.truncate(owed);
            let failure = Failure::of(&error);
            if let Err(error) = self.shared.disk.cut(state.length) {
                // Half a line may stand there, and nothing may come after it.
                state.broken = Some(Failure::of(&error));
            }
            return Err(failure);
        }
        state.length += state.owed.len() as u64;
        state.owed.clear();
        if !state.needs_sync && self.thread.is_some() {
            state.needs_sync = true;
            self.shared.changed.notify_one();
        }
        Ok(match self.sync {
            JournalSync::Always => Kept::Once(self.synced.clone(), state.length),
            JournalSync::Interval | JournalSync::Never => Kept::Now,
        })
    }

    /// Hands a line over, if not now then before the next one: nothing that happens later stands in the file without it.
    pub(crate) fn append_at_last(&self, line: &str) {
        if self.append(line).is_err() {
            let mut state = self.shared.state();
            state.owed.extend_from_slice(line.as_bytes());
            state.owed.push(b'\n');
        }
    }
}

impl Drop for Log {
    /// Brings what is left to the disk.
    fn drop(&mut self) {
        self.shared.state().is_stopping = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It can't panic: there is nothing in it that does.
            let _ = thread.join();
        }
    }
}

/// That a request is kept as safely as was asked.
#[derive(Debug)]
pub(crate) enum Kept {
    Now,
    /// As soon as so many bytes are on the disk.
    Once(watch::Receiver<Synced>, u64),
}

impl Kept {
    /// Returns when it is.
    pub(crate) async fn wait(self) -> Result<(), Failure> {
        let Self::Once(mut synced, length) = self else {
            return Ok(());
        };
        let reached = synced.wait_for(|synced| match synced {
            Synced::To(reached) => *reached >= length,
            Synced::Failed(_) => true,
        });
        match reached.await.as_deref() {
            Ok(Synced::To(_)) => Ok(()),
            Ok(Synced::Failed(failure)) => Err(failure.clone()),
            Err(_) => Err(Failure::Stopped),
        }
    }
}

/// Why the journal doesn't take a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The disk is full, or a quota is used up.
    Full,
    /// What the system says.
    Other(String),
    /// The server has ended.
    Stopped,
}

impl Failure {
    pub(super) fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("there is no space left for the journal: free some, then send this again"),
            Self::Other(reason) => write!(f, "the journal can't be written ({reason})"),
            Self::Stopped => f.write_str("the server stopped before the journal was on the disk"),
        }
    }
}

#[cfg(test)]
mod tests;
