//! Recognising a date that is already written as dates are written, which nearly all are.

/// `YYYY-MM-DDTHH:MM:SS.mmmZ`, in whose place every digit may grow to the one that [`HIGHEST`] has there.
const LOWEST: &[u8; LENGTH] = b"0000-00-00T00:00:00.000Z";

/// The highest digit that there can be in each place.
const HIGHEST: &[u8; LENGTH] = b"9999-19-39T29:59:59.999Z";

const LENGTH: usize = 24;

/// The last day of each month, but for the leap day.
const LAST_DAYS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Whether a text is exactly what an [`Instant`](super::instant::Instant) read from it is written as. Of the texts that
/// are, it leaves out the leap days, which are rare enough to be read and written.
pub(super) fn is_canonical(text: &[u8]) -> bool {
    let Ok(text) = <&[u8; LENGTH]>::try_from(text) else {
        return false;
    };
    let mut is_in_shape = true;
    for place in 0..LENGTH {
        is_in_shape &= (LOWEST[place]..=HIGHEST[place]).contains(&text[place]);
    }
    let two_digits = |place: usize| (text[place] & 0xf) * 10 + (text[place + 1] & 0xf);
    let (century, month, day, hour) = (two_digits(0), two_digits(5), two_digits(8), two_digits(11));
    let last_day = LAST_DAYS.get(usize::from(month.wrapping_sub(1)));
    // The first hundred years are read as those of the twentieth century.
    is_in_shape && century > 0 && hour < 24 && day > 0 && last_day.is_some_and(|last| day <= *last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    use super::is_canonical;
    use crate::map::iso::{self, Shape};

    /// Whether reading and writing leaves it as it is.
    fn is_kept(text: &str) -> bool {
        iso::read(text, Shape::DateLike).is_some_and(|instant| *instant.text() == *text)
    }

    #[test]
    fn only_what_would_be_written_so_is_canonical() {
        for text in [
            "2024-01-15T10:00:00.000Z",
            "0100-12-31T23:59:59.999Z",
            "9999-02-28T00:00:00.000Z",
        ] {
            assert!(is_canonical(text.as_bytes()) && is_kept(text), "{text}");
        }
        for text in [
            "2024-01-15T10:00:00Z",
            "2024-01-15 10:00:00.000Z",
            "2024-01-15T10:00:00.000z",
            "2024-01-15",
            "",
        ] {
            assert!(!is_canonical(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_text_in_shape_is_canonical_exactly_if_it_is_kept(
            text in "[0-9]{2}[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9][.][0-9]{3}Z",
        ) {
            let is_leap_day = text[5..10] == *"02-29";
            prop_assert_eq!(is_canonical(text.as_bytes()), is_kept(&text) && !is_leap_day, "{}", text);
        }

        #[test]
        fn one_wrong_byte_is_enough(place in 0..24_usize, byte in 0..128_u8) {
            let mut text = *b"2024-01-15T10:11:12.131Z";
            text[place] = byte;
            let text = std::str::from_utf8(&text).unwrap();
            prop_assert_eq!(is_canonical(text.as_bytes()), is_kept(text), "{}", text);
        }
    }
}
