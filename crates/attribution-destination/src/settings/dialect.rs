use std::fmt;
use std::str::FromStr;

use segment_event::Kind;

use super::SettingsError;

/// One of the APIs that Attribution's public clients speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Segment's Attribution destination: `/track`, `/identify`, `/alias` in snake case.
    Classic,
    /// Segment's Attribution (Actions) destination: `/v1/t` and so on, one path a call, in Segment's own words.
    Actions,
    /// RudderStack's Attribution destination: whole messages in batches at `/v1/import`.
    Import,
}

impl Dialect {
    /// Every dialect that can be sent, in the order in which help texts list them.
    pub const ALL: &[Self] = &[Self::Classic, Self::Actions, Self::Import];

    /// The name by which options and reports call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Actions => "actions",
            Self::Import => "import",
        }
    }

    /// The destination's name in Segment's integrations object, in its exact case.
    ///
    /// ```
    /// use attribution_destination::Dialect;
    ///
    /// assert_eq!(Dialect::Actions.destination(), "Attribution (Actions)");
    /// ```
    pub const fn destination(self) -> &'static str {
        crate::filter::name(self)
    }

    /// The paths that events go to, in the order in which help texts list them.
    pub const fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Classic => &["/track", "/identify", "/alias"],
            Self::Actions => &["/v1/t", "/v1/p", "/v1/s", "/v1/i", "/v1/g", "/v1/a"],
            Self::Import => &["/v1/import"],
        }
    }

    /// Whether a call of this kind can be sent, be it by a setting: the classic dialect knows no group.
    pub const fn has_request_for(self, kind: Kind) -> bool {
        match self {
            Self::Classic => match kind {
                Kind::Identify | Kind::Track | Kind::Page | Kind::Screen | Kind::Alias => true,
                Kind::Group => false,
            },
            Self::Actions | Self::Import => true,
        }
    }

    /// Whether a request says which message it is made of. Where it does, a message without a `messageId` should be
    /// given one before it is mapped, as [`Event::with_message_id`](segment_event::Event::with_message_id) does.
    pub const fn carries_message_id(self) -> bool {
        match self {
            Self::Classic => false,
            Self::Actions | Self::Import => true,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = SettingsError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|dialect| dialect.as_str() == name);
        found
            .copied()
            .ok_or_else(|| SettingsError::DialectUnknown(name.to_owned()))
    }
}

/// Whether an alias of the actions dialect says which id is merged.
///
/// Segment's Attribution (Actions) destination has a field for it, but the preset with which it is installed maps nothing
/// to that field. So out of the box an alias arrives without the id to merge, and nothing is merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreviousId {
    /// It does, as once the mapping `previousId` ← `$.previousId` was added by hand.
    #[default]
    Mapped,
    /// It doesn't, as with the default preset.
    Preset,
}

impl PreviousId {
    /// Both, in the order in which help texts list them.
    pub const ALL: &[Self] = &[Self::Mapped, Self::Preset];

    /// The name by which options call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Preset => "preset",
        }
    }
}

impl fmt::Display for PreviousId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PreviousId {
    type Err = SettingsError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|previous_id| previous_id.as_str() == name);
        found
            .copied()
            .ok_or_else(|| SettingsError::PreviousIdUnknown(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, PreviousId};

    #[test]
    fn a_dialect_is_named_exactly() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.as_str().parse(), Ok(*dialect));
        }
        let error = "Classic".parse::<Dialect>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"unknown dialect "Classic": write classic, actions or import"#
        );
    }

    #[test]
    fn the_mapping_of_the_previous_id_is_named_exactly() {
        for previous_id in PreviousId::ALL {
            assert_eq!(previous_id.as_str().parse(), Ok(*previous_id));
        }
        let error = "default".parse::<PreviousId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"unknown mapping of the previous id "default": write mapped or preset"#
        );
    }
}
