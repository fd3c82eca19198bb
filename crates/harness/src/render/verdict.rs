//! What becomes of one Segment event, as one line of JSON.

use std::io::{self, Write};

use attribution_destination::{Invalid, Mapped, Skip, WireRequest};
use serde::Serialize;

/// What becomes of one event.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It becomes a request.
    Send(Mapped),
    /// The destination is not to have it.
    Skip(Skip),
    /// It is no event, or none that can be mapped.
    Invalid(Invalid),
}

/// Writes the line. The body of a request stands in it byte for byte as it would go on the wire.
pub(crate) fn line(out: &mut impl Write, number: u64, answer: &Answer, show_secrets: bool) -> io::Result<()> {
    write!(out, r#"{{"line":{number},"verdict":"#)?;
    match answer {
        Answer::Send(mapped) => {
            out.write_all(br#""send","requests":["#)?;
            request(out, &mapped.request, show_secrets)?;
            out.write_all(br#"],"diagnostics":"#)?;
            json(out, &mapped.diagnostics)?;
        }
        Answer::Skip(skip) => {
            out.write_all(br#""skip""#)?;
            why_skipped(out, skip)?;
        }
        Answer::Invalid(invalid) => {
            out.write_all(br#""invalid""#)?;
            why_invalid(out, invalid)?;
        }
    }
    out.write_all(b"}\n")
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

fn request(out: &mut impl Write, request: &WireRequest, show_secrets: bool) -> io::Result<()> {
    write!(
        out,
        r#"{{"method":"{}","path":"{}","headers":{{"#,
        request.method(),
        request.path
    )?;
    for (index, header) in request.headers().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        write!(out, r#""{}":"#, header.name())?;
        let shown = if header.is_secret() && !show_secrets {
            "[redacted]"
        } else {
            header.expose()
        };
        json(out, shown)?;
    }
    out.write_all(br#"},"body":"#)?;
    out.write_all(&request.body)?;
    out.write_all(b"}")
}

pub(super) fn json<T: Serialize + ?Sized>(out: &mut impl Write, value: &T) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
