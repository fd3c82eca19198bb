//! `start:`.

use expectation::read::quoted;
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink};
use jiff::Timestamp;
use jiff::civil::Date;

/// A moment with its zone.
pub(super) fn start(node: &Node, sink: &mut Sink) -> Option<Timestamp> {
    let text = match &node.shape {
        Shape::Text(text) => text.as_str(),
        _ => "",
    };
    let found = text.parse().ok();
    if found.is_none() {
        let message = match bad_part(text) {
            Some(part) => format!("`start` is no moment: {part}"),
            None => "`start` must be a moment with its zone (RFC 3339)".to_owned(),
        };
        sink.push(Diagnostic::new(node.at, message).help("write one such as `2024-01-15T10:00:00Z`"));
    }
    found
}

/// What there is not, of a text that otherwise looks like `2024-01-15T10:00:00`.
fn bad_part(text: &str) -> Option<String> {
    let date = text.get(..10)?;
    let year: i16 = date.get(..4)?.parse().ok()?;
    let month = two_digits(date, 5)?;
    let day = two_digits(date, 8)?;
    let Ok(first) = Date::new(year, month, 1) else {
        return Some(format!("there is no month {}", quoted(&date[5..7])));
    };
    if !(1..=first.days_in_month()).contains(&day) {
        return Some(format!("{} has no day {}", &date[..7], quoted(&date[8..])));
    }
    [("hour", 11, 23), ("minute", 14, 59), ("second", 17, 59)]
        .into_iter()
        .find(|(_, at, most)| two_digits(text, *at).is_some_and(|found| found > *most))
        .map(|(unit, at, _)| format!("there is no {unit} {}", quoted(&text[at..at + 2])))
}

fn two_digits(text: &str, at: usize) -> Option<i8> {
    let digits = text.get(at..at + 2)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{bad_part, start};
    use crate::parse::testing::mistakes;

    #[test]
    fn the_part_that_there_is_not_is_named() {
        let of = |text: &str| mistakes(text, start).pop().unwrap_or_default();
        let told = [
            ("2024-13-15T10:00:00Z", "there is no month `13`"),
            ("2023-02-29T10:00:00Z", "2023-02 has no day `29`"),
            ("2024-01-00T10:00:00Z", "2024-01 has no day `00`"),
            ("2024-01-15T24:00:00Z", "there is no hour `24`"),
            ("2024-01-15T10:60:00Z", "there is no minute `60`"),
            ("2024-01-15T10:00:61Z", "there is no second `61`"),
        ];
        for (text, part) in told {
            assert_eq!(of(text), format!("`start` is no moment: {part}"));
        }
    }

    #[test]
    fn otherwise_the_zone_or_everything_is_missing() {
        for text in [
            "2024-01-15T10:00:00",
            "2024-01-15",
            "tomorrow",
            "5",
            "[]",
            "ü024-01-15T10:00:00Z",
        ] {
            let told = mistakes(text, start);
            assert_eq!(told, ["`start` must be a moment with its zone (RFC 3339)"], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-+0-9:TZé]{0,25}") {
            let _ = bad_part(&text);
        }
    }
}
