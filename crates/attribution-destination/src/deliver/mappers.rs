use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use segment_event::MessageId;

use crate::mapper::{Mapper, Short};
use crate::settings::Settings;

/// The longest message that is mapped by the short way, which keeps several times its length in memory for the next one.
/// Segment takes 32 KB a call.
const LONGEST: usize = 256 * 1024;

/// The short way from JSON to requests, for whoever submits at the same time: each has a mapper to itself meanwhile.
#[derive(Debug)]
pub(super) struct Mappers {
    settings: Settings,
    idle: Mutex<Vec<Mapper>>,
}

impl Mappers {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            idle: Mutex::default(),
        }
    }

    /// See [`Mapper::short_way`].
    pub(super) fn short_way(
        &self,
        json: &[u8],
        now: Timestamp,
        next_id: Option<&dyn Fn() -> MessageId>,
        add: &mut dyn FnMut(&str),
    ) -> Option<Short> {
        if json.len() > LONGEST {
            return None;
        }
        let idle = self.idle().pop();
        let mut mapper = idle.unwrap_or_else(|| Mapper::new(self.settings.clone(), true).without_diagnostics());
        let short = mapper.short_way(json, now, next_id, add);
        self.idle().push(mapper);
        short
    }

    /// No code of others runs under the lock, so a poisoned one is as good as another.
    fn idle(&self) -> MutexGuard<'_, Vec<Mapper>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
