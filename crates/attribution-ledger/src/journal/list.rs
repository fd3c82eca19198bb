use super::{Entry, EntryVerdict, JournalError, Request};

/// Everything that was received, in the order of arrival. Entries are appended and never change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    /// An empty journal, whose first entry will be number 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends what was received and how it was answered, and numbers it.
    pub fn append(&mut self, request: Request, verdict: EntryVerdict, status: u16) -> &Entry {
        let (index, seq) = (self.entries.len(), self.last_seq() + 1);
        self.entries.push(Entry {
            seq,
            request,
            verdict,
            status,
        });
        &self.entries[index]
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// One line an entry, each with its line feed.
    pub fn encode(&self) -> String {
        self.entries.iter().map(|entry| entry.encode() + "\n").collect()
    }

    /// Reads what [`encode`](Self::encode) wrote. The last line may lack its line feed; there are no blank lines.
    ///
    /// # Errors
    ///
    /// When a line is no entry, or its number doesn't follow the one before; the error names the line.
    pub fn decode(text: &[u8]) -> Result<Self, JournalError> {
        let mut journal = Self::new();
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        if text.is_empty() {
            return Ok(journal);
        }
        for (line, bytes) in (1..).zip(text.split(|&byte| byte == b'\n')) {
            let entry = Entry::decode(bytes).map_err(|source| JournalError::Line { line, source })?;
            let after = journal.last_seq();
            if entry.seq <= after {
                return Err(JournalError::Order {
                    line,
                    seq: entry.seq,
                    after,
                });
            }
            journal.entries.push(entry);
        }
        Ok(journal)
    }

    fn last_seq(&self) -> u64 {
        self.entries.last().map_or(0, |last| last.seq)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{EntryVerdict, Journal, Request};

    fn request(body: &str) -> Request {
        Request {
            received_at: Timestamp::UNIX_EPOCH,
            path: "/track".to_owned(),
            browser: false,
            encoding: None,
            body: body.as_bytes().to_vec(),
        }
    }

    fn two_entries() -> Journal {
        let mut journal = Journal::new();
        journal.append(request("{}"), EntryVerdict::Recorded, 200);
        journal.append(request("[]"), EntryVerdict::Refused, 400);
        journal
    }

    #[test]
    fn entries_are_numbered_from_one() {
        let numbers: Vec<u64> = two_entries().entries().iter().map(|entry| entry.seq).collect();
        assert_eq!(numbers, [1, 2]);
    }

    #[test]
    fn what_was_encoded_is_decoded_with_or_without_the_last_line_feed() {
        let text = two_entries().encode();
        assert_eq!(Journal::decode(text.as_bytes()).unwrap(), two_entries());
        assert_eq!(Journal::decode(text.trim_end().as_bytes()).unwrap(), two_entries());
        assert_eq!(Journal::decode(b"").unwrap(), Journal::new());
    }

    #[test]
    fn an_error_names_the_line() {
        let mut text = two_entries().encode();
        text.push_str("{\"version\":1\n");
        assert_eq!(
            Journal::decode(text.as_bytes()).unwrap_err().to_string(),
            "line 3 of the journal is no entry"
        );
        let blank = two_entries().encode().replace('\n', "\n\n");
        assert_eq!(
            Journal::decode(blank.as_bytes()).unwrap_err().to_string(),
            "line 2 of the journal is no entry"
        );
    }

    #[test]
    fn an_entry_out_of_order_is_an_error() {
        let text = two_entries().encode();
        let twice = text.clone() + &text;
        let error = Journal::decode(twice.as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 3 of the journal is entry 1, which can't follow entry 2"
        );
    }

    #[test]
    fn a_journal_goes_on_counting_after_it_was_read() {
        let mut journal = Journal::decode(two_entries().encode().as_bytes()).unwrap();
        assert_eq!(journal.append(request(""), EntryVerdict::Ignored, 503).seq, 3);
    }
}
