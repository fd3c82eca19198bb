//! Compressed bodies, over real HTTP.

use std::io::Read;

use attribution_ledger::EntryVerdict;
use attribution_mock::{Mock, MockConfig};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::bufread::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::peer::{AUTHORIZATION, Answer, CONVERSION, config, join, mock};

/// [`CONVERSION`] as another library's brotli.
const CONVERSION_IN_BROTLI: &str =
    "G1QAYB0JNo52zULgQWRFtgdpHvlz00ugUuHRZLzS6XPKacDWFoYFGBzADxtwnmj0Mu4I9j5wCkVmAurzyVHmxGvQ86WQF2wJvEpCAQ==";

/// Ten megabytes of nothing.
const BOMB_IN_BROTLI: &str = "y///P/gnAOKxQCD3/i///z/wTwDEYRGA7v0H";

fn gzip(body: &[u8]) -> Vec<u8> {
    drained(GzEncoder::new(body, Compression::best()))
}

fn zlib(body: &[u8]) -> Vec<u8> {
    drained(ZlibEncoder::new(body, Compression::best()))
}

fn raw_deflate(body: &[u8]) -> Vec<u8> {
    drained(DeflateEncoder::new(body, Compression::best()))
}

fn drained(mut encoder: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoder.read_to_end(&mut bytes).expect("memory can be read");
    bytes
}

fn brotli(text: &str) -> Vec<u8> {
    STANDARD.decode(text).expect("the constant is base64")
}

/// Posts these bytes to `/track` with this encoding and these credentials.
async fn send(mock: &Mock, encoding: &str, credentials: &str, body: &[u8]) -> Answer {
    let mut peer = join(mock);
    let head = format!(
        "POST /track HTTP/1.1\r\nHost: localhost\r\n{credentials}\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    peer.send_bytes(&[head.as_bytes(), body].concat()).await;
    peer.receive().await.expect("the server answers")
}

fn basic() -> String {
    format!("{AUTHORIZATION}\r\nContent-Type: application/json")
}

#[tokio::test(start_paused = true)]
async fn a_body_in_any_known_encoding_is_read_and_journaled_as_it_was_before() {
    let plain = CONVERSION.as_bytes();
    for (encoding, kept, body) in [
        ("gzip", Some("gzip"), gzip(plain)),
        ("X-GZip", Some("x-gzip"), gzip(plain)),
        ("deflate", Some("deflate"), zlib(plain)),
        ("deflate", Some("deflate"), raw_deflate(plain)),
        ("br", Some("br"), brotli(CONVERSION_IN_BROTLI)),
        ("identity", None, plain.to_vec()),
        ("identity, gzip", Some("gzip"), gzip(plain)),
    ] {
        let mock = mock();
        let answer = send(&mock, encoding, &basic(), &body).await;
        assert_eq!(answer.status, 200, "{encoding}: {}", answer.body);
        let entries = mock.entries();
        let received = &entries[0].request;
        assert_eq!(
            (received.encoding.as_deref(), &*received.body),
            (kept, plain),
            "{encoding}"
        );
        assert_eq!(mock.conversions()[0].event, "Order Completed", "{encoding}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_browser_s_body_is_decoded_before_it_says_which_project() {
    let body = r#"{"projectId":"demo-project","messageId":"1","timestamp":"2024-01-15T10:00:00.000Z","type":"track",
        "anonymousId":"anon-1","event":"Sign Up"}"#;
    let text = "Content-Type: text/plain";
    let mock = mock();
    assert_eq!(send(&mock, "gzip", text, &gzip(body.as_bytes())).await.status, 200);
    let answer = send(&mock, "gzip", text, &gzip(b"{}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "project_id_missing"));
    let entries = mock.entries();
    assert_eq!(
        (&*entries[0].request.body, mock.conversions().len()),
        (body.as_bytes(), 1)
    );
    assert!(entries[1].request.body.is_empty() && entries[1].request.encoding.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_encoding_is_told_what_is_known_and_its_body_is_not_kept() {
    let mock = mock();
    for encoding in ["zstd", "compress", "gzip, gzip", "br, gzip", "x"] {
        let answer = send(&mock, encoding, &basic(), b"body").await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (415, "unsupported_content_encoding"),
            "{encoding}"
        );
        let message = answer.json()["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let known = ["gzip", "deflate", "br"].iter().all(|known| message.contains(known));
        assert!(known && message.ends_with(&format!("not as {encoding}")), "{message}");
    }
    for entry in mock.entries() {
        assert!(entry.request.body.is_empty() && entry.verdict == EntryVerdict::Ignored);
        assert!(entry.request.encoding.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_not_what_its_encoding_says_is_a_bad_request() {
    let whole = gzip(CONVERSION.as_bytes());
    let mock = mock();
    for (encoding, body) in [
        ("gzip", &whole[..whole.len() - 1]),
        ("gzip", &whole[..whole.len() / 2]),
        ("gzip", CONVERSION.as_bytes()),
        ("gzip", b""),
        ("deflate", &zlib(CONVERSION.as_bytes())[..20]),
        ("deflate", &whole),
        ("br", &whole),
        ("br", &brotli(CONVERSION_IN_BROTLI)[..40]),
    ] {
        let answer = send(&mock, encoding, &basic(), body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "undecodable_body"),
            "{encoding}"
        );
    }
    assert_eq!(mock.entries().len(), 8);
    for entry in mock.entries() {
        assert_eq!(
            (entry.verdict, entry.status, entry.request.body.len()),
            (EntryVerdict::Ignored, 400, 0)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_bomb_is_a_body_that_is_too_long() {
    let nothing = vec![0; 10 * 1024 * 1024];
    let mock = mock();
    for (encoding, bomb) in [
        ("gzip", gzip(&nothing)),
        ("deflate", zlib(&nothing)),
        ("deflate", raw_deflate(&nothing)),
        ("br", brotli(BOMB_IN_BROTLI)),
    ] {
        for credentials in [&basic(), "Content-Type: text/plain"] {
            let answer = send(&mock, encoding, credentials, &bomb).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (413, "body_too_large"),
                "{encoding}"
            );
        }
    }
    assert!(mock.entries().iter().all(|entry| entry.request.body.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn the_limit_counts_the_bytes_that_were_compressed() {
    let limited = |body_limit| Mock::new(MockConfig { body_limit, ..config() });
    let body = format!("{CONVERSION}{}", " ".repeat(2_000));
    let compressed = gzip(body.as_bytes());
    assert!(compressed.len() < 200);
    assert_eq!(
        send(&limited(body.len()), "gzip", &basic(), &compressed).await.status,
        200
    );
    assert_eq!(
        send(&limited(body.len() - 1), "gzip", &basic(), &compressed)
            .await
            .status,
        413
    );
    let as_it_came = send(&limited(compressed.len() - 1), "gzip", &basic(), &compressed).await;
    assert_eq!(as_it_came.status, 413);
}
