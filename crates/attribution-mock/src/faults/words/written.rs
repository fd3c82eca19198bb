//! A fault as the admin API lists it, in the words in which it can be given again.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::action::{FaultAction, FaultAnswer, RetryAfter, Statuses, WrongLength};
use super::super::fault::Fault;
use super::super::latency::Latency;
use super::super::matching::FaultMatch;
use super::super::table::InstalledFault;

/// An installed fault as the admin API lists it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FaultRow {
    id: u64,
    fault: Map<String, Value>,
    struck: u64,
    left: Option<u32>,
}

impl From<InstalledFault> for FaultRow {
    fn from(installed: InstalledFault) -> Self {
        Self {
            id: installed.id.number(),
            fault: installed.fault.to_words(),
            struck: installed.struck,
            left: installed.left,
        }
    }
}

impl Fault {
    /// The fault in the words that [`Fault::from_words`] reads as the same one.
    ///
    /// ```
    /// use attribution_mock::Fault;
    ///
    /// let words = Fault::respond(503).on("/track").times(2).to_words();
    /// assert_eq!(serde_json::to_string(&words)?, r#"{"path":"/track","respond":503,"times":2}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn to_words(&self) -> Map<String, Value> {
        let mut words = Map::new();
        matching(&self.matching, &mut words);
        put(&mut words, "seed", self.seed);
        action(&self.action, &mut words);
        let is_sequence = words.get("respond").is_some_and(Value::is_array);
        if !is_sequence {
            let times = self.matching.times.map_or_else(|| Value::from("always"), Value::from);
            words.insert("times".to_owned(), times);
        }
        words
    }
}

fn put(words: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    words.extend(value.map(|value| (key.to_owned(), value.into())));
}

fn matching(matching: &FaultMatch, words: &mut Map<String, Value>) {
    put(words, "path", matching.path.clone());
    put(
        words,
        "dialect",
        matching.dialect.map(attribution_ledger::Dialect::as_str),
    );
    put(words, "visitor", matching.visitor.clone());
    put(words, "event", matching.event.clone());
    put(words, "type", matching.call.map(attribution_ledger::Call::as_str));
    put(words, "every", matching.every);
    put(words, "probability", matching.probability);
    put(
        words,
        "after",
        Some(matching.after).filter(|after| !after.is_zero()).map(span),
    );
    put(words, "for", matching.lasting.map(span));
}

fn action(action: &FaultAction, words: &mut Map<String, Value>) {
    let (word, value) = match action {
        FaultAction::Respond(given) => return answer(given, words),
        FaultAction::Rate(rate) => ("rate", json!({ "per_second": rate.per_second, "burst": rate.burst })),
        FaultAction::Delay(latency) => ("delay", delay(*latency)),
        FaultAction::Bandwidth { bytes_per_second } => ("bandwidth", format!("{bytes_per_second}B/s").into()),
        FaultAction::Hang => ("hang", true.into()),
        FaultAction::CloseBefore => ("close", "before".into()),
        FaultAction::CloseAfter => ("close", "after".into()),
        FaultAction::ResetBefore => ("reset", "before".into()),
        FaultAction::ResetAfter => ("reset", "after".into()),
        FaultAction::Truncate => ("truncate", true.into()),
        FaultAction::Garbage => ("garbage", true.into()),
        FaultAction::ContentLength(WrongLength::More) => ("content_length", "more".into()),
        FaultAction::ContentLength(WrongLength::Less) => ("content_length", "less".into()),
        FaultAction::ContentType(content_type) => ("content_type", content_type.clone().into()),
        FaultAction::Refuse => ("connect", "refuse".into()),
    };
    words.insert(word.to_owned(), value);
}

fn answer(answer: &FaultAnswer, words: &mut Map<String, Value>) {
    let status = match &answer.status {
        Statuses::One(status) => Value::from(*status),
        Statuses::Sequence(statuses) => Value::from(statuses.clone()),
    };
    words.insert("respond".to_owned(), status);
    put(words, "retry_after", answer.retry_after.map(retry_after));
    put(words, "body", answer.body.clone());
    put(words, "content_type", answer.content_type.clone());
}

fn retry_after(retry_after: RetryAfter) -> Value {
    match retry_after {
        RetryAfter::Seconds(seconds) => Value::from(seconds),
        RetryAfter::Date(date) => {
            let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&date);
            Value::from(text.unwrap_or_else(|_| date.to_string()))
        }
    }
}

fn delay(latency: Latency) -> Value {
    match latency {
        Latency::Fixed(delay) => span(delay).into(),
        Latency::Uniform { from, to } => json!({ "uniform": [span(from), span(to)] }),
        Latency::LogNormal { median, sigma, cap } => {
            let mut words = Map::new();
            put(&mut words, "median", Some(span(median)));
            put(&mut words, "sigma", Some(sigma));
            put(&mut words, "cap", cap.map(span));
            json!({ "lognormal": words })
        }
    }
}

/// `1h30m`, `10s`, `1500ms`: whole seconds by their units, anything else in milliseconds.
fn span(duration: Duration) -> String {
    let (seconds, below) = (duration.as_secs(), duration.subsec_nanos());
    if below > 0 {
        let fraction = format!(".{:06}", below % 1_000_000);
        return format!(
            "{}{}ms",
            duration.as_millis(),
            fraction.trim_end_matches(['0']).trim_end_matches('.')
        );
    }
    let units = [(seconds / 3_600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let given = units.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = given.map(|(count, unit)| format!("{count}{unit}")).collect();
    if parts.is_empty() {
        "0s".to_owned()
    } else {
        parts.concat()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_action_is_read_as_it_is_written() {
        for text in [
            r#"{"path":"/track","respond":429,"retry_after":30,"body":"later","content_type":"text/html","times":2}"#,
            r#"{"respond":503,"retry_after":"Wed, 21 Oct 2015 07:28:00 GMT","times":"always"}"#,
            r#"{"visitor":"user-1","event":"Order Completed","type":"track","respond":[503,503,200]}"#,
            r#"{"rate":{"per_second":0.5,"burst":2},"times":"always"}"#,
            r#"{"delay":"1m30s","times":1}"#,
            r#"{"seed":7,"delay":{"uniform":["100ms","2s"]},"times":1}"#,
            r#"{"delay":{"lognormal":{"median":"200ms","sigma":0.8,"cap":"10s"}},"times":"always"}"#,
            r#"{"bandwidth":"1500B/s","times":1}"#,
            r#"{"dialect":"import","every":3,"hang":true,"times":"always"}"#,
            r#"{"close":"before","times":1}"#,
            r#"{"close":"after","times":1}"#,
            r#"{"reset":"before","times":1}"#,
            r#"{"probability":0.3,"seed":7,"reset":"after","times":"always"}"#,
            r#"{"after":"10s","for":"1m","truncate":true,"times":"always"}"#,
            r#"{"garbage":true,"times":1}"#,
            r#"{"content_length":"more","times":1}"#,
            r#"{"content_length":"less","times":1}"#,
            r#"{"content_type":"text/html","times":1}"#,
            r#"{"connect":"refuse","times":3}"#,
        ] {
            let words = serde_json::from_str(text).unwrap();
            let fault = Fault::from_words(&words).unwrap();
            assert_eq!(serde_json::to_string(&fault.to_words()).unwrap(), text);
        }
    }

    proptest! {
        #[test]
        fn a_span_of_time_is_read_as_it_is_written(nanoseconds in 0..300_000_000_000_000_000_u64) {
            let duration = Duration::from_nanos(nanoseconds);
            prop_assert_eq!(clock::duration(&span(duration)), Ok(duration));
        }

        #[test]
        fn no_words_make_the_reader_panic(
            key in prop::sample::select(super::super::list::words().collect::<Vec<_>>()),
            value in prop::sample::select(vec![
                json!(null), json!(true), json!(-1), json!(1e300), json!(503), json!("before"), json!("-1s"), json!([]),
                json!([503, "x"]), json!([0, 1]), json!({}), json!({ "uniform": ["2s", "1s"] }),
                json!({ "uniform": 5 }), json!({ "lognormal": { "median": "0s", "sigma": -1 } }),
                json!({ "per_second": 0 }), json!({ "burst": 0 }),
            ]),
            beside in prop::sample::select(vec!["respond", "delay", "rate", "connect", "times"]),
        ) {
            let words = json!({ key: value, beside: 503 });
            if let Err(mistakes) = Fault::from_words(words.as_object().unwrap()) {
                prop_assert!(!mistakes.is_empty());
            }
        }
    }
}
