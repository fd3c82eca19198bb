//! The time at which something happened, corrected for a wrong clock.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The moment that a member such as `sentAt` says in ISO 8601. Without an offset it is in UTC, and a date alone is its
/// midnight. Nothing else is read, numbers included.
///
/// ```
/// use segment_event::timestamp;
/// use serde_json::json;
///
/// assert_eq!(timestamp::read(&json!("2024-01-15T12:00:00+02:00")), Some("2024-01-15T10:00:00Z".parse()?));
/// assert_eq!(timestamp::read(&json!("2024-01-15")), Some("2024-01-15T00:00:00Z".parse()?));
/// assert_eq!(timestamp::read(&json!("yesterday")), None);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn read(member: &Value) -> Option<Timestamp> {
    parse(member.as_str()?)
}

/// The moment that a text says, as [`read`] has it of a member.
pub fn parse(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    })
}

/// The message's `timestamp` as Segment computes it: `receivedAt − (sentAt − originalTimestamp)`.
///
/// The sender's clock wrote both `sentAt` and `originalTimestamp`, so what it is off by cancels out; the time on the way is
/// taken for nothing. The result stays within what [`Timestamp`] can hold. Source: Segment Spec, "Common fields", timestamps.
///
/// ```
/// use segment_event::timestamp;
///
/// // A phone whose clock is a day ahead sends an event ten minutes after it happened.
/// let corrected = timestamp::corrected(
///     "2024-01-15T10:00:00Z".parse()?,
///     "2024-01-16T10:00:00Z".parse()?,
///     "2024-01-16T09:50:00Z".parse()?,
/// );
/// assert_eq!(corrected, "2024-01-15T09:50:00Z".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn corrected(received_at: Timestamp, sent_at: Timestamp, original: Timestamp) -> Timestamp {
    let age = sent_at.duration_since(original);
    let end = if age.is_negative() {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    };
    received_at.checked_sub(age).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn instant() -> impl Strategy<Value = Timestamp> {
        let seconds = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
        let moment = (seconds, 0..1_000_000_000).prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond));
        moment.prop_map(|moment| moment.unwrap_or(Timestamp::MIN))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_result_saturates_at_both_ends_of_time() {
        assert_eq!(
            corrected(Timestamp::MIN, Timestamp::MAX, Timestamp::MIN),
            Timestamp::MIN
        );
        assert_eq!(
            corrected(Timestamp::MAX, Timestamp::MIN, Timestamp::MAX),
            Timestamp::MAX
        );
    }

    #[test]
    fn an_event_from_after_its_own_sending_lies_after_its_arrival() {
        let received = at("2024-01-15T10:00:00Z");
        let result = corrected(received, at("2024-01-15T10:00:00Z"), at("2024-01-29T10:00:00Z"));
        assert_eq!(result, at("2024-01-29T10:00:00Z"));
    }

    proptest! {
        #[test]
        fn what_is_sent_when_it_happens_happened_when_it_arrived(received in instant(), sent in instant()) {
            prop_assert_eq!(corrected(received, sent, sent), received);
        }

        #[test]
        fn a_right_clock_is_left_alone(received in instant(), original in instant()) {
            prop_assert_eq!(corrected(received, received, original), original);
        }

        #[test]
        fn what_the_sending_clock_is_off_by_cancels_out(
            received in instant(), sent in instant(), original in instant(), off in -1_000_000_000_i64..1_000_000_000,
        ) {
            let off = SignedDuration::from_millis(off);
            let shifted = sent.checked_add(off).and_then(|sent| Ok((sent, original.checked_add(off)?)));
            if let Ok((sent_by_wrong_clock, original_by_wrong_clock)) = shifted {
                let by_wrong_clock = corrected(received, sent_by_wrong_clock, original_by_wrong_clock);
                prop_assert_eq!(by_wrong_clock, corrected(received, sent, original));
            }
        }
    }
}
