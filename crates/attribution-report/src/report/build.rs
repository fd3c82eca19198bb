use std::collections::{BTreeSet, HashMap};

use super::figures::{BY_MODEL, Figures, Row, SHARED, columns};
use super::group::{Dimension, Group, Key, date_of, day_number};
use super::settings::{Booked, Settings};
use super::spend::Spend;
use super::table::{Cell, Table};
use super::walk::{Credit, Sink, Walk};
use crate::UNATTRIBUTED;
use crate::channels::{Channels, FilterId};
use crate::record::{Facts, LeftOut, VisitFact};

/// Spend, visits and credit, row by row.
///
/// ```
/// use attribution_report::record::{ConversionRow, FactsBuilder, VisitRow};
/// use attribution_report::{Channels, Preset, Report, Settings, Spend};
///
/// let (channels, settings) = (Channels::preset(Preset::default()), Settings::default());
/// let mut facts = FactsBuilder::new(&channels, &settings);
/// let at = "2024-01-15T10:00:00Z".parse()?;
/// let url = Some("https://a.example/?utm_source=google");
/// facts.visit(&VisitRow { visitor: "ada", at, url, referrer: None, campaign: None });
/// facts.conversion(&ConversionRow { visitor: "ada", at, event: "Order", revenue: Some("9.90"), currency: None });
/// let spend = Spend::parse("spend.csv", "date,channel,spend\n2024-01-15,Google Ads,3\n", &channels, &settings)?;
///
/// let report = Report::new(&facts.finish(), &spend, &channels, &settings);
/// assert_eq!(report.rows[0].group.channel.as_deref(), Some("Google Ads"));
/// assert_eq!(report.rows[0].figures.profit(0), Some(690));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it was asked for.
    pub settings: Settings,
    /// In the order of the channels and their filters, then by campaign and by day; what is unattributed comes last.
    pub rows: Vec<Row>,
    /// Everything together. A person counts once.
    pub total: Figures,
    /// Whose revenue is missing.
    pub left_out: LeftOut,
}

impl Report {
    /// The report of these facts and this spend. The facts must have been built with the same channels and settings.
    pub fn new(facts: &Facts, spend: &Spend, channels: &Channels, settings: &Settings) -> Self {
        let walk = Walk::new(facts, settings, channels);
        let [mut all, other] = walk.halves(|| Tally::new(channels, settings));
        all.absorb(&other);
        Self::of(all, spend, &facts.campaigns, facts.left_out.clone())
    }

    /// The report of everyone's figures, whose campaigns are numbered by their places among these.
    pub(super) fn of(mut all: Tally<'_>, spend: &Spend, campaigns: &[Box<str>], left_out: LeftOut) -> Self {
        let new_campaigns = all.spend(spend, campaigns);
        let Tally {
            channels,
            settings,
            groups,
            total,
            ..
        } = &all;
        let rows = all.keyed().into_iter().map(|(key, place)| Row {
            group: named(key, [campaigns, &new_campaigns], channels),
            figures: groups[place].figures.clone(),
        });
        Self {
            settings: Settings::clone(settings),
            rows: rows.collect(),
            total: total.figures.clone(),
            left_out,
        }
    }

    /// The report as a table.
    pub fn table(&self) -> Table {
        let Settings {
            by, models, currency, ..
        } = &self.settings;
        let models: Vec<String> = models.iter().map(ToString::to_string).collect();
        let labels = by.iter().map(|dimension| dimension.as_str().to_owned());
        let rows = self.rows.iter().map(|row| {
            let labels = by.iter().map(|dimension| label(*dimension, &row.group));
            labels.chain(row.figures.cells(*currency)).collect()
        });
        let blank = |place: usize| {
            if place == 0 {
                Cell::Text("total".to_owned())
            } else {
                Cell::Empty
            }
        };
        Table {
            columns: labels.chain(columns(&models)).collect(),
            labels: by.len(),
            rows: rows.collect(),
            total: (0..by.len()).map(blank).chain(self.total.cells(*currency)).collect(),
            notes: notes(&self.left_out, &self.settings),
        }
    }
}

impl Report {
    /// The same with a row for each model, which is named in the column `model`: below each other instead of side by side.
    ///
    /// ```
    /// use attribution_report::record::Rows;
    /// use attribution_report::{Model, Plan, Settings};
    ///
    /// let record = br#"{"visits": [], "conversions": [
    ///     {"visitor": "ada", "at": "2024-01-15T10:00:00Z", "event": "Order", "revenue": 5}
    /// ]}"#;
    /// let models = vec![Model::Linear, Model::FirstTouch];
    /// let plan = Plan { settings: Settings { models, ..Settings::default() }, ..Plan::default() };
    /// let table = plan.report(&Rows::parse(record)?).table_by_model();
    /// let rows: Vec<_> = table.rows.iter().map(|row| table.object(row)).collect();
    /// assert_eq!((&rows[1]["model"], rows[1]["revenue"].to_string()), (&"first-touch".into(), "5.00".to_owned()));
    /// # Ok::<(), attribution_report::record::RowsError>(())
    /// ```
    pub fn table_by_model(&self) -> Table {
        let Settings { by, models, .. } = &self.settings;
        let labels = by.iter().map(|dimension| dimension.as_str().to_owned());
        let (shared, own) = (SHARED.map(str::to_owned), BY_MODEL.map(str::to_owned));
        let columns = labels.chain(["model".to_owned()]).chain(shared).chain(own);
        let wide = self.table();
        let apart = |row: &Vec<Cell>| -> Vec<Vec<Cell>> {
            let (labels, figures) = row.split_at(by.len());
            let (shared, credits) = figures.split_at(SHARED.len());
            let rows = models.iter().zip(credits.chunks(BY_MODEL.len()));
            rows.map(|(model, credit)| {
                let model = [Cell::Text(model.to_string())];
                [labels, &model, shared, credit].concat()
            })
            .collect()
        };
        Table {
            columns: columns.collect(),
            labels: by.len() + 1,
            rows: wide.rows.iter().flat_map(apart).collect(),
            // Of one model alone, as what is spent and visited would count again for each.
            total: apart(&wide.total).swap_remove(0),
            notes: wide.notes,
        }
    }
}

/// What isn't in the revenue, and why.
pub(super) fn notes(left_out: &LeftOut, settings: &Settings) -> Vec<String> {
    let ours = settings.currency;
    let currencies = left_out.currencies.iter().map(|(currency, count)| {
        let currency = crate::mistake::quoted(currency);
        format!("the revenue of {count} in {currency} is left out: the report is in {ours}, and nothing is converted")
    });
    let too_large = (left_out.too_large > 0).then(|| {
        format!(
            "the revenue of {} is left out: it has more than 18 digits",
            left_out.too_large
        )
    });
    currencies.chain(too_large).collect()
}

fn label(dimension: Dimension, group: &Group) -> Cell {
    match dimension {
        Dimension::Channel => Cell::text(group.channel.as_deref()),
        Dimension::Filter => Cell::text(group.filter.as_deref()),
        Dimension::Campaign => Cell::text(group.campaign.as_deref()),
        Dimension::Day => Cell::text(group.day.map(|day| day.to_string()).as_deref()),
    }
}

fn named(key: Key, campaigns: [&[Box<str>]; 2], channels: &Channels) -> Group {
    let nth = |place: u16| usize::from(place).checked_sub(1);
    let channel = nth(key.channel).map(|place| channels.channel_names().nth(place).unwrap_or(UNATTRIBUTED));
    let filter = nth(key.filter).map(|place| channels.filter_name(FilterId(u16::try_from(place).unwrap_or_default())));
    let place = key.campaign as usize;
    let [known, new] = campaigns;
    let campaign = known.get(place).or_else(|| new.get(place.checked_sub(known.len())?));
    let campaign = campaign.filter(|name| !name.is_empty());
    Group {
        channel: channel.map(str::to_owned),
        filter: filter.map(str::to_owned),
        campaign: campaign.map(ToString::to_string),
        day: key.day.map(date_of),
    }
}

/// The figures of one group, and who was counted last.
#[derive(Clone, Debug)]
struct Counted {
    figures: Figures,
    last: Option<u32>,
    /// How many visits, credits and rows of spend. Where there are none, there is no row.
    entries: u64,
}

/// Figures by group.
#[derive(Clone, Debug)]
pub(super) struct Tally<'a> {
    channels: &'a Channels,
    settings: &'a Settings,
    unattributed: u16,
    days: (i32, i32),
    places: HashMap<Key, usize, foldhash::fast::RandomState>,
    groups: Vec<Counted>,
    total: Counted,
}

impl<'a> Tally<'a> {
    pub(super) fn new(channels: &'a Channels, settings: &'a Settings) -> Self {
        let last = channels.channel_names().count() + 1;
        Self {
            channels,
            settings,
            unattributed: u16::try_from(last).unwrap_or(u16::MAX),
            days: (
                settings.from.map_or(i32::MIN, day_number),
                settings.to.map_or(i32::MAX, day_number),
            ),
            places: HashMap::default(),
            groups: Vec::new(),
            total: Counted::new(settings),
        }
    }

    fn is_within(&self, day: i32) -> bool {
        (self.days.0..=self.days.1).contains(&day)
    }

    /// The key with only what the rows are by.
    fn key(&self, channel: u16, filter: u16, campaign: u32, day: i32) -> Key {
        let mut key = Key::default();
        for dimension in &self.settings.by {
            match dimension {
                Dimension::Channel => key.channel = channel,
                Dimension::Filter => (key.channel, key.filter) = (channel, filter),
                Dimension::Campaign => key.campaign = campaign,
                Dimension::Day => key.day = Some(day),
            }
        }
        key
    }

    fn of_visit(&self, visit: &VisitFact, day: i32) -> Key {
        let channel = self.channels.channel(FilterId(visit.filter));
        self.key(channel + 1, visit.filter + 1, visit.campaign, day)
    }

    fn group(&mut self, key: Key) -> &mut Counted {
        let place = *self.places.entry(key).or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(Counted::new(self.settings));
        }
        &mut self.groups[place]
    }

    /// The groups that there are a row for, in order.
    fn keyed(&self) -> Vec<(Key, usize)> {
        let all = self.places.iter().map(|(key, place)| (*key, *place));
        let mut keyed: Vec<(Key, usize)> = all.filter(|(_, place)| self.groups[*place].entries > 0).collect();
        keyed.sort_unstable();
        keyed
    }

    /// Adds the figures of others.
    pub(super) fn absorb(&mut self, others: &Self) {
        for (key, place) in others.keyed() {
            self.group(key).add(&others.groups[place]);
        }
        self.total.add(&others.total);
    }

    /// Takes off the figures of some who are in these.
    pub(super) fn subtract(&mut self, some: &Self) {
        for (key, place) in some.keyed() {
            self.group(key).subtract(&some.groups[place]);
        }
        self.total.subtract(&some.total);
    }

    /// The same with other numbers for the campaigns.
    pub(super) fn with_campaigns(&self, places: &[u32]) -> Self {
        let mut renamed = Self::new(self.channels, self.settings);
        for (key, place) in self.keyed() {
            let campaign = places[key.campaign as usize];
            *renamed.group(Key { campaign, ..key }) = self.groups[place].clone();
        }
        renamed.total = self.total.clone();
        renamed
    }

    /// Adds what was spent. Campaigns that no visit has come after those of visits; they are returned.
    fn spend(&mut self, spend: &Spend, known: &[Box<str>]) -> Vec<Box<str>> {
        let rows = || spend.rows.iter().filter(|row| self.is_within(row.day));
        let new = rows()
            .map(|row| &row.campaign)
            .filter(|name| known.binary_search(name).is_err());
        let new: Vec<Box<str>> = new.collect::<BTreeSet<_>>().into_iter().cloned().collect();
        let place = |among: &[Box<str>], name: &str| among.binary_search_by(|known| (**known).cmp(name));
        let campaign = |name: &str| match (place(known, name), place(&new, name)) {
            (Ok(place), _) => place,
            (Err(_), Ok(place) | Err(place)) => known.len() + place,
        };
        let keyed = rows().map(|row| {
            let campaign = u32::try_from(campaign(&row.campaign)).unwrap_or(u32::MAX);
            let filter = row.filter.map_or(0, |filter| filter + 1);
            (
                self.key(row.channel + 1, filter, campaign, row.day),
                i128::from(row.amount),
            )
        });
        for (key, amount) in keyed.collect::<Vec<_>>() {
            *self.total.figures.spend.get_or_insert(0) += amount;
            let group = self.group(key);
            *group.figures.spend.get_or_insert(0) += amount;
            group.entries += 1;
        }
        new
    }
}

impl Counted {
    fn new(settings: &Settings) -> Self {
        Self {
            figures: Figures::new(settings.models.len()),
            last: None,
            entries: 0,
        }
    }

    fn add(&mut self, other: &Self) {
        self.figures.add(&other.figures);
        self.entries += other.entries;
    }

    fn subtract(&mut self, other: &Self) {
        self.figures.subtract(&other.figures);
        self.entries -= other.entries;
    }

    fn visit(&mut self, person: u32) {
        self.entries += 1;
        self.figures.visits += 1;
        if self.last != Some(person) {
            self.figures.visitors += 1;
            self.last = Some(person);
        }
    }

    fn credit(&mut self, credit: &Credit<'_>) {
        self.entries += 1;
        let model = &mut self.figures.models[credit.model];
        model.conversions += i128::from(credit.share);
        model.revenue += i128::from(credit.money);
    }
}

impl Sink for Tally<'_> {
    fn person(&mut self, visits: &[VisitFact]) {
        for visit in visits {
            let day = self.settings.utc_offset.day_of(visit.at);
            if self.is_within(day) {
                self.total.visit(visit.person);
                let key = self.of_visit(visit, day);
                self.group(key).visit(visit.person);
            }
        }
    }

    fn credit(&mut self, visits: &[VisitFact], credit: &Credit<'_>) {
        let visit = credit.visit.and_then(|place| visits.get(place));
        let day = self.settings.utc_offset.day_of(match (visit, self.settings.booked) {
            (Some(visit), Booked::OnVisit) => visit.at,
            _ => credit.conversion.at,
        });
        if self.is_within(day) {
            self.total.credit(credit);
            let key = match visit {
                Some(visit) => self.of_visit(visit, day),
                None => self.key(self.unattributed, 0, 0, day),
            };
            self.group(key).credit(credit);
        }
    }
}
