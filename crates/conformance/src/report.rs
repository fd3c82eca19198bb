use attribution_mock::{Dialect, UpstreamError};

use crate::compare::Difference;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// The case's name.
    pub name: String,
    /// The dialect that was spoken.
    pub dialect: Dialect,
    /// What the case is about.
    pub about: String,
    /// What was sent, without the project id: `POST /track`.
    pub request: String,
    /// The status that the double answers.
    pub double: u16,
    /// The status that the target answered; none where it gave no answer.
    pub target: Option<u16>,
    /// How the two compare.
    pub verdict: Verdict,
}

/// How the target's answer compares with the double's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A sender can't tell them apart.
    Same,
    /// It differs in these, of which there is at least one.
    Differs(Vec<Difference>),
    /// There is none.
    NoAnswer(UpstreamError),
}
