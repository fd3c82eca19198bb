use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::origin::{Origin, origins};
use super::settings::Settings;
use super::walk::{Credit, Sink, Walk};
use crate::UNATTRIBUTED;
use crate::channels::{Channels, Classifier, FilterId};
use crate::money::decimal;
use crate::record::{FactsBuilder, PathRecord, VisitFact};

/// One person's path under all their ids, with the credit of every conversion.
///
/// ```
/// use attribution_report::record::PathRecord;
/// use attribution_report::{Channels, Preset, Settings, Trace};
///
/// let record = PathRecord::parse(br#"{
///     "visitors": [{"visitor": "ada", "user_ids": ["ada"], "cookie_ids": ["anon-1"]}],
///     "visits": [{"visitor": "ada", "started_at": "2024-01-15T10:00:00Z", "url": "https://a.example/", "request": 1}],
///     "conversions": [{"visitor": "ada", "at": "2024-01-15T10:05:00Z", "event": "Order", "revenue": 9.9, "request": 2}]
/// }"#)?;
/// let trace = Trace::new(&record, "anon-1", &Channels::preset(Preset::default()), &Settings::default());
/// assert_eq!(trace.map(|trace| trace.steps.len()), Some(2));
/// # Ok::<(), attribution_report::record::RowsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// The canonical name.
    pub visitor: String,
    /// Every user id.
    pub user_ids: Vec<String>,
    /// Every cookie.
    pub cookie_ids: Vec<String>,
    /// Where each id came from, by the time of arrival. An id whose requests the record has forgotten is not among them.
    pub origins: Vec<Origin>,
    /// The currency of all credit.
    pub currency: String,
    /// By time, and of the same time by request.
    pub steps: Vec<Step>,
    /// What rules the requests of the path broke, in the order of arrival.
    pub violations: Vec<Value>,
}

/// One thing on a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// The number of the request.
    pub request: u64,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum What {
    /// A visit began.
    Visit {
        /// Its place among the person's visits, from 1.
        visit: usize,
        /// Its channel.
        channel: String,
        /// The filter of the channel.
        filter: String,
        /// `utm_source`.
        source: Option<String>,
        /// The landing url.
        url: Option<String>,
        /// The landing page's referrer.
        referrer: Option<String>,
    },
    /// Traits were told.
    Identify {
        /// Those that were not so before.
        changed: Map<String, Value>,
    },
    /// Two ids became one person's.
    Merge {
        /// The previous id.
        from: String,
        /// The id that it joined.
        into: String,
    },
    /// A conversion.
    Conversion {
        /// The event's name.
        event: String,
        /// The revenue that is divided, as a decimal; none where the settings don't count the event.
        revenue: Option<String>,
        /// The currency as received. Revenue of another one than the settings' counts as none.
        received_currency: Option<String>,
        /// Who gets how much of it, by model and then by visit.
        credits: Vec<Share>,
    },
}

/// What one visit gets of a conversion by one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The model.
    pub model: String,
    /// The visit's place among the person's, from 1; none where it is unattributed.
    pub visit: Option<usize>,
    /// The visit's channel.
    pub channel: String,
    /// Of the conversion, in billionths; 0 of a refund.
    pub billionths: i64,
    /// Of the revenue, as a decimal.
    pub revenue: String,
}

impl Trace {
    /// The path of whoever has this id; none where nobody has it.
    pub fn new(record: &PathRecord, id: &str, channels: &Channels, settings: &Settings) -> Option<Self> {
        let person = record.person(id)?;
        let name = &*person.visitor;
        let visits = visits(record, name, channels);
        let mut steps: Vec<Step> = visits.iter().map(|(_, step)| step.clone()).collect();
        steps.extend(conversions(record, name, channels, settings, &visits));
        steps.extend(record.identifies(name).map(|(at, request, changed)| Step {
            at,
            request,
            what: What::Identify { changed },
        }));
        steps.extend(record.merges_of(person).map(|merge| Step {
            at: merge.at,
            request: merge.request,
            what: What::Merge {
                from: merge.from.clone(),
                into: merge.into.clone(),
            },
        }));
        steps.sort_by_key(|step| (step.at, step.request));
        let requests = steps.iter().map(|step| step.request).collect();
        Some(Self {
            visitor: person.visitor.clone(),
            user_ids: person.user_ids.clone(),
            cookie_ids: person.cookie_ids.clone(),
            origins: origins(&record.received, person),
            currency: settings.currency.to_string(),
            violations: record.violations_of(name, requests),
            steps,
        })
    }
}

/// The person's visits in the order in which the walk has them.
fn visits(record: &PathRecord, name: &str, channels: &Channels) -> Vec<(FilterId, Step)> {
    let mut classifier = Classifier::new(channels);
    let mut found = Vec::new();
    for (row, source) in record.visits() {
        if row.visitor == name {
            let filter = classifier.classify(row.url.as_deref(), row.referrer.as_deref());
            let campaign = row.campaign.as_deref().unwrap_or_default().to_lowercase();
            found.push((row.started_at.as_microsecond(), filter.0, campaign, filter, row, source));
        }
    }
    found.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
    let steps = (1..).zip(found).map(|(visit, (_, _, _, filter, row, source))| {
        let what = What::Visit {
            visit,
            channel: channels.channel_name(filter).to_owned(),
            filter: channels.filter_name(filter).to_owned(),
            source: source.map(str::to_owned),
            url: row.url.clone(),
            referrer: row.referrer.clone(),
        };
        let (at, request) = (row.started_at, row.request);
        (filter, Step { at, request, what })
    });
    steps.collect()
}

fn conversions(
    record: &PathRecord,
    name: &str,
    channels: &Channels,
    settings: &Settings,
    visits: &[(FilterId, Step)],
) -> Vec<Step> {
    let mut builder = FactsBuilder::new(channels, settings);
    record.rows.fill(&mut builder, false);
    let person = builder.number_of(name);
    let facts = builder.finish();
    let mut theirs = Theirs { credits: Vec::new() };
    if let Some(person) = person {
        Walk::new(&facts, settings, channels).over(person..person + 1, &mut theirs);
    }
    let decimals = settings.currency.decimals();
    let mut number = 0;
    let mut steps = Vec::new();
    for row in &record.rows.conversions {
        let counts = settings.events.is_empty() || settings.events.contains(&row.event);
        let place = number;
        number += u32::from(counts);
        if row.visitor != name {
            continue;
        }
        let own = theirs.credits.iter().filter(|credit| counts && credit.number == place);
        let revenue = own.clone().next().map(|credit| decimal(credit.amount.into(), decimals));
        let credits = own.map(|credit| {
            let visit = credit.visit.and_then(|visit| visits.get(visit));
            Share {
                model: settings.models[credit.model].to_string(),
                visit: credit.visit.map(|visit| visit + 1),
                channel: visit
                    .map_or(UNATTRIBUTED, |(filter, _)| channels.channel_name(*filter))
                    .to_owned(),
                billionths: credit.share,
                revenue: decimal(credit.money.into(), decimals),
            }
        });
        let what = What::Conversion {
            event: row.event.clone(),
            revenue,
            received_currency: row.currency.clone(),
            credits: credits.collect(),
        };
        let (at, request) = (row.at, row.request);
        steps.push(Step { at, request, what });
    }
    steps
}

/// The credit of one person's conversions.
struct Theirs {
    credits: Vec<Kept>,
}

struct Kept {
    model: usize,
    visit: Option<usize>,
    number: u32,
    amount: i64,
    share: i64,
    money: i64,
}

impl Sink for Theirs {
    fn person(&mut self, _: &[VisitFact]) {}

    fn credit(&mut self, _: &[VisitFact], credit: &Credit<'_>) {
        self.credits.push(Kept {
            model: credit.model,
            visit: credit.visit,
            number: credit.conversion.number,
            amount: credit.conversion.amount,
            share: credit.share,
            money: credit.money,
        });
    }
}
