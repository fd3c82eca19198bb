//! From what the pipeline and the double know to a [`Timeline`].

use attribution_destination::deliver::{Attempt as Exchange, Delivery, Outcome, Reason};
use expectation::{Expectations, Failure, PatternKind, Section, Span};
use jiff::Timestamp;
use pipeline::{Fate, Handled, Pipeline};
use segment_event::Kind;
use serde_json::Value;

use super::observe::why_undelivered;
use crate::timeline::{Attempt, Message, Recorded, Timeline};

/// What is known of a message before the pipeline has it.
#[derive(Debug)]
pub(super) struct Made {
    at: Span,
    moment: Timestamp,
    name: Option<String>,
    ids: Vec<String>,
}

impl Made {
    pub(super) fn of(message: &Value, at: Span, made: Timestamp) -> Self {
        let text = |key: &str| message.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut ids: Vec<String> = Vec::new();
        for id in ["userId", "anonymousId", "previousId"].into_iter().filter_map(text) {
            if !ids.contains(&id) {
                // Most have one; a vector would begin with room for four.
                ids.reserve_exact(1);
                ids.push(id);
            }
        }
        Self {
            at,
            moment: made,
            name: text("event").or_else(|| text("name")),
            ids,
        }
    }
}

/// Ids that failures speak of, each once.
#[derive(Debug, Default)]
pub(super) struct Concerned(Vec<String>);

impl Concerned {
    /// Adds those of a failure: as the expectation names them, and as the nearest row does.
    pub(super) fn add(&mut self, failure: &Failure, expectations: &Expectations) {
        let actual = serde_json::from_str(&failure.actual).ok();
        let rows = failure.nearest.iter().map(|nearest| &nearest.row).chain(&actual);
        let ids = named(failure, expectations).into_iter().chain(rows.flat_map(ids_of));
        for id in ids.collect::<Vec<_>>() {
            if !self.0.contains(&id) {
                self.0.push(id);
            }
        }
    }
}

const NAMING: [&str; 3] = ["visitor", "from", "into"];

fn ids_of(row: &Value) -> Vec<String> {
    let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
    NAMING.into_iter().filter_map(text).collect()
}

/// The ids in the expected row at or around the place of the failure.
fn named(failure: &Failure, expectations: &Expectations) -> Vec<String> {
    let around = |at: Span| at.start <= failure.at.start && failure.at.end <= at.end;
    let lists = expectations
        .lists
        .iter()
        .filter(|list| Some(list.section) == failure.section);
    let rows = lists.flat_map(|list| {
        [&list.exactly, &list.contains, &list.ordered, &list.never]
            .into_iter()
            .flatten()
            .flatten()
    });
    let mut ids = Vec::new();
    for row in rows.filter(|row| around(row.at)) {
        let PatternKind::Partial(fields) = &row.kind else {
            continue;
        };
        for (key, pattern) in fields {
            match &pattern.kind {
                PatternKind::Literal(Value::String(id)) if NAMING.contains(&key.as_str()) => ids.push(id.clone()),
                _ => {}
            }
        }
    }
    ids
}

pub(super) fn timeline(pipeline: &mut Pipeline, made: Vec<Made>, concerned: Concerned) -> Timeline {
    let sections = [
        Section::Visits,
        Section::Identities,
        Section::Conversions,
        Section::Merges,
    ];
    let rows = |section: Section| {
        let rows = pipeline.mock().rows(section).into_iter();
        rows.map(move |row| (section, row)).collect::<Vec<_>>()
    };
    let rows: Vec<(Section, Value)> = sections.into_iter().flat_map(rows).collect();
    let mock = pipeline.mock().clone();
    let handled = pipeline.handled();
    mock.with_ledger(|ledger| {
        let owner = |id: &String| ledger.resolve(id);
        let recorded = rows.into_iter().map(|(section, row)| Recorded {
            section: section.as_str(),
            visitor: ids_of(&row).first().map(|id| owner(id).unwrap_or_else(|| id.clone())),
            row,
        });
        let mut visitors: Vec<String> = Vec::new();
        for id in concerned.0 {
            let visitor = owner(&id).unwrap_or(id);
            if !visitors.contains(&visitor) {
                visitors.push(visitor);
            }
        }
        Timeline {
            messages: made
                .into_iter()
                .zip(handled)
                .map(|(made, handled)| message(made, handled, &owner))
                .collect(),
            recorded: recorded.collect(),
            concerned: visitors,
        }
    })
}

fn message(made: Made, handled: &Handled, owner: &dyn Fn(&String) -> Option<String>) -> Message {
    let attempts = match &handled.fate {
        Fate::Done(outcome) => outcome.attempts.iter().map(attempt).collect(),
        Fate::Pending | Fate::Rejected(_) => Vec::new(),
    };
    Message {
        at: made.at,
        made: made.moment,
        kind: handled.kind.map(Kind::as_str),
        name: made.name,
        message_id: handled.message_id.clone(),
        visitor: made.ids.iter().find_map(owner),
        ids: made.ids,
        attempts,
        fate: fate(&handled.fate),
        why: why_undelivered(&handled.fate),
    }
}

fn attempt(exchange: &Exchange) -> Attempt {
    let (answer, succeeded) = match &exchange.answer {
        Ok(status) => (Reason::Status(*status).to_string(), (200..300).contains(status)),
        Err(reason) => (reason.to_string(), false),
    };
    Attempt {
        at: exchange.at,
        took: exchange.took,
        answer,
        succeeded,
    }
}

fn fate(fate: &Fate) -> &'static str {
    match fate {
        Fate::Pending => "pending",
        Fate::Rejected(_) => "invalid",
        Fate::Done(Outcome { result, .. }) => match result {
            Delivery::Delivered { .. } => "delivered",
            Delivery::Skipped(_) => "skipped",
            Delivery::Invalid(_) => "invalid",
            Delivery::Rejected { .. } => "rejected",
            Delivery::Expired { .. } => "expired",
            Delivery::Interrupted => "interrupted",
        },
    }
}
