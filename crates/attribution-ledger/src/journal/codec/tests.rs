use std::borrow::Cow;
use std::error::Error as _;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::journal::{Entry, EntryVerdict, Headers, Line, Logged, Request};

fn entry(body: &[u8], encoding: Option<&str>) -> Entry {
    let request = Request {
        received_at: "2024-01-15T10:00:00.25Z".parse().unwrap(),
        path: "/track".into(),
        browser: false,
        headers: Headers::default(),
        encoding: encoding.map(Into::into),
        body: body.into(),
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
fn headers_are_pairs_and_what_authenticates_is_redacted_even_when_it_is_read() {
    let mut entry = entry(b"{}", None);
    entry.request.headers = Headers::new([("Host", "a"), ("host", "b"), ("Cookie", "secret")]).unwrap();
    let line = entry.encode();
    assert_eq!(
        line,
        r#"{"version":1,"seq":7,"received_at":"2024-01-15T10:00:00.25Z","path":"/track","headers":[["host","a"],["host","b"],["cookie","[redacted]"]],"verdict":"recorded","status":200,"body":"{}"}"#
    );
    let read = Entry::decode(line.replace("[redacted]", "secret").as_bytes()).unwrap();
    assert_eq!(read, entry);
}

#[test]
fn a_line_of_a_shared_journal_says_whose_it_is_and_is_no_plain_entry() {
    let line = Line {
        project: Some("shop".into()),
        namespace: Some("test".into()),
        logged: Logged::Entry(Cow::Owned(entry(b"{}", None))),
    };
    let text = line.encode();
    assert!(
        text.starts_with(r#"{"version":1,"project":"shop","namespace":"test","seq":7,"#),
        "{text}"
    );
    let error = Entry::decode(text.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "it is of a journal that several projects share");
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
            line.replace("\"verdict\"", "\"headers\":[[\"a b\",\"c\"]],\"verdict\""),
            "one of its `headers` is none",
        ),
        (
            r#"{"version":1,"namespace":"test","reset_at":"2024-01-15T10:00:00Z"}"#.to_owned(),
            "its `namespace` can't be one, or it says no `project`",
        ),
        (
            r#"{"version":1,"reset_at":"now"}"#.to_owned(),
            "it is not a JSON object with the members of an entry",
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
    let header = entry(b"{}", None)
        .encode()
        .replace("\"verdict\"", "\"headers\":[[\"a b\",\"c\"]],\"verdict\"");
    for line in ["{}", r#"{"version":1,"seq":1,"received_at":"now"}"#, &header] {
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
    let headers = proptest::collection::vec(("[!-9;-~]{1,8}", "[^\r\n\0]{0,8}"), 0..4);
    let head = (any::<String>(), any::<bool>(), headers, any::<Option<String>>());
    let request =
        (received_at, head, body).prop_map(|(received_at, (path, browser, headers, encoding), body)| Request {
            received_at,
            path: path.into(),
            browser,
            headers: Headers::new(headers).unwrap(),
            encoding: encoding.map(Into::into),
            body: body.into(),
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
    fn every_line_comes_back_with_whose_it_is(
        entry in any_entry(),
        whose in any::<Option<(String, Option<String>)>>(),
        is_reset in any::<bool>(),
    ) {
        let logged = if is_reset {
            Logged::Reset { at: entry.request.received_at }
        } else {
            Logged::Entry(Cow::Owned(entry))
        };
        let (project, namespace) = whose.unzip();
        let line = Line { project: project.map(Into::into), namespace: namespace.flatten().map(Into::into), logged };
        let text = line.encode();
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(Line::decode(text.as_bytes()).unwrap(), line);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Entry::decode(&bytes);
    }
}
