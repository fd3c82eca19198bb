//! A whole `expect` against everything observed.

use serde_json::Value;

use super::alignment::{align, assign};
use super::alike::Kinds;
use super::failure::{Difference, Failure, Nearest};
use super::matching::{self, NOTHING, Resolve};
use super::pattern::{Pattern, PatternKind};
use super::{Expectations, ListExpectation, Observed, Section};

/// The most rows among which the nearest is sought.
const MOST: usize = 1_000;

/// How many of them are told.
const NEAREST: usize = 3;

/// How many unexpected rows of one section are told one by one; a claim of none may be held against thousands.
const SHOWN: usize = 20;

impl Expectations {
    /// Every way in which what was observed is not as expected, in the order of the text; none when all holds.
    pub fn check(&self, observed: &Observed<'_>) -> Vec<Failure> {
        let mut failures: Vec<Failure> = self
            .lists
            .iter()
            .flat_map(|list| check_section(list, observed))
            .collect();
        if let Some(pattern) = &self.deliveries {
            failures.extend(check_deliveries(pattern, observed));
        }
        failures.sort_by_key(|failure| failure.at.start);
        failures
    }
}

impl Pattern {
    /// Whether a value is as this says; none is a value that is not there.
    pub fn matches(&self, value: Option<&Value>) -> bool {
        matching::value_is(self, value)
    }

    /// The first of these rows that is as this says.
    pub fn find(&self, rows: &[Value], resolve: &dyn Fn(&str) -> Option<String>) -> Option<usize> {
        rows.iter().position(|row| matching::is(self, row, resolve))
    }
}

fn check_deliveries(pattern: &Pattern, observed: &Observed<'_>) -> Vec<Failure> {
    let actual = Value::Object(observed.deliveries.clone());
    let differences = matching::value(pattern, Some(&actual));
    let failure = |difference: Difference| Failure {
        section: Some(Section::Deliveries),
        at: difference.at,
        place: place("deliveries", &difference.pointer),
        message: "not as expected".to_owned(),
        expected: difference.expected,
        actual: difference.actual,
        nearest: None,
        further: Vec::new(),
        diff: None,
    };
    differences.into_iter().map(failure).collect()
}

fn check_section(list: &ListExpectation, observed: &Observed<'_>) -> Vec<Failure> {
    let rows = observed.sections.get(list.section.as_str());
    check_list(list, rows.map_or(&[], Vec::as_slice), observed.resolve)
}

fn check_list(list: &ListExpectation, rows: &[Value], resolve: Resolve<'_>) -> Vec<Failure> {
    let check = Check { list, rows, resolve };
    let mut failures = Vec::new();
    if let Some(items) = &list.exactly {
        failures.extend(check.exactly(items));
    }
    if let Some(items) = &list.contains {
        failures.extend(check.contains(items));
    }
    if let Some(items) = &list.ordered {
        failures.extend(check.ordered(items));
    }
    if let Some(items) = &list.never {
        failures.extend(check.never(items));
    }
    if let Some(count) = &list.count {
        failures.extend(check.count(count));
    }
    failures
}

/// One section under examination.
struct Check<'a> {
    list: &'a ListExpectation,
    rows: &'a [Value],
    resolve: Resolve<'a>,
}

impl Check<'_> {
    fn exactly(&self, items: &[Pattern]) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut unexpected = 0;
        for pair in align(items.len(), self.rows.len(), |i, j| {
            self.differences(&items[i], j).len()
        }) {
            match pair {
                (Some(i), Some(j)) if self.is(&items[i], j) => {}
                (Some(i), at) => failures.push(self.unmatched(&items[i], &format!("[{i}]"), at)),
                (None, Some(j)) => {
                    unexpected += 1;
                    if unexpected <= SHOWN {
                        failures.push(self.unexpected(j));
                    }
                }
                (None, None) => {}
            }
        }
        if unexpected > SHOWN {
            failures.push(self.more_unexpected(unexpected - SHOWN, items.len()));
        }
        failures
    }

    fn contains(&self, items: &[Pattern]) -> Vec<Failure> {
        // An item with a row for each item always gets one, so that more need not be known of it.
        let matching = |item: &&Pattern| -> Vec<usize> {
            (0..self.rows.len())
                .filter(|row| self.is(item, *row))
                .take(items.len())
                .collect()
        };
        let kinds = Kinds::new(items);
        let candidates: Vec<Vec<usize>> = kinds.items.iter().map(matching).collect();
        let assigned = assign(&kinds.of, &candidates, self.rows.len());
        let alone = items.iter().enumerate().filter(|(index, _)| assigned[*index].is_none());
        alone
            .map(|(index, item)| self.unmatched(item, &format!(".contains[{index}]"), None))
            .collect()
    }

    /// Each item takes the first row behind that of the item before it. The first that finds none is told; what comes
    /// after it can't be judged.
    fn ordered(&self, items: &[Pattern]) -> Option<Failure> {
        let mut from = 0;
        for (index, item) in items.iter().enumerate() {
            let matches = |row: &usize| self.is(item, *row);
            match (from..self.rows.len()).find(matches) {
                Some(row) => from = row + 1,
                None => return Some(self.out_of_order(item, index, from, (0..from).find(matches))),
            }
        }
        None
    }

    /// `from` rows are taken up by the items before this one; `earlier` is a row among them that matches it.
    fn out_of_order(&self, item: &Pattern, index: usize, from: usize, earlier: Option<usize>) -> Failure {
        let failure = self.unmatched(item, &format!(".ordered[{index}]"), None);
        match earlier {
            Some(row) => Failure {
                at: item.at,
                place: format!("{}.ordered[{index}]", self.list.section),
                message: format!("row {row} is like this, but none behind row {}", from.saturating_sub(1)),
                expected: item.to_string(),
                actual: self.rows.get(row).map(Value::to_string).unwrap_or_default(),
                ..failure
            },
            None => failure,
        }
    }

    fn never(&self, items: &[Pattern]) -> Vec<Failure> {
        let found = items.iter().enumerate().filter_map(|(index, item)| {
            let matching = |row: &usize| self.is(item, *row);
            let first = (0..self.rows.len()).find(matching)?;
            let more = (first + 1..self.rows.len()).filter(matching).count();
            Some((index, item, first, more))
        });
        found
            .map(|(index, item, row, more)| Failure {
                section: Some(self.list.section),
                at: item.at,
                place: format!("{}.never[{index}]", self.list.section),
                message: match more {
                    0 => format!("row {row} is like this"),
                    _ => format!("row {row} is like this, and {} behind it", rows(more)),
                },
                expected: format!("no row like {item}"),
                actual: self.rows.get(row).map(Value::to_string).unwrap_or_default(),
                nearest: None,
                further: Vec::new(),
                diff: None,
            })
            .collect()
    }

    fn count(&self, pattern: &Pattern) -> Option<Failure> {
        let count = Value::from(self.rows.len());
        let differences = matching::value(pattern, Some(&count));
        (!differences.is_empty()).then(|| Failure {
            section: Some(self.list.section),
            at: pattern.at,
            place: format!("{}.count", self.list.section),
            message: there_are(self.rows.len()),
            expected: pattern.to_string(),
            actual: count.to_string(),
            nearest: None,
            further: Vec::new(),
            diff: None,
        })
    }

    /// An item that no row is left for. `at` is the row in its place, if there is one.
    fn unmatched(&self, item: &Pattern, place: &str, at: Option<usize>) -> Failure {
        let actual = at.and_then(|row| self.rows.get(row));
        let mut nearest = self.nearest(item, at);
        let further = nearest.split_off(nearest.len().min(1));
        let failure = Failure {
            section: Some(self.list.section),
            at: item.at,
            place: format!("{}{place}", self.list.section),
            message: "no row is like this".to_owned(),
            expected: item.to_string(),
            actual: match actual {
                Some(row) => row.to_string(),
                None if self.rows.is_empty() => rows(0),
                None => NOTHING.to_owned(),
            },
            nearest: nearest.pop(),
            further,
            diff: None,
        };
        told(failure, item, at)
    }

    /// The rows with the fewest differences, first the one with the fewest of all; the others have something in common
    /// with the item. Of equals the one in the item's place goes first, then the earlier.
    fn nearest(&self, item: &Pattern, at: Option<usize>) -> Vec<Nearest> {
        let others = (0..self.rows.len().min(MOST)).filter(|row| Some(*row) != at);
        let mut found: Vec<(usize, Vec<Difference>)> = at
            .into_iter()
            .chain(others)
            .map(|row| (row, self.differences(item, row)))
            .collect();
        found.sort_by_key(|(_, differences)| differences.len());
        found
            .into_iter()
            .enumerate()
            .filter(|(place, (_, differences))| *place == 0 || differences.len() < fields(item))
            .take(NEAREST)
            .filter_map(|(_, (index, differences))| {
                let row = self.rows.get(index)?.clone();
                Some(Nearest {
                    index,
                    row,
                    differences,
                })
            })
            .collect()
    }

    fn unexpected(&self, row: usize) -> Failure {
        Failure {
            section: Some(self.list.section),
            at: self.list.at,
            place: self.list.section.to_string(),
            message: format!("row {row} is not expected"),
            expected: NOTHING.to_owned(),
            actual: self.rows.get(row).map(Value::to_string).unwrap_or_default(),
            nearest: None,
            further: Vec::new(),
            diff: None,
        }
    }

    /// The rows beyond those that are told one by one.
    fn more_unexpected(&self, count: usize, expected: usize) -> Failure {
        Failure {
            section: Some(self.list.section),
            at: self.list.at,
            place: self.list.section.to_string(),
            message: match count {
                1 => "1 more row is not expected".to_owned(),
                _ => format!("{count} more rows are not expected"),
            },
            expected: rows(expected),
            actual: rows(self.rows.len()),
            nearest: None,
            further: Vec::new(),
            diff: None,
        }
    }

    fn is(&self, item: &Pattern, row: usize) -> bool {
        let row = self.rows.get(row);
        row.is_some_and(|row| matching::is(item, row, self.resolve))
    }

    fn differences(&self, item: &Pattern, row: usize) -> Vec<Difference> {
        self.rows
            .get(row)
            .map(|row| matching::row(item, row, self.resolve))
            .unwrap_or_default()
    }
}

/// Says more where more is known: that the row stands elsewhere, is taken, or differs in one field only.
fn told(failure: Failure, item: &Pattern, at: Option<usize>) -> Failure {
    let Some(nearest) = &failure.nearest else {
        return failure;
    };
    let (index, differences) = (nearest.index, nearest.differences.len());
    let related = at == Some(index) || fields(item) > differences;
    let message = match nearest.differences.as_slice() {
        [] if at.is_some() => format!("row {index} is this one: the order differs"),
        [] => format!("row {index} is like this, but another item has it already"),
        [only] if related && !only.pointer.is_empty() => {
            let (span, field) = (only.at, place(&failure.place, &only.pointer));
            let (expected, actual) = (only.expected.clone(), only.actual.clone());
            let message = format!("row {index} differs in this field");
            return Failure {
                at: span,
                place: field,
                message,
                expected,
                actual,
                ..failure
            };
        }
        _ if at == Some(index) => {
            let actual = format!("row {index}");
            let message = format!("{actual} comes nearest, with {differences} differences");
            return Failure {
                message,
                actual,
                ..failure
            };
        }
        _ if related => format!("row {index} comes nearest, with {differences} differences"),
        _ => return failure,
    };
    Failure { message, ..failure }
}

/// How many things a row is compared by at its top.
fn fields(item: &Pattern) -> usize {
    match &item.kind {
        PatternKind::Partial(fields) => fields.len(),
        _ => 1,
    }
}

/// `visits[0]` and `/traits/email` as `visits[0].traits.email`.
fn place(section: &str, pointer: &str) -> String {
    let mut place = section.to_owned();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if token.bytes().all(|byte| byte.is_ascii_digit()) && !token.is_empty() {
            place.extend(["[", &token, "]"]);
        } else {
            place.extend([".", &token]);
        }
    }
    place
}

fn there_are(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("there {verb} {}", rows(count))
}

fn rows(count: usize) -> String {
    match count {
        0 => "no rows".to_owned(),
        1 => "1 row".to_owned(),
        _ => format!("{count} rows"),
    }
}

#[cfg(test)]
mod tests {
    use super::there_are;

    #[test]
    fn one_row_is_and_several_are() {
        let told = [0, 1, 2].map(there_are);
        assert_eq!(told, ["there are no rows", "there is 1 row", "there are 2 rows"]);
    }
}
