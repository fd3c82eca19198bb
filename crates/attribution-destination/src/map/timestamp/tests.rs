use jiff::Timestamp;
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::read;

fn text(timestamp: &Value) -> String {
    match read(Some(timestamp), Timestamp::UNIX_EPOCH) {
        Ok(instant) => instant.to_string(),
        Err(error) => panic!("{timestamp}: {error}"),
    }
}

fn number(source: &str) -> Value {
    serde_json::from_str(source).unwrap()
}

#[test]
fn a_missing_or_null_timestamp_is_now_cut_to_milliseconds() {
    let now: Timestamp = "2024-01-15T10:00:00.123999Z".parse().unwrap();
    for missing in [None, Some(&Value::Null)] {
        assert_eq!(read(missing, now).unwrap().to_string(), "2024-01-15T10:00:00.123Z");
    }
}

#[test]
fn strings_are_read_more_widely_than_date_like_ones() {
    for (given, expected) in [
        ("2014-10-12T10:11:12.037Z", "2014-10-12T10:11:12.037Z"),
        ("2014-10-12 10:11:12+05:00", "2014-10-12T10:11:12.000Z"),
        ("2014-10-12t10:11:12z", "2014-10-12T10:11:12.000Z"),
        ("2014-10-12t10:11:12+02:00", "2014-10-12T08:11:12.000Z"),
        ("20141012", "2014-10-12T00:00:00.000Z"),
        ("20141012T101112.5Z", "2014-10-12T10:11:12.500Z"),
        ("2014-1012", "2014-10-12T00:00:00.000Z"),
        ("2014", "2014-01-01T00:00:00.000Z"),
        ("2014-10", "2014-10-01T00:00:00.000Z"),
        ("201410", "2014-10-01T00:00:00.000Z"),
        ("2014T10:11", "2014-01-01T10:11:00.000Z"),
        ("2014-13-45", "2015-02-14T00:00:00.000Z"),
        ("1400000000", "2014-05-13T16:53:20.000Z"),
        ("1400000000123", "2014-05-13T16:53:20.123Z"),
    ] {
        assert_eq!(text(&given.into()), expected, "{given}");
    }
}

#[test]
fn numbers_are_seconds_or_milliseconds_by_their_size() {
    for (given, expected) in [
        ("1400000000", "2014-05-13T16:53:20.000Z"),
        ("1400000000.123", "2014-05-13T16:53:20.123Z"),
        ("1400000000.9999", "2014-05-13T16:53:20.999Z"),
        ("1400000000000", "2014-05-13T16:53:20.000Z"),
        ("1400000000123.9", "2014-05-13T16:53:20.123Z"),
        ("1.4e9", "2014-05-13T16:53:20.000Z"),
        ("0", "1970-01-01T00:00:00.000Z"),
        ("-5", "1969-12-31T23:59:55.000Z"),
        ("-0.0015", "1969-12-31T23:59:59.999Z"),
        ("31557599999", "2970-01-07T23:59:59.000Z"),
        ("31557600000", "1971-01-01T06:00:00.000Z"),
        ("8640000000000000", "+275760-09-13T00:00:00.000Z"),
        ("-8640000000000", "-271821-04-20T00:00:00.000Z"),
    ] {
        assert_eq!(text(&number(given)), expected, "{given}");
    }
}

#[test]
fn what_cannot_be_read_is_shown_with_a_right_one() {
    for given in [
        json!("Oct 12, 2014"),
        json!(""),
        json!("now"),
        json!("140000000"),
        json!("14000000000"),
        json!("-1400000000"),
        json!("2014-10-12T10"),
        json!(" 2014-10-12"),
        json!("2014-1-2"),
        json!("20141"),
        json!(true),
        json!([]),
        json!({}),
        number("8640000000000001"),
        number("-8640000000001"),
        number("1e400"),
        number("-1e300"),
    ] {
        let error = read(Some(&given), Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(
            (error.code, error.pointer.as_str()),
            ("timestamp_invalid", "/timestamp")
        );
        assert!(
            error
                .message
                .starts_with(&format!("{given} can't be read as a time; write")),
            "{}",
            error.message
        );
    }
}

#[test]
fn only_the_beginning_of_a_long_value_is_shown() {
    let error = read(Some(&json!("é".repeat(100_000))), Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(
        error.message.contains("ééé…") && error.message.len() < 400,
        "{}",
        error.message
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_date_like_string_is_the_same_instant_as_a_timestamp(given in r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{4}([0-9]{2}(,[0-9]{1,5})?)?(Z|[+-][0-9]{2})?)?") {
        let expected = crate::map::date_like::instant(&given).unwrap();
        prop_assert_eq!(read(Some(&given.into()), Timestamp::UNIX_EPOCH).unwrap(), expected);
    }

    #[test]
    fn a_fraction_of_three_digits_is_kept_exactly(seconds in 1_100_000_000_i64..2_100_000_000, milli in 0_i64..1_000) {
        let given = number(&format!("{seconds}.{milli:03}"));
        let expected = Timestamp::from_millisecond(seconds * 1_000 + milli).unwrap();
        prop_assert_eq!(read(Some(&given), Timestamp::UNIX_EPOCH).unwrap(), expected.into());
    }

    #[test]
    fn no_text_makes_it_panic(given in r"[0-9tTzZ :.,+-]{0,40}") {
        let _ = read(Some(&given.into()), Timestamp::UNIX_EPOCH);
    }
}
