use std::error::Error;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How long until the next sync: between two durations, both included, in whole seconds above the shorter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The shorter one.
    pub from: Duration,
    /// The longer one.
    pub to: Duration,
}

impl Interval {
    /// Always as long as this.
    pub const fn exactly(duration: Duration) -> Self {
        Self {
            from: duration,
            to: duration,
        }
    }

    /// The duration for these 64 random bits: every second of the interval as likely as the other.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use segment_engage::Interval;
    ///
    /// let interval = Interval { from: Duration::from_secs(2), to: Duration::from_secs(3) };
    /// assert_eq!(interval.draw(0), Duration::from_secs(2));
    /// assert_eq!(interval.draw(u64::MAX), Duration::from_secs(3));
    /// ```
    pub fn draw(&self, bits: u64) -> Duration {
        let choices = u128::from(self.to.saturating_sub(self.from).as_secs()) + 1;
        let above = (u128::from(bits) * choices) >> u64::BITS;
        self.from + Duration::from_secs(u64::try_from(above).unwrap_or(u64::MAX))
    }
}

/// When there is a sync: the first so long after everything was set up, each further one so long after the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    first: Interval,
    every: Interval,
}

impl Schedule {
    /// The shortest time between two syncs.
    pub const SHORTEST: Duration = Duration::from_secs(60);

    /// How long until the first sync where nothing else is said. The documentation of the Attribution destination says
    /// six hours or more.
    pub const FIRST: Interval = Interval::exactly(HOUR.saturating_mul(6));

    /// How long between two syncs where nothing else is said. The documentation of the Attribution destination says two
    /// to three hours.
    pub const EVERY: Interval = Interval {
        from: HOUR.saturating_mul(2),
        to: HOUR.saturating_mul(3),
    };

    /// A schedule of these intervals.
    ///
    /// # Errors
    ///
    /// [`ScheduleError`] where an interval ends before it begins, or syncs would follow one another faster than
    /// [`Schedule::SHORTEST`].
    pub fn new(first: Interval, every: Interval) -> Result<Self, ScheduleError> {
        if first.from > first.to || every.from > every.to {
            return Err(ScheduleError::Backwards);
        }
        if every.from < Self::SHORTEST {
            return Err(ScheduleError::TooOften);
        }
        Ok(Self { first, every })
    }
}

impl Default for Schedule {
    /// After six hours, then every two to three.
    fn default() -> Self {
        Self {
            first: Self::FIRST,
            every: Self::EVERY,
        }
    }
}

/// Why two intervals are no schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleError {
    /// An interval's end lies before its beginning.
    Backwards,
    /// Syncs would follow one another faster than [`Schedule::SHORTEST`].
    TooOften,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backwards => "an interval ends before it begins",
            Self::TooOften => "there is at least a minute between two syncs",
        })
    }
}

impl Error for ScheduleError {}

/// The syncs of a schedule, one after another.
///
/// ```
/// use segment_engage::{Schedule, Timetable};
///
/// let mut shortest = || 0;
/// let mut timetable = Timetable::new(Schedule::default(), "2024-01-15T10:00:00Z".parse()?, &mut shortest);
/// assert_eq!(timetable.due(), Some("2024-01-15T16:00:00Z".parse()?));
/// timetable.advance(&mut shortest);
/// assert_eq!(timetable.due(), Some("2024-01-15T18:00:00Z".parse()?));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Timetable {
    schedule: Schedule,
    due: Option<Timestamp>,
}

impl Timetable {
    /// The syncs of audiences that were set up at this moment. `bits` returns 64 random bits at each call.
    pub fn new(schedule: Schedule, created: Timestamp, bits: &mut dyn FnMut() -> u64) -> Self {
        Self {
            schedule,
            due: created.checked_add(schedule.first.draw(bits())).ok(),
        }
    }

    /// When the next sync is; never beyond the last moment that a [`Timestamp`] can hold.
    pub fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// Goes on to the sync after that one.
    pub fn advance(&mut self, bits: &mut dyn FnMut() -> u64) {
        let wait = self.schedule.every.draw(bits());
        self.due = self.due.and_then(|due| due.checked_add(wait).ok());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_interval_goes_forwards_and_leaves_a_minute_between_syncs() {
        let interval = |from, to| Interval {
            from: Duration::from_secs(from),
            to: Duration::from_secs(to),
        };
        let new = |first, every| Schedule::new(first, every).err();
        assert_eq!(new(interval(0, 0), interval(60, 60)), None);
        assert_eq!(new(interval(2, 1), interval(60, 60)), Some(ScheduleError::Backwards));
        assert_eq!(new(interval(0, 0), interval(70, 60)), Some(ScheduleError::Backwards));
        assert_eq!(new(interval(0, 0), interval(59, 60)), Some(ScheduleError::TooOften));
    }

    #[test]
    fn after_the_end_of_time_there_is_no_sync() {
        let mut bits = || 0;
        let mut timetable = Timetable::new(Schedule::default(), Timestamp::MAX - 7 * HOUR, &mut bits);
        assert!(timetable.due().is_some());
        timetable.advance(&mut bits);
        assert_eq!(timetable.due(), None);
        timetable.advance(&mut bits);
        assert_eq!(timetable.due(), None);
    }

    proptest! {
        #[test]
        fn a_draw_lies_in_its_interval(bits: u64, from in 0..1_000_000_u64, more in 0..1_000_000_u64) {
            let interval = Interval { from: Duration::from_millis(from), to: Duration::from_millis(from + more) };
            let drawn = interval.draw(bits);
            prop_assert!((interval.from..=interval.to).contains(&drawn));
        }
    }
}
