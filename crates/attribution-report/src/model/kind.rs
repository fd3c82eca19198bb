use std::error::Error;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;

use crate::mistake::help;
use crate::period::{days_and_hours, period};

/// How a conversion's credit is divided among the visits of its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// All to the first visit.
    FirstTouch,
    /// All to the last visit.
    LastTouch,
    /// All to the last visit that isn't direct; where all are, to the last.
    LastNonDirect,
    /// The same to each.
    Linear,
    /// Half as much for each half-life that a visit lies before the last one.
    TimeDecay {
        /// Seven days is what the field commonly takes; the vendor's is not public.
        half_life: SignedDuration,
    },
    /// By the place in the path.
    PositionBased(Weights),
    /// By how many conversions the record's paths would lose without the visit's channel: the removal effect of a Markov
    /// chain whose states are channels. A path begins after the person's conversion before it.
    Markov,
}

/// What the places of a path are worth: that of the first visit, of all between it and the next, and so on to the last.
///
/// `40/20/40` is 40 to the first and to the last, and 20 divided among all between. `30/5/30/5/30` is a W: a third visit in
/// the middle counts as well. In a path too short for a place its part falls to the others in proportion; a middle that
/// falls between two visits is halved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights(pub(super) Vec<u32>);

impl Default for Weights {
    /// `40/20/40`, which the field commonly takes; the vendor's is not public.
    fn default() -> Self {
        Self(vec![40, 20, 40])
    }
}

/// What models are called.
const NAMES: [&str; 7] = [
    "first-touch",
    "last-touch",
    "last-non-direct",
    "linear",
    "time-decay",
    "position",
    "markov",
];

impl Model {
    /// Every model with its defaults.
    pub fn all() -> [Self; 7] {
        let half_life = SignedDuration::from_hours(7 * 24);
        [
            Self::FirstTouch,
            Self::LastTouch,
            Self::LastNonDirect,
            Self::Linear,
            Self::TimeDecay { half_life },
            Self::PositionBased(Weights::default()),
            Self::Markov,
        ]
    }

    /// Whether a visit's credit depends on its own path alone, so that no other visitor can change it.
    pub fn is_rule_based(&self) -> bool {
        !matches!(self, Self::Markov)
    }
}

impl fmt::Display for Model {
    /// As it is written, with the settings that aren't the defaults.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, last, non_direct, linear, decay, position, markov] = NAMES;
        match self {
            Self::FirstTouch => f.write_str(first),
            Self::LastTouch => f.write_str(last),
            Self::LastNonDirect => f.write_str(non_direct),
            Self::Linear => f.write_str(linear),
            Self::Markov => f.write_str(markov),
            Self::TimeDecay { half_life } if half_life.as_hours() == 7 * 24 => f.write_str(decay),
            Self::TimeDecay { half_life } => write!(f, "{decay}:{}", days_and_hours(*half_life)),
            Self::PositionBased(weights) if *weights == Weights::default() => f.write_str(position),
            Self::PositionBased(Weights(weights)) => {
                let weights: Vec<String> = weights.iter().map(u32::to_string).collect();
                write!(f, "{position}:{}", weights.join("/"))
            }
        }
    }
}

/// Why a text is no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadModel(String);

impl fmt::Display for BadModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for BadModel {}

impl FromStr for Model {
    type Err = BadModel;

    /// Reads `linear`, `time-decay`, `time-decay:14d`, `position:30/5/30/5/30` and so on.
    fn from_str(text: &str) -> Result<Self, BadModel> {
        let (name, setting) = text
            .split_once(':')
            .map_or((text, None), |(name, setting)| (name, Some(setting)));
        let Some(place) = NAMES.iter().position(|known| *known == name) else {
            return Err(BadModel(format!("there is no such model; {}", help(name, NAMES))));
        };
        let model = Self::all()[place].clone();
        match (model, setting) {
            (model, None) => Ok(model),
            (Self::TimeDecay { .. }, Some(setting)) => period(setting)
                .filter(SignedDuration::is_positive)
                .map(|half_life| Self::TimeDecay { half_life })
                .ok_or_else(|| BadModel("a half-life is written as in `time-decay:7d` or `time-decay:12h`".to_owned())),
            (Self::PositionBased(_), Some(setting)) => weights(setting).map(Self::PositionBased),
            (model, Some(_)) => Err(BadModel(format!("`{model}` takes no setting; write `{model}` alone"))),
        }
    }
}

fn weights(text: &str) -> Result<Weights, BadModel> {
    const LARGEST: u32 = 10_000;
    const MOST: usize = 9;
    let read: Option<Vec<u32>> = text
        .split('/')
        .map(|weight| weight.parse().ok().filter(|weight| *weight <= LARGEST))
        .collect();
    let read = read.filter(|weights| weights.len() % 2 == 1 && (3..=MOST).contains(&weights.len()));
    // Without these two, a path of one or two visits would get nothing.
    let read = read.filter(|weights| weights[0] > 0 && weights[weights.len() - 1] > 0);
    read.map(Weights).ok_or_else(|| {
        BadModel(
            "positions are written as in `position:40/20/40` (first, between, last) or `position:30/5/30/5/30`: three to \
             nine whole numbers up to 10000, an odd count of them, the first and the last above 0"
                .to_owned(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_read_as_it_is_written() {
        let written = ["time-decay:36h", "time-decay:14d", "position:30/5/30/5/30"];
        for text in NAMES.iter().chain(&written) {
            assert_eq!(text.parse::<Model>().unwrap().to_string(), **text);
        }
    }

    #[test]
    fn what_is_no_model_says_what_to_write() {
        for (text, message) in [
            ("liner", "there is no such model; did you mean `linear`?"),
            ("linear:1", "`linear` takes no setting; write `linear` alone"),
            ("time-decay:7", "a half-life is written as in"),
            ("time-decay:0d", "a half-life is written as in"),
            ("position:40/60", "positions are written as in"),
            ("position:0/20/80", "positions are written as in"),
            ("position:1/2/3/4/5/6/7/8/9/10/11", "positions are written as in"),
        ] {
            let error = text.parse::<Model>().unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
    }
}
