//! Reads of the admin API of a running server.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use attribution_destination::deliver::{Endpoint, HttpsConnector, Reason, TlsRoots};
use clock::Clock;
use http::{StatusCode, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use super::roots;

/// Whoever asks a server, over connections that are used again.
pub(super) struct Asking {
    client: Client<HttpsConnector, Empty<Bytes>>,
    endpoint: Endpoint,
}

impl Asking {
    /// Asks this server; with HTTPS, the certificates in the file are trusted too.
    pub(super) fn new(endpoint: &Endpoint, ca_file: Option<&Path>) -> anyhow::Result<Self> {
        let roots = match ca_file {
            Some(file) if endpoint.is_https() => roots(file)?,
            _ => TlsRoots::system(),
        };
        let connector = HttpsConnector::direct(&endpoint.address(), roots, &Clock::system())?;
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            endpoint: endpoint.clone(),
        })
    }

    /// What is answered to a read of this path within that time; no more is taken of a body than the longest.
    pub(super) async fn get(
        &self,
        path: &str,
        within: Duration,
        longest: usize,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let uri: Uri = format!("{}{path}", self.endpoint).parse()?;
        let exchange = async {
            let answer = self.client.get(uri).await.map_err(|error| Reason::of(&error))?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), longest).collect().await;
            let body = body.map_err(|error| anyhow::anyhow!("the answer breaks off: {error}"))?;
            Ok::<_, anyhow::Error>((status, body.to_bytes()))
        };
        let asked = tokio::time::timeout(within, exchange).await;
        asked.map_err(|_| Reason::Timeout(within).into()).flatten()
    }
}

/// What stands in a query or a path as it is: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A value as it stands in a query, or as a part of a path.
pub(crate) fn encoded(value: &str) -> PercentEncode<'_> {
    utf8_percent_encode(value, UNRESERVED)
}

/// What answers is something else than a Tracking API.
#[derive(Debug)]
pub(super) struct NoSource(pub(super) String);

impl fmt::Display for NoSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "what answers at {} is no Tracking API: start it as `harness serve --source`, and give the second address that it \
             prints",
            self.0
        )
    }
}

impl std::error::Error for NoSource {}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn a_value_can_not_leave_its_place_in_the_query() {
        assert_eq!(encoded("a-1_b.c~").to_string(), "a-1_b.c~");
        assert_eq!(encoded("a&b=c #é").to_string(), "a%26b%3Dc%20%23%C3%A9");
    }
}
