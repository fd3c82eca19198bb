//! Compressed bodies, undone within a bound: what comes out is cut off at the limit, so a bomb costs what a body of the
//! longest allowed length costs.

use std::io::Read as _;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::bufread::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

/// So much is decompressed at a time.
const CHUNK: usize = 16 * 1024;

/// The encodings that are known, in a sentence.
pub const KNOWN_IN_WORDS: &str = "gzip, deflate or br";

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// RFC 1952, any number of members.
    Gzip,
    /// HTTP means zlib; some senders mean the bare stream inside. Both are taken.
    Deflate,
    /// RFC 7932.
    Brotli,
}

/// Why a body can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// It is longer than the limit.
    TooLarge,
    /// It is not what it is said to be, it ends too early, or something follows it.
    Corrupt,
}

impl Encoding {
    /// The encoding of this name, as [`of_headers`] writes it.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            _ => None,
        }
    }

    /// The body that was compressed, up to a limit in bytes.
    ///
    /// # Errors
    ///
    /// When it is longer than the limit, or not of this encoding from its first byte to its last.
    pub fn decode(self, bytes: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
        match self {
            Self::Gzip => gunzip(bytes, limit),
            Self::Deflate => inflate(bytes, limit),
            Self::Brotli => unbrotli(bytes, limit),
        }
    }
}

/// The encodings that a request's body is said to have, as one text; none where it is sent as it is.
pub fn of_headers(headers: &HeaderMap) -> Option<String> {
    if !headers.contains_key(CONTENT_ENCODING) {
        return None;
    }
    let values = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let encodings: Vec<String> = values
        .flat_map(|value| {
            value
                .split(',')
                .map(|encoding| encoding.trim().to_ascii_lowercase())
                .collect::<Vec<_>>()
        })
        .filter(|encoding| !encoding.is_empty() && encoding != "identity")
        .collect();
    if encodings.is_empty() {
        None
    } else {
        Some(encodings.join(", "))
    }
}

fn gunzip(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
    let mut body = Vec::new();
    let mut bounded = MultiGzDecoder::new(bytes).take(limit as u64 + 1);
    bounded.read_to_end(&mut body).map_err(|_| Undecodable::Corrupt)?;
    within(body, limit)
}

/// The decoders that flate2 has for readers take a stream that is cut short for one that has ended, so this asks the stream
/// itself.
fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
    let mut stream = Decompress::new(has_zlib_header(bytes));
    let mut body = Vec::new();
    let mut rest = bytes;
    loop {
        body.reserve(CHUNK);
        let (read, written) = (stream.total_in(), body.len());
        let status = stream.decompress_vec(rest, &mut body, FlushDecompress::None);
        let read = usize::try_from(stream.total_in() - read).unwrap_or(rest.len());
        rest = rest.get(read..).unwrap_or_default();
        body = within(body, limit)?;
        match status {
            Ok(Status::StreamEnd) if rest.is_empty() => return Ok(body),
            Ok(Status::Ok | Status::BufError) if read > 0 || body.len() > written => {}
            Ok(_) | Err(_) => return Err(Undecodable::Corrupt),
        }
    }
}

/// Zlib's two bytes, as RFC 1950 makes them: the method, and a number that 31 divides.
fn has_zlib_header(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31),
        _ => false,
    }
}

/// Strict means windows of 16 MB at most, which RFC 7932 allows; the larger ones that came later are a bomb's.
fn unbrotli(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
    let allocator = StandardAlloc::default;
    let mut state = BrotliState::new_strict(allocator(), allocator(), allocator());
    let mut chunk = vec![0; CHUNK];
    let mut body = Vec::new();
    let (mut unread, mut read, mut total) = (bytes.len(), 0, 0);
    loop {
        let (mut room, mut written) = (chunk.len(), 0);
        let result = BrotliDecompressStream(
            &mut unread,
            &mut read,
            bytes,
            &mut room,
            &mut written,
            &mut chunk,
            &mut total,
            &mut state,
        );
        body.extend_from_slice(chunk.get(..written).unwrap_or_default());
        body = within(body, limit)?;
        match result {
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::ResultSuccess if unread == 0 => return Ok(body),
            BrotliResult::ResultSuccess | BrotliResult::NeedsMoreInput | BrotliResult::ResultFailure => {
                return Err(Undecodable::Corrupt);
            }
        }
    }
}

fn within(body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Undecodable> {
    if body.len() > limit {
        Err(Undecodable::TooLarge)
    } else {
        Ok(body)
    }
}

#[cfg(test)]
mod tests;
