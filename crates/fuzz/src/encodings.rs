use std::io::Read;

use attribution_ledger::EntryVerdict;
use attribution_mock::{Mock, MockConfig};
use clock::Clock;
use flate2::Compression;
use flate2::bufread::{DeflateEncoder, GzEncoder, ZlibEncoder};
use jiff::Timestamp;

use crate::exchange::{Answer, Heard, exchange, in_virtual_time};

/// The limit of the double is so many bytes for each step of the second byte.
const STEP: usize = 16;

/// The first byte says how the rest is compressed, or is said to be; the second how long a body may be.
pub(crate) fn check(input: &[u8]) {
    let [how, limit, body @ ..] = input else { return };
    let limit = usize::from(*limit) * STEP;
    match how % 6 {
        0 => as_it_is("gzip", limit, body),
        1 => as_it_is("deflate", limit, body),
        2 => as_it_is("br", limit, body),
        3 => compressed("gzip", limit, body, &drained(GzEncoder::new(body, Compression::fast()))),
        4 => compressed(
            "deflate",
            limit,
            body,
            &drained(ZlibEncoder::new(body, Compression::fast())),
        ),
        _ => compressed(
            "deflate",
            limit,
            body,
            &drained(DeflateEncoder::new(body, Compression::fast())),
        ),
    }
}

fn drained(mut encoder: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoder.read_to_end(&mut bytes).expect("memory can be read");
    bytes
}

/// Whatever comes out of the bytes, the double answers, and keeps no more than its limit.
fn as_it_is(encoding: &str, limit: usize, bytes: &[u8]) {
    let (status, verdict, kept) = sent(encoding, limit, bytes);
    assert!(matches!(status, 200 | 400 | 413), "{status}");
    assert!(kept.len() <= limit, "{} bytes of {limit} are kept", kept.len());
    assert!(status != 413 || kept.is_empty(), "what is too long is kept");
    assert_eq!(verdict == EntryVerdict::Recorded, status == 200);
}

/// What was compressed comes out as it was, or is told to be too long.
fn compressed(encoding: &str, limit: usize, body: &[u8], bytes: &[u8]) {
    let (status, _, kept) = sent(encoding, limit, bytes);
    if body.len() <= limit && bytes.len() <= limit {
        assert!(matches!(status, 200 | 400), "{status}");
        assert_eq!(kept, body);
    } else {
        assert_eq!((status, kept.len()), (413, 0));
    }
}

/// The answer to an event in these bytes, and what the journal says and keeps of it.
fn sent(encoding: &str, limit: usize, bytes: &[u8]) -> (u16, EntryVerdict, Vec<u8>) {
    let request = format!(
        "POST /track HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\nContent-Type: \
         application/json\r\nContent-Encoding: {encoding}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    in_virtual_time(async {
        let mock = Mock::new(MockConfig {
            body_limit: limit,
            ..MockConfig::new(Clock::starting_at(Timestamp::constant(1_705_312_800, 0)))
        });
        let heard = exchange(&mock, &[request.as_bytes(), bytes].concat(), false).await;
        let Heard::Closed(heard) = heard else {
            panic!("neither an answer nor an end")
        };
        let entries = mock.entries();
        let [entry] = entries.as_slice() else {
            panic!("{} entries of one request", entries.len())
        };
        (Answer::of(&heard).status, entry.verdict, entry.request.body.to_vec())
    })
}
