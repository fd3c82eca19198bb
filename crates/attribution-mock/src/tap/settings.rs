use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::notice::Notice;
use super::recorder::Recorder;
use crate::upstream::Upstream;

/// What is done with each exchange besides answering it. By default, nothing.
///
/// ```
/// use attribution_mock::{MockConfig, Tap, Upstream};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = clock::Clock::system();
/// let upstream = Upstream::new("http://127.0.0.1:7070", std::time::Duration::from_secs(10), &clock)?;
/// let tap = Tap::default().forwarding_to(upstream).telling(|notice| assert!(!notice.to_string().is_empty()));
/// let config = MockConfig { tap, ..MockConfig::new(clock) };
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Tap {
    pub(super) upstream: Option<Upstream>,
    pub(super) recorder: Option<Recorder>,
    teller: Option<Arc<Teller>>,
}

struct Teller {
    tell: Box<dyn Fn(&Notice) + Send + Sync>,
    /// Paths, statuses and causes are few, so this stays small.
    told: Mutex<BTreeSet<String>>,
}

impl Tap {
    /// Asks this server, too, and gives its answer to the sender.
    #[must_use]
    pub fn forwarding_to(self, upstream: Upstream) -> Self {
        Self {
            upstream: Some(upstream),
            ..self
        }
    }

    /// Keeps each exchange as a file.
    #[must_use]
    pub fn recording_to(self, recorder: Recorder) -> Self {
        Self {
            recorder: Some(recorder),
            ..self
        }
    }

    /// Tells each notice, once, to this closure, which should be quick.
    #[must_use]
    pub fn telling(self, tell: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        let teller = Teller {
            tell: Box::new(tell),
            told: Mutex::default(),
        };
        Self {
            teller: Some(Arc::new(teller)),
            ..self
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.upstream.is_none() && self.recorder.is_none()
    }

    pub(super) fn tell(&self, notice: &Notice) {
        let Some(teller) = &self.teller else { return };
        let mut told = teller.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(notice.to_string()) {
            (teller.tell)(notice);
        }
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap")
            .field("upstream", &self.upstream)
            .field("recorder", &self.recorder)
            .finish_non_exhaustive()
    }
}
