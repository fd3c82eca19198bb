//! Sections whose rows arrive one by one and stay.

use expectation::Section;
use jiff::Timestamp;
use serde_json::Value;

use super::observe::value;
use crate::record::Record;

/// Those sections.
pub(super) const SECTIONS: [Section; 4] = [
    Section::PageViews,
    Section::Conversions,
    Section::Merges,
    Section::Requests,
];

/// A row in the order of its section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowKey {
    /// None where the order is that of arrival.
    at: Option<Timestamp>,
    request: u64,
    /// Its place in the order of arrival.
    pub(super) place: usize,
}

/// A row that is made readable when nothing waits for it any more.
pub(super) type Row = Box<dyn FnOnce() -> Value>;

/// How many rows such a section has; none of another.
pub(super) fn count(record: &Record, section: Section) -> Option<usize> {
    let counts = record.ledger.counts();
    match section {
        Section::PageViews => Some(counts.page_views),
        Section::Conversions => Some(counts.conversions),
        Section::Merges => Some(counts.merges),
        Section::Requests => Some(record.journal.entries().len()),
        _ => None,
    }
}

/// The row of this place in the order of arrival.
pub(super) fn row(record: &Record, section: Section, place: usize) -> Option<(RowKey, Row)> {
    let ledger = &record.ledger;
    let key = |at, request| RowKey { at, request, place };
    match section {
        Section::PageViews => {
            let row = ledger.page_view(place)?;
            Some((key(Some(row.at), row.request), Box::new(move || value(&row))))
        }
        Section::Conversions => {
            let row = ledger.conversion(place)?;
            Some((key(Some(row.at), row.request), Box::new(move || value(&row))))
        }
        Section::Merges => {
            let row = ledger.merge(place)?;
            Some((key(None, row.request), Box::new(move || value(&row))))
        }
        Section::Requests => {
            let entry = record.journal.entries().get(place)?;
            let shown = record.shown(&[entry.seq]).pop()?;
            Some((key(None, 0), Box::new(move || value(&shown.row()))))
        }
        _ => None,
    }
}

/// Tells of the row of a section whether it is of who has this id. None where nobody has it.
pub(super) fn of<'a>(record: &'a Record, section: Section, id: &str) -> Option<impl Fn(&RowKey) -> bool + use<'a>> {
    let visitor = record.ledger.visitor(id)?;
    Some(move |key: &RowKey| match section {
        Section::PageViews => visitor.has_page_view(key.place),
        Section::Conversions => visitor.has_conversion(key.place),
        _ => false,
    })
}
