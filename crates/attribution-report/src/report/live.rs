use std::collections::HashMap;
use std::mem;

use attribution_ledger::Change;
use serde_json::Number;

use super::build::{Report, Tally};
use super::companies::Companies;
use super::group::Dimension;
use super::settings::Settings;
use super::spend::Spend;
use super::walk::Walk;
use crate::channels::{Channels, FilterId};
use crate::model::Model;
use crate::record::{ConversionFact, ConversionRow, Facts, FactsBuilder, VisitFact, VisitRow, company_of};

/// A report that goes on: it is told what is new or has changed, and computes only those persons anew whom that is of. It says
/// at every time what [`Report::new`] says of all that counts then, in whatever order it was told.
///
/// It takes up
/// - visits and conversions of any time, late ones too: [`visit`](Self::visit), [`conversion`](Self::conversion);
/// - two visitors who turn out to be one, before, between or after what they did: [`merge`](Self::merge);
/// - visits that are no longer what they were: [`forget_visits`](Self::forget_visits). A visit is a session, so a page view
///   that arrives late can begin, prolong, join or cut visits that were told long ago, and so can a merge;
/// - where companies count, a visitor who turns out to belong to one, to another or to none any more:
///   [`belongs`](Self::belongs). A company's path is of all that its visitors did, so it is computed anew as a whole.
///
/// Rows don't tell by themselves that a visit has changed. A ledger does, so whoever has one hands its changes over and need
/// not know of the above: [`follow`](Self::follow).
///
/// Not taken up: a conversion that is taken back. The Markov model looks at everyone's paths, so with it everything is computed
/// anew.
///
/// ```
/// use attribution_report::record::VisitRow;
/// use attribution_report::{Channels, LiveReport, Preset, Settings, Spend};
///
/// let (channels, settings) = (Channels::preset(Preset::default()), Settings::default());
/// let mut live = LiveReport::new(&channels, &settings);
/// let visit = |visitor, url| VisitRow { visitor, at: jiff::Timestamp::UNIX_EPOCH, url, referrer: None, campaign: None };
/// live.visit(&visit("anon-1", Some("https://a.example/?gclid=1")));
/// assert_eq!(live.report(&Spend::default()).total.visitors, 1);
/// live.visit(&visit("user-1", Some("https://a.example/")));
/// assert_eq!(live.report(&Spend::default()).total.visitors, 2);
/// live.merge("anon-1", "user-1");
/// assert_eq!(live.report(&Spend::default()).total.visitors, 1);
/// ```
#[derive(Debug)]
pub struct LiveReport<'a> {
    channels: &'a Channels,
    settings: &'a Settings,
    /// The names of all persons and campaigns.
    builder: FactsBuilder<'a>,
    /// What isn't in the tally yet, in the order in which it was told.
    told: Vec<Told>,
    /// By their numbers, each for themselves, whatever company they belong to.
    people: Vec<Theirs>,
    companies: Companies,
    /// When each person did what ends the time of direct visits, as far as the tally knows.
    cut_offs: HashMap<u32, i64, foldhash::fast::RandomState>,
    /// How many visits of each campaign's number there are. A campaign whose visits have all changed is as good as unknown.
    campaigns: Vec<u64>,
    /// Whom anything new is of. Some are there twice.
    touched: Vec<u32>,
    /// Everyone's figures; a campaign's number is that of its arrival.
    tally: Tally<'a>,
}

/// Something that was told.
#[derive(Clone, Copy, Debug)]
enum Told {
    Visit(VisitFact),
    Conversion(ConversionFact),
    /// The visits of this person count no longer.
    Forget(u32),
    /// One person is another from now on.
    Join {
        gone: u32,
        kept: u32,
    },
    /// This visitor counts as that company from now on, or as themselves.
    Belongs {
        visitor: u32,
        company: Option<u32>,
    },
}

/// One person's facts in any order.
#[derive(Clone, Debug, Default)]
struct Theirs {
    visits: Vec<VisitFact>,
    conversions: Vec<ConversionFact>,
}

impl<'a> LiveReport<'a> {
    /// A report of nothing.
    pub fn new(channels: &'a Channels, settings: &'a Settings) -> Self {
        Self {
            channels,
            settings,
            builder: FactsBuilder::new(channels, settings),
            told: Vec::new(),
            people: Vec::new(),
            companies: Companies::default(),
            cut_offs: HashMap::default(),
            campaigns: Vec::new(),
            touched: Vec::new(),
            tally: Tally::new(channels, settings),
        }
    }

    /// Takes a visit in, and says which filter it belongs to.
    pub fn visit(&mut self, row: &VisitRow<'_>) -> FilterId {
        let fact = self.builder.visit_fact(row);
        self.touched.push(fact.person);
        self.told.push(Told::Visit(fact));
        FilterId(fact.filter)
    }

    /// Takes a conversion in, if it is one of the events that count.
    pub fn conversion(&mut self, row: &ConversionRow<'_>) {
        self.touched.push(self.builder.person(row.visitor));
        self.told
            .extend(self.builder.conversion_fact(row).map(Told::Conversion));
    }

    /// The visits of this visitor that were told so far count no longer, as they have changed: what they are now is told next.
    pub fn forget_visits(&mut self, visitor: &str) {
        let person = self.builder.person(visitor);
        self.touched.push(person);
        self.told.push(Told::Forget(person));
    }

    /// From now on both names are one visitor's, and so is all that either did. Of two companies, `into`'s counts.
    pub fn merge(&mut self, from: &str, into: &str) {
        let (gone, kept) = (self.builder.person(from), self.builder.person(into));
        if gone != kept {
            self.builder.join(gone, kept);
            self.touched.extend([gone, kept]);
            self.told.push(Told::Join { gone, kept });
        }
    }

    /// From now on this visitor counts as that company with all that they did and will do, or as themselves. Nothing comes of
    /// it unless the settings say `by_company`.
    ///
    /// ```
    /// use attribution_report::record::VisitRow;
    /// use attribution_report::{Channels, LiveReport, Preset, Settings, Spend};
    ///
    /// let channels = Channels::preset(Preset::default());
    /// let settings = Settings { by_company: true, ..Settings::default() };
    /// let mut live = LiveReport::new(&channels, &settings);
    /// for visitor in ["ada", "bob"] {
    ///     live.visit(&VisitRow { visitor, at: jiff::Timestamp::UNIX_EPOCH, url: None, referrer: None, campaign: None });
    ///     live.belongs(visitor, Some("acme"));
    /// }
    /// assert_eq!(live.report(&Spend::default()).total.visitors, 1);
    /// live.belongs("bob", None);
    /// assert_eq!(live.report(&Spend::default()).total.visitors, 2);
    /// ```
    pub fn belongs(&mut self, visitor: &str, company: Option<&str>) {
        if self.settings.by_company {
            let visitor = self.builder.person(visitor);
            let company = company.map(|company| self.builder.company(company));
            self.touched.push(visitor);
            self.touched.extend(company);
            self.told.push(Told::Belongs { visitor, company });
        }
    }

    /// Takes up what a ledger tells of one person, who is named by their number.
    ///
    /// ```
    /// use attribution_ledger::{Follower, Ledger};
    /// use attribution_report::{Channels, LiveReport, Preset, Settings, Spend};
    ///
    /// let (channels, settings) = (Channels::preset(Preset::default()), Settings::default());
    /// let (ledger, mut follower) = (Ledger::default(), Follower::default());
    /// let mut live = LiveReport::new(&channels, &settings);
    /// // Whenever a report is wanted, however much the ledger has recorded since the last one:
    /// ledger.changes(&mut follower, |change| live.follow(&change));
    /// assert_eq!(live.report(&Spend::default()).total.visits, 0);
    /// ```
    pub fn follow(&mut self, change: &Change) {
        let visitor = change.person.to_string();
        for gone in &change.joined {
            self.merge(&gone.to_string(), &visitor);
        }
        if let Some(visits) = &change.visits {
            self.forget_visits(&visitor);
            for visit in visits {
                self.visit(&VisitRow {
                    visitor: &visitor,
                    at: visit.started_at,
                    url: visit.url.as_deref(),
                    referrer: visit.referrer.as_deref(),
                    campaign: visit.campaign.as_deref(),
                });
            }
        }
        for conversion in &change.conversions {
            self.conversion(&ConversionRow {
                visitor: &visitor,
                at: conversion.at,
                event: &conversion.event,
                revenue: conversion.revenue.as_ref().map(Number::as_str),
                currency: conversion.currency.as_deref(),
            });
        }
        if let Some(traits) = &change.traits {
            self.belongs(&visitor, company_of(traits).as_deref());
        }
    }

    /// The report of everything so far, and of this spend.
    pub fn report(&mut self, spend: &Spend) -> Report {
        self.refresh();
        let left_out = self.builder.left_out().clone();
        let is_rule_based = self.settings.models.iter().all(Model::is_rule_based);
        if is_rule_based && !self.settings.by.contains(&Dimension::Campaign) {
            return Report::of(self.tally.clone(), spend, &["".into()], left_out);
        }
        let (campaigns, places) = self.known_campaigns();
        if is_rule_based {
            let tally = self.tally.with_campaigns(&places);
            return Report::of(tally, spend, &campaigns, left_out);
        }
        let everyone: Vec<u32> = (0..self.builder.persons()).collect();
        let mut facts = self.facts(&everyone);
        for visit in &mut facts.visits {
            visit.campaign = places[visit.campaign as usize];
        }
        (facts.campaigns, facts.left_out) = (campaigns, left_out);
        Report::new(&facts, spend, self.channels, self.settings)
    }

    /// Brings the tally up to date.
    fn refresh(&mut self) {
        let mut touched = mem::take(&mut self.touched);
        // Whoever is told to belong to a company is touched together with it, so these are all whom they count as, before
        // and after.
        let ones: Vec<u32> = touched.iter().map(|person| self.companies.one(*person)).collect();
        touched.extend(ones);
        touched.sort_unstable();
        touched.dedup();
        self.take_out(&touched);
        for told in mem::take(&mut self.told) {
            self.apply(told);
        }
        self.settle(&touched);
        self.put_in(&touched);
    }

    fn apply(&mut self, told: Told) {
        match told {
            Told::Visit(visit) => {
                *self.visits_of(visit.campaign) += 1;
                self.theirs(visit.person).visits.push(visit);
            }
            Told::Conversion(conversion) => self.theirs(conversion.person).conversions.push(conversion),
            Told::Forget(person) => {
                for visit in mem::take(&mut self.theirs(person).visits) {
                    *self.visits_of(visit.campaign) -= 1;
                }
            }
            Told::Belongs { visitor, company } => self.companies.belongs(visitor, company),
            Told::Join { gone, kept } => {
                self.companies.join(gone, kept);
                let Theirs { visits, conversions } = mem::take(self.theirs(gone));
                let own = self.theirs(kept);
                own.visits.extend(visits.iter().map(|visit| visit.of(kept)));
                own.conversions
                    .extend(conversions.iter().map(|conversion| conversion.of(kept)));
            }
        }
    }

    fn theirs(&mut self, person: u32) -> &mut Theirs {
        at(&mut self.people, person)
    }

    fn visits_of(&mut self, campaign: u32) -> &mut u64 {
        at(&mut self.campaigns, campaign)
    }

    /// The campaigns that any visit has by their names, and the place there of each campaign's number.
    fn known_campaigns(&self) -> (Vec<Box<str>>, Vec<u32>) {
        let visits = |campaign: u32| self.campaigns.get(campaign as usize).copied().unwrap_or(0);
        self.builder.campaigns(|campaign| visits(campaign) > 0)
    }

    /// Takes over when the time of direct visits ends for these.
    fn settle(&mut self, persons: &[u32]) {
        for person in persons {
            match self.builder.cut_off(*person) {
                Some(at) => self.cut_offs.insert(*person, at),
                None => self.cut_offs.remove(person),
            };
        }
    }

    fn take_out(&mut self, persons: &[u32]) {
        if let Some(theirs) = self.tally_of(persons) {
            self.tally.subtract(&theirs);
        }
    }

    fn put_in(&mut self, persons: &[u32]) {
        if let Some(theirs) = self.tally_of(persons) {
            self.tally.absorb(&theirs);
        }
    }

    /// The figures of these persons alone; none where no figures are kept.
    fn tally_of(&self, persons: &[u32]) -> Option<Tally<'a>> {
        if !self.settings.models.iter().all(Model::is_rule_based) {
            return None;
        }
        let facts = self.facts(persons);
        let walk = Walk::new(&facts, self.settings, self.channels);
        let [mut all, other] = walk.halves(|| Tally::new(self.channels, self.settings));
        all.absorb(&other);
        Some(all)
    }

    /// The facts of these, in order: each with all that whoever counts as them did.
    fn facts(&self, ones: &[u32]) -> Facts {
        let mut facts = Facts::default();
        for (one, person) in ones
            .iter()
            .flat_map(|one| self.companies.all(*one).map(|person| (*one, person)))
        {
            if let Some(theirs) = self.people.get(person as usize) {
                facts.visits.extend(theirs.visits.iter().map(|visit| visit.of(one)));
                facts
                    .conversions
                    .extend(theirs.conversions.iter().map(|conversion| conversion.of(one)));
            }
            if let Some(at) = self.cut_offs.get(&person) {
                facts.cut_off(one, *at);
            }
        }
        let place = |visit: &VisitFact| (visit.person, visit.at, visit.filter);
        let campaign = |visit: &VisitFact| self.builder.campaign_name(visit.campaign);
        facts.visits.sort_unstable_by(|one, other| {
            let by_place = place(one).cmp(&place(other));
            by_place.then_with(|| campaign(one).cmp(campaign(other)))
        });
        facts.conversions.sort_unstable();
        facts
    }
}

/// What is kept under a number, which may be a new one.
fn at<T: Default>(all: &mut Vec<T>, number: u32) -> &mut T {
    let place = number as usize;
    if place >= all.len() {
        all.resize_with(place + 1, T::default);
    }
    &mut all[place]
}
