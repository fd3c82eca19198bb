//! The word that says what happens, with those that belong to it.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::Value;

use super::super::action::{FaultAction, FaultAnswer, Rate, RetryAfter, Statuses, WrongLength};
use super::super::latency::Latency;
use super::reader::Reader;
use super::value::{bandwidth, count, set, status, text};

const STATUS: &str = "an HTTP status from 200 to 599";

const RATE: &str = "write one such as `rate: { per_second: 10, burst: 20 }`";

const DELAY: &str = "write `10s`, `{ uniform: [100ms, 2s] }` or `{ lognormal: { median: 200ms, sigma: 0.8 } }`";

const LOG_NORMAL: &str = "write one such as `lognormal: { median: 200ms, sigma: 0.8 }`";

pub(super) fn read(reader: &mut Reader<'_>, word: &'static str) -> Option<FaultAction> {
    let value = reader.word(word)?;
    match word {
        "respond" => respond(reader, value).map(FaultAction::Respond),
        "rate" => rate(reader, value).map(FaultAction::Rate),
        "delay" => latency(reader, value).map(FaultAction::Delay),
        "bandwidth" => reader
            .get(
                word,
                "bytes a second",
                "write one such as `512B/s`, `1KB/s` or `2MB/s`",
                bandwidth,
            )
            .map(|bytes_per_second| FaultAction::Bandwidth { bytes_per_second }),
        "hang" => flag(reader, word, FaultAction::Hang),
        "truncate" => flag(reader, word, FaultAction::Truncate),
        "garbage" => flag(reader, word, FaultAction::Garbage),
        "close" => moment(reader, word, FaultAction::CloseBefore, FaultAction::CloseAfter),
        "reset" => moment(reader, word, FaultAction::ResetBefore, FaultAction::ResetAfter),
        "content_length" => reader
            .one_of(word, &["more", "less"], |word| match word {
                "more" => Some(WrongLength::More),
                "less" => Some(WrongLength::Less),
                _ => None,
            })
            .map(FaultAction::ContentLength),
        "content_type" => content_type(reader).map(FaultAction::ContentType),
        _ => reader.one_of(word, &["refuse"], |word| {
            (word == "refuse").then_some(FaultAction::Refuse)
        }),
    }
}

fn respond(reader: &mut Reader<'_>, value: &Value) -> Option<FaultAnswer> {
    let retry_after = reader.get(
        "retry_after",
        "seconds or an HTTP date",
        "write `30`, or a date such as `Wed, 21 Oct 2015 07:28:00 GMT`",
        retry_after,
    );
    let body = reader.get("body", "text", "write it in quotes", text);
    let content_type = content_type(reader);
    Some(FaultAnswer {
        status: statuses(reader, value)?,
        retry_after,
        body,
        content_type,
    })
}

fn content_type(reader: &mut Reader<'_>) -> Option<String> {
    reader.get("content_type", "text", "write one such as `text/html`", text)
}

fn statuses(reader: &mut Reader<'_>, value: &Value) -> Option<Statuses> {
    let Value::Array(items) = value else {
        let expected = format!("{STATUS}, or a list of them");
        let status = reader.read(&["respond"], value, &expected, "write one such as `503`", status);
        return status.map(Statuses::One);
    };
    let mut statuses = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = ["respond", &index.to_string()];
        statuses.extend(reader.read(&place, item, STATUS, "write one such as `503`", status));
    }
    (statuses.len() == items.len()).then_some(Statuses::Sequence(statuses))
}

fn retry_after(value: &Value) -> Option<RetryAfter> {
    let seconds = value.as_u64().map(RetryAfter::Seconds);
    seconds.or_else(|| value.as_str().and_then(http_date).map(RetryAfter::Date))
}

/// The preferred form of RFC 9110 §5.6.7, whose zone is always spelt `GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    let parsed = || DateTimeParser::new().parse_timestamp(text).ok();
    text.ends_with(" GMT").then(parsed).flatten()
}

fn rate(reader: &mut Reader<'_>, value: &Value) -> Option<Rate> {
    let place = ["rate"];
    let fields = reader.mapping(&place, value, &["per_second", "burst"], RATE)?;
    let burst = match fields.get("burst") {
        Some(burst) => reader.read(
            &["rate", "burst"],
            burst,
            "a whole number from 1",
            "write how many pass at once after a pause, such as `20`",
            count,
        ),
        None => Some(1),
    };
    let per_second = reader.required(&place, fields, "per_second", RATE)?;
    let per_second = reader.read(
        &["rate", "per_second"],
        per_second,
        "a number above 0",
        "write one such as `10` or `0.5`",
        |value| value.as_f64().filter(|rate| *rate > 0.0),
    );
    Some(Rate {
        per_second: per_second?,
        burst: burst?,
    })
}

fn latency(reader: &mut Reader<'_>, value: &Value) -> Option<Latency> {
    if !value.is_object() {
        return reader.duration(&["delay"], value).map(Latency::Fixed);
    }
    let words = ["uniform", "lognormal"];
    let fields = reader.mapping(&["delay"], value, &words, DELAY)?;
    match (fields.get("uniform"), fields.get("lognormal")) {
        (Some(uniform), None) => uniform_between(reader, uniform),
        (None, Some(log_normal)) => log_normal_around(reader, log_normal),
        // Another word was to say it, and has been told already.
        (None, None) if !fields.is_empty() => None,
        _ => reader.read(&["delay"], value, "one of `uniform` and `lognormal`", DELAY, |_| None),
    }
}

fn uniform_between(reader: &mut Reader<'_>, value: &Value) -> Option<Latency> {
    let place = ["delay", "uniform"];
    let help = "write one such as `uniform: [100ms, 2s]`";
    let both = |value: &Value| value.as_array().filter(|items| items.len() == 2).cloned();
    let items = reader.read(&place, value, "two durations", help, both)?;
    let mut at = |index: usize| reader.duration(&["delay", "uniform", &index.to_string()], items.get(index)?);
    let (from, to) = (at(0), at(1));
    Some(Latency::Uniform { from: from?, to: to? })
}

fn log_normal_around(reader: &mut Reader<'_>, value: &Value) -> Option<Latency> {
    let place = ["delay", "lognormal"];
    let fields = reader.mapping(&place, value, &["median", "sigma", "cap"], LOG_NORMAL)?;
    let cap: Option<Option<Duration>> = match fields.get("cap") {
        Some(cap) => reader.duration(&["delay", "lognormal", "cap"], cap).map(Some),
        None => Some(None),
    };
    let median = reader.required(&place, fields, "median", LOG_NORMAL);
    let median = median.and_then(|median| reader.duration(&["delay", "lognormal", "median"], median));
    let sigma = reader.required(&place, fields, "sigma", LOG_NORMAL)?;
    let sigma = reader.read(
        &["delay", "lognormal", "sigma"],
        sigma,
        "a number above 0 and at most 10",
        "write one such as `0.8`",
        Value::as_f64,
    );
    Some(Latency::LogNormal {
        median: median?,
        sigma: sigma?,
        cap: cap?,
    })
}

/// What says everything by being there.
fn flag(reader: &mut Reader<'_>, word: &'static str, action: FaultAction) -> Option<FaultAction> {
    reader
        .get(
            word,
            "`true`",
            "leave the fault out for a server that answers well",
            set,
        )
        .map(|()| action)
}

/// Before or after the request is recorded.
fn moment(reader: &mut Reader<'_>, word: &'static str, before: FaultAction, after: FaultAction) -> Option<FaultAction> {
    reader.one_of(word, &["before", "after"], |word| match word {
        "before" => Some(before),
        "after" => Some(after),
        _ => None,
    })
}
