use std::time::Duration;

use attribution_mock::{Mock, MockConfig, ProjectId, Redaction, RequestTemplate, Upstream, WireAnswer};
use clock::Clock;

use crate::cases::Case;
use crate::compare::{Difference, Scope, compare};
use crate::report::{CaseReport, Verdict};

/// So many cases in a row without an answer, and the rest would have none either.
const PATIENCE: usize = 3;

/// Asks the double and a target the same.
#[derive(Debug)]
pub struct Player {
    target: Upstream,
    project: ProjectId,
    redaction: Redaction,
    clock: Clock,
    /// How long it waits before each request but the first.
    pause: Duration,
    scope: Scope,
}

impl Player {
    /// Plays cases for this project of the target.
    pub fn new(target: Upstream, project: ProjectId, clock: Clock) -> Self {
        Self {
            target,
            redaction: Redaction::new(&project),
            project,
            clock,
            pause: Duration::ZERO,
            scope: Scope::default(),
        }
    }

    /// Waits so long between two requests.
    #[must_use]
    pub fn pausing(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Compares this much of the answers.
    #[must_use]
    pub fn comparing(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Plays one case after the other and tells each report as soon as there is one, until the closure says no or the target
    /// has given three in a row no answer. Says how many were played.
    pub async fn play_all(&self, cases: &[Case], mut told: impl FnMut(&CaseReport) -> bool) -> usize {
        let mut unanswered = 0;
        for (played, case) in cases.iter().enumerate() {
            if played > 0 {
                self.clock.sleep(self.pause).await;
            }
            let report = self.play(case).await;
            unanswered = match report.verdict {
                Verdict::NoAnswer(_) => unanswered + 1,
                Verdict::Same | Verdict::Differs(_) => 0,
            };
            if !told(&report) || unanswered == PATIENCE {
                return played + 1;
            }
        }
        cases.len()
    }

    /// Plays one case. The double is a new one, which has seen nothing but what the case sends before.
    pub async fn play(&self, case: &Case) -> CaseReport {
        let double = Mock::new(MockConfig {
            projects: self.project.clone().into(),
            ..MockConfig::new(self.clock.clone())
        });
        for earlier in &case.before {
            double.ask(earlier.fill(&self.project)).await;
            // What became of it shows in the answer to the case itself, if anywhere.
            let _ = self.target.exchange(earlier.fill(&self.project)).await;
            self.clock.sleep(self.pause).await;
        }
        let own = double.ask(case.request.fill(&self.project)).await;
        let answered = self.target.exchange(case.request.fill(&self.project)).await;
        let target = answered.as_ref().ok().map(|answer| answer.status.as_u16());
        let verdict = answered.map_or_else(Verdict::NoAnswer, |answer| self.verdict(&own, &answer));
        CaseReport {
            name: case.name.clone(),
            dialect: case.dialect,
            about: case.about.clone(),
            request: line(&case.request),
            double: own.status.as_u16(),
            target,
            verdict,
        }
    }

    fn verdict(&self, double: &WireAnswer, target: &WireAnswer) -> Verdict {
        let mut differences = compare(double, target, self.scope);
        if differences.is_empty() {
            return Verdict::Same;
        }
        for difference in &mut differences {
            self.redact(difference);
        }
        Verdict::Differs(differences)
    }

    /// What the target wrote itself may say the project id.
    fn redact(&self, difference: &mut Difference) {
        match difference {
            Difference::ContentType { target: Some(text), .. } | Difference::Shape { pointer: text, .. } => {
                *text = self.redaction.text(text);
            }
            _ => {}
        }
    }
}

fn line(request: &RequestTemplate) -> String {
    format!("{} {}", request.method, request.path)
}
