use crate::suite::Suite;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// The suite that it belongs to.
    pub suite: Suite,
    /// Its name within the suite.
    pub name: &'static str,
    /// What is promised, in a sentence.
    pub about: &'static str,
    /// What is not as it should be; nothing where it passed.
    pub failures: Vec<Failure>,
    /// What came, a line for each request: its messages and what became of it.
    pub requests: Vec<String>,
    /// The end of what the command wrote to standard error.
    pub stderr: String,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What was looked at.
    pub what: String,
    /// What it should be.
    pub expected: String,
    /// What it was.
    pub actual: String,
}

impl CaseReport {
    /// The suite and the name.
    pub fn id(&self) -> String {
        format!("{}/{}", self.suite, self.name)
    }

    /// Whether everything was as it should be.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            expected: expected.into(),
            actual: actual.into(),
        }
    }
}
