use attribution_ledger::{Journal, Ledger, LedgerConfig};

use crate::record;

/// The input is the text of a journal. What can be read is written as it was read, and whatever it holds can be replayed.
pub(crate) fn check(input: &[u8]) {
    let journal = match Journal::decode(input) {
        Ok(journal) => journal,
        Err(error) => return assert!(error.to_string().contains("line "), "{error}"),
    };
    let written = journal.encode();
    let read = Journal::decode(written.as_bytes()).expect("what was written can be read");
    assert_eq!(read, journal);
    assert_eq!(read.encode(), written);
    let config = LedgerConfig::default();
    let ledger = Ledger::replay(config, journal.entries());
    record::check(journal.entries(), &ledger, config);
}
