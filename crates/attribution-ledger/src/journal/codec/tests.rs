use std::error::Error as _;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::journal::{Entry, EntryVerdict, Request};

fn entry(body: &[u8], encoding: Option<&str>) -> Entry {
    let request = Request {
        received_at: "2024-01-15T10:00:00.25Z".parse().unwrap(),
        path: "/track".to_owned(),
        browser: false,
        encoding: encoding.map(str::to_owned),
        body: body.to_vec(),
    };
    Entry {
        seq: 7,
        request,
        verdict: EntryVerdict::Recorded,
        status: 200,
    }
}

#[test]
fn a_text_body_stays_readable() {
    assert_eq!(
        entry(br#"{ "user_id":"u" }"#, None).encode(),
        r#"{"version":1,"seq":7,"received_at":"2024-01-15T10:00:00.25Z","path":"/track","verdict":"recorded","status":200,"body":"{ \"user_id\":\"u\" }"}"#
    );
}

#[test]
fn a_body_that_is_not_text_is_base64() {
    assert_eq!(
        entry(&[0xff, 0x00, 0xfe], Some("gzip")).encode(),
        r#"{"version":1,"seq":7,"received_at":"2024-01-15T10:00:00.25Z","path":"/track","encoding":"gzip","verdict":"recorded","status":200,"body_base64":"/wD+"}"#
    );
}

#[test]
fn what_a_browser_sent_says_so() {
    let mut entry = entry(b"{}", None);
    entry.request.browser = true;
    assert_eq!(
        entry.encode(),
        r#"{"version":1,"seq":7,"received_at":"2024-01-15T10:00:00.25Z","path":"/track","browser":true,"verdict":"recorded","status":200,"body":"{}"}"#
    );
}

#[test]
fn a_line_that_is_no_entry_is_told_why() {
    let line = entry(b"{}", None).encode();
    for (broken, message) in [
        (
            line.replace("\"version\":1", "\"version\":2"),
            "its version is 2, and only version 1 can be read",
        ),
        (
            r#"{"version":9,"events":[]}"#.to_owned(),
            "its version is 9, and only version 1 can be read",
        ),
        (
            line.replace("\"seq\":7", "\"seq\":0"),
            "its number 0 is not between 1 and 9007199254740991",
        ),
        (
            line.replace("\"body\":\"{}\"", "\"body_base64\":\"?\""),
            "its `body_base64` can't be decoded",
        ),
        (
            line.replace(",\"body\":\"{}\"", ""),
            "it needs exactly one of `body` and `body_base64`",
        ),
        (
            line.replace("\"body\"", "\"body_base64\":\"\",\"body\""),
            "it needs exactly one of `body` and `body_base64`",
        ),
        (
            line.replace("recorded", "lost"),
            "it is not a JSON object with the members of an entry",
        ),
        (
            line.replace("\"status\"", "\"state\""),
            "it is not a JSON object with the members of an entry",
        ),
        (String::new(), "it is not a JSON object with the members of an entry"),
    ] {
        assert_eq!(
            Entry::decode(broken.as_bytes()).unwrap_err().to_string(),
            message,
            "{broken}"
        );
    }
}

#[test]
fn an_error_never_repeats_its_source() {
    for line in ["{}", r#"{"version":1,"seq":1,"received_at":"now"}"#] {
        let error = Entry::decode(line.as_bytes()).unwrap_err();
        let source = error.source().unwrap().to_string();
        assert!(!error.to_string().contains(&source), "{error}: {source}");
    }
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let verdict = prop_oneof![
        Just(EntryVerdict::Recorded),
        Just(EntryVerdict::Refused),
        Just(EntryVerdict::Ignored),
    ];
    let received_at = (
        Timestamp::MIN.as_second()..Timestamp::MAX.as_second(),
        0..1_000_000_000_i32,
    )
        .prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap());
    let body = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..64),
        ".{0,32}".prop_map(String::into_bytes)
    ];
    let head = (any::<String>(), any::<bool>(), any::<Option<String>>());
    let request = (received_at, head, body).prop_map(|(received_at, (path, browser, encoding), body)| Request {
        received_at,
        path,
        browser,
        encoding,
        body,
    });
    (1..1_u64 << 53, request, verdict, any::<u16>()).prop_map(|(seq, request, verdict, status)| Entry {
        seq,
        request,
        verdict,
        status,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_entry_comes_back_from_one_line(entry in any_entry()) {
        let line = entry.encode();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(Entry::decode(line.as_bytes()).unwrap(), entry);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Entry::decode(&bytes);
    }
}
