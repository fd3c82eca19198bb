//! The rules, as `harness explain` tells them.

use attribution_ledger::rules::{self, RuleDoc};
use attribution_ledger::{Dialect, Level, Rule, Severity};
use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::ask::{Ask, Nothing};
use crate::mock::Mock;

#[derive(Serialize)]
pub(crate) struct Rules {
    rules: Vec<RuleRow>,
}

/// One rule, by the names that a violation has for it.
#[derive(Serialize)]
struct RuleRow {
    rule: &'static str,
    name: &'static str,
    title: &'static str,
    /// What breaking it means by itself.
    severity: Severity,
    /// In these dialects it only warns.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tolerated: &'static [Dialect],
    /// Why nobody is told of it unless a level says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    off: Option<&'static str>,
    /// What is made of it here, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(flatten)]
    doc: RuleDoc,
}

pub(crate) async fn rules(State(mock): State<Mock>, Ask(Nothing): Ask<Nothing>) -> Json<Rules> {
    let levels = &mock.config().ledger.rules;
    let row = |rule: &&'static Rule| RuleRow {
        rule: rule.id,
        name: rule.name,
        title: rule.title,
        severity: rule.severity,
        tolerated: rule.tolerated,
        off: rule.off,
        level: levels.of(rule).map(Level::as_str),
        doc: rule.doc,
    };
    Json(Rules {
        rules: rules::all().iter().map(row).collect(),
    })
}
