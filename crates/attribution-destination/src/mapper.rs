use jiff::Timestamp;
use segment_event::{Event, MessageId};

use crate::diagnostic::Diagnostic;
use crate::filter::Skip;
use crate::invalid::Invalid;
use crate::map::Mapped;
use crate::map::direct::{self, Scratch, Wanted};
use crate::parse::parse;
use crate::prepare::{Prepared, prepare};
use crate::request::WireRequest;
use crate::settings::Settings;

/// The way from a message in JSON to its verdict and request, made for many messages.
///
/// It says exactly what [`parse`] and [`prepare()`] say of each message, but most messages it never takes apart: their
/// requests are slices of the message, found in one pass that validates all of it. Only a message with something unusual
/// about it, errors included, goes the long way, and every one in the actions dialect. Two things in a body differ from the long way's, and are the same JSON:
/// escapes in strings keep the spelling of the source, and a key that stands twice in an object below the message's own
/// members still does (what reads it takes the last one, as the long way did).
///
/// It keeps its memory from one message to the next, so it is one per thread.
///
/// ```
/// use attribution_destination::{Mapper, ProjectId, Settings, Written};
///
/// let mut mapper = Mapper::new(Settings::new(ProjectId::new("demo-project")?), true);
/// let mut body = Vec::new();
/// for line in [
///     r#"{"type": "track", "userId": "user-1", "event": "deal won", "timestamp": "2024-01-15"}"#,
///     r#"{"type": "track", "userId": "user-1"}"#,
/// ] {
///     body.clear();
///     match mapper.map_into(line.as_bytes(), jiff::Timestamp::UNIX_EPOCH, &mut body) {
///         Written::Send { path, .. } => println!("POST {path} {}", String::from_utf8_lossy(&body)),
///         Written::Skip(skip) => println!("skipped: {}", skip.detail),
///         Written::Invalid(invalid) => println!("invalid: {invalid}"),
///     }
/// }
/// # Ok::<(), attribution_destination::SettingsError>(())
/// ```
#[derive(Debug)]
pub struct Mapper {
    settings: Settings,
    ingest: bool,
    diagnoses: bool,
    scratch: Scratch,
    /// Where a body is written whose length is not known before.
    body: Vec<u8>,
}

/// What comes of the short way.
#[derive(Debug)]
pub(crate) struct Short {
    pub(crate) request: WireRequest,
    diagnostics: Vec<Diagnostic>,
    /// The id that the message was given.
    pub(crate) id: Option<MessageId>,
}

/// What became of a message whose body, if it has one, was written somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// The body is that of a request to be sent.
    Send {
        /// The path on the endpoint.
        path: &'static str,
        /// What looks unintended about the message, in the order of the checks.
        diagnostics: Vec<Diagnostic>,
    },
    /// Nothing is to be sent, for this reason.
    Skip(Skip),
    /// It should be sent but can't be written.
    Invalid(Invalid),
}

impl Mapper {
    /// Maps for these settings; without `ingest` only the mapping itself can refuse a message.
    pub fn new(settings: Settings, ingest: bool) -> Self {
        Self {
            settings,
            ingest,
            diagnoses: true,
            scratch: Scratch::default(),
            body: Vec::new(),
        }
    }

    /// The same without diagnostics, which are for people: whoever only sends spares the time to look for them.
    #[must_use]
    pub fn without_diagnostics(mut self) -> Self {
        self.diagnoses = false;
        self
    }

    /// What becomes of a message, with the request as a value of its own; `now` is the timestamp of one that has none.
    pub fn prepare(&mut self, json: &[u8], now: Timestamp) -> Prepared {
        let mut visitor: Vec<String> = Vec::new();
        let mut add = |id: &str| {
            if visitor.iter().all(|other| other != id) {
                visitor.push(id.to_owned());
            }
        };
        match self.short_way(json, now, None, &mut add) {
            Some(short) => Prepared::Send(Mapped {
                request: short.request,
                visitor,
                diagnostics: short.diagnostics,
            }),
            None => self.by_specification(json, now),
        }
    }

    /// The request of an ordinary message that is to be sent, by the short way; nothing of any other. Where the dialect
    /// carries it and the message has no id, it is given the `next_id`. `add` is told every id of the visitor, some
    /// perhaps twice.
    pub(crate) fn short_way(
        &mut self,
        json: &[u8],
        now: Timestamp,
        next_id: Option<&dyn Fn() -> MessageId>,
        add: &mut dyn FnMut(&str),
    ) -> Option<Short> {
        let wanted = Wanted {
            diagnostics: self.diagnoses,
            visitor: Some(add),
            next_id,
        };
        self.body.clear();
        let direct = direct::map(json, &self.settings, now, wanted, &mut self.scratch, &mut self.body)?;
        Some(Short {
            // With no room to spare, as it may wait for long.
            request: self.request(direct.path, self.body.clone()),
            diagnostics: direct.diagnostics,
            id: direct.id,
        })
    }

    /// What becomes of a message, with the body of the request appended to `out`; nothing is appended unless it is to be
    /// sent. An ordinary message costs no allocation once the memory has grown to its size.
    pub fn map_into(&mut self, json: &[u8], now: Timestamp, out: &mut Vec<u8>) -> Written {
        let wanted = Wanted {
            diagnostics: self.diagnoses,
            ..Wanted::default()
        };
        if let Some(direct) = direct::map(json, &self.settings, now, wanted, &mut self.scratch, out) {
            return Written::Send {
                path: direct.path,
                diagnostics: direct.diagnostics,
            };
        }
        append(self.by_specification(json, now), out)
    }

    /// What becomes of a message that was parsed already, written as by [`map_into`](Self::map_into).
    pub fn map_event_into(&self, event: &Event, now: Timestamp, out: &mut Vec<u8>) -> Written {
        append(prepare(event, &self.settings, now), out)
    }

    /// The request that a body written by [`map_into`](Self::map_into) is sent as.
    pub fn request(&self, path: &'static str, body: Vec<u8>) -> WireRequest {
        WireRequest::new(self.settings.dialect, &self.settings.project_id, path, body)
    }

    /// The long way.
    fn by_specification(&self, json: &[u8], now: Timestamp) -> Prepared {
        let mut prepared = match parse(json, self.ingest) {
            Ok(event) => prepare(&event, &self.settings, now),
            Err(invalid) => Prepared::Invalid(invalid),
        };
        if let (Prepared::Send(mapped), false) = (&mut prepared, self.diagnoses) {
            mapped.diagnostics.clear();
        }
        prepared
    }
}

fn append(prepared: Prepared, out: &mut Vec<u8>) -> Written {
    match prepared {
        Prepared::Send(mapped) => {
            out.extend_from_slice(&mapped.request.body);
            Written::Send {
                path: mapped.request.path,
                diagnostics: mapped.diagnostics,
            }
        }
        Prepared::Skip(skip) => Written::Skip(skip),
        Prepared::Invalid(invalid) => Written::Invalid(invalid),
    }
}
