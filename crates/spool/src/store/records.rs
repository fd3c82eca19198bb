//! The table of records, and what is done to it within a transaction.

use std::collections::BTreeSet;

use redb::{Database, ReadOnlyTable, Table, TableDefinition, WriteTransaction};

use super::failure::Failure;
use super::totals::Totals;
use crate::record_id::RecordId;

pub(super) const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");

pub(super) type RecordsTable<'a> = Table<'a, u64, &'static [u8]>;

pub(super) fn begin(database: &Database) -> Result<WriteTransaction, Failure> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    Ok(transaction)
}

/// Makes an empty store of an empty file.
pub(super) fn fill(database: &Database) -> Result<(), Failure> {
    let transaction = begin(database)?;
    transaction.open_table(RECORDS)?;
    Totals::default().write(&transaction)?;
    Ok(transaction.commit()?)
}

pub(super) fn append_one(
    table: &mut RecordsTable<'_>,
    totals: &mut Totals,
    record: &[u8],
) -> Result<RecordId, Failure> {
    let id = totals.add(record.len())?;
    if table.insert(id.0, record)?.is_some() {
        return Err(Failure::damaged(format!("record {id} is there before it is appended")));
    }
    Ok(id)
}

pub(super) fn remove_one(table: &mut RecordsTable<'_>, totals: &mut Totals, id: RecordId) -> Result<(), Failure> {
    match table.remove(id.0)? {
        Some(record) => totals.subtract(record.value().len()),
        None => Ok(()),
    }
}

/// Those of the ids that have a record.
pub(super) fn still_there(
    table: &ReadOnlyTable<u64, &'static [u8]>,
    ids: impl Iterator<Item = RecordId>,
) -> Result<BTreeSet<RecordId>, Failure> {
    ids.filter_map(|id| match table.get(id.0) {
        Ok(found) => found.is_some().then_some(Ok(id)),
        Err(error) => Some(Err(error.into())),
    })
    .collect()
}
