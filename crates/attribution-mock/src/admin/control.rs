use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use super::ask::{Ask, Nothing};
use super::posted::Posted;
use crate::exchange::{Asked, Done, Place, Problem};
use crate::faults::{self, FaultRow};
use crate::mock::Mock;

#[derive(Serialize)]
pub(crate) struct Faults {
    faults: Vec<FaultRow>,
}

#[derive(Serialize)]
struct Added {
    id: u64,
}

/// How many faults there were.
#[derive(Serialize)]
pub(crate) struct Removed {
    removed: usize,
}

pub(crate) async fn faults(Place(mock): Place, Ask(Nothing): Ask<Nothing>) -> Json<Faults> {
    Json(Faults {
        faults: mock.faults().into_iter().map(FaultRow::from).collect(),
    })
}

pub(crate) async fn add_fault(Place(mock): Place, Ask(Nothing): Ask<Nothing>, Posted(body): Posted) -> Response {
    match add(&mock, &body) {
        Ok(added) => (StatusCode::CREATED, Json(added)).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn add(mock: &Mock, body: &[u8]) -> Result<Added, Problem> {
    let bad = |reason| Problem::BadFault { reason };
    let fault = faults::read(body).map_err(bad)?;
    let id = mock.add_fault(fault).map_err(|error| bad(error.to_string()))?;
    Ok(Added { id: id.number() })
}

pub(crate) async fn remove_faults(Place(mock): Place, Ask(Nothing): Ask<Nothing>) -> Json<Removed> {
    Json(Removed {
        removed: mock.remove_faults(),
    })
}

pub(crate) async fn remove_fault(
    Place(mock): Place,
    Ask(Nothing): Ask<Nothing>,
    Path(id): Path<String>,
) -> Result<Done, Problem> {
    let is_removed = id.parse().is_ok_and(|id| mock.remove_fault(id));
    is_removed.then_some(Done).ok_or(Problem::UnknownFault { id })
}

/// Of everyone, where nobody is named.
pub(crate) async fn reset(State(mock): State<Mock>, asked: Asked, Ask(Nothing): Ask<Nothing>) -> Result<Done, Problem> {
    match asked.seen(&mock)? {
        Some(mock) => mock.reset(),
        None => mock.reset_all(),
    }
    Ok(Done)
}
