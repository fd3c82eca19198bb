use std::collections::BTreeMap;
use std::fmt;

/// The key that names a Segment source. Whoever has it can send as that source, so nothing shows it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WriteKey(String);

impl WriteKey {
    /// The key, unless the text is blank.
    ///
    /// ```
    /// use segment_source::WriteKey;
    ///
    /// let key = WriteKey::new("wk-1").expect("it is not blank");
    /// assert_eq!(format!("{key} {key:?}"), "[redacted] WriteKey([redacted])");
    /// assert_eq!(WriteKey::new(" "), None);
    /// ```
    pub fn new(text: impl Into<String>) -> Option<Self> {
        Some(text.into()).filter(|text| !text.trim().is_empty()).map(Self)
    }

    /// The key itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WriteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Debug for WriteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteKey([redacted])")
    }
}

/// Which write keys may send, and which route of the caller's each of them stands for.
#[derive(Clone, Debug)]
pub struct WriteKeys(Known);

#[derive(Clone, Debug)]
enum Known {
    Any(usize),
    Only(BTreeMap<WriteKey, usize>),
}

impl WriteKeys {
    /// Every key may send, and stands for this route.
    pub fn any(route: usize) -> Self {
        Self(Known::Any(route))
    }

    /// These keys may send; of one that is given twice, the last route holds.
    ///
    /// ```
    /// use segment_source::{WriteKey, WriteKeys};
    ///
    /// let key = |text| WriteKey::new(text).expect("it is not blank");
    /// let keys = WriteKeys::only([(key("shop"), 0), (key("blog"), 1)]);
    /// assert_eq!((keys.route("blog"), keys.route("attic")), (Some(1), None));
    /// ```
    pub fn only(keys: impl IntoIterator<Item = (WriteKey, usize)>) -> Self {
        Self(Known::Only(keys.into_iter().collect()))
    }

    /// What a key stands for, if it may send. A blank one never may.
    pub fn route(&self, key: &str) -> Option<usize> {
        let key = WriteKey::new(key)?;
        match &self.0 {
            Known::Any(route) => Some(*route),
            Known::Only(known) => known.get(&key).copied(),
        }
    }
}
