use std::time::Duration;

use crate::case::WRITE_KEY;
use crate::observed::Delivery;
use crate::report::Failure;

/// How much earlier than asked for is on time: clocks that tick in milliseconds, at both ends.
const TOLERANCE: Duration = Duration::from_millis(20);

/// So many requests carry messages.
pub(super) fn count(wanted: usize, deliveries: &[Delivery]) -> Option<Failure> {
    let found = deliveries.len();
    (found != wanted).then(|| Failure::new("requests with messages", wanted.to_string(), found.to_string()))
}

/// No request carries more than this.
pub(super) fn batches(most: usize, deliveries: &[Delivery]) -> Vec<Failure> {
    let too_many = deliveries.iter().enumerate();
    let too_many = too_many.filter(|(_, delivery)| delivery.messages.len() > most);
    let failure = |(index, delivery): (usize, &Delivery)| {
        Failure::new(
            format!("messages in request {}", index + 1),
            format!("at most {most}, as flushAt says"),
            delivery.messages.len().to_string(),
        )
    };
    too_many.map(failure).collect()
}

/// Whoever sends again sends the same under the same ids.
pub(super) fn same_ids(deliveries: &[Delivery]) -> Vec<Failure> {
    let Some((first, again)) = deliveries.split_first() else {
        return Vec::new();
    };
    let words = |delivery: &Delivery| {
        let ids = delivery.ids().into_iter().map(|id| id.unwrap_or("none"));
        ids.collect::<Vec<_>>().join(", ")
    };
    let other = again.iter().enumerate();
    let other = other.filter(|(_, delivery)| delivery.ids() != first.ids());
    let failure = |(index, delivery): (usize, &Delivery)| {
        Failure::new(
            format!("messageIds of request {}", index + 2),
            format!("those of the first: {}", words(first)),
            words(delivery),
        )
    };
    other.map(failure).collect()
}

/// The second request comes so long after the answer to the first.
pub(super) fn waits(least: Duration, deliveries: &[Delivery]) -> Option<Failure> {
    let [first, second, ..] = deliveries else {
        return Some(Failure::new(
            "the wait before the second request",
            format!("{least:?} at least"),
            "there is no second request",
        ));
    };
    let waited = second.came.saturating_sub(first.answered);
    (waited + TOLERANCE < least).then(|| {
        Failure::new(
            "the wait before the second request",
            format!("{least:?} at least"),
            format!("{} ms", waited.as_millis()),
        )
    })
}

/// The second request says that it is the first retry.
pub(super) fn retry_count(deliveries: &[Delivery]) -> Option<Failure> {
    let found = deliveries.get(1).map(|second| second.retry_count.as_deref());
    let actual = match found {
        Some(Some("1")) => return None,
        Some(Some(other)) => format!("{other:?}"),
        Some(None) => "the header is not there".to_owned(),
        None => "there is no second request".to_owned(),
    };
    Some(Failure::new("X-Retry-Count of the second request", "\"1\"", actual))
}

/// Each request names the write key. What it names instead is not shown: it may be a real one.
pub(super) fn write_key(deliveries: &[Delivery]) -> Vec<Failure> {
    let wrong = deliveries.iter().enumerate();
    let wrong = wrong.filter(|(_, delivery)| delivery.write_key.as_deref() != Some(WRITE_KEY));
    let failure = |(index, delivery): (usize, &Delivery)| {
        let actual = delivery.write_key.as_ref().map_or("names none", |_| "names another");
        Failure::new(
            format!("write key of request {}", index + 1),
            format!("{WRITE_KEY:?}"),
            actual,
        )
    };
    wrong.map(failure).collect()
}

/// The settings are asked for before anything is sent.
pub(super) fn fetches(fetched_after: Option<usize>) -> Option<Failure> {
    let actual = match fetched_after {
        Some(0) => return None,
        Some(after) => format!("fetched after {after} requests with messages"),
        None => "never fetched".to_owned(),
    };
    Some(Failure::new(
        "the settings",
        "fetched from cdnHost before the first request with messages",
        actual,
    ))
}
