//! The words that say which requests are struck.

use attribution_ledger::{Call, Dialect};
use serde_json::Value;

use super::super::matching::FaultMatch;
use super::super::resolved::check_path;
use super::reader::Reader;
use super::value::{count, text};

const DIALECTS: [Dialect; 4] = [Dialect::Classic, Dialect::Actions, Dialect::Import, Dialect::Browser];

const COUNT: &str = "a whole number from 1";

pub(super) fn read(reader: &mut Reader<'_>) -> FaultMatch {
    let path = reader.get("path", "text", "write one such as `/track`", text);
    if let Some(Err(unknown)) = path.as_deref().map(check_path) {
        reader.reports(unknown.into());
    }
    let dialects = DIALECTS.map(Dialect::as_str);
    let calls = Call::ALL.map(Call::as_str);
    FaultMatch {
        path,
        dialect: reader.one_of("dialect", &dialects, |word| {
            DIALECTS.into_iter().find(|dialect| dialect.as_str() == word)
        }),
        visitor: reader.get("visitor", "text", "quote the id: `visitor: \"42\"`", text),
        event: reader.get("event", "text", "write the name of a track, in quotes if need be", text),
        call: reader.one_of("type", &calls, Call::of_type),
        every: reader.get("every", COUNT, "write one such as `3` for each third", count),
        probability: reader.get(
            "probability",
            "above 0 and at most 1",
            "write one such as `0.3`",
            |value| value.as_f64().filter(|part| *part > 0.0 && *part <= 1.0),
        ),
        after: time(reader, "after").unwrap_or_default(),
        lasting: time(reader, "for"),
        times: times(reader),
    }
}

fn time(reader: &mut Reader<'_>, key: &'static str) -> Option<std::time::Duration> {
    let value = reader.word(key)?;
    reader.duration(&[key], value)
}

fn times(reader: &mut Reader<'_>) -> Option<u32> {
    if reader.word("times") == Some(&Value::from("always")) {
        return None;
    }
    reader.get(
        "times",
        "a whole number from 1, or `always`",
        "leave it out for once",
        count,
    )
}
