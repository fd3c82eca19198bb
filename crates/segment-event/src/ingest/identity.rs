//! Who a message is about.

use serde_json::{Map, Value};

use super::given::{given, misspelt};
use crate::json::{child, describe, quote};
use crate::kind::Kind;
use crate::rejection::{Rejection, RejectionCode};

/// `meant` is the kind as far as it is known: an alias has rules of its own, and only a group needs `groupId`.
pub(super) fn check(message: &Map<String, Value>, meant: Option<Kind>, found: &mut Vec<Rejection>) {
    well_formed(message, "userId", found);
    well_formed(message, "anonymousId", found);
    match meant {
        Some(Kind::Alias) => target(message, found),
        Some(Kind::Group) => {
            somebody(message, found);
            group(message, found);
        }
        // A message of no known kind may be an alias, for which the legacy `to` would be enough.
        None if given(message, "to").is_some() => {}
        Some(Kind::Identify | Kind::Track | Kind::Page | Kind::Screen) | None => somebody(message, found),
    }
}

/// An id that is given must be a non-empty string, whatever the other one is.
fn well_formed(message: &Map<String, Value>, field: &str, found: &mut Vec<Rejection>) {
    let Some(id) = given(message, field) else { return };
    if id.as_str().is_some_and(|id| !id.is_empty()) {
        return;
    }
    let instead = match id {
        Value::Number(number) => format!(": write {}", quote(&number.to_string())),
        Value::String(_) => ": leave it out, or give the id".to_owned(),
        _ => String::new(),
    };
    let problem = format!("{field} must be a non-empty string, not {}{instead}", describe(id));
    found.push(Rejection::new(RejectionCode::IdNotString, &child("", field), problem));
}

/// Somebody must be named. An id that can't be used was reported as such and is not called missing too.
fn somebody(message: &Map<String, Value>, found: &mut Vec<Rejection>) {
    if given(message, "userId")
        .or_else(|| given(message, "anonymousId"))
        .is_some()
    {
        return;
    }
    let problem = format!(
        "neither userId nor anonymousId is given{}{}: give at least one of them as a non-empty string",
        misspelt(message, "userId"),
        misspelt(message, "anonymousId"),
    );
    found.push(Rejection::new(RejectionCode::NoUserAnonId, "/userId", problem));
}

/// An alias names the user to merge into; an anonymous id can't stand for it.
fn target(message: &Map<String, Value>, found: &mut Vec<Rejection>) {
    if given(message, "userId").is_some() {
        return;
    }
    if given(message, "to").is_some() {
        return well_formed(message, "to", found);
    }
    let problem = format!(
        "an alias needs userId, the id that previousId is merged into{}: give it as a non-empty string",
        misspelt(message, "userId"),
    );
    found.push(Rejection::new(RejectionCode::IdRequired, "/userId", problem));
}

fn group(message: &Map<String, Value>, found: &mut Vec<Rejection>) {
    if given(message, "groupId").is_some() {
        return well_formed(message, "groupId", found);
    }
    let problem = format!(
        "a group needs groupId, the id of the account{}: give it as a non-empty string",
        misspelt(message, "groupId"),
    );
    found.push(Rejection::new(RejectionCode::IdRequired, "/groupId", problem));
}
