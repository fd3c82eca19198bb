use std::sync::{Mutex, PoisonError};

use clock::Clock;
use http::HeaderValue;
use jiff::fmt::rfc2822::DateTimePrinter;

/// The `Date` headers of a connection's answers, of which all within a second are the same.
#[derive(Debug)]
pub(super) struct Dates {
    clock: Clock,
    /// With the second that it tells, since 1970.
    last: Mutex<Option<(i64, HeaderValue)>>,
}

impl Dates {
    pub(super) fn new(clock: Clock) -> Self {
        let last = Mutex::default();
        Self { clock, last }
    }

    /// None for a clock before the year 0, for which HTTP has no date.
    pub(super) fn now(&self) -> Option<HeaderValue> {
        let now = self.clock.now();
        let second = now.as_millisecond().div_euclid(1000);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, date)) = &*last
            && *of == second
        {
            return Some(date.clone());
        }
        let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok()?;
        let date = HeaderValue::try_from(text).ok()?;
        *last = Some((second, date.clone()));
        Some(date)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_date_is_that_of_its_second_before_1970_too() {
        let clock = Clock::starting_at("1969-12-31T23:59:58.500Z".parse().unwrap());
        let dates = Dates::new(clock.clone());
        for second in ["23:59:58", "23:59:59", "23:59:59", "00:00:00"] {
            let date = dates.now().unwrap();
            assert!(date.to_str().unwrap().contains(second), "{date:?}");
            clock.sleep(Duration::from_millis(500)).await;
        }
    }
}
