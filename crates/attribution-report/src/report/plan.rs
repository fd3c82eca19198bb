use super::build::Report;
use super::cohort::Cohorts;
use super::settings::Settings;
use super::spend::Spend;
use crate::channels::{Channels, Preset};
use crate::record::{Facts, FactsBuilder, Rows};

/// All that a report is made with besides the record.
///
/// ```
/// use attribution_report::Plan;
/// use attribution_report::record::Rows;
///
/// let record = br#"{"visits": [{"visitor": "ada", "started_at": "2024-01-15T10:00:00Z"}], "conversions": []}"#;
/// let report = Plan::default().report(&Rows::parse(record)?);
/// assert_eq!(report.total.visits, 1);
/// # Ok::<(), attribution_report::record::RowsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which channels there are; by default those of the default preset.
    pub channels: Channels,
    /// What is asked for.
    pub settings: Settings,
    /// What advertising cost, read with these channels and in this currency; by default nothing.
    pub spend: Spend,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            channels: Channels::preset(Preset::default()),
            settings: Settings::default(),
            spend: Spend::default(),
        }
    }
}

impl Plan {
    /// The report of this record.
    pub fn report(&self, rows: &Rows) -> Report {
        Report::new(&self.facts(rows), &self.spend, &self.channels, &self.settings)
    }

    /// Its cohorts for so many days, which must be at least one.
    pub fn cohorts(&self, rows: &Rows, days: usize) -> Cohorts {
        Cohorts::new(&self.facts(rows), &self.spend, &self.channels, &self.settings, days)
    }

    fn facts(&self, rows: &Rows) -> Facts {
        let mut facts = FactsBuilder::new(&self.channels, &self.settings);
        rows.fill(&mut facts, self.settings.by_company);
        facts.finish()
    }
}
