use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;

/// How long the answer asks to wait, read from its `Retry-After` at `now` (RFC 9110 §10.2.3).
///
/// Both forms count: a number of seconds, and an HTTP date in any of its three spellings. A date that is past, or now,
/// asks for no wait. What is neither (a sign, a fraction, a unit, a text) is as good as absent: a server that can't say
/// when is not a reason to give up. The first header counts where there are several; a number or a date too large
/// for the machine is the largest one.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds(text).or_else(|| until(text, now))
}

fn seconds(text: &str) -> Option<Duration> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

fn until(text: &str, now: Timestamp) -> Option<Duration> {
    let date = httpdate::parse_http_date(text).ok()?;
    let Ok(date) = Timestamp::try_from(date) else {
        // The last hours of the year 9999; before 1970 no HTTP date can be.
        return Some(Duration::from_secs(u64::MAX));
    };
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn read(value: &str) -> Option<Duration> {
        let now = "2024-01-15T10:00:00.250Z".parse().unwrap();
        retry_after(
            &HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(value).unwrap())]),
            now,
        )
    }

    #[test]
    fn every_form_is_read_and_garbage_is_not() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let cases = [
            ("0", seconds(0)),
            ("120", seconds(120)),
            (" 7 ", seconds(7)),
            ("007", seconds(7)),
            ("99999999999999999999999999", seconds(u64::MAX)),
            ("Mon, 15 Jan 2024 10:00:10 GMT", Some(Duration::from_millis(9_750))),
            ("Monday, 15-Jan-24 10:00:10 GMT", Some(Duration::from_millis(9_750))),
            ("Mon Jan 15 10:00:10 2024", Some(Duration::from_millis(9_750))),
            ("Mon, 15 Jan 2024 10:00:00 GMT", seconds(0)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", seconds(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", seconds(u64::MAX)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("10s", None),
            ("soon", None),
            ("2024-01-15T10:00:10Z", None),
            ("Mon, 45 Jan 2024 10:00:10 GMT", None),
        ];
        for (value, expected) in cases {
            assert_eq!(read(value), expected, "{value:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn the_first_of_several_counts() {
        let mut headers = HeaderMap::new();
        headers.append(RETRY_AFTER, HeaderValue::from_static("3"));
        headers.append(RETRY_AFTER, HeaderValue::from_static("4"));
        assert_eq!(
            retry_after(&headers, Timestamp::UNIX_EPOCH),
            Some(Duration::from_secs(3))
        );
    }

    proptest! {
        #[test]
        fn no_value_panics(value in "[ -~]{0,40}") {
            let _ = read(&value);
        }

        #[test]
        fn a_written_date_is_waited_for_to_the_second(ahead in 1..4_000_000_u64) {
            let now = Timestamp::from_second(1_705_312_800).unwrap();
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(1_705_312_800 + ahead));
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(&date).unwrap())]);
            prop_assert_eq!(retry_after(&headers, now), Some(Duration::from_secs(ahead)));
        }
    }
}
