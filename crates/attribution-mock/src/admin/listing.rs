use std::num::NonZeroU64;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::ask::Given;
use super::reads::dropped;
use crate::filter::{Order, Page};
use crate::mock::Mock;

/// How many rows a list has at most where nothing else is asked for.
const ROWS: usize = 1_000;

/// How many can be asked for.
const MOST_ROWS: u64 = 10_000;

/// A part of a list under its own name, with how to go on, how many there are in all, and of how many requests nothing is in
/// it because they were dropped.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    name: &'static str,
    page: Page<T>,
    dropped: Option<NonZeroU64>,
}

impl<T> Listing<T> {
    /// The page was read from this mock before.
    pub(crate) fn new(name: &'static str, page: Page<T>, mock: &Mock) -> Self {
        let dropped = dropped(mock);
        Self { name, page, dropped }
    }
}

impl<T: Serialize> Serialize for Listing<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Page { rows, next, total } = &self.page;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.name, rows)?;
        if let Some(next) = next {
            map.serialize_entry("next", next)?;
        }
        map.serialize_entry("total", total)?;
        if let Some(dropped) = self.dropped {
            map.serialize_entry("dropped", &dropped)?;
        }
        map.end()
    }
}

impl<T: Serialize> IntoResponse for Listing<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// The order that is asked for.
pub(crate) fn order(given: &mut Given) -> Order {
    let words = [("asc", Order::Ascending), ("desc", Order::Descending)];
    given.one_of("order", &words).unwrap_or_default()
}

/// How many rows are asked for.
pub(crate) fn limit(given: &mut Given) -> usize {
    given.number("limit", 1, MOST_ROWS).map_or(ROWS, size)
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Which part is wanted of a list whose rows have no numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// So many rows are passed over.
    after: usize,
    limit: usize,
    order: Order,
}

impl Part {
    pub(crate) const NAMES: [&'static str; 3] = ["after", "limit", "order"];

    pub(crate) fn read(given: &mut Given) -> Self {
        Self {
            after: given.number("after", 0, u64::MAX).map_or(0, size),
            limit: limit(given),
            order: order(given),
        }
    }

    /// This part of the rows.
    pub(crate) fn of<T>(self, mut rows: Vec<T>) -> Page<T> {
        let total = rows.len();
        if self.order == Order::Descending {
            rows.reverse();
        }
        let rows: Vec<T> = rows.into_iter().skip(self.after).take(self.limit).collect();
        let end = self.after.saturating_add(rows.len());
        Page {
            rows,
            next: (end < total).then_some(end as u64),
            total,
        }
    }
}
