use jiff::SignedDuration;
use jiff::civil::Date;

use super::group::Dimension;
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
    /// Nothing that is booked on an earlier day counts. Days are UTC's.
    pub from: Option<Date>,
    /// Nothing that is booked on a later day counts.
    pub to: Option<Date>,
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
            from: None,
            to: None,
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

/// On which day credit is booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Booked {
    /// On the day of the visit that gets it, beside what that day's spend was: the vendor's look-forward model.
    #[default]
    OnVisit,
    /// On the day of the conversion.
    OnConversion,
}
