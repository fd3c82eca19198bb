//! What there is to be looked at, at this very moment.

use std::time::Duration;

use attribution_destination::deliver::{Delivery, Outcome};
use expectation::{Failure, Observed, Section};
use pipeline::{Fate, Handled, Pipeline};
use segment_event::Kind;
use serde::Serialize;
use serde_json::{Value, json};

use super::report;
use crate::asked::Asked;
use crate::outcome::Undelivered;
use crate::scenario::{Look, Scenario};

/// Holds the expectations against what the pipeline and the double show now. Only what they speak of is looked up.
pub(super) fn check(pipeline: &mut Pipeline, scenario: &Scenario, look: &Look) -> Vec<Failure> {
    let Look { expectations, asked } = look;
    let Value::Object(deliveries) = deliveries(pipeline) else {
        unreachable!("a struct is an object");
    };
    let sections = expectations
        .sections()
        .filter(|section| *section != Section::Deliveries)
        .map(|section| (section.as_str(), look_up(pipeline, scenario, asked, section)))
        .collect();
    pipeline.mock().with_ledger(|ledger| {
        expectations.check(&Observed {
            sections,
            deliveries,
            resolve: &|id| ledger.resolve(id),
        })
    })
}

/// The counts, and in how many seconds the slowest delivery was done; null where one didn't arrive that should have.
pub(super) fn deliveries(pipeline: &mut Pipeline) -> Value {
    let mut counts = value(&pipeline.deliveries());
    counts["delivered_within"] = match slowest(pipeline.handled()) {
        Some(slowest) => slowest.as_secs_f64().into(),
        None => Value::Null,
    };
    counts
}

/// How long the slowest delivery took from when the call was made.
fn slowest(handled: &[Handled]) -> Option<Duration> {
    let mut slowest = None;
    for message in handled {
        match &message.fate {
            Fate::Rejected(_) => {}
            Fate::Pending => return None,
            Fate::Done(outcome) => match outcome.result {
                Delivery::Delivered { .. } => slowest = slowest.max(Some(outcome.elapsed)),
                Delivery::Skipped(_) | Delivery::Invalid(_) => {}
                Delivery::Rejected { .. } | Delivery::Expired { .. } | Delivery::Interrupted => return None,
            },
        }
    }
    slowest
}

/// The rows of a section.
pub(super) fn look_up(pipeline: &mut Pipeline, scenario: &Scenario, asked: &Asked, section: Section) -> Vec<Value> {
    match section {
        Section::Report => report::rows(pipeline, scenario, asked),
        Section::Skips => skips(pipeline.handled()),
        Section::Rejections => rejections(pipeline.handled()),
        Section::Deliveries => vec![deliveries(pipeline)],
        recorded => pipeline.mock().rows(recorded),
    }
}

/// The messages that Attribution never recorded.
pub(super) fn undelivered(handled: &[Handled]) -> Vec<Undelivered> {
    let row = |message: &Handled| {
        Some(Undelivered {
            message_id: message.message_id.clone(),
            kind: message.kind.map(Kind::as_str),
            why: why_undelivered(&message.fate)?,
        })
    };
    handled.iter().filter_map(row).collect()
}

pub(super) fn why_undelivered(fate: &Fate) -> Option<String> {
    match fate {
        Fate::Pending => Some("still waiting for an answer or a retry".to_owned()),
        Fate::Rejected(rejections) => Some(format!(
            "refused at ingest: {}",
            rejections
                .iter()
                .map(|r| format!("{} at {:?}: {}", r.code, r.pointer, r.message))
                .collect::<Vec<_>>()
                .join("; ")
        )),
        Fate::Done(Outcome { result, attempts, .. }) => match result {
            Delivery::Delivered { .. } => None,
            Delivery::Skipped(skip) => Some(format!("skipped, {}: {}", skip.reason.as_str(), skip.detail)),
            Delivery::Invalid(invalid) => {
                let errors = invalid.errors().into_iter();
                let told = errors.map(|error| format!("{} at {:?}: {}", error.code, error.pointer, error.message));
                Some(format!("not mapped, {}", told.collect::<Vec<_>>().join("; ")))
            }
            Delivery::Rejected { reason, body } => {
                Some(format!("rejected at attempt {}, {reason}: {body}", attempts.len()))
            }
            Delivery::Interrupted => Some("interrupted before there was an outcome".to_owned()),
            Delivery::Expired { last } => Some(format!("given up at attempt {}, {last}", attempts.len())),
        },
    }
}

fn skips(handled: &[Handled]) -> Vec<Value> {
    let row = |message: &Handled| match &message.fate {
        Fate::Done(Outcome {
            result: Delivery::Skipped(skip),
            ..
        }) => Some(json!({
            "event": message.event,
            "kind": message.kind.map(Kind::as_str),
            "reason": skip.reason.as_str(),
            "detail": skip.detail,
            "message_id": message.message_id,
        })),
        _ => None,
    };
    handled.iter().filter_map(row).collect()
}

fn rejections(handled: &[Handled]) -> Vec<Value> {
    let row = |message: &Handled, code: &str, pointer: &str, text: &str| {
        json!({
            "kind": message.kind.map(Kind::as_str),
            "code": code,
            "pointer": pointer,
            "message": text,
            "message_id": message.message_id,
        })
    };
    let rows_of = |message: &Handled| match &message.fate {
        Fate::Rejected(all) => all
            .iter()
            .map(|one| row(message, one.code.as_str(), &one.pointer, &one.message))
            .collect(),
        Fate::Done(Outcome {
            result: Delivery::Invalid(invalid),
            ..
        }) => {
            let errors = invalid.errors().into_iter();
            errors
                .map(|error| row(message, error.code, error.pointer, error.message))
                .collect()
        }
        _ => Vec::new(),
    };
    handled.iter().flat_map(rows_of).collect()
}

fn value<T: Serialize>(row: &T) -> Value {
    serde_json::to_value(row).expect("a projection's row has string keys and finite numbers")
}
