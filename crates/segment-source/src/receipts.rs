use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::receipt::{Receipt, Verdict};

/// How many messages became what, since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Messages that were looked at: the sum of the next three.
    pub received: u64,
    /// Handed on.
    pub accepted: u64,
    /// Dropped because their `messageId` was seen before.
    pub duplicates: u64,
    /// Dropped for a reason.
    pub rejected: u64,
    /// Rejected messages by the code of the first thing against each.
    pub rejected_by_code: BTreeMap<&'static str, u64>,
    /// Requests that were answered 429, of which nothing was taken.
    pub throttled: u64,
}

/// A part of the receipts, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptPage {
    /// The receipts.
    pub rows: Vec<Receipt>,
    /// What to ask for those after: the number of the last one that was looked at.
    pub next: u64,
    /// How many of the oldest receipts are kept no longer.
    pub dropped: u64,
}

/// The latest receipts, and the counts of all.
#[derive(Debug)]
pub(crate) struct Receipts {
    kept: VecDeque<Receipt>,
    most: usize,
    last: u64,
    pub(crate) counts: Counts,
}

impl Receipts {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            most,
            last: 0,
            counts: Counts::default(),
        }
    }

    /// The number of the receipt that is kept next.
    pub(crate) fn next_number(&self) -> u64 {
        self.last + 1
    }

    pub(crate) fn keep(&mut self, receipt: Receipt) {
        self.count(&receipt);
        self.last = receipt.number;
        if self.kept.len() >= self.most {
            self.kept.pop_front();
        }
        if self.most > 0 {
            self.kept.push_back(receipt);
        }
    }

    fn count(&mut self, receipt: &Receipt) {
        let counts = &mut self.counts;
        counts.received += receipt.messages;
        match &receipt.verdict {
            Verdict::Accepted => counts.accepted += receipt.messages,
            Verdict::Duplicate => counts.duplicates += receipt.messages,
            Verdict::Rejected(refusals) => {
                counts.rejected += receipt.messages;
                if let Some(first) = refusals.first() {
                    *counts.rejected_by_code.entry(first.code.as_str()).or_default() += receipt.messages;
                }
            }
        }
    }

    /// The number of the oldest receipt that is kept, or of the next one where none is.
    pub(crate) fn first(&self) -> u64 {
        self.kept.front().map_or(self.last + 1, |receipt| receipt.number)
    }

    /// The receipts that are kept, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Receipt> {
        self.kept.iter()
    }

    /// At most so many receipts: the first ones after that number, or the newest.
    pub(crate) fn page(&self, after: Option<u64>, limit: usize) -> ReceiptPage {
        let first = self.first();
        let skipped = match after {
            Some(after) => usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX),
            None => self.kept.len().saturating_sub(limit),
        };
        let rows: Vec<Receipt> = self.kept.iter().skip(skipped).take(limit).cloned().collect();
        ReceiptPage {
            next: rows
                .last()
                .map_or_else(|| after.unwrap_or(self.last).min(self.last), |row| row.number),
            rows,
            dropped: first - 1,
        }
    }
}
