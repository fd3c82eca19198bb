//! What becomes of one Segment event, as one line of JSON.

use std::io::{self, Write};

use attribution_destination::{Invalid, Mapper, Skip, WireRequest, Written};
use serde::Serialize;

/// Writes the line. The `body` of a request stands in it byte for byte as it would go on the wire.
pub(crate) fn line(
    out: &mut impl Write,
    number: u64,
    (written, body): (&Written, &[u8]),
    (heads, mapper): (&mut Heads, &Mapper),
) -> io::Result<()> {
    out.write_all(br#"{"line":"#)?;
    json(out, &number)?;
    out.write_all(br#","verdict":"#)?;
    match written {
        Written::Send { path, diagnostics } => {
            let head = heads.of(path, mapper)?;
            out.write_all(br#""send","requests":["#)?;
            out.write_all(&head.before_length)?;
            json(out, &body.len())?;
            out.write_all(&head.after_length)?;
            out.write_all(body)?;
            out.write_all(br#"}],"diagnostics":"#)?;
            json(out, diagnostics)?;
        }
        Written::Skip(skip) => {
            out.write_all(br#""skip""#)?;
            why_skipped(out, skip)?;
        }
        Written::Invalid(invalid) => {
            out.write_all(br#""invalid""#)?;
            why_invalid(out, invalid)?;
        }
    }
    out.write_all(b"}\n")
}

/// What stands before the body of a request, which but for its length is always the same for a path.
#[derive(Debug)]
pub(crate) struct Heads {
    show_secrets: bool,
    known: Vec<(&'static str, Head)>,
}

#[derive(Debug)]
struct Head {
    before_length: Vec<u8>,
    after_length: Vec<u8>,
}

impl Heads {
    pub(crate) fn new(show_secrets: bool) -> Self {
        Self {
            show_secrets,
            known: Vec::new(),
        }
    }

    /// The head of this mapper's requests to a path.
    fn of(&mut self, path: &'static str, mapper: &Mapper) -> io::Result<&Head> {
        if !self.known.iter().any(|(known, _)| *known == path) {
            // With any body: a request without one would have other headers.
            let head = head(&mapper.request(path, b"{}".to_vec()), self.show_secrets)?;
            self.known.push((path, head));
        }
        let mut known = self.known.iter();
        let found = known.find_map(|(known, head)| (*known == path).then_some(head));
        Ok(found.expect("it is known by now"))
    }
}

fn head(request: &WireRequest, show_secrets: bool) -> io::Result<Head> {
    let (mut before_length, mut after_length) = (Vec::new(), Vec::new());
    let mut part = &mut before_length;
    write!(
        part,
        r#"{{"method":"{}","path":"{}","headers":{{"#,
        request.method(),
        request.path
    )?;
    for (index, header) in request.headers().enumerate() {
        if index > 0 {
            part.write_all(b",")?;
        }
        write!(part, r#""{}":"#, header.name())?;
        if header.name() == "Content-Length" {
            part.write_all(b"\"")?;
            part = &mut after_length;
            part.write_all(b"\"")?;
            continue;
        }
        let shown = if header.is_secret() && !show_secrets {
            "[redacted]"
        } else {
            header.expose()
        };
        json(part, shown)?;
    }
    part.write_all(br#"},"body":"#)?;
    Ok(Head {
        before_length,
        after_length,
    })
}

/// The members that say why an event is not for the destination.
pub(super) fn why_skipped(out: &mut impl Write, skip: &Skip) -> io::Result<()> {
    out.write_all(br#","reason":"#)?;
    json(out, skip.reason.as_str())?;
    out.write_all(br#","detail":"#)?;
    json(out, &skip.detail)
}

/// The member that says what is wrong with a line.
pub(super) fn why_invalid(out: &mut impl Write, errors: &Invalid) -> io::Result<()> {
    out.write_all(br#","errors":"#)?;
    json(out, errors)
}

pub(super) fn json<T: Serialize + ?Sized>(out: &mut impl Write, value: &T) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
