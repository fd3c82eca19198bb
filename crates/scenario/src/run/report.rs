//! The report that an `expect` looks at.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use attribution_report::Plan;
use attribution_report::record::Rows;
use pipeline::Pipeline;
use serde_json::Value;

use crate::asked::Asked;
use crate::scenario::Scenario;

/// What a report is made with where a scenario says nothing of it.
static DEFAULT: LazyLock<Arc<Plan>> = LazyLock::new(Arc::default);

/// The rows of what the dashboard shows now, one for each group and model.
pub(super) fn rows(pipeline: &Pipeline, scenario: &Scenario, asked: &Asked) -> Vec<Value> {
    let plan = scenario.plan.as_ref().unwrap_or(&*DEFAULT);
    let mut plan = Cow::Borrowed(&**plan);
    if *asked != Asked::default() {
        plan.to_mut().settings = asked.over(&plan.settings);
    }
    let table = plan.report(&Rows::from(pipeline.mock().dashboard())).table_by_model();
    let rows = table.rows.iter().map(|row| Value::Object(table.object(row)));
    rows.collect()
}
