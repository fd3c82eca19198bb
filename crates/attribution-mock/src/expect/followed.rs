use std::collections::{BTreeMap, BTreeSet};

use attribution_ledger::{Changed, Ledger, OneVisitor};
use expectation::{ListExpectation, Needs, Section, Tally};
use serde_json::Value;

use super::rows::{Count, Row, RowKey, Source};
use crate::record::Record;

/// The most rows of nobody's that are taken out of a record at a time, since every request waits meanwhile.
const AT_ONCE: usize = 500;

/// Whose a row is: a person's, by their number, or nobody's.
type Owner = Option<u64>;

/// A claim with a tally of the rows there are, which goes on with what is new.
///
/// Rows are compared under the name that their visitor has. Where the claim is about visitors, a person's rows are compared anew
/// when they are called otherwise, or when an id that the claim names becomes theirs or another's.
pub(super) struct Followed<'a> {
    list: &'a ListExpectation,
    source: Source,
    needs: Needs<'a>,
    is_about_visitors: bool,
    /// How many rows there are that are counted as nobody's.
    of_nobody: Count,
    /// Whether some are a person's.
    is_of_persons: bool,
    /// Whether it holds, where the number of rows tells it: of those that never get less.
    by_count: Option<bool>,
    tally: Tally<'a, RowKey, Owner>,
    /// So many rows of nobody's are in the tally.
    seen: usize,
    /// The ids that the claim names, each with who has it.
    named: Names<'a>,
    /// Who got such an id or lost it since their rows were compared.
    moved: BTreeSet<u64>,
}

/// Who has an id.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    person: u64,
    name: String,
}

/// The names of visitors by the ids that a claim names.
type Names<'a> = BTreeMap<&'a str, Option<Named>>;

/// The name of whoever has an id that the claim names. Any other is the name of a row's visitor.
fn resolve(named: &Names<'_>, id: &str) -> Option<String> {
    match named.get(id) {
        Some(named) => named.as_ref().map(|named| named.name.clone()),
        None => Some(id.to_owned()),
    }
}

/// One thing to be done to a tally.
pub(super) enum Step {
    /// One person has become another.
    Join(u64, u64),
    /// What this person had is no longer so.
    Forget(u64),
    /// These are there.
    Rows(Owner, Vec<(RowKey, Row)>),
    /// So many are there that are like nothing in the claim.
    Others(Owner, usize),
}

impl<'a> Followed<'a> {
    /// Of a claim of rows that are received.
    pub(super) fn new(list: &'a ListExpectation) -> Option<Self> {
        let source = Source::of(list.section)?;
        let is_about_visitors = list.is_about_visitors();
        // Of rows that stay as they are but for their visitor.
        let whoever = source.count.filter(|_| !is_about_visitors);
        Some(Self {
            list,
            source,
            needs: list.needs(),
            is_about_visitors,
            of_nobody: whoever.unwrap_or(source.of_nobody),
            is_of_persons: whoever.is_none(),
            by_count: None,
            tally: Tally::new(list),
            seen: 0,
            named: list.visitors().into_iter().map(|id| (id, None)).collect(),
            moved: BTreeSet::new(),
        })
    }

    /// Forgets all rows.
    pub(super) fn begin_anew(&mut self) {
        if let Some(anew) = Self::new(self.list) {
            *self = anew;
        }
    }

    /// Whether it has to know of everyone.
    pub(super) fn is_of_everyone(&self) -> bool {
        self.is_of_persons && !matches!(self.needs, Needs::Visitors(_))
    }

    /// What is to be done for what has changed, and whatever else is new. Once nobody has changed any more, all is.
    pub(super) fn steps(&mut self, record: &Record, changed: &[Changed<'_>]) -> Vec<Step> {
        let mut steps = Vec::new();
        self.by_count = self
            .source
            .count
            .and_then(|count| self.counted(count(&record.ledger, &record.journal)));
        if self.by_count.is_some() {
            return steps;
        }
        self.look_up_names(&record.ledger);
        for changed in changed.iter().filter(|_| self.is_of_persons) {
            self.follow(record, changed, &mut steps);
        }
        if changed.is_empty() {
            for person in std::mem::take(&mut self.moved) {
                if let Some(one) = record.ledger.visitor_of(person) {
                    self.compare_anew(record, &one, &mut steps);
                }
            }
        }
        let all = (self.of_nobody)(&record.ledger, &record.journal);
        let places = self.seen..all.min(self.seen + AT_ONCE);
        self.seen = places.end;
        self.add_at(record, None, places, &mut steps);
        steps
    }

    /// Does it.
    pub(super) fn take_in(&mut self, steps: Vec<Step>) {
        let (tally, named) = (&mut self.tally, &self.named);
        let resolve = |id: &str| resolve(named, id);
        for step in steps {
            match step {
                Step::Join(gone, kept) => tally.join(&Some(gone), &Some(kept)),
                Step::Forget(person) => tally.forget(&Some(person)),
                Step::Rows(owner, rows) => {
                    for (key, row) in rows {
                        tally.add(&owner, &key, &row(), &resolve);
                    }
                }
                Step::Others(owner, rows) => (0..rows).for_each(|_| tally.add_other(&owner)),
            }
        }
    }

    /// Whether the claim holds, once all is taken in.
    pub(super) fn holds(&self) -> bool {
        self.by_count
            .unwrap_or_else(|| self.tally.holds(&|id| resolve(&self.named, id)))
    }

    /// The first row that is like the first that there must be, and whose it is.
    pub(super) fn first(&self) -> Option<(&RowKey, Owner)> {
        self.tally.first().map(|(key, owner)| (key, *owner))
    }

    /// Whether it holds of so many rows, where that tells.
    fn counted(&self, rows: usize) -> Option<bool> {
        let has_too_many = self.list.exactly.as_ref().is_some_and(|items| rows > items.len());
        let count = self.list.count.as_ref().filter(|_| self.needs == Needs::Count);
        let has_count = count.map(|count| count.matches(Some(&Value::from(rows))));
        has_count.or(has_too_many.then_some(false))
    }

    fn look_up_names(&mut self, ledger: &Ledger) {
        for (id, known) in &mut self.named {
            let now = ledger.visitor(id).map(|one| Named {
                person: one.number(),
                name: one.name(),
            });
            let [before, after] = [&*known, &now].map(|named| named.as_ref().map(|named| named.person));
            if before != after {
                self.moved.extend(before.into_iter().chain(after));
            }
            *known = now;
        }
    }

    fn follow(&self, record: &Record, changed: &Changed<'_>, steps: &mut Vec<Step>) {
        let one = changed.visitor();
        steps.extend(changed.joined().map(|gone| Step::Join(gone, one.number())));
        if !self.counts(one) {
            return;
        }
        let is_called_otherwise = self.is_about_visitors && changed.is_renamed();
        if changed.is_whole() || is_called_otherwise {
            self.compare_anew(record, one, steps);
            return;
        }
        if (self.source.has_changed)(changed) {
            steps.push(Step::Forget(one.number()));
            self.add_all(one, steps);
        }
        let places = (self.source.new_places)(changed);
        self.add_at(record, Some(one.number()), places, steps);
    }

    fn compare_anew(&self, record: &Record, one: &OneVisitor<'_>, steps: &mut Vec<Step>) {
        steps.push(Step::Forget(one.number()));
        if self.counts(one) {
            self.add_all(one, steps);
            let places = (self.source.places)(one);
            self.add_at(record, Some(one.number()), places, steps);
        }
    }

    /// Whether this person's rows can make a difference.
    fn counts(&self, one: &OneVisitor<'_>) -> bool {
        let mut named = self.named.values().flatten();
        !matches!(self.needs, Needs::Visitors(_)) || named.any(|named| named.person == one.number())
    }

    fn add_all(&self, one: &OneVisitor<'_>, steps: &mut Vec<Step>) {
        let (owner, rows) = (Some(one.number()), (self.source.of_all)(one));
        steps.push(match self.needs {
            Needs::Count => Step::Others(owner, rows.len()),
            Needs::Visitors(_) | Needs::Everything => Step::Rows(owner, rows),
        });
    }

    fn add_at(&self, record: &Record, owner: Owner, places: impl IntoIterator<Item = usize>, steps: &mut Vec<Step>) {
        let (of_use, others): (Vec<usize>, Vec<usize>) = places
            .into_iter()
            .partition(|place| self.is_of_use(&record.ledger, *place));
        let row = |place| (self.source.at)(&record.ledger, &record.journal, place);
        let rows: Vec<(RowKey, Row)> = of_use.into_iter().filter_map(row).collect();
        if !rows.is_empty() {
            steps.push(Step::Rows(owner, rows));
        }
        if !others.is_empty() {
            steps.push(Step::Others(owner, others.len()));
        }
    }

    /// Of a conversion, all but its event takes a while to make.
    fn is_of_use(&self, ledger: &Ledger, place: usize) -> bool {
        let is_conversion = self.list.section == Section::Conversions;
        let event = ledger.event(place).filter(|_| is_conversion);
        let can_use = |event| self.tally.can_use("event", &Value::from(event));
        self.needs != Needs::Count && event.is_none_or(can_use)
    }
}
