use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::filter::Channels;
use crate::mistake::help;

/// Channels that come along, as files that one can begin one's own with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// As Attribution's dashboard has it: auto-tags, one channel for each advertising network, and the default channels.
    #[default]
    Attribution,
    /// As analytics tools group: paid and organic search, paid and organic social, email, referral and so on.
    Analytics,
}

impl Preset {
    /// Every one, the default first.
    pub const ALL: [Self; 2] = [Self::Attribution, Self::Analytics];

    /// As it is written: `attribution` or `analytics`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attribution => "attribution",
            Self::Analytics => "analytics",
        }
    }

    /// Its `channels.yaml`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Attribution => include_str!("presets/attribution.yaml"),
            Self::Analytics => include_str!("presets/analytics.yaml"),
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no [`Preset`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPreset {
    word: String,
}

impl fmt::Display for UnknownPreset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Preset::ALL.map(Preset::as_str);
        write!(f, "there is no such preset; {}", help(&self.word, names))
    }
}

impl Error for UnknownPreset {}

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(text: &str) -> Result<Self, UnknownPreset> {
        let found = Self::ALL.into_iter().find(|preset| preset.as_str() == text);
        found.ok_or_else(|| UnknownPreset { word: text.to_owned() })
    }
}

impl Channels {
    /// The channels of a preset.
    ///
    /// # Panics
    ///
    /// Never: a test reads every preset.
    pub fn preset(preset: Preset) -> Self {
        Self::parse(preset.as_str(), preset.text()).expect("a preset is without a mistake")
    }
}
