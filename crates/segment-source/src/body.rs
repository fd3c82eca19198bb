use axum::body::Bytes;
use axum::extract::Request;
use inbound::{Encoding, KNOWN_IN_WORDS, Uncollected, Undecodable, collect, encoding_of};

use crate::config::SourceConfig;
use crate::refusal::Refusal;

/// Why there is no body.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It can't be used.
    Refused(Refusal),
    /// It took too long.
    Slow,
    /// There is nobody to answer.
    Gone,
}

/// Reads a body of at most so many bytes, as it was before it was compressed.
pub(crate) async fn read(request: Request, limit: usize, config: &SourceConfig) -> Result<Bytes, Unread> {
    let (parts, body) = request.into_parts();
    let refused = |what: String| Err(Unread::Refused(Refusal::bad_request("", what)));
    let body = match collect(&parts.headers, body, limit, &config.clock).await {
        Ok(body) => body,
        Err(Uncollected::TooLarge) => return refused(format!("the body is longer than {limit} bytes")),
        Err(Uncollected::TooSlow) => return Err(Unread::Slow),
        Err(Uncollected::Gone) => return Err(Unread::Gone),
    };
    let Some(name) = encoding_of(&parts.headers) else {
        return Ok(body);
    };
    let Some(encoding) = Encoding::of_name(&name) else {
        let shown: String = name.chars().take(60).collect();
        return refused(format!(
            "the body must be sent as it is or as {KNOWN_IN_WORDS}, not as {shown}"
        ));
    };
    match encoding.decode(&body, limit) {
        Ok(body) => Ok(body.into()),
        Err(Undecodable::TooLarge) => refused(format!("the body is longer than {limit} bytes once it is decompressed")),
        Err(Undecodable::Corrupt) => refused(format!("the body is not what its Content-Encoding says, {name}")),
    }
}
