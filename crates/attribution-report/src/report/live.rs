use std::collections::HashMap;
use std::mem;

use super::build::{Report, Tally};
use super::settings::Settings;
use super::spend::Spend;
use super::walk::Walk;
use crate::channels::{Channels, FilterId};
use crate::model::Model;
use crate::record::{ConversionFact, ConversionRow, Facts, FactsBuilder, VisitFact, VisitRow};

/// A report that goes on: it takes further visits, conversions and merges in, and computes only those persons anew whom they
/// touch. It says at every time what [`Report::new`] says of all of them together.
///
/// The Markov model looks at everyone's paths, so with it everything is computed anew.
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
    /// What isn't in the tally yet, and the names of all persons and campaigns.
    builder: FactsBuilder<'a>,
    /// By their numbers.
    people: Vec<Theirs>,
    /// When each person did what ends the time of direct visits, as far as the tally knows.
    cut_offs: HashMap<u32, i64, foldhash::fast::RandomState>,
    /// Whom anything new is of. Some are there twice.
    touched: Vec<u32>,
    /// Everyone's figures; a campaign's number is that of its arrival.
    tally: Tally<'a>,
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
            people: Vec::new(),
            cut_offs: HashMap::default(),
            touched: Vec::new(),
            tally: Tally::new(channels, settings),
        }
    }

    /// Takes a visit in, and says which filter it belongs to.
    pub fn visit(&mut self, row: &VisitRow<'_>) -> FilterId {
        self.touched.push(self.builder.person(row.visitor));
        self.builder.visit(row)
    }

    /// Takes a conversion in, if it is one of the events that count.
    pub fn conversion(&mut self, row: &ConversionRow<'_>) {
        self.touched.push(self.builder.person(row.visitor));
        self.builder.conversion(row);
    }

    /// From now on both names are one visitor's, and so is all that either did.
    pub fn merge(&mut self, from: &str, into: &str) {
        let (gone, kept) = (self.builder.person(from), self.builder.person(into));
        if gone == kept {
            return;
        }
        self.touched.extend([gone, kept]);
        self.refresh();
        let both = [gone, kept];
        self.take_out(&both);
        let theirs = mem::take(self.theirs(gone));
        let own = self.theirs(kept);
        own.visits.extend(
            theirs
                .visits
                .into_iter()
                .map(|visit| VisitFact { person: kept, ..visit }),
        );
        let conversions = theirs.conversions.into_iter();
        own.conversions.extend(conversions.map(|conversion| ConversionFact {
            person: kept,
            ..conversion
        }));
        self.builder.join(gone, kept);
        self.settle(&both);
        self.put_in(&both);
    }

    /// The report of everything so far, and of this spend.
    pub fn report(&mut self, spend: &Spend) -> Report {
        self.refresh();
        let (campaigns, places) = self.builder.campaigns();
        let left_out = self.builder.left_out().clone();
        if self.settings.models.iter().all(Model::is_rule_based) {
            let tally = self.tally.with_campaigns(&places);
            return Report::of(tally, spend, &campaigns, left_out);
        }
        let everyone: Vec<u32> = (0..).take(self.people.len()).collect();
        let mut facts = self.facts(&everyone, &places);
        for visit in &mut facts.visits {
            visit.campaign = places[visit.campaign as usize];
        }
        (facts.campaigns, facts.left_out) = (campaigns, left_out);
        Report::new(&facts, spend, self.channels, self.settings)
    }

    /// Brings the tally up to date.
    fn refresh(&mut self) {
        let mut touched = mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        self.take_out(&touched);
        let (visits, conversions) = self.builder.take();
        for visit in visits {
            self.theirs(visit.person).visits.push(visit);
        }
        for conversion in conversions {
            self.theirs(conversion.person).conversions.push(conversion);
        }
        self.settle(&touched);
        self.put_in(&touched);
    }

    fn theirs(&mut self, person: u32) -> &mut Theirs {
        let place = person as usize;
        if place >= self.people.len() {
            self.people.resize_with(place + 1, Theirs::default);
        }
        &mut self.people[place]
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
        let (_, places) = self.builder.campaigns();
        let facts = self.facts(persons, &places);
        let walk = Walk::new(&facts, self.settings, self.channels);
        let [mut all, other] = walk.halves(|| Tally::new(self.channels, self.settings));
        all.absorb(&other);
        Some(all)
    }

    /// The facts of these persons, in order.
    fn facts(&self, persons: &[u32], places: &[u32]) -> Facts {
        let mut facts = Facts::default();
        for person in persons {
            if let Some(theirs) = self.people.get(*person as usize) {
                facts.visits.extend(&theirs.visits);
                facts.conversions.extend(&theirs.conversions);
            }
            if let Some(at) = self.cut_offs.get(person) {
                facts.cut_offs.insert(*person, *at);
            }
        }
        let place = |visit: &VisitFact| (visit.person, visit.at, visit.filter, places[visit.campaign as usize]);
        facts.visits.sort_unstable_by_key(place);
        facts.conversions.sort_unstable();
        facts
    }
}
