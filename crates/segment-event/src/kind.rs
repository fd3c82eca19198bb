use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// One of the six calls of the Segment Spec: the value of a message's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Who someone is: an id and traits.
    Identify,
    /// What someone did: an event and its properties.
    Track,
    /// A page of a website was seen.
    Page,
    /// A screen of an app was seen.
    Screen,
    /// Which account someone belongs to.
    Group,
    /// Two ids are one person.
    Alias,
}

impl Kind {
    /// The six kinds, in the order in which Segment's specification introduces them.
    pub const ALL: [Self; 6] = [
        Self::Identify,
        Self::Track,
        Self::Page,
        Self::Screen,
        Self::Group,
        Self::Alias,
    ];

    /// The kind as `type` spells it: lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The kind that a misspelt `type` most likely meant: case and surrounding blanks aside it is one of the six.
    ///
    /// ```
    /// use segment_event::Kind;
    ///
    /// assert_eq!(Kind::nearest("Track"), Some(Kind::Track));
    /// assert_eq!(Kind::nearest("purchase"), None);
    /// ```
    pub fn nearest(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A text that is none of the six kinds, as they are spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKind {
    /// The kind that was most likely meant.
    pub nearest: Option<Kind>,
}

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nearest) = self.nearest {
            return write!(f, "unknown type: did you mean {nearest}?");
        }
        f.write_str("unknown type: write one of")?;
        for (position, kind) in Kind::ALL.into_iter().enumerate() {
            write!(f, "{} {kind}", if position == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| UnknownKind {
            nearest: Self::nearest(text),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_own_spelling() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.to_string());
        }
    }

    #[test]
    fn another_case_is_not_the_kind_but_names_it() {
        let error = " Track".parse::<Kind>().unwrap_err();
        assert_eq!(error.to_string(), "unknown type: did you mean track?");
    }

    #[test]
    fn a_text_like_no_kind_lists_all_of_them() {
        let error = "purchase".parse::<Kind>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown type: write one of identify, track, page, screen, group, alias"
        );
    }
}
