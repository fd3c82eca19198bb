//! What stands in a snapshot for what differs from run to run.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::made_up::MadeUp;

/// The one table of what is not shown as it is: what stands there, and for what. The README's is tested against it.
pub const PLACEHOLDERS: [(&str, &str); 4] = [
    ("[project-id]", "the project id, wherever it stands"),
    (
        "[start], [start + 40m]",
        "a moment of the scenario's clock: its start, and how far `wait` has moved it; times that the file writes stay",
    ),
    (
        "[id-1]",
        "an id that the seed makes, of `{{uuid}}`, `{{anonymous_id}}` or Engage: the first in the file, wherever it stands",
    ),
    ("[duration]", "how long deliveries took: `delivered_within`"),
];

pub(super) const DURATION: &str = "[duration]";

/// Puts placeholders in one snapshot.
pub(super) struct Placeholders<'a> {
    made_up: &'a MadeUp,
    project_id: &'a str,
    now: Timestamp,
    /// The ids that were seen, with their number.
    ids: BTreeMap<&'a str, usize>,
}

impl<'a> Placeholders<'a> {
    pub(super) fn new(made_up: &'a MadeUp, project_id: &'a str, now: Timestamp) -> Self {
        Self {
            made_up,
            project_id,
            now,
            ids: BTreeMap::new(),
        }
    }

    /// The text with a placeholder for each part that differs from run to run.
    pub(super) fn fill(&mut self, text: &'a str) -> String {
        let mut moments = moments(text).peekable();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            while moments.next_if(|(begin, _)| *begin < at).is_some() {}
            let rest = &text[at..];
            let moment = moments.peek().filter(|(begin, _)| *begin == at).copied();
            let found = if let Some(length) = self.project_id_at(text, at) {
                Some(("[project-id]".to_owned(), length))
            } else if let Some((_, moment)) = moment {
                let length = rest.find('Z').map_or(rest.len(), |end| end + 1);
                let waited = self.made_up.moment(moment, self.now);
                waited.map(|waited| (since_start(waited), length))
            } else {
                self.made_up.id_at(rest).map(|id| (self.number(id), id.len()))
            };
            let (shown, length) = found.unwrap_or_else(|| (c.to_string(), c.len_utf8()));
            out.push_str(&shown);
            at += length;
        }
        out
    }

    /// The project id as a word of its own: part of another word it is no secret.
    fn project_id_at(&self, text: &str, at: usize) -> Option<usize> {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(self.project_id)?;
        let is_apart = !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        is_apart.then_some(self.project_id.len())
    }

    fn number(&mut self, id: &'a str) -> String {
        let next = self.ids.len() + 1;
        format!("[id-{}]", self.ids.entry(id).or_insert(next))
    }
}

/// The moments in a text as they are sent, `2024-01-15T10:00:00.000Z`, and where each begins.
pub(super) fn moments(text: &str) -> impl Iterator<Item = (usize, Timestamp)> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let is_like = |at: usize| {
        bytes.get(at..at + SHAPE.len()).is_some_and(|found| {
            let mut pairs = found.iter().zip(SHAPE);
            pairs.all(|(byte, shape)| byte == shape || (*shape == b'0' && byte.is_ascii_digit()))
        })
    };
    let within = move |at: usize| {
        let tail = &bytes[at + SHAPE.len()..];
        let end = tail.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
        let is_apart = at == 0 || !bytes[at - 1].is_ascii_digit();
        (is_apart && tail.get(end) == Some(&b'Z')).then_some(at + SHAPE.len() + end + 1)
    };
    let starts = text
        .match_indices('T')
        .filter_map(|(at, _)| at.checked_sub("0000-00-00".len()));
    starts.filter(move |at| is_like(*at)).filter_map(move |at| {
        let end = within(at)?;
        Some((at, text.get(at..end)?.parse().ok()?))
    })
}

/// `[start + 1h30m]`, as the scenario language writes durations.
fn since_start(waited: SignedDuration) -> String {
    let millis = waited.as_millis();
    if millis == 0 {
        return "[start]".to_owned();
    }
    let sign = if millis < 0 { '-' } else { '+' };
    let mut left = millis.unsigned_abs();
    let mut shown = String::new();
    for (unit, length) in [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
        ("ms", 1),
    ] {
        if left >= length {
            shown = format!("{shown}{}{unit}", left / length);
            left %= length;
        }
    }
    format!("[start {sign} {shown}]")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_moment_is_found_wherever_it_stands() {
        let found = |text: &str| {
            moments(text)
                .map(|(at, moment)| (at, moment.to_string()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found("T é2024-01-15T10:00:00.000Z, 2024-01-15T10:00:01ZZ"),
            [
                (4, "2024-01-15T10:00:00Z".to_owned()),
                (30, "2024-01-15T10:00:01Z".to_owned())
            ]
        );
        for none in [
            "2024-01-15",
            "2024-01-15T10:00:00",
            "2024-13-15T10:00:00Z",
            "12024-01-15T10:00:00Z",
            "T",
        ] {
            assert_eq!(found(none), [], "{none}");
        }
        assert_eq!(
            found("2024-01-15T10:00:00+01:00"),
            [],
            "an offset is what somebody wrote"
        );
    }

    #[test]
    fn ids_are_numbered_as_they_appear_and_secrets_are_no_part_of_a_word() {
        let mut made_up = MadeUp::wanted();
        for id in ["aaaa", "bbbb"] {
            made_up.id(&Value::from(id));
        }
        let mut placeholders = Placeholders::new(&made_up, "shop", Timestamp::UNIX_EPOCH);
        assert_eq!(
            placeholders.fill("order-bbbb aaaa/bbbbé"),
            "order-[id-1] [id-2]/[id-1]é"
        );
        assert_eq!(
            placeholders.fill("https://shop.example/shops?key=shop"),
            "https://[project-id].example/shops?key=[project-id]"
        );
    }

    #[test]
    fn a_duration_is_written_as_in_a_scenario() {
        for (millis, shown) in [
            (0, "[start]"),
            (5_400_000, "[start + 1h30m]"),
            (-86_400_000, "[start - 1d]"),
            (61_005, "[start + 1m1s5ms]"),
        ] {
            assert_eq!(since_start(SignedDuration::from_millis(millis)), shown);
        }
    }
}
