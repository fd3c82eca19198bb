use std::fmt;
use std::str::FromStr;

/// One of many that share a project without seeing each other: a test, say, among those that run side by side.
///
/// A sender names it in the header [`Namespace::HEADER`]. It has a journal and faults of its own, and is reset alone.
///
/// ```
/// use attribution_mock::Namespace;
///
/// let namespace: Namespace = "checkout-test-7".parse()?;
/// assert_eq!(namespace.as_str(), "checkout-test-7");
/// assert!("".parse::<Namespace>().is_err());
/// # Ok::<(), attribution_mock::BadNamespace>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Namespace(Box<str>);

impl Namespace {
    /// The header in which a request names its namespace.
    pub const HEADER: &'static str = "harness-namespace";

    /// The most characters that one may have.
    pub const LONGEST: usize = 100;

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Namespace {
    type Err = BadNamespace;

    fn from_str(name: &str) -> Result<Self, BadNamespace> {
        let is_fit = (1..=Self::LONGEST).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        is_fit.then(|| Self(name.into())).ok_or(BadNamespace)
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name is none for a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadNamespace;

impl fmt::Display for BadNamespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a namespace is named by 1 to {} visible ASCII characters without blanks, such as `checkout-test-7`",
            Namespace::LONGEST
        )
    }
}

impl std::error::Error for BadNamespace {}
