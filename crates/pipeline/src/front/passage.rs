use attribution_destination::deliver::{Attempt, Delivery, Outcome};
use serde::Serialize;
use serde::ser::SerializeMap;

/// How far an accepted event came.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    pub(super) route: usize,
    /// The path of its request, once it has one.
    pub(super) path: Option<&'static str>,
    /// The numbers of its requests where they are recorded.
    pub(super) requests: Vec<u64>,
    /// Whether one of them counts there.
    pub(super) recorded: bool,
    /// The rules that one of them was found to break.
    pub(super) rules: Vec<&'static str>,
    pub(super) outcome: Option<Outcome>,
}

impl Passage {
    /// How far it came, in one word.
    pub(super) fn stage(&self) -> &'static str {
        match self.outcome.as_ref().map(|outcome| &outcome.result) {
            None if self.requests.is_empty() => "pending",
            None => "pending_retry",
            Some(Delivery::Delivered { .. }) => "delivered",
            Some(Delivery::Skipped(_)) => "skipped",
            Some(Delivery::Invalid(_)) => "invalid",
            Some(Delivery::Rejected { .. }) => "failed",
            Some(Delivery::Expired { .. }) => "expired",
            Some(Delivery::Interrupted) => "interrupted",
        }
    }

    fn attempts(&self) -> usize {
        let told = self.outcome.as_ref().map_or(0, |outcome| outcome.attempts.len());
        told.max(self.requests.len())
    }

    /// Every stage that it reached.
    fn stages(&self) -> Vec<&'static str> {
        let is = |stage: &str| self.stage() == stage;
        let reached = [
            ("received", true),
            ("accepted", true),
            ("skipped", is("skipped")),
            ("mapped", self.path.is_some()),
            ("attempted", self.attempts() > 0),
            ("delivered", is("delivered")),
            ("recorded", self.recorded),
            ("flagged", !self.rules.is_empty()),
        ];
        reached
            .into_iter()
            .filter(|(_, reached)| *reached)
            .map(|(stage, _)| stage)
            .collect()
    }

    /// Writes what became of it.
    pub(super) fn serialize<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("stage", self.stage())?;
        map.serialize_entry("stages", &self.stages())?;
        if let Some(path) = self.path {
            map.serialize_entry("path", path)?;
        }
        if self.attempts() > 0 {
            map.serialize_entry("attempts", &self.attempts())?;
        }
        if let Some(outcome) = &self.outcome {
            serialize_result(map, &outcome.result)?;
            if !outcome.attempts.is_empty() {
                map.serialize_entry(
                    "answers",
                    &outcome.attempts.iter().map(Answered::of).collect::<Vec<_>>(),
                )?;
            }
        }
        if !self.requests.is_empty() {
            map.serialize_entry("requests", &self.requests)?;
        }
        if !self.rules.is_empty() {
            map.serialize_entry("rules", &self.rules)?;
        }
        Ok(())
    }
}

/// Why it ended so, unless all was well.
fn serialize_result<M: SerializeMap>(map: &mut M, result: &Delivery) -> Result<(), M::Error> {
    match result {
        Delivery::Delivered { status } => map.serialize_entry("status", status),
        Delivery::Skipped(skip) => {
            map.serialize_entry("code", skip.reason.as_str())?;
            map.serialize_entry("reason", &skip.detail)
        }
        Delivery::Invalid(invalid) => map.serialize_entry("errors", invalid),
        Delivery::Rejected { reason, body } => {
            map.serialize_entry("reason", &reason.to_string())?;
            map.serialize_entry("answer", body)
        }
        Delivery::Expired { last } => map.serialize_entry("reason", &last.to_string()),
        Delivery::Interrupted => Ok(()),
    }
}

/// One attempt.
#[derive(Debug, Serialize)]
struct Answered {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    took_ms: u64,
}

impl Answered {
    fn of(attempt: &Attempt) -> Self {
        Self {
            status: attempt.answer.as_ref().ok().copied(),
            error: attempt.answer.as_ref().err().map(ToString::to_string),
            took_ms: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
        }
    }
}
