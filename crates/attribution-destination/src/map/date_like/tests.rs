use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use super::instant;

fn rewritten(text: &str) -> String {
    instant(text)
        .unwrap_or_else(|| panic!("{text} looks like a date"))
        .to_string()
}

#[test]
fn a_string_that_looks_like_a_date_becomes_the_instant_in_utc() {
    for (text, expected) in [
        ("2014-10-12", "2014-10-12T00:00:00.000Z"),
        ("2014-10-12T10:11", "2014-10-12T10:11:00.000Z"),
        ("2014-10-12T1011", "2014-10-12T10:11:00.000Z"),
        ("2014-10-12T10:11:12", "2014-10-12T10:11:12.000Z"),
        ("2014-10-12T101112", "2014-10-12T10:11:12.000Z"),
        ("2014-10-12T10:1112Z", "2014-10-12T10:11:12.000Z"),
        ("2014-10-12T10:11Z", "2014-10-12T10:11:00.000Z"),
        ("2014-10-12T10:11:12+02", "2014-10-12T08:11:12.000Z"),
        ("2014-10-12T10:11:12+0230", "2014-10-12T07:41:12.000Z"),
        ("2014-10-12T10:11:12-02:30", "2014-10-12T12:41:12.000Z"),
        ("2014-10-12T10:11+02:00", "2014-10-12T08:11:00.000Z"),
        ("2014-10-12 10:11:12", "2014-10-12T10:11:12.000Z"),
        ("2014-10-12 10:11:12Z", "2014-10-12T10:11:12.000Z"),
    ] {
        assert_eq!(rewritten(text), expected, "{text}");
    }
}

#[test]
fn a_zone_after_a_blank_is_ignored() {
    for zone in ["", "Z", "+02", "-0230", "+02:30", "+99:99"] {
        assert_eq!(
            rewritten(&format!("2014-10-12 10:11:12{zone}")),
            "2014-10-12T10:11:12.000Z",
            "{zone:?}"
        );
    }
    assert_eq!(instant("2014-10-12 10:11:12 +02:00"), None);
}

#[test]
fn fractions_are_cut_to_milliseconds() {
    for (fraction, expected) in [
        (".5", "500"),
        (".037", "037"),
        (".123456", "123"),
        (".9999", "999"),
        (",25", "250"),
        (".0", "000"),
        (".00049", "000"),
    ] {
        assert_eq!(
            rewritten(&format!("2014-10-12T10:11:12{fraction}Z")),
            format!("2014-10-12T10:11:12.{expected}Z")
        );
    }
}

#[test]
fn fields_roll_over_and_offsets_have_no_limit() {
    for (text, expected) in [
        ("2014-13-45", "2015-02-14T00:00:00.000Z"),
        ("2014-00-00", "2014-01-01T00:00:00.000Z"),
        ("2014-02-30", "2014-03-02T00:00:00.000Z"),
        ("2014-10-12T24:00:00Z", "2014-10-13T00:00:00.000Z"),
        ("2014-10-12T99:99:99Z", "2014-10-16T04:40:39.000Z"),
        ("2014-10-12T00:00:00+99:99", "2014-10-07T19:21:00.000Z"),
        ("2014-10-12T00:00:00-99:99", "2014-10-16T04:39:00.000Z"),
        ("9999-12-31T99:99:99Z", "+010000-01-04T04:40:39.000Z"),
        ("9999-99-99", "+010007-06-07T00:00:00.000Z"),
    ] {
        assert_eq!(rewritten(text), expected, "{text}");
    }
}

#[test]
fn the_first_hundred_years_are_those_of_the_twentieth_century() {
    assert_eq!(rewritten("0000-01-01"), "1900-01-01T00:00:00.000Z");
    assert_eq!(rewritten("0099-12-31"), "1999-12-31T00:00:00.000Z");
    assert_eq!(rewritten("0100-01-01"), "0100-01-01T00:00:00.000Z");
    assert_eq!(rewritten("0100-01-01T00:00+00:01"), "0099-12-31T23:59:00.000Z");
}

#[test]
fn anything_else_is_no_date() {
    for text in [
        "",
        "2014",
        "2014-10",
        "20141012",
        "2014-1-2",
        "2014-10-1",
        "2014/10/12",
        "2014-10/12",
        "2014-10-123",
        "2014-10-12T",
        "2014-10-12T10",
        "2014-10-12T10:",
        "2014-10-12T10:1",
        "2014-10-12T10:11.5Z",
        "2014-10-12T10:11:1",
        "2014-10-12T10:11:12.",
        "2014-10-12T10:11:12.Z",
        "2014-10-12T10:11:12.5,",
        "2014-10-12t10:11:12Z",
        "2014-10-12T10:11:12z",
        "2014-10-12Z",
        "2014-10-12+02:00",
        " 2014-10-12",
        "2014-10-12 ",
        "2014-10-12\n",
        "2014-10-12T10:11:12Z ",
        "2014-10-12  10:11",
        "2014-10-12T10:11:12+2",
        "2014-10-12T10:11:12+02:3",
        "2014-10-12T10:11:12+02:",
        "2014-10-12T10:11:12+02:30:00",
        "2014-10-12T10:11:12Z+02",
        "2014-10-12T-1:11",
        "+002014-10-12",
        "-2014-10-12",
        "Sun, 12 Oct 2014 10:11:12 GMT",
        "٢٠١٤-١٠-١٢",
        "2014‑10‑12",
        "due 2014-10-12",
        "2014-10-12.",
        "2014-10-12T10:11:12.٥",
    ] {
        assert_eq!(instant(text), None, "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn rewriting_is_idempotent(text in r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:?[0-9]{2}(:?[0-9]{2}([.,][0-9]{1,5})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?") {
        let once = rewritten(&text);
        // A year of six digits is no longer date-like, which leaves it as it is too.
        let twice = instant(&once).map_or_else(|| once.clone(), |instant| instant.to_string());
        // Only the offset can lead back from the year 100, into the years that are read as the twentieth century.
        if !once.starts_with("00") {
            prop_assert_eq!(once, twice);
        }
    }

    #[test]
    fn what_qualifies_has_the_shape(text in r"[0-9T :.,Z+-]{0,30}") {
        if instant(&text).is_some() {
            prop_assert!(text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-', "{text}");
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,40}", tail in r"\PC{0,10}") {
        let _ = instant(&text);
        let _ = instant(&format!("2014-10-12T10:11:12{tail}"));
    }
}
