use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use crate::channels::{Channels, Classifier, FilterId};
use crate::money::{Currency, Rounding, minor_units};
use crate::report::Settings;

type Map<V> = HashMap<Box<str>, V, foldhash::fast::RandomState>;

/// One visit, in words that are only borrowed.
#[derive(Clone, Copy, Debug)]
pub struct VisitRow<'a> {
    /// Whose it was.
    pub visitor: &'a str,
    /// When it began. Less than a microsecond doesn't count.
    pub at: Timestamp,
    /// The landing url.
    pub url: Option<&'a str>,
    /// The landing page's referrer.
    pub referrer: Option<&'a str>,
    /// `utm_campaign`. Letter case doesn't count.
    pub campaign: Option<&'a str>,
}

/// One conversion, in words that are only borrowed.
#[derive(Clone, Copy, Debug)]
pub struct ConversionRow<'a> {
    /// Who did it.
    pub visitor: &'a str,
    /// When. Less than a microsecond doesn't count.
    pub at: Timestamp,
    /// The event's name.
    pub event: &'a str,
    /// A decimal number; negative for a refund.
    pub revenue: Option<&'a str>,
    /// The currency; none is that of the report.
    pub currency: Option<&'a str>,
}

/// What is kept of a visit. The order is that of a person's path; of visits at the same time it depends on what they are, and
/// not on which arrived first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VisitFact {
    pub(crate) person: u32,
    /// Microseconds since 1970.
    pub(crate) at: i64,
    pub(crate) filter: u16,
    /// The campaign's place among all, by their names; 0 is none.
    pub(crate) campaign: u32,
}

impl VisitFact {
    /// The same as somebody else's.
    pub(crate) fn of(self, person: u32) -> Self {
        Self { person, ..self }
    }
}

/// What is kept of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConversionFact {
    pub(crate) person: u32,
    pub(crate) at: i64,
    /// In minor units; negative for a refund, which is no conversion but takes revenue away.
    pub(crate) amount: i64,
    /// The place in the order in which conversions were handed over.
    pub(crate) number: u32,
}

impl ConversionFact {
    /// The same as somebody else's.
    pub(crate) fn of(self, person: u32) -> Self {
        Self { person, ..self }
    }
}

/// Conversions that are counted without their revenue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many of each other currency.
    pub currencies: BTreeMap<String, u64>,
    /// How many of more than 18 digits.
    pub too_large: u64,
}

/// A record, classified and in order.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(crate) visits: Vec<VisitFact>,
    pub(crate) conversions: Vec<ConversionFact>,
    /// By their place; the first is none.
    pub(crate) campaigns: Vec<Box<str>>,
    /// When each person first did what ends the time of direct visits.
    pub(crate) cut_offs: HashMap<u32, i64, foldhash::fast::RandomState>,
    /// Whose revenue is missing.
    pub left_out: LeftOut,
}

/// Takes visits and conversions in, in any order.
///
/// ```
/// use attribution_report::record::{FactsBuilder, VisitRow};
/// use attribution_report::{Channels, Preset, Settings};
///
/// let (channels, settings) = (Channels::preset(Preset::default()), Settings::default());
/// let mut facts = FactsBuilder::new(&channels, &settings);
/// let at = "2024-01-15T10:00:00Z".parse()?;
/// facts.visit(&VisitRow { visitor: "ada", at, url: Some("https://a.example/"), referrer: None, campaign: None });
/// assert_eq!(facts.finish().visits(), 1);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug)]
pub struct FactsBuilder<'a> {
    settings: &'a Settings,
    classifier: Classifier<'a>,
    persons: Map<u32>,
    /// Whose name is somebody else's by now. No one is led back to themselves.
    joined: HashMap<u32, u32, foldhash::fast::RandomState>,
    companies: Map<Box<str>>,
    campaigns: HashMap<Arc<str>, u32, foldhash::fast::RandomState>,
    /// Their names by their numbers; the first is none.
    campaign_names: Vec<Arc<str>>,
    lower: String,
    facts: Facts,
}

impl<'a> FactsBuilder<'a> {
    /// For these channels; of the settings, the currency and the events count.
    pub fn new(channels: &'a Channels, settings: &'a Settings) -> Self {
        Self {
            settings,
            classifier: Classifier::new(channels),
            persons: Map::default(),
            joined: HashMap::default(),
            companies: Map::default(),
            campaigns: HashMap::default(),
            campaign_names: vec!["".into()],
            lower: String::new(),
            facts: Facts::default(),
        }
    }

    /// From now on this visitor counts as that company.
    pub fn belongs(&mut self, visitor: &str, company: &str) {
        self.companies.insert(visitor.into(), company_name(company).into());
    }

    /// Takes a visit in, and says which filter it belongs to.
    pub fn visit(&mut self, row: &VisitRow<'_>) -> FilterId {
        let fact = self.visit_fact(row);
        self.facts.visits.push(fact);
        FilterId(fact.filter)
    }

    /// What is to be kept of a visit. Its campaign is the number of its arrival.
    pub(crate) fn visit_fact(&mut self, row: &VisitRow<'_>) -> VisitFact {
        let filter = self.classifier.classify(row.url, row.referrer);
        let person = self.person(row.visitor);
        let campaign = match row.campaign {
            None | Some("") => 0,
            Some(campaign) => self.campaign(campaign),
        };
        VisitFact {
            person,
            at: row.at.as_microsecond(),
            filter: filter.0,
            campaign,
        }
    }

    /// Takes a conversion in, if it is one of the events that count.
    pub fn conversion(&mut self, row: &ConversionRow<'_>) {
        if let Some(fact) = self.conversion_fact(row) {
            self.facts.conversions.push(fact);
        }
    }

    /// What is to be kept of a conversion that counts.
    pub(crate) fn conversion_fact(&mut self, row: &ConversionRow<'_>) -> Option<ConversionFact> {
        let person = self.person(row.visitor);
        let at = row.at.as_microsecond();
        if self.settings.direct.cut_off() == Some(row.event) {
            self.facts.cut_off(person, at);
        }
        let events = &self.settings.events;
        if !events.is_empty() && !events.iter().any(|event| *event == row.event) {
            return None;
        }
        let amount = self.amount(row);
        let number = u32::try_from(self.facts.conversions.len()).unwrap_or(u32::MAX);
        Some(ConversionFact {
            person,
            at,
            amount,
            number,
        })
    }

    fn amount(&mut self, row: &ConversionRow<'_>) -> i64 {
        let Some(revenue) = row.revenue else { return 0 };
        let ours = self.settings.currency;
        let left_out = &mut self.facts.left_out;
        match row.currency.filter(|currency| !currency.trim().is_empty()) {
            Some(other) if other.parse::<Currency>() != Ok(ours) => {
                let other = other
                    .parse()
                    .map_or_else(|_| other.to_owned(), |known: Currency| known.to_string());
                *left_out.currencies.entry(other).or_default() += 1;
                0
            }
            _ => minor_units(revenue, ours.decimals(), Rounding::HalfAway).unwrap_or_else(|_| {
                left_out.too_large += 1;
                0
            }),
        }
    }

    /// The number of this visitor, who gets one if there is none yet.
    pub(crate) fn person(&mut self, visitor: &str) -> u32 {
        let name = self.companies.get(visitor).map_or(visitor, |company| company);
        if let Some(person) = self.persons.get(name) {
            return self.today(*person);
        }
        let person = next(self.persons.len());
        let name = name.into();
        self.persons.insert(name, person);
        person
    }

    /// The number of this company, which is as good as a visitor's.
    pub(crate) fn company(&mut self, company: &str) -> u32 {
        self.person(&company_name(company))
    }

    /// How many visitors and companies have a number: they are the numbers below it.
    pub(crate) fn persons(&self) -> u32 {
        next(self.persons.len())
    }

    /// Who somebody is after all that joined.
    fn today(&self, mut person: u32) -> u32 {
        while let Some(kept) = self.joined.get(&person) {
            person = *kept;
        }
        person
    }

    /// The number of whoever has been handed over by this name.
    pub(crate) fn number_of(&self, visitor: &str) -> Option<u32> {
        self.persons.get(visitor).copied()
    }

    fn campaign(&mut self, campaign: &str) -> u32 {
        self.lower.clear();
        if campaign.is_ascii() {
            self.lower.push_str(campaign);
            self.lower.make_ascii_lowercase();
        } else {
            self.lower.push_str(&campaign.to_lowercase());
        }
        if let Some(campaign) = self.campaigns.get(&*self.lower) {
            return *campaign;
        }
        let (campaign, name) = (next(self.campaign_names.len()), Arc::<str>::from(self.lower.as_str()));
        self.campaign_names.push(Arc::clone(&name));
        self.campaigns.insert(name, campaign);
        campaign
    }

    /// The name of the campaign of this number.
    pub(crate) fn campaign_name(&self, campaign: u32) -> &str {
        &self.campaign_names[campaign as usize]
    }

    /// Gives one person's name to another who isn't the same, and their cut-off.
    pub(crate) fn join(&mut self, gone: u32, kept: u32) {
        self.joined.insert(gone, kept);
        if let Some(at) = self.facts.cut_offs.remove(&gone) {
            self.facts.cut_off(kept, at);
        }
    }

    /// When this person first did what ends the time of direct visits.
    pub(crate) fn cut_off(&self, person: u32) -> Option<i64> {
        self.facts.cut_offs.get(&person).copied()
    }

    /// Whose revenue is missing so far.
    pub(crate) fn left_out(&self) -> &LeftOut {
        &self.facts.left_out
    }

    /// Those of the campaigns that count by their names, none before them, and the place there of each campaign's number.
    pub(crate) fn campaigns(&self, counts: impl Fn(u32) -> bool) -> (Vec<Box<str>>, Vec<u32>) {
        let all = self.campaign_names.iter().zip(0..);
        let mut named: Vec<(&Arc<str>, u32)> = all.filter(|(_, number)| *number == 0 || counts(*number)).collect();
        named.sort_unstable();
        let mut places = vec![0; self.campaign_names.len()];
        for (place, (_, campaign)) in named.iter().enumerate() {
            places[*campaign as usize] = next(place);
        }
        (named.into_iter().map(|(name, _)| (&**name).into()).collect(), places)
    }

    /// The record in order.
    pub fn finish(self) -> Facts {
        let (campaigns, places) = self.campaigns(|_| true);
        let mut facts = self.facts;
        for visit in &mut facts.visits {
            visit.campaign = places[visit.campaign as usize];
        }
        facts.campaigns = campaigns;
        facts.visits.sort_unstable();
        facts.conversions.sort_unstable();
        facts
    }
}

impl Facts {
    /// How many visits there are.
    pub fn visits(&self) -> usize {
        self.visits.len()
    }

    /// How many conversions there are, refunds among them.
    pub fn conversions(&self) -> usize {
        self.conversions.len()
    }

    /// This person did then what ends the time of direct visits.
    pub(crate) fn cut_off(&mut self, person: u32, at: i64) {
        let first = self.cut_offs.entry(person).or_insert(at);
        *first = at.min(*first);
    }
}

/// As what a company is numbered. It is told from a visitor who is called the same by a character that no id has.
fn company_name(company: &str) -> String {
    format!("\0{company}")
}

fn next(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
