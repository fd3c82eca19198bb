//! How a text differs from what it was, line by line.

use std::fmt;

use serde::{Serialize, Serializer};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};

use crate::printable::printable;

/// How many lines that are the same are shown around those that are not.
const AROUND: usize = 3;

/// How many lines are kept: what differs in more than these is looked at as a whole.
const MOST: usize = 100;

/// How much of a line is shown.
const LONGEST: usize = 300;

/// How many pairs of lines are compared at most. Texts beyond it are taken as different in all but their ends, rather
/// than compared for minutes.
const MOST_PAIRS: usize = 100_000_000;

/// The smallest change that makes one text of another, with the lines around it.
///
/// ```
/// use expectation::Diff;
///
/// let diff = Diff::between("visitor: a\npage: /\n", "visitor: a\npage: /pricing\n").expect("they differ");
/// assert_eq!(diff.to_string(), "  visitor: a\n- page: /\n+ page: /pricing");
/// assert_eq!(diff.counts(), "1 line is gone, 1 is new");
/// assert_eq!(Diff::between("a\r\nb", "a\nb\n"), None, "how lines end makes no difference");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// What there is to be seen, a hundred lines at most.
    pub lines: Vec<DiffLine>,
    /// How many lines there are to be seen beyond those.
    pub more: usize,
    /// How many lines the first text has that the second has not.
    pub removed: usize,
    /// How many lines the second text has that the first has not.
    pub added: usize,
}

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// In which of the two texts it is.
    pub kind: LineKind,
    /// The line without its end.
    pub text: String,
}

/// In which of two texts a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// In both.
    Same,
    /// In the first only.
    Removed,
    /// In the second only.
    Added,
    /// In neither: it says where the lines behind it stand, because some before them are left out.
    Gap,
}

impl Diff {
    /// How the second text differs from the first. Nothing where every line is the same; how lines end makes no
    /// difference.
    pub fn between(before: &str, after: &str) -> Option<Self> {
        let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
        if before == after {
            return None;
        }
        let mut diff = Self {
            lines: Vec::new(),
            more: 0,
            removed: 0,
            added: 0,
        };
        let mut next = 0;
        for hunk in group_diff_ops(operations(&before, &after), AROUND) {
            let first = hunk.first().map_or(0, |operation| operation.new_range().start);
            if first > next {
                diff.add(LineKind::Gap, &format!("… line {}", first + 1));
            }
            for operation in &hunk {
                next = operation.new_range().end;
                for change in operation.iter_changes(&before, &after) {
                    diff.add(kind(change.tag()), change.value());
                }
            }
        }
        Some(diff)
    }

    /// How many lines differ, in words.
    pub fn counts(&self) -> String {
        let is = |count: usize| if count == 1 { "is" } else { "are" };
        let lines = |count: usize| if count == 1 { "line" } else { "lines" };
        match (self.removed, self.added) {
            (0, added) => format!("{added} {} {} new", lines(added), is(added)),
            (removed, 0) => format!("{removed} {} {} gone", lines(removed), is(removed)),
            (removed, added) => format!(
                "{removed} {} {} gone, {added} {} new",
                lines(removed),
                is(removed),
                is(added)
            ),
        }
    }

    fn add(&mut self, kind: LineKind, text: &str) {
        match kind {
            LineKind::Removed => self.removed += 1,
            LineKind::Added => self.added += 1,
            LineKind::Same | LineKind::Gap => {}
        }
        if self.lines.len() == MOST {
            self.more += 1;
            return;
        }
        let text = text.to_owned();
        self.lines.push(DiffLine { kind, text });
    }
}

fn kind(tag: ChangeTag) -> LineKind {
    match tag {
        ChangeTag::Equal => LineKind::Same,
        ChangeTag::Delete => LineKind::Removed,
        ChangeTag::Insert => LineKind::Added,
    }
}

fn operations(before: &[&str], after: &[&str]) -> Vec<DiffOp> {
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(one, other)| one == other).count();
    let start = same(&mut before.iter().zip(after));
    let (old, new) = (before.len() - start, after.len() - start);
    let end = same(&mut before[start..].iter().rev().zip(after[start..].iter().rev()));
    let (old, new) = (old - end, new - end);
    if old.saturating_mul(new) <= MOST_PAIRS {
        return capture_diff_slices(Algorithm::Myers, before, after);
    }
    let equal = |old_index, new_index, len| DiffOp::Equal {
        old_index,
        new_index,
        len,
    };
    vec![
        equal(0, 0, start),
        DiffOp::Replace {
            old_index: start,
            old_len: old,
            new_index: start,
            new_len: new,
        },
        equal(start + old, start + new, end),
    ]
}

impl DiffLine {
    /// The line with its sign before it, as it may be shown.
    pub fn shown(&self) -> String {
        let sign = match self.kind {
            LineKind::Same | LineKind::Gap => ' ',
            LineKind::Removed => '-',
            LineKind::Added => '+',
        };
        let line = format!("{sign} {}", printable(&self.text, LONGEST));
        line.trim_end().to_owned()
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{}", line.shown())?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n  … and {more} more lines"),
        }
    }
}

/// As the text that is shown.
impl Serialize for Diff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Diff, LineKind, MOST};

    fn numbered(lines: std::ops::Range<usize>) -> String {
        lines.map(|line| line.to_string() + "\n").collect()
    }

    #[test]
    fn only_what_is_near_a_change_is_shown() {
        let before = numbered(0..40);
        let after = before.replace("\n20\n", "\ntwenty\n").replace("\n38\n", "\n");
        let shown = "  … line 18\n  17\n  18\n  19\n- 20\n+ twenty\n  21\n  22\n  23\n  … line 36\n  35\n  36\n  37\n- 38\n  39";
        let diff = Diff::between(&before, &after).unwrap();
        assert_eq!(diff.to_string(), shown);
        assert_eq!(diff.counts(), "2 lines are gone, 1 is new");
    }

    #[test]
    fn a_large_difference_is_cut_and_the_rest_counted() {
        let diff = Diff::between("", &numbered(0..1_000)).unwrap();
        assert_eq!((diff.lines.len(), diff.more), (MOST, 900));
        assert_eq!(diff.counts(), "1000 lines are new");
        assert!(diff.to_string().ends_with("+ 99\n  … and 900 more lines"));
    }

    #[test]
    fn what_has_nothing_in_common_but_its_ends_is_not_compared_for_ever() {
        let before = format!("first\n{}last\n", numbered(0..20_000));
        let after = format!("first\n{}last\n", numbered(20_000..40_000));
        let diff = Diff::between(&before, &after).unwrap();
        assert_eq!((diff.removed, diff.added), (20_000, 20_000));
        assert_eq!(diff.to_string().lines().next(), Some("  first"));
    }

    #[test]
    fn lines_from_outside_are_never_shown_raw() {
        let diff = Diff::between("", "\u{1b}[31m\u{202e}").unwrap();
        assert_eq!(diff.to_string(), "+ \\u{1b}[31m\\u{202e}");
    }

    proptest! {
        #[test]
        fn a_difference_leads_from_one_text_to_the_other(
            before in proptest::collection::vec("[ab]{0,2}", 0..20),
            after in proptest::collection::vec("[ab]{0,2}", 0..20),
        ) {
            let text = |lines: &[String]| lines.iter().map(|line| line.clone() + "\n").collect::<String>();
            let Some(diff) = Diff::between(&text(&before), &text(&after)) else {
                prop_assert_eq!(before, after);
                return Ok(());
            };
            let of = |kind: LineKind| diff.lines.iter().filter(|line| line.kind == kind).count();
            prop_assert_eq!((of(LineKind::Removed), of(LineKind::Added)), (diff.removed, diff.added));
            prop_assert_eq!(before.len() + diff.added, after.len() + diff.removed);
            prop_assert!(diff.removed + diff.added > 0);
            let is_in = |lines: &[String], line: &str| lines.iter().any(|known| known == line);
            for line in &diff.lines {
                match line.kind {
                    LineKind::Gap => {}
                    LineKind::Same => prop_assert!(is_in(&before, &line.text) && is_in(&after, &line.text)),
                    LineKind::Removed => prop_assert!(is_in(&before, &line.text)),
                    LineKind::Added => prop_assert!(is_in(&after, &line.text)),
                }
            }
        }
    }
}
