//! The law of the mapper: whatever the line, it says what the specification says.

use attribution_destination::{Dialect, Mapper, Prepared, ProjectId, Settings, Written, parse, prepare};
use jiff::Timestamp;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

/// Keys that mean something somewhere, and some that only look like it.
const KEYS: &str = concat!(
    "id|i\\\\u0064|anonymousId|traits|name|n\\\\u0061me|category|url|ur\\\\u006c|campaign|All|all|\\\\u0041ll|Attribution|ATTRIBUTION|attribution|A-ttribution |",
    "providers|a\u{e9}|a\\\\u00e9|a/b|a\\\\/b|x|y|\\\\n|2014-10-12|[$]serde_json::private::Number"
);

/// A member under the key by which `serde_json` knows a number.
const NUMBER: &str = "\"[$]serde_json::private::Number\":(\"(1|1e5)?\"|[1-3]|null|[{][}])";

/// Those of a message, and some that only look like them.
const MEMBERS: &str = concat!(
    "userId|anonymousId|sessionId|previousId|from|to|event|name|category|properties|traits|context|options|",
    "integrations|timestamp|originalTimestamp|channel|messageId|groupId|sentAt|receivedAt|user\\\\u0049d|type"
);

/// Keys few enough to stand in an object twice, some of them in two spellings.
const TWICE: &str = "a/b|a\\\\/b|x|y|z|name|n\\\\u0061me|\u{e9}|\\\\u00e9";

fn settings(dialect: Dialect) -> Settings {
    Settings {
        dialect,
        screens: true,
        ..Settings::new(ProjectId::new("demo-project").unwrap())
    }
}

fn now() -> Timestamp {
    "2024-01-15T10:00:00.123Z".parse().unwrap()
}

/// What the specification makes of a line.
fn specified(line: &[u8], dialect: Dialect, ingest: bool) -> Prepared {
    match parse(line, ingest) {
        Ok(event) => prepare(&event, &settings(dialect), now()),
        Err(invalid) => Prepared::Invalid(invalid),
    }
}

/// A verdict in which a body that was parsed and written again stands for itself, unless it is too deep to be parsed.
fn rewritten(prepared: Prepared) -> String {
    match prepared {
        Prepared::Send(mapped) => {
            let body = std::str::from_utf8(&mapped.request.body).unwrap();
            let parsed = json_value::from_str(body);
            let is_too_deep = |error: &serde_json::Error| error.to_string().starts_with("recursion limit");
            assert!(!parsed.as_ref().is_err_and(|error| !is_too_deep(error)), "{body}");
            let body = parsed.map_or_else(|_| body.to_owned(), |parsed| parsed.to_string());
            format!(
                "{} {body} {:?} {:#?}",
                mapped.request.path, mapped.visitor, mapped.diagnostics
            )
        }
        other => format!("{other:#?}"),
    }
}

fn body(prepared: &Prepared) -> Option<String> {
    match prepared {
        Prepared::Send(mapped) => Some(String::from_utf8(mapped.request.body.to_vec()).unwrap()),
        Prepared::Skip(_) | Prepared::Invalid(_) => None,
    }
}

/// Holds every form of the mapper, in every dialect, against the specification.
fn check(line: &[u8], ingest: bool) {
    for dialect in Dialect::ALL {
        check_in(*dialect, line, ingest);
    }
}

fn check_in(dialect: Dialect, line: &[u8], ingest: bool) {
    let shown = format!("{dialect}: {}", String::from_utf8_lossy(line));
    let (specified, now) = (specified(line, dialect, ingest), now());
    let mut fast = Mapper::new(settings(dialect), ingest);
    let prepared = fast.prepare(line, now);
    let mut out = b"kept".to_vec();
    let written = fast.map_into(line, now, &mut out);
    let out = String::from_utf8(out).unwrap();
    assert_eq!(
        out.strip_prefix("kept"),
        Some(body(&prepared).unwrap_or_default().as_str()),
        "{shown}"
    );
    match (&prepared, written) {
        (Prepared::Send(mapped), Written::Send { path, diagnostics }) => {
            assert_eq!(
                (mapped.request.path, &mapped.diagnostics),
                (path, &diagnostics),
                "{shown}"
            );
        }
        (Prepared::Skip(skip), Written::Skip(written)) => assert_eq!(*skip, written, "{shown}"),
        (Prepared::Invalid(invalid), Written::Invalid(written)) => assert_eq!(*invalid, written, "{shown}"),
        (prepared, written) => panic!("{shown}: {prepared:?} but {written:?}"),
    }
    let mut silent = Mapper::new(settings(dialect), ingest)
        .without_diagnostics()
        .prepare(line, now);
    if let (Prepared::Send(silent), Prepared::Send(specified)) = (&mut silent, &specified) {
        assert!(silent.diagnostics.is_empty(), "{shown}");
        silent.diagnostics.clone_from(&specified.diagnostics);
    }
    assert_eq!(rewritten(silent), rewritten(specified.clone()), "{shown}");
    assert_eq!(rewritten(prepared), rewritten(specified), "{shown}");
}

/// Mostly nothing.
fn blank() -> impl Strategy<Value = String> {
    prop_oneof![12 => Just(String::new()), 2 => Just(" ".to_owned()), 1 => "[ \t\r\n]{1,40}"]
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        r"20[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{3})?Z)?",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:?[0-9]{2}(:?[0-9]{2}([.,][0-9]{1,4})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?",
    ]
}

/// What may stand between quotes, valid or not.
fn raw() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-zA-Z0-9 .:/_-]{0,40}",
        2 => "[^\"\\\\\u{0}-\u{1f}]{0,20}",
        3 => date(),
        2 => "https?:(//|\\\\/\\\\/)[a-z]{0,3}/([?]utm_[a-z]{1,4}=x)?",
        2 => "([a-z]|\\\\[\"\\\\/bfnrt]|\\\\u00[0-9a-fA-F]{2}|\\\\u[0-9a-f]{4}|\\\\ud83d\\\\ude0[0-9a-f]){0,8}",
        1 => "(\\\\u0032|2)(\\\\u0030|0)14-1[0-2]-[01]\\\\u0032",
        1 => "(Viewed |Loaded a )[a-z]{0,4}( Page| Screen|Page)?",
        1 => "server|web|iphone|track|page|null",
        1 => any::<String>(),
    ]
}

fn string() -> impl Strategy<Value = String> {
    raw().prop_map(|raw| format!("\"{raw}\""))
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => string(),
        2 => r"-?(0|[1-9][0-9]{0,12})([.][0-9]{1,5})?([eE][+-]?[0-9]{1,3})?",
        2 => "true|false|null",
        1 => "-?0?[0-9]{0,2}[.]?[0-9]?e?|tru|nul|NaN|",
    ]
}

fn json() -> impl Strategy<Value = String> {
    scalar().prop_recursive(4, 32, 6, |inner| {
        let spaced = (blank(), inner, blank())
            .prop_map(|(before, value, after)| before + &value + &after)
            .boxed();
        let member = (prop_oneof![3 => KEYS, 1 => raw()], blank(), spaced.clone());
        let member = member.prop_map(|(key, blank, value)| format!("\"{key}\"{blank}:{value}"));
        prop_oneof![
            (blank(), prop::collection::vec(spaced, 0..5))
                .prop_map(|(blank, items)| format!("[{blank}{}]", items.join(","))),
            (blank(), prop::collection::vec(member, 0..6))
                .prop_map(|(blank, members)| format!("{{{blank}{}}}", members.join(","))),
        ]
    })
}

/// A member that fits, or one that may.
fn member() -> impl Strategy<Value = String> {
    let named = |keys: &'static str, value: proptest::strategy::BoxedStrategy<String>| {
        (keys, blank(), value, blank())
            .prop_map(|(key, before, value, after)| format!("\"{key}\":{before}{value}{after}"))
    };
    let object = json().prop_map(|value| {
        if value.starts_with('{') {
            value
        } else {
            format!("{{\"x\":{value}}}")
        }
    });
    prop_oneof![
        1 => ("properties|traits|context|integrations|timestamp", NUMBER)
            .prop_map(|(key, number)| format!("\"{key}\":{{{number}}}")),
        3 => named("sessionId|previousId|from|to|name|category|channel|messageId|sentAt", string().boxed()),
        4 => named("properties|traits|context", object.boxed()),
        2 => named("traits|messageId|groupId|timestamp|originalTimestamp|context|sentAt|userId", "null|\"\"|\"x\"".boxed()),
        2 => traits(),
        1 => named("integrations", prop_oneof!["[{]([}]|\"(All|all|Attribution|ATTRIBUTION|Other)\":(true|false)[}])", json()].boxed()),
        2 => named("timestamp", date().prop_map(|date| format!("\"{date}\"")).boxed()),
        1 => named(MEMBERS, json().boxed()),
    ]
}

/// Traits, of the message or its context, that may have an anonymous id.
fn traits() -> impl Strategy<Value = String> {
    let id = (
        prop_oneof![3 => string(), 1 => Just("\"\"".to_owned()), 1 => json()],
        blank(),
        blank(),
    );
    let id = id.prop_map(|(id, before, after)| format!("\"anonymousId\"{before}:{after}{id}"));
    let rest = prop_oneof![8 => "\"[a-c]\": ?[1-3]", 1 => NUMBER];
    let rest = prop::collection::vec(rest, 0..3);
    (any::<bool>(), prop::option::of(id), rest, any::<u64>(), blank()).prop_map(|(own, id, rest, order, blank)| {
        let mut members: Vec<String> = id.into_iter().chain(rest).collect();
        let turn = usize::try_from(order % 4).unwrap().min(members.len());
        members.rotate_left(turn);
        let traits = format!("\"traits\":{{{blank}{}{blank}}}", members.join(&format!("{blank},")));
        if own {
            traits
        } else {
            format!("\"context\":{{{traits}}}")
        }
    })
}

pub(crate) fn message() -> impl Strategy<Value = String> {
    let kind = "\"type\":\"(track|page|screen|identify|alias|alias|group)\"";
    let id = raw().prop_map(|raw| format!("\"userId\":\"{raw}\"")).boxed();
    let event = raw().prop_map(|raw| format!("\"event\":\"{raw}\"")).boxed();
    let url = Just(r#""properties":{"url":"https://shop.example/"}"#.to_owned());
    let fixed = prop_oneof![
        3 => (kind, id.clone(), event.clone()).prop_map(|(kind, id, event)| vec![kind, id, event]),
        1 => (kind, id, event, url).prop_map(|(kind, id, event, url)| vec![kind, id, event, url]),
    ];
    (fixed, prop::collection::vec(member(), 0..6), blank(), any::<u64>()).prop_map(|(fixed, members, blank, order)| {
        let mut members: Vec<String> = fixed.into_iter().chain(members).collect();
        let count = members.len();
        members.rotate_left(usize::try_from(order % count as u64).unwrap());
        format!("{blank}{{{}}}", members.join(&format!("{blank},{blank}")))
    })
}

/// The messages of the fixtures and the bench.
fn known() -> Vec<String> {
    let folders = Dialect::ALL.iter().map(|dialect| format!("wire/{dialect}/accepted"));
    let fixtures = folders.flat_map(|folder| test_support::fixtures(&folder, "json"));
    let fixtures = fixtures.filter_map(|fixture| Some(fixture.json().get("event")?.to_string()));
    let bench = include_str!("../../benches/messages.ndjson").lines().map(str::to_owned);
    fixtures.chain(bench).collect()
}

#[test]
fn every_known_message_is_mapped_to_the_byte() {
    for line in known() {
        for ingest in [true, false] {
            check(line.as_bytes(), ingest);
            for dialect in Dialect::ALL {
                let prepared = Mapper::new(settings(*dialect), ingest).prepare(line.as_bytes(), now());
                assert_eq!(prepared, specified(line.as_bytes(), *dialect, ingest), "{line}");
            }
        }
    }
}

#[test]
fn a_key_that_serde_json_keeps_for_itself_is_a_key_like_any_other() {
    const KEY: &str = "$serde_json::private::Number";
    for value in ["\"\"", "\"1\"", "1", "null", "{}"] {
        for around in [
            format!(r#""traits":{{"anonymousId":"a","{KEY}":{value}}}"#),
            format!(r#""traits":{{"{KEY}":{value}}}"#),
            format!(r#""properties":{{"url":"https://a.b/","a":[{{"{KEY}":{value}}}],"{KEY}":{value}}}"#),
            format!(r#""context":{{"traits":{{"anonymousId":"a","{KEY}":{value}}}}}"#),
        ] {
            for (kind, user) in [("track", ""), ("track", "u"), ("page", "u"), ("identify", "u")] {
                let line = format!(r#"{{"type":"{kind}","userId":"{user}","event":"",{around}}}"#);
                check(line.as_bytes(), false);
                check(line.as_bytes(), true);
            }
        }
    }
    let line = format!(r#"{{"type":"track","userId":"u","event":"e","properties":{{"a":{{"{KEY}":"1"}}}}}}"#);
    let event = parse(line.as_bytes(), false).unwrap();
    assert_eq!(
        serde_json::to_string(event.message()).unwrap(),
        line,
        "it stays an object"
    );
}

#[test]
fn deep_nesting_is_decided_by_the_specification() {
    for depth in [10, 60, 61, 62, 63, 64, 65, 120, 125, 126, 127, 128, 129, 5_000] {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            check(
                format!(r#"{{"type":"track","userId":"u","event":"e","properties":{{"a":{open}1{close}}}}}"#)
                    .as_bytes(),
                true,
            );
        }
    }
}

#[test]
fn a_message_cut_short_anywhere_is_invalid_to_both() {
    for line in known().iter().rev().take(12) {
        (0..line.len()).for_each(|end| check(&line.as_bytes()[..end], true));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn whatever_the_line_the_specification_says_the_same(line in message(), ingest in any::<bool>()) {
        check(line.as_bytes(), ingest);
    }

    #[test]
    fn a_message_as_serde_json_writes_it_is_mapped_to_the_byte(line in message()) {
        if let Ok(message) = json_value::from_str(&line) {
            let line = message.to_string();
            for dialect in Dialect::ALL {
                let prepared = Mapper::new(settings(*dialect), true).prepare(line.as_bytes(), now());
                prop_assert_eq!(prepared, specified(line.as_bytes(), *dialect, true));
            }
        }
    }

    #[test]
    fn a_date_under_a_key_that_stands_twice_is_told_as_the_specification_does(
        members in prop::collection::vec((TWICE, r#"1|"2014-10-12"|\["2014-10-1[0-9]"\]|\{"[xy]":"2014-10-12"\}"#), 1..8),
        kind in "track|page|identify",
    ) {
        let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        let members = members.join(",");
        let around = [
            format!(r#"{{"type":"{kind}","userId":"u","event":"e","name":"N","properties":{{{members},"url":"https://a.b/"}}"#),
            format!(r#""traits":{{"a":{{{members}}}}},"context":{{"a":[{{{members}}}]}}}}"#),
        ];
        check(around.join(",").as_bytes(), true);
    }

    #[test]
    fn a_damaged_message_is_judged_alike(
        which in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), prop::sample::select(br#""\{}[]:,0-. e"#.to_vec())], 0..3_u8), 1..4),
    ) {
        let known = known();
        let mut line = which.get(&known).clone().into_bytes();
        for (place, byte, how) in damages {
            let place = place.index(line.len());
            match how {
                0 => line[place] = byte,
                1 => line.insert(place, byte),
                _ => drop(line.remove(place)),
            }
        }
        check(&line, true);
    }
}
