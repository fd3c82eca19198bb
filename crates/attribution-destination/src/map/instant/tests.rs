use jiff::Timestamp;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

use super::{FURTHEST, Fields, Instant};

fn at(millis: i64) -> String {
    Instant::from_millis(millis).unwrap().to_string()
}

#[test]
fn years_that_need_more_than_four_digits_get_a_sign_and_six() {
    assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
    assert_eq!(at(253_402_300_799_999), "9999-12-31T23:59:59.999Z");
    assert_eq!(at(253_402_300_800_000), "+010000-01-01T00:00:00.000Z");
    assert_eq!(at(-62_167_219_200_000), "0000-01-01T00:00:00.000Z");
    assert_eq!(at(-62_167_219_200_001), "-000001-12-31T23:59:59.999Z");
    assert_eq!(at(FURTHEST), "+275760-09-13T00:00:00.000Z");
    assert_eq!(at(-FURTHEST), "-271821-04-20T00:00:00.000Z");
    assert_eq!(Instant::from_millis(FURTHEST + 1), None);
    assert_eq!(Instant::from_millis(i64::MIN), None);
}

#[test]
fn fields_beyond_their_range_roll_over() {
    let day = |year, month, day| {
        Instant::from_fields(Fields {
            year,
            month,
            day,
            ..Fields::default()
        })
        .to_string()
    };
    assert_eq!(day(2014, 13, 45), "2015-02-14T00:00:00.000Z");
    assert_eq!(day(2014, 2, 30), "2014-03-02T00:00:00.000Z");
    assert_eq!(day(2016, 2, 30), "2016-03-01T00:00:00.000Z");
    assert_eq!(day(1900, 2, 29), "1900-03-01T00:00:00.000Z");
    assert_eq!(day(2000, 2, 29), "2000-02-29T00:00:00.000Z");
    assert_eq!(day(2014, 1, 1 - 1), "2013-12-31T00:00:00.000Z");
}

#[test]
fn a_timestamp_is_cut_to_the_millisecond_that_it_lies_in() {
    for (timestamp, expected) in [
        ("2024-01-15T10:00:00.1239Z", "2024-01-15T10:00:00.123Z"),
        ("1969-12-31T23:59:59.9995Z", "1969-12-31T23:59:59.999Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
    ] {
        let timestamp: Timestamp = timestamp.parse().unwrap();
        assert_eq!(Instant::from(timestamp).to_string(), expected);
        assert_eq!(format!("{timestamp:.3}"), expected, "as an event is given it");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn within_the_calendar_of_jiff_the_two_agree(millis in Timestamp::MIN.as_millisecond()..=Timestamp::MAX.as_millisecond()) {
        let timestamp = Timestamp::from_millisecond(millis).unwrap();
        let instant = Instant::from(timestamp);
        if millis >= -62_167_219_200_000 {
            prop_assert_eq!(instant.to_string(), timestamp.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string());
        } else {
            prop_assert!(instant.to_string().starts_with('-'));
        }
    }

    #[test]
    fn an_instant_is_the_sum_of_the_fields_it_is_written_with(millis in -FURTHEST..=FURTHEST) {
        let text = at(millis);
        let (year, rest) = text.split_at(text.len() - 20);
        let field = |from: usize, to: usize| rest[from..to].parse().unwrap();
        let fields = Fields {
            year: year.parse().unwrap(),
            month: field(1, 3),
            day: field(4, 6),
            hour: field(7, 9),
            minute: field(10, 12),
            second: field(13, 15),
            milli: field(16, 19),
        };
        prop_assert_eq!(Instant::from_fields(fields), Instant { millis });
    }

    #[test]
    fn later_instants_of_four_digit_years_sort_later_as_text(a in any::<i32>(), b in any::<i32>()) {
        let (first, second) = (at(i64::from(a) * 1_000), at(i64::from(b) * 1_000));
        prop_assert_eq!(a.cmp(&b), first.cmp(&second));
    }
}
