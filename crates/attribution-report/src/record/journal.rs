use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use attribution_ledger::{JournalError, Ledger, LedgerConfig, Line, Logged};
use serde::de::IgnoredAny;

use super::received::Received;

/// What a journal file tells of one project.
#[derive(Debug)]
pub struct ReadJournal {
    /// What Attribution knows of it.
    pub ledger: Ledger,
    /// The requests that count; none where only the ledger was asked for.
    pub received: Received,
    /// What a crash left of a line at the end, as its number from 1 and how many bytes there are. It counts for nothing.
    pub torn: Option<(usize, usize)>,
}

/// Why a journal can't be read. Nothing of it is used.
#[derive(Debug)]
pub enum ReadJournalError {
    /// A line of it was written by something else, by another version, or was changed.
    Damaged(JournalError),
    /// It is of several projects, so many, and none is named.
    Several(usize),
    /// It has nothing of the project and namespace named.
    Nothing,
}

impl fmt::Display for ReadJournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(_) => write!(f, "the journal is damaged, and nothing of it is used"),
            Self::Several(count) => write!(f, "the journal is of {count} projects: say of which with --project-id"),
            Self::Nothing => write!(f, "the journal has nothing of that project and namespace"),
        }
    }
}

impl Error for ReadJournalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Damaged(source) => Some(source),
            Self::Several(_) | Self::Nothing => None,
        }
    }
}

type Whose = (Option<String>, Option<String>);

/// The ledger of one project, and the last number in it.
#[derive(Default)]
struct Place {
    ledger: Ledger,
    received: Received,
    last: u64,
}

impl ReadJournal {
    /// Reads the text of a journal file as `harness serve --journal` writes it: that of a project and of a namespace in it.
    /// The project can be left out where there is only one.
    ///
    /// # Errors
    ///
    /// When a line is none of this version, or its number doesn't follow the one before; the error names the line. A torn
    /// last line is none of these.
    ///
    /// ```
    /// use attribution_report::record::ReadJournal;
    ///
    /// let text = br#"{"version":1,"seq":1,"received_at":"2024-01-15T10:00:00Z","path":"/track","verdict":"recorded","status":200,"body":"{\"user_id\":\"u\",\"event\":\"Order\"}"}"#;
    /// assert_eq!(ReadJournal::parse(text, None, None)?.ledger.conversions()[0].visitor, "u");
    /// # Ok::<(), attribution_report::record::ReadJournalError>(())
    /// ```
    pub fn parse(text: &[u8], project: Option<&str>, namespace: Option<&str>) -> Result<Self, ReadJournalError> {
        Self::read(text, project, namespace, false)
    }

    /// [`parse`](Self::parse) that keeps the requests too.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn with_requests(
        text: &[u8],
        project: Option<&str>,
        namespace: Option<&str>,
    ) -> Result<Self, ReadJournalError> {
        Self::read(text, project, namespace, true)
    }

    fn read(
        text: &[u8],
        project: Option<&str>,
        namespace: Option<&str>,
        keeps_requests: bool,
    ) -> Result<Self, ReadJournalError> {
        let mut places: BTreeMap<Whose, Place> = BTreeMap::new();
        let mut torn = None;
        for (line, written) in (1..).zip(text.split_inclusive(|byte| *byte == b'\n')) {
            let (bytes, is_whole) = match written {
                [bytes @ .., b'\n'] => (bytes, true),
                bytes => (bytes, false),
            };
            match Line::decode(bytes) {
                Ok(found) => take(&mut places, line, &found, keeps_requests)?,
                Err(_) if !is_whole && is_torn(bytes) => torn = Some((line, bytes.len())),
                Err(source) => return Err(ReadJournalError::Damaged(JournalError::Line { line, source })),
            }
        }
        let place = choose(places, project, namespace)?;
        Ok(Self {
            ledger: place.ledger,
            received: place.received,
            torn,
        })
    }
}

fn take(
    places: &mut BTreeMap<Whose, Place>,
    line: usize,
    found: &Line<'_>,
    keeps_requests: bool,
) -> Result<(), ReadJournalError> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let whose = (owned(found.project.as_deref()), owned(found.namespace.as_deref()));
    let place = places.entry(whose).or_default();
    match &found.logged {
        Logged::Entry(entry) if entry.seq <= place.last => {
            let (seq, after) = (entry.seq, place.last);
            Err(ReadJournalError::Damaged(JournalError::Order { line, seq, after }))
        }
        Logged::Entry(entry) => {
            place.last = entry.seq;
            place.ledger.apply(entry);
            if keeps_requests {
                place.received.entry(entry);
            }
            Ok(())
        }
        Logged::Reset { .. } => {
            *place = Place {
                ledger: Ledger::new(LedgerConfig::default()),
                ..Place::default()
            };
            Ok(())
        }
    }
}

/// The place that is asked for.
fn choose(
    mut places: BTreeMap<Whose, Place>,
    project: Option<&str>,
    namespace: Option<&str>,
) -> Result<Place, ReadJournalError> {
    if places.is_empty() {
        return Ok(Place::default());
    }
    let project = if let Some(project) = project {
        Some(project.to_owned())
    } else {
        let mut projects: Vec<Option<String>> = places.keys().map(|(project, _)| project.clone()).collect();
        projects.dedup();
        match &mut *projects {
            [only] => only.take(),
            several => return Err(ReadJournalError::Several(several.len())),
        }
    };
    let whose = (project, namespace.map(str::to_owned));
    places.remove(&whose).ok_or(ReadJournalError::Nothing)
}

/// Whether these bytes are the beginning of a line that a crash left, or zeros that a power cut did.
fn is_torn(bytes: &[u8]) -> bool {
    const BEGINNING: &[u8] = br#"{"version":1,"#;
    let common = bytes.len().min(BEGINNING.len());
    let ends_early = || serde_json::from_slice::<IgnoredAny>(bytes).is_err_and(|error| error.is_eof());
    bytes[..common] == BEGINNING[..common] && ends_early() || bytes.iter().all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"version":1,"seq":1,"received_at":"2024-01-15T10:00:00Z","path":"/track","verdict":"recorded","status":200,"body":"{\"user_id\":\"u\",\"event\":\"Order\"}"}"#;

    fn orders(text: &str, project: Option<&str>) -> Result<usize, String> {
        let read = ReadJournal::parse(text.as_bytes(), project, None);
        read.map(|read| read.ledger.conversions().len())
            .map_err(|error| match error.source() {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            })
    }

    #[test]
    fn a_torn_tail_counts_for_nothing_and_is_told() {
        let second = LINE.replace("\"seq\":1", "\"seq\":2");
        let text = format!("{LINE}\n{}", &second[..40]);
        let read = ReadJournal::parse(text.as_bytes(), None, None).unwrap();
        assert_eq!((read.ledger.conversions().len(), read.torn), (1, Some((2, 40))));
        assert_eq!(orders(&format!("{LINE}\n{second}"), None), Ok(2));
        assert_eq!(orders("", None), Ok(0));
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_told_by_its_line() {
        let damaged = "the journal is damaged, and nothing of it is used: line 2 of the journal is";
        for (second, why) in [
            (LINE.replace("\"version\":1", "\"version\":2"), "no entry"),
            ("{}".to_owned(), "no entry"),
            (LINE.to_owned(), "entry 1, which can't follow entry 1"),
        ] {
            let text = format!("{LINE}\n{second}\n");
            assert_eq!(orders(&text, None), Err(format!("{damaged} {why}")));
        }
    }

    #[test]
    fn of_several_projects_one_must_be_named() {
        let of = |project: &str| LINE.replace("\"version\":1", &format!("\"version\":1,\"project\":\"{project}\""));
        let text = format!("{}\n{}\n", of("a"), of("b"));
        assert_eq!(orders(&text, Some("b")), Ok(1));
        assert!(orders(&text, None).unwrap_err().contains("2 projects"));
        assert!(
            orders(&text, Some("c"))
                .unwrap_err()
                .contains("nothing of that project")
        );
        let reset = format!(
            "{}\n{{\"version\":1,\"project\":\"a\",\"reset_at\":\"2024-01-15T10:00:00Z\"}}\n",
            of("a")
        );
        assert_eq!(orders(&reset, None), Ok(0));
        assert_eq!(orders(&format!("{reset}{}", of("a")), None), Ok(1));
    }
}
