//! Snapshots.

use expectation::{Diff, Failure};

use super::Player;
use crate::asked::Asked;
use crate::outcome::{Frozen, FrozenState};
use crate::run::{Snapshots, observe};
use crate::scenario::SnapshotStep;
use crate::snapshot;

impl Player<'_> {
    /// Takes a snapshot, and holds it against its file.
    pub(super) fn freeze(&mut self, step: &SnapshotStep) {
        self.expectations += 1;
        let rows = observe::look_up(&mut self.pipeline, self.scenario, &Asked::default(), step.of);
        let made_up = &self.scope.made_up;
        let now = self.pipeline.clock().now();
        let about = (made_up, self.scenario.settings.project_id.as_str(), now);
        let text = snapshot::text(&rows, step.of, &step.fields, about);
        let diff = Diff::between(step.stored.as_deref().unwrap_or_default(), &text);
        let state = match (&step.stored, &diff) {
            (None, _) => FrozenState::New,
            (Some(_), Some(_)) => FrozenState::Changed,
            (Some(_), None) => FrozenState::Same,
        };
        if let (Snapshots::Compare, Some(diff)) = (self.snapshots, diff) {
            self.fail(failure(step, diff));
        }
        self.frozen.push(Frozen {
            file: step.file.clone(),
            text,
            state,
        });
    }
}

fn failure(step: &SnapshotStep, diff: Diff) -> Failure {
    let file = &step.file;
    let (message, actual) = match step.stored {
        Some(_) => (format!("not what {file} has"), diff.counts()),
        None => (format!("there is no {file} yet"), "no such file".to_owned()),
    };
    Failure {
        section: None,
        at: step.at,
        place: format!("snapshot.{}", step.name),
        message,
        expected: format!("what {file} has"),
        actual,
        nearest: None,
        further: Vec::new(),
        diff: Some(diff),
    }
}
