use attribution_ledger::EntryVerdict;
use axum::response::Response;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use super::answer::Answer;
use super::problem::Problem;
use crate::answers::Answers;
use crate::config::MockConfig;
use crate::faults::{Hold, OnTheWire, Strike};
use crate::journal::Kept;
use crate::signal::Waiter;

/// What becomes of one request: what is said to its sender and when, and what the journal says of it.
#[derive(Debug)]
pub(crate) struct Reply {
    answer: Answer,
    /// What the answer waits for, if it doesn't leave at once.
    hold: Option<Hold>,
    /// What is done to the answer on its way, if it doesn't leave as it should.
    spoilt: Option<OnTheWire>,
    /// The type of which the answer says it is, if that isn't its own.
    mislabelled: Option<HeaderValue>,
    pub(crate) verdict: EntryVerdict,
    /// The status that was meant, whether or not it reaches the sender; 0 where none was.
    pub(crate) status: u16,
    /// That what was received is kept as safely as it should be before the answer leaves.
    kept: Kept,
}

impl Reply {
    /// This answer, at once.
    pub(crate) fn of(answer: Answer, answers: &Answers) -> Self {
        Self {
            verdict: answer.verdict(),
            status: answer.status(answers),
            hold: None,
            spoilt: None,
            mislabelled: None,
            kept: Kept::Now,
            answer,
        }
    }

    /// The same as soon as the request is kept.
    pub(crate) fn once(self, kept: Kept) -> Self {
        Self { kept, ..self }
    }

    /// What a fault makes of the answer that would have been given.
    pub(crate) fn struck(own: Answer, strike: Strike, answers: &Answers) -> Self {
        match strike {
            Strike::Respond(scripted) => Self::of(Answer::Scripted(scripted), answers),
            Strike::Hold(hold) => Self {
                hold: Some(hold),
                ..Self::of(own, answers)
            },
            Strike::Before(end) => Self::of(Answer::Severed(end), answers),
            Strike::After(end) => Self {
                answer: Answer::Severed(end),
                ..Self::of(own, answers)
            },
            Strike::Spoil(spoilt) => Self {
                spoilt: Some(spoilt),
                ..Self::of(own, answers)
            },
            Strike::Mislabel(content_type) => Self {
                mislabelled: Some(content_type),
                ..Self::of(own, answers)
            },
        }
    }

    /// Waits until the request is kept, and as long as the answer is held, and makes the response of it.
    pub(crate) async fn respond(self, config: &MockConfig, stopping: &Waiter) -> Response {
        if let Err(failure) = self.kept.wait().await {
            return Answer::Problem(Problem::NotKept(failure)).respond(&config.answers);
        }
        if let Some(hold) = self.hold {
            hold.wait(&config.clock, stopping.clone()).await;
        }
        let mut response = self.answer.respond(&config.answers);
        if let Some(content_type) = self.mislabelled {
            response.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        if let Some(spoilt) = self.spoilt {
            response.extensions_mut().insert(spoilt);
        }
        response
    }
}
