use super::{Entry, EntryVerdict, JournalError, Request};

/// Everything that was received, in the order of arrival. Entries are appended and never change; the oldest can be dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    entries: Vec<Entry>,
    dropped: u64,
}

impl Journal {
    /// An empty journal, whose first entry will be number 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends what was received and how it was answered, and numbers it.
    pub fn append(&mut self, request: Request, verdict: EntryVerdict, status: u16) -> &Entry {
        self.push(Entry {
            seq: self.next_seq(),
            request,
            verdict,
            status,
        })
    }

    /// Appends an entry that has a number already: the [next](Self::next_seq) or a later one. Any other is made the next.
    pub fn push(&mut self, entry: Entry) -> &Entry {
        let (index, seq) = (self.entries.len(), entry.seq.max(self.next_seq()));
        self.entries.push(Entry { seq, ..entry });
        &self.entries[index]
    }

    /// The number of the next entry.
    pub fn next_seq(&self) -> u64 {
        self.last_seq() + 1
    }

    /// Forgets so many of the oldest entries, but never the last of all, which numbers go on from.
    pub fn drop_oldest(&mut self, count: usize) {
        let count = count.min(self.entries.len().saturating_sub(1));
        self.entries.drain(..count);
        self.dropped += count as u64;
    }

    /// How many of the oldest entries are there no more.
    pub fn dropped(&self) -> u64 {
        self.dropped
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

    use super::super::Headers;
    use super::{EntryVerdict, Journal, Request};

    fn request(body: &str) -> Request {
        Request {
            received_at: Timestamp::UNIX_EPOCH,
            path: "/track".into(),
            browser: false,
            headers: Headers::default(),
            encoding: None,
            body: body.as_bytes().into(),
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
    fn dropped_entries_are_counted_and_numbers_go_on() {
        let mut journal = two_entries();
        journal.drop_oldest(1);
        assert_eq!(journal.append(request(""), EntryVerdict::Ignored, 503).seq, 3);
        assert_eq!((journal.entries()[0].seq, journal.dropped()), (2, 1));
        journal.drop_oldest(100);
        assert_eq!((journal.entries()[0].seq, journal.dropped()), (3, 2));
    }

    #[test]
    fn an_entry_keeps_its_number_where_it_follows() {
        let mut journal = two_entries();
        let entry = journal.entries()[0].clone();
        assert_eq!(journal.push(entry.clone()).seq, 3);
        assert_eq!(journal.push(super::Entry { seq: 9, ..entry }).seq, 9);
        assert_eq!(journal.next_seq(), 10);
    }

    #[test]
    fn a_journal_goes_on_counting_after_it_was_read() {
        let mut journal = Journal::decode(two_entries().encode().as_bytes()).unwrap();
        assert_eq!(journal.append(request(""), EntryVerdict::Ignored, 503).seq, 3);
    }
}
