//! What a report is asked for, as far as that is said.

use attribution_report::money::Currency;
use attribution_report::{Booked, Dimension, Direct, Model, Settings, UtcOffset};
use jiff::SignedDuration;
use jiff::civil::Date;

/// What a report is asked for; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What there is a row for: `by`.
    pub by: Option<Vec<Dimension>>,
    /// The models: `model`.
    pub models: Option<Vec<Model>>,
    /// How long before a conversion a visit can get credit: `look_back`.
    pub look_back: Option<SignedDuration>,
    /// Whether direct visits get credit: `direct`.
    pub direct: Option<Direct>,
    /// Which events are conversions: `event`.
    pub events: Option<Vec<String>>,
    /// On which day credit is booked: `booked`.
    pub booked: Option<Booked>,
    /// How much earlier days begin than those of UTC: `utc_offset`.
    pub utc_offset: Option<UtcOffset>,
    /// The first day that counts: `from`.
    pub from: Option<Date>,
    /// The last day that counts: `to`.
    pub to: Option<Date>,
    /// Whether a company counts as one visitor: `company`.
    pub by_company: Option<bool>,
    /// The currency: `currency`.
    pub currency: Option<Currency>,
}

impl Asked {
    /// The settings with what is asked for in their place.
    ///
    /// ```
    /// use attribution_report::{Model, Settings};
    /// use scenario::Asked;
    ///
    /// let asked = Asked { models: Some(vec![Model::FirstTouch]), ..Asked::default() };
    /// let settings = asked.over(&Settings::default());
    /// assert_eq!((settings.models, settings.by), (vec![Model::FirstTouch], Settings::default().by));
    /// ```
    #[must_use]
    pub fn over(&self, settings: &Settings) -> Settings {
        let given = self.clone();
        let settings = settings.clone();
        let settings = Settings {
            by: given.by.unwrap_or(settings.by),
            models: given.models.unwrap_or(settings.models),
            look_back: given.look_back.unwrap_or(settings.look_back),
            direct: given.direct.unwrap_or(settings.direct),
            events: given.events.unwrap_or(settings.events),
            booked: given.booked.unwrap_or(settings.booked),
            utc_offset: given.utc_offset.unwrap_or(settings.utc_offset),
            from: given.from.or(settings.from),
            to: given.to.or(settings.to),
            by_company: given.by_company.unwrap_or(settings.by_company),
            currency: given.currency.unwrap_or(settings.currency),
        };
        settings.each_once()
    }
}
