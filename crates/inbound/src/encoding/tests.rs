use std::io::Read;

use flate2::Compression;
use flate2::bufread::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::{Encoding, Undecodable, has_zlib_header};

/// `hello hello hello hello`.
const BROTLI_GREETING: &str = "1b1600f88d946ede445586966c206f214f1ce038";

/// Ten megabytes of nothing in 27 bytes.
const BROTLI_BOMB: &str = "cbffff3ff82700e2b14020f7fe2fffff3ff04f00c4611180eefd07";

/// A thousand zeros behind a window of 1 GB, which is no brotli by RFC 7932.
const BROTLI_OF_A_LARGE_WINDOW: &str = "115e9c0fe09f0088c60201a101";

fn hex(text: &str) -> Vec<u8> {
    let digits = |pair| u8::from_str_radix(pair, 16).expect("two digits");
    (0..text.len()).step_by(2).map(|at| digits(&text[at..at + 2])).collect()
}

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

fn every_encoding(body: &[u8]) -> [(Encoding, Vec<u8>); 3] {
    [
        (Encoding::Gzip, gzip(body)),
        (Encoding::Deflate, zlib(body)),
        (Encoding::Deflate, raw_deflate(body)),
    ]
}

#[test]
fn brotli_that_another_library_wrote_is_read() {
    let greeting = hex(BROTLI_GREETING);
    let decoded = Encoding::Brotli.decode(&greeting, 23);
    assert_eq!(decoded.as_deref(), Ok(b"hello hello hello hello".as_slice()));
    assert_eq!(Encoding::Brotli.decode(&greeting, 22), Err(Undecodable::TooLarge));
}

#[test]
fn a_bomb_is_cut_off_at_the_limit() {
    let megabytes = vec![0; 10 * 1024 * 1024];
    for (encoding, bomb) in every_encoding(&megabytes) {
        assert!(bomb.len() < 12_000);
        assert_eq!(
            encoding.decode(&bomb, 500_000),
            Err(Undecodable::TooLarge),
            "{encoding:?}"
        );
    }
    assert_eq!(
        Encoding::Brotli.decode(&hex(BROTLI_BOMB), 500_000),
        Err(Undecodable::TooLarge)
    );
}

#[test]
fn a_bomb_is_not_read_past_what_fills_the_limit() {
    // What follows is no deflate at all, and nobody gets to see that.
    for (encoding, mut bomb) in every_encoding(&vec![0; 10 * 1024 * 1024]) {
        bomb.truncate(5_000);
        bomb.extend([0xff; 5_000]);
        assert_eq!(
            encoding.decode(&bomb, 100_000),
            Err(Undecodable::TooLarge),
            "{encoding:?}"
        );
    }
}

#[test]
fn a_window_beyond_the_standard_is_no_brotli() {
    let decoded = Encoding::Brotli.decode(&hex(BROTLI_OF_A_LARGE_WINDOW), 500_000);
    assert_eq!(decoded, Err(Undecodable::Corrupt));
}

#[test]
fn members_of_a_gzip_follow_each_other() {
    let two = [gzip(b"one "), gzip(b"two")].concat();
    assert_eq!(Encoding::Gzip.decode(&two, 7).as_deref(), Ok(b"one two".as_slice()));
    assert_eq!(Encoding::Gzip.decode(&two, 6), Err(Undecodable::TooLarge));
}

#[test]
fn a_damaged_checksum_is_noticed() {
    for (encoding, mut bytes) in [(Encoding::Gzip, gzip(b"body")), (Encoding::Deflate, zlib(b"body"))] {
        let last = bytes.len() - 5 + usize::from(encoding == Encoding::Deflate) * 4;
        bytes[last] ^= 1;
        assert_eq!(encoding.decode(&bytes, 100), Err(Undecodable::Corrupt), "{encoding:?}");
    }
}

proptest! {
    #[test]
    fn what_was_compressed_comes_back_within_the_limit_and_only_then(body in prop::collection::vec(any::<u8>(), 1..40_000)) {
        for (encoding, bytes) in every_encoding(&body) {
            prop_assert_eq!(encoding.decode(&bytes, body.len()), Ok(body.clone()));
            prop_assert_eq!(encoding.decode(&bytes, body.len() - 1), Err(Undecodable::TooLarge));
        }
    }

    #[test]
    fn what_is_cut_short_or_goes_on_is_corrupt(
        body in prop::collection::vec(any::<u8>(), 0..500), cut in any::<prop::sample::Index>(), more in 1..9_u8,
    ) {
        for (encoding, bytes) in every_encoding(&body) {
            let short = &bytes[..cut.index(bytes.len())];
            prop_assert_eq!(encoding.decode(short, 1_000), Err(Undecodable::Corrupt));
            let long = [bytes, vec![more; usize::from(more)]].concat();
            prop_assert_eq!(encoding.decode(&long, 1_000), Err(Undecodable::Corrupt));
        }
        let greeting = hex(BROTLI_GREETING);
        let short = &greeting[..cut.index(greeting.len())];
        prop_assert_eq!(Encoding::Brotli.decode(short, 1_000), Err(Undecodable::Corrupt));
        let long = [greeting, vec![more]].concat();
        prop_assert_eq!(Encoding::Brotli.decode(&long, 1_000), Err(Undecodable::Corrupt));
    }

    #[test]
    fn no_bytes_make_it_panic_or_grow(bytes in prop::collection::vec(any::<u8>(), 0..400), limit in 0..2_000_usize) {
        for encoding in [Encoding::Gzip, Encoding::Deflate, Encoding::Brotli] {
            let decoded = encoding.decode(&bytes, limit);
            prop_assert!(decoded.is_err() || decoded.is_ok_and(|body| body.len() <= limit));
        }
    }

    #[test]
    fn a_bare_stream_is_never_taken_for_zlib(body in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(has_zlib_header(&zlib(&body)));
        prop_assert!(!has_zlib_header(&raw_deflate(&body)));
    }
}
