use serde_json::Value;

/// What requests with messages meet, in the order in which they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    /// What the first ones meet.
    pub(crate) faults: Vec<Fault>,
    /// What those after them meet.
    pub(crate) then: Fault,
    /// What the settings say about retries.
    pub(crate) http_config: Option<Value>,
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fault {
    /// None: it is taken.
    #[default]
    Take,
    /// It is not taken, and answered so.
    Status(u16),
    /// It is answered 429, with a Retry-After of so many seconds.
    RetryAfter(u64),
    /// Its connection is reset before anything is taken.
    Reset,
    /// It is taken, and then its connection is reset.
    LoseAnswer,
}

impl Script {
    /// What the request meets before which so many came.
    pub(crate) fn fault(&self, before: usize) -> Fault {
        self.faults.get(before).copied().unwrap_or(self.then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_faults_comes_what_comes_then() {
        let script = Script {
            faults: vec![Fault::Status(503), Fault::Reset],
            ..Script::default()
        };
        let met = [0, 1, 2, 9].map(|before| script.fault(before));
        assert_eq!(met, [Fault::Status(503), Fault::Reset, Fault::Take, Fault::Take]);
    }
}
