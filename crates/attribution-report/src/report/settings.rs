use std::error::Error;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::Date;

use super::group::Dimension;
use super::offset::UtcOffset;
use crate::mistake::help;
use crate::model::Model;
use crate::money::Currency;

/// What is asked of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The models, side by side; at least one.
    pub models: Vec<Model>,
    /// So long before a conversion a visit can still get credit for it. 90 days; the vendor's default is not public.
    pub look_back: SignedDuration,
    /// Whether direct visits get credit.
    pub direct: Direct,
    /// On which day credit is booked.
    pub booked: Booked,
    /// The currency of spend and revenue, and of conversions that say none. US dollars.
    pub currency: Currency,
    /// Only these events are conversions; none means all that aren't page views.
    pub events: Vec<String>,
    /// What the rows are for.
    pub by: Vec<Dimension>,
    /// How much earlier days begin than those of UTC. Not at all. The vendor's dashboard has the days of the project's time
    /// zone.
    pub utc_offset: UtcOffset,
    /// Nothing that is booked on an earlier day counts.
    pub from: Option<Date>,
    /// Nothing that is booked on a later day counts.
    pub to: Option<Date>,
    /// Whether everyone whose trait `companyId` is the same counts as one visitor.
    pub by_company: bool,
}

impl Settings {
    /// The same with each model and dimension once: models in the order in which they are first named, dimensions in that of
    /// [`Dimension::ALL`].
    ///
    /// ```
    /// use attribution_report::{Dimension, Model, Settings};
    ///
    /// let models = vec![Model::Linear, Model::FirstTouch, Model::Linear];
    /// let by = vec![Dimension::Day, Dimension::Channel];
    /// let settings = Settings { models, by, ..Settings::default() }.each_once();
    /// assert_eq!(settings.models, [Model::Linear, Model::FirstTouch]);
    /// assert_eq!(settings.by, [Dimension::Channel, Dimension::Day]);
    /// ```
    #[must_use]
    pub fn each_once(mut self) -> Self {
        self.by.sort_unstable();
        self.by.dedup();
        let mut models: Vec<Model> = Vec::new();
        for model in self.models {
            if !models.contains(&model) {
                models.push(model);
            }
        }
        self.models = models;
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            models: vec![Model::Linear],
            look_back: SignedDuration::from_hours(90 * 24),
            direct: Direct::Included,
            booked: Booked::OnVisit,
            currency: Currency::default(),
            events: Vec::new(),
            by: vec![Dimension::Channel],
            utc_offset: UtcOffset::default(),
            from: None,
            to: None,
            by_company: false,
        }
    }
}

/// Whether direct visits get credit (help.attributionapp.com, article 45).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Direct {
    /// As every other visit. The vendor's default.
    #[default]
    Included,
    /// Never.
    Excluded,
    /// Only those that began no later than the person's first event of this name.
    UntilEvent(String),
}

impl Direct {
    /// The event that ends their time.
    pub(crate) fn cut_off(&self) -> Option<&str> {
        match self {
            Self::UntilEvent(event) => Some(event),
            Self::Included | Self::Excluded => None,
        }
    }
}

impl FromStr for Direct {
    type Err = BadDirect;

    /// Reads `include`, `exclude` and `exclude-after:EVENT`.
    fn from_str(text: &str) -> Result<Self, BadDirect> {
        match (text, text.split_once(':')) {
            ("include", _) => Ok(Self::Included),
            ("exclude", _) => Ok(Self::Excluded),
            (_, Some(("exclude-after", event))) if !event.is_empty() => Ok(Self::UntilEvent(event.to_owned())),
            _ => Err(BadDirect),
        }
    }
}

/// A text that doesn't say whether direct visits get credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDirect;

impl fmt::Display for BadDirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write include, exclude or exclude-after:EVENT")
    }
}

impl Error for BadDirect {}

/// On which day credit is booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Booked {
    /// On the day of the visit that gets it, beside what that day's spend was: the vendor's look-forward model.
    #[default]
    OnVisit,
    /// On the day of the conversion.
    OnConversion,
}

impl Booked {
    /// Both.
    pub const ALL: [Self; 2] = [Self::OnVisit, Self::OnConversion];

    /// As it is written: `visit` or `conversion`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnVisit => "visit",
            Self::OnConversion => "conversion",
        }
    }
}

impl fmt::Display for Booked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Booked {
    type Err = BadBooked;

    fn from_str(text: &str) -> Result<Self, BadBooked> {
        let found = Self::ALL.into_iter().find(|booked| booked.as_str() == text);
        found.ok_or_else(|| BadBooked(text.to_owned()))
    }
}

/// A word that is no [`Booked`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadBooked(String);

impl fmt::Display for BadBooked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Booked::ALL.map(Booked::as_str);
        write!(f, "credit can't be booked on that; {}", help(&self.0, names))
    }
}

impl Error for BadBooked {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_with_direct_visits_is_read_as_it_is_written() {
        assert_eq!("include".parse(), Ok(Direct::Included));
        assert_eq!("exclude".parse(), Ok(Direct::Excluded));
        let until = Direct::UntilEvent("Signed: Up".to_owned());
        assert_eq!("exclude-after:Signed: Up".parse(), Ok(until));
        for text in ["", "no", "exclude-after:", "exclude-after"] {
            assert_eq!(text.parse::<Direct>(), Err(BadDirect), "{text}");
        }
    }

    #[test]
    fn credit_is_booked_on_one_of_the_two() {
        for booked in Booked::ALL {
            assert_eq!(booked.to_string().parse(), Ok(booked));
        }
        let told = "convers".parse::<Booked>().unwrap_err().to_string();
        assert_eq!(
            told,
            "credit can't be booked on that; write one of `visit`, `conversion`"
        );
    }
}
