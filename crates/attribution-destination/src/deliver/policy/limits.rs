use super::{PolicyError, at_least_one};

/// How much at once. Everything that could grow has a bound here; at a bound, whoever submits waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// How many exchanges may be in flight at once. 64; fewer while the endpoint is overloaded, see
    /// [`Protection`](super::Protection).
    pub concurrency: usize,
    /// How many events may be without an outcome. 10,000.
    pub queue: usize,
    /// How many bytes of requests may be without an outcome. 64 MiB, and never more than 4 GiB. One that is larger by itself
    /// takes all of it.
    pub queue_bytes: usize,
    /// How many requests may begin a second, retries included. None by default. Over any span there are at most ten
    /// milliseconds' worth more than that.
    pub rate: Option<f64>,
    /// How many ids are remembered of visitors nothing is under way for but who have several, so that their later events
    /// keep one order. 100,000.
    pub remembered_ids: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 64,
            queue: 10_000,
            queue_bytes: 64 * 1024 * 1024,
            rate: None,
            remembered_ids: 100_000,
        }
    }
}

impl Limits {
    pub(in crate::deliver) fn check(&self) -> Result<(), PolicyError> {
        at_least_one(self.concurrency, "a concurrency", "at least 1")?;
        at_least_one(self.queue, "a queue", "at least 1 event")?;
        at_least_one(self.queue_bytes, "a queue in bytes", "at least 1, such as 67108864")?;
        match self.rate {
            Some(rate) if !(rate.is_finite() && rate > 0.0) => Err(PolicyError::Rate(rate)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_could_pass_is_refused_with_what_to_write_instead() {
        let limits = |change: fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.check().map_err(|error| error.to_string())
        };
        assert_eq!(limits(|_| ()), Ok(()));
        let error = |change| limits(change).unwrap_err();
        assert_eq!(
            error(|limits| limits.concurrency = 0),
            "a concurrency of 0 lets nothing be sent: give at least 1"
        );
        assert_eq!(
            error(|limits| limits.queue = 0),
            "a queue of 0 lets nothing be sent: give at least 1 event"
        );
        assert!(error(|limits| limits.queue_bytes = 0).starts_with("a queue in bytes of 0 "));
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                Limits {
                    rate: Some(rate),
                    ..Limits::default()
                }
                .check(),
                Err(PolicyError::Rate(_))
            ));
        }
        assert_eq!(
            PolicyError::Rate(0.0).to_string(),
            "a rate of 0 requests a second is no rate: give a number above 0 such as 100, or none for no limit"
        );
    }
}
