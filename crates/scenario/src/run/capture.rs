//! What a `capture` finds.

use expectation::{Failure, Section};
use pipeline::Pipeline;
use serde_json::Value;

use crate::asked::Asked;
use crate::parse::MESSAGE;
use crate::run::observe;
use crate::scenario::{Capture, Scenario};
use crate::template::Found;

/// The value, or what there was instead.
pub(super) fn value(
    pipeline: &mut Pipeline,
    scenario: &Scenario,
    message: &Value,
    capture: &Capture,
) -> Result<Value, Box<Failure>> {
    let section = Section::ALL
        .into_iter()
        .find(|section| section.as_str() == capture.path.root);
    let observed = match section {
        Some(Section::Deliveries) => observe::deliveries(pipeline),
        Some(section) => Value::Array(observe::look_up(pipeline, scenario, &Asked::default(), section)),
        None => message.clone(),
    };
    match capture.path.walk(&observed) {
        Found::Value(value) => Ok(value.clone()),
        Found::Nothing(reached, there) => Err(Box::new(Failure {
            section,
            at: capture.at,
            place: format!("capture.{}", capture.name),
            message: "there is nothing to capture; the steps behind it are not played".to_owned(),
            expected: format!("something at {}", capture.path),
            actual: found(&capture.path.root, &reached, there),
            nearest: None,
            further: Vec::new(),
            diff: None,
        })),
    }
}

/// What there is as far as the path leads.
fn found(root: &str, reached: &str, there: &Value) -> String {
    match there {
        Value::Array(rows) if rows.is_empty() => format!("no rows of {reached}"),
        Value::Null if root == MESSAGE && reached == root => "no message was sent yet".to_owned(),
        Value::Array(rows) => format!("{} rows of {reached}: {there}", rows.len()),
        _ => format!("{reached} is {there}"),
    }
}
