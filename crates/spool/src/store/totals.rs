//! What is in the store, kept beside the records in every transaction, so that nothing needs to be counted.

use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};

use super::failure::Failure;
use crate::record_id::RecordId;

const TOTALS: TableDefinition<'_, (), (u64, u64, u64)> = TableDefinition::new("totals");

/// The counts over all records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// The last id that was given to a record, 0 if none was.
    pub(crate) last_id: u64,
    /// How many records there are.
    pub(crate) records: u64,
    /// How many bytes they have together.
    pub(crate) bytes: u64,
}

impl Totals {
    pub(super) fn read(transaction: &WriteTransaction) -> Result<Self, Failure> {
        Self::of(&transaction.open_table(TOTALS)?)
    }

    pub(super) fn read_only(transaction: &ReadTransaction) -> Result<Self, Failure> {
        Self::of(&transaction.open_table(TOTALS)?)
    }

    fn of(table: &impl ReadableTable<(), (u64, u64, u64)>) -> Result<Self, Failure> {
        let Some(found) = table.get(())? else {
            return Err(Failure::damaged("its totals are missing"));
        };
        let (last_id, records, bytes) = found.value();
        Ok(Self {
            last_id,
            records,
            bytes,
        })
    }

    pub(super) fn write(&self, transaction: &WriteTransaction) -> Result<(), Failure> {
        let values = (self.last_id, self.records, self.bytes);
        transaction.open_table(TOTALS)?.insert((), values)?;
        Ok(())
    }

    /// Counts one more record, and gives it its id.
    pub(super) fn add(&mut self, bytes: usize) -> Result<RecordId, Failure> {
        let sum = || {
            Some(Self {
                last_id: self.last_id.checked_add(1)?,
                records: self.records.checked_add(1)?,
                bytes: self.bytes.checked_add(bytes as u64)?,
            })
        };
        *self = sum().ok_or_else(Failure::totals)?;
        Ok(RecordId(self.last_id))
    }

    /// Counts one record less.
    pub(super) fn subtract(&mut self, bytes: usize) -> Result<(), Failure> {
        let difference = || {
            Some(Self {
                last_id: self.last_id,
                records: self.records.checked_sub(1)?,
                bytes: self.bytes.checked_sub(bytes as u64)?,
            })
        };
        *self = difference().ok_or_else(Failure::totals)?;
        Ok(())
    }
}
