use attribution_ledger::EntryVerdict;

use super::answer::Answer;
use crate::answers::Answers;
use crate::faults::{Hold, Strike};
use crate::journal::Kept;

/// What becomes of one request: what is said to its sender and when, and what the journal says of it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    /// What the answer waits for, if it doesn't leave at once.
    pub(crate) hold: Option<Hold>,
    pub(crate) verdict: EntryVerdict,
    /// The status that was meant, whether or not it reaches the sender; 0 where none was.
    pub(crate) status: u16,
    /// That what was received is kept as safely as it should be before the answer leaves.
    pub(crate) kept: Kept,
}

impl Reply {
    /// This answer, at once.
    pub(crate) fn of(answer: Answer, answers: &Answers) -> Self {
        Self {
            verdict: answer.verdict(),
            status: answer.status(answers),
            hold: None,
            kept: Kept::Now,
            answer,
        }
    }

    /// What a fault makes of the answer that would have been given.
    pub(crate) fn struck(own: Answer, strike: Strike, answers: &Answers) -> Self {
        match strike {
            Strike::Respond(scripted) => Self::of(Answer::Scripted(scripted), answers),
            Strike::Hold(hold) => Self {
                hold: Some(hold),
                ..Self::of(own, answers)
            },
            Strike::CloseBefore => Self::of(Answer::Severed, answers),
            Strike::CloseAfter => Self {
                answer: Answer::Severed,
                ..Self::of(own, answers)
            },
        }
    }
}
