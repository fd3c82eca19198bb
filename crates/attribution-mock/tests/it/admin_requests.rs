//! Requests as the admin API finds them.

use std::fmt::Write as _;

use attribution_ledger::{Call, Dialect, Entry, EntryVerdict, Ledger, Mention, Route};
use attribution_mock::{Fault, Mock, Order, Paging, RequestFilter};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::peer::{Answer, CONVERSION, DENIED, get, in_virtual_time, join, mock, post, post_in_its_dialect, request};

async fn ask(mock: &Mock, path: &str) -> Answer {
    join(mock).answer(&get(path)).await
}

async fn read(mock: &Mock, path: &str) -> Value {
    let answer = ask(mock, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.raw);
    answer.json()
}

/// The numbers of the requests that a query finds.
async fn found(mock: &Mock, query: &str) -> Vec<u64> {
    let body = read(mock, &format!("/__admin/requests?{query}")).await;
    let rows = body["requests"].as_array().expect("a list");
    rows.iter().map(|row| row["seq"].as_u64().expect("a number")).collect()
}

/// Ten requests, a minute apart, of which every parameter tells some from others.
async fn a_morning() -> Mock {
    let mock = mock();
    let page = r#"{"cookie_id":"anon-1","timestamp":"2024-01-15T10:00:00.000Z","event":"Viewed Pricing Page","properties":{"url":"https://shop.example/"}}"#;
    let import = r#"{"batch":[{"type":"group","userId":"user-3","groupId":"g"},{"type":"track","userId":"user-4","event":"Sign Up"}]}"#;
    let once = Fault::respond(503).on("/alias").times(1);
    for (path, body) in [
        ("/track", page),
        ("/identify", r#"{"cookie_id":"anon-1","user_id":"user-1","traits":{}}"#),
        ("/track", CONVERSION),
        (
            "/track",
            r#"{"user_id":"user-2","timestamp":"2024-01-15T10:00:00.000Z","event":"Sign Up"}"#,
        ),
        ("/alias", r#"{"user_id":"customer-1","previous_id":"user-1"}"#),
        ("/alias", r#"{"user_id":"customer-1","previous_id":"user-1"}"#),
        (
            "/track",
            r#"{"user_id":"customer-1","timestamp":"2024-01-15T10:00:00.000Z"}"#,
        ),
        ("/track", DENIED),
        ("/v1/import", import),
        ("/v1/import", "nothing"),
    ] {
        if mock.requests().len() == 4 {
            mock.add_fault(once.clone()).expect("a fault that makes sense");
        }
        join(&mock).answer(&post(path, body)).await;
        mock.config().clock.sleep(std::time::Duration::from_secs(60)).await;
    }
    mock
}

#[tokio::test(start_paused = true)]
async fn each_parameter_finds_its_requests() {
    let mock = a_morning().await;
    for (query, expected) in [
        ("", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..]),
        ("dialect=classic", &[1, 2, 3, 4, 5, 6, 7, 8]),
        ("dialect=browser", &[]),
        ("path=/alias", &[5, 6]),
        ("path=%2Fv1%2Fimport", &[9, 10]),
        ("event=Sign%20Up", &[4, 9]),
        ("event=Viewed+Pricing+Page", &[1]),
        ("event=Refund", &[]),
        ("kind=page", &[1]),
        ("kind=track", &[3, 4, 7, 9]),
        ("kind=group", &[9]),
        ("verdict=refused", &[7, 8, 10]),
        ("verdict=ignored", &[5]),
        ("status=503", &[5]),
        ("status=200", &[1, 2, 3, 4, 6, 9]),
        ("rule=missing-event", &[7]),
        ("rule=att004", &[7]),
        ("since=2024-01-15T10:08:00Z", &[9, 10]),
        ("until=2024-01-15T10:02:00Z", &[1, 2]),
        ("since=2024-01-15T11:02:00%2B01:00&until=2024-01-15T10:03:00Z", &[3]),
        ("since=2024-01-15T10:03:00Z&until=2024-01-15T10:02:00Z", &[]),
        ("after=3&before=6", &[4, 5]),
        ("order=desc&limit=2", &[10, 9]),
        ("order=desc&limit=2&before=9", &[8, 7]),
        (
            "dialect=import&verdict=recorded&kind=track&event=Sign+Up&visitor=user-4",
            &[9],
        ),
        ("project=demo-project&path=/alias", &[5, 6]),
    ] {
        assert_eq!(found(&mock, query).await, expected, "{query}");
        let count = read(&mock, &format!("/__admin/requests/count?{}", without_paging(query))).await;
        assert!(
            query.contains("after") || query.contains("limit") || count == json!({"count": expected.len()}),
            "{query}"
        );
    }
}

fn without_paging(query: &str) -> String {
    let is_filter = |part: &&str| {
        !["after", "before", "order", "limit"]
            .iter()
            .any(|name| part.starts_with(name))
    };
    query.split('&').filter(is_filter).collect::<Vec<_>>().join("&")
}

#[tokio::test(start_paused = true)]
async fn a_visitor_s_requests_are_those_that_name_any_id_of_the_person_today() {
    let mock = a_morning().await;
    let all = [1, 2, 3, 5, 6, 7];
    for id in ["customer-1", "user-1", "anon-1"] {
        assert_eq!(found(&mock, &format!("visitor={id}")).await, all, "{id}");
    }
    assert_eq!(
        found(&mock, "visitor=user-3").await,
        [9],
        "a group makes nobody a visitor, but the request names the id"
    );
    assert!(found(&mock, "visitor=user-9").await.is_empty());
    let later = r#"{"user_id":"user-2","previous_id":"customer-1"}"#;
    join(&mock).answer(&post("/alias", later)).await;
    assert_eq!(found(&mock, "visitor=anon-1").await, [1, 2, 3, 4, 5, 6, 7, 11]);
}

#[tokio::test(start_paused = true)]
async fn a_list_says_how_many_there_are_and_where_it_goes_on() {
    let mock = a_morning().await;
    let part = |body: &Value| {
        (
            body["requests"].as_array().map(Vec::len),
            body["next"].clone(),
            body["total"].clone(),
        )
    };
    let first = read(&mock, "/__admin/requests?path=/track&limit=2").await;
    assert_eq!(part(&first), (Some(2), json!(3), json!(5)));
    let second = read(&mock, "/__admin/requests?path=/track&limit=3&after=3").await;
    assert_eq!(part(&second), (Some(3), Value::Null, json!(5)));
    let last = read(&mock, "/__admin/requests?path=/track&limit=1&order=desc").await;
    assert_eq!(part(&last), (Some(1), json!(8), json!(5)));
}

#[tokio::test(start_paused = true)]
async fn a_list_has_a_thousand_rows_unless_more_are_asked_for() {
    let mock = mock();
    let mut peer = join(&mock);
    for _ in 0..1_001 {
        peer.answer(&post("/track", DENIED)).await;
    }
    let all = read(&mock, "/__admin/requests").await;
    let rows = all["requests"].as_array().expect("a list").len();
    assert_eq!(
        (rows, &all["next"], &all["total"]),
        (1_000, &json!(1_000), &json!(1_001))
    );
    let more = read(&mock, "/__admin/requests?limit=10000").await;
    assert_eq!(more["requests"].as_array().map(Vec::len), Some(1_001));
}

#[tokio::test(start_paused = true)]
async fn one_request_is_shown_with_its_violations_and_its_bytes() {
    let mock = a_morning().await;
    let _guard = test_support::snapshots("mock");
    let one = read(&mock, "/__admin/requests/7").await;
    insta::assert_snapshot!("request", serde_json::to_string_pretty(&one).unwrap());
    let body = ask(&mock, "/__admin/requests/10/body").await;
    assert_eq!((body.status, body.body.as_str()), (200, "nothing"));
    assert_eq!(body.header("content-type"), Some("application/octet-stream"));
    assert_eq!(
        mock.request(5).map(|request| request.verdict),
        Some(EntryVerdict::Ignored)
    );
    for path in ["0", "11", "-1", "seven", "99999999999999999999999", "7.0", "11/body"] {
        let answer = ask(&mock, &format!("/__admin/requests/{path}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "unknown_request"),
            "{path}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_is_refused_with_every_reason() {
    let mock = a_morning().await;
    let mut answers = String::new();
    for path in [
        "requests?vistor=user-1",
        "requests?user_id=user-1&type=page&cursor=7&page_size=3",
        "requests?colour=red",
        "requests?limit=0",
        "requests?limit=10001&after=-1&before=%2B1&order=down",
        "requests?dialect=clasic&kind=pageview&verdict=denied&status=2xx",
        "requests?path=/trck",
        "requests?path=track%2Fx%2Fy",
        "requests?rule=page-without-uri",
        "requests?rule=unlinked-conversion",
        "requests?since=yesterday",
        "requests?since=2024-01-15T10:00:00+01:00",
        "requests?visitor=&event=",
        "requests?visitor=a&visitor=b",
        "requests/count?limit=3",
        "requests/7?limit=3",
        "visits?event=Sign+Up",
        "violations?severity=error&request=0&rule=ATT999",
        "events?last_event_id=seven",
        "events?last_event_id=1&last_event_id=2",
        "metrics?format=json",
        "health?verbose",
        "report?visitor=user-1",
        "faults?path=/track",
        "projects?all=%00%ff",
    ] {
        let answer = ask(&mock, &format!("/__admin/{path}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "bad_query"),
            "{path}: {}",
            answer.raw
        );
        let body = answer.json();
        writeln!(
            answers,
            "{path}\n  {}",
            body["error"]["message"].as_str().unwrap_or_default()
        )
        .unwrap();
    }
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("bad_queries", answers);
}

#[tokio::test(start_paused = true)]
async fn a_slip_in_a_reset_resets_nobody() {
    let mock = a_morning().await;
    let answer = join(&mock)
        .answer(&request("POST /__admin/reset?namspace=test-1", &[], ""))
        .await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "bad_query"));
    assert_eq!(mock.requests().len(), 10);
}

/// What a filter means, said a second time: without an index, entry by entry.
fn fits(filter: &RequestFilter, entry: &Entry, ledger: &Ledger) -> bool {
    let Entry {
        seq,
        request,
        verdict,
        status,
    } = entry;
    let mentions = request.assess().mentions;
    let is_theirs = |id: &str| {
        let theirs = ledger
            .visitor(id)
            .map(|visitor| (visitor.user_ids(), visitor.cookie_ids()));
        let (users, cookies) = theirs.unwrap_or_else(|| (vec![id.to_owned()], vec![id.to_owned()]));
        mentions.iter().any(
            |Mention {
                 user, cookie, previous, ..
             }| {
                let previous = previous.as_ref();
                user.as_ref().is_some_and(|user| users.contains(user))
                    || cookie.as_ref().is_some_and(|cookie| cookies.contains(cookie))
                    || previous.is_some_and(|previous| {
                        users.contains(previous) || cookies.contains(previous) || previous == id
                    })
            },
        )
    };
    filter
        .dialect
        .is_none_or(|dialect| request.route().map(Route::dialect) == Some(dialect))
        && filter.path.as_ref().is_none_or(|path| *path == request.path)
        && filter.visitor.as_deref().is_none_or(is_theirs)
        && filter
            .event
            .as_ref()
            .is_none_or(|event| mentions.iter().any(|mention| mention.event.as_ref() == Some(event)))
        && filter
            .kind
            .is_none_or(|kind| mentions.iter().any(|mention| mention.call == Some(kind)))
        && filter.rule.as_ref().is_none_or(|rule| {
            ledger
                .violations_on_arrival(*seq)
                .iter()
                .any(|broken| broken.rule == rule)
        })
        && filter.status.is_none_or(|wanted| wanted == *status)
        && filter.verdict.is_none_or(|wanted| wanted == *verdict)
        && filter.since.is_none_or(|since| since <= request.received_at)
        && filter.until.is_none_or(|until| request.received_at < until)
}

/// One request of random traffic and how much later the next one comes.
fn traffic() -> impl Strategy<Value = Vec<(Route, String, u64, bool)>> {
    let id = || prop::sample::select(vec!["a", "b", "c", "d"]);
    let classic = (id(), id(), prop::sample::select(vec!["Sign Up", "Viewed Home Page", "Refund"])).prop_map(|(user, cookie, event)| {
        format!(r#"{{"user_id":"{user}","cookie_id":"{cookie}","timestamp":"2024-01-15T10:00:00.000Z","event":"{event}"}}"#)
    });
    let alias = (id(), id()).prop_map(|(user, previous)| {
        format!(r#"{{"user_id":"{user}","previous_id":"{previous}","userId":"{user}","previousId":"{previous}","messageId":"1"}}"#)
    });
    let spec = (id(), id(), prop::sample::select(vec!["track", "page", "group", "nothing"])).prop_map(|(user, message, kind)| {
        let message = format!(r#"{{"type":"{kind}","userId":"{user}","messageId":"{message}","event":"Sign Up","timestamp":"2024-01-15T10:00:00Z"}}"#);
        format!(r#"{{"batch":[{message},{message},{{"type":"page","anonymousId":"{user}"}}],"userId":"{user}","event":"Refund"}}"#)
    });
    let odd = prop::sample::select(vec!["[]", "", r#"{"user_id":7}"#]).prop_map(str::to_owned);
    let body = prop_oneof![4 => classic, 2 => alias, 2 => spec, 1 => odd];
    let route = prop::sample::select(vec![
        Route::Track,
        Route::Identify,
        Route::Alias,
        Route::Import,
        Route::Actions(Call::Track),
        Route::Actions(Call::Alias),
    ]);
    prop::collection::vec((route, body, 0u64..3, prop::bool::weighted(0.1)), 0..25)
}

fn filter() -> impl Strategy<Value = RequestFilter> {
    let some = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        prop::option::weighted(0.2, prop::sample::select(words))
    };
    let time = || {
        prop::option::weighted(
            0.2,
            (0i64..30).prop_map(|seconds| jiff::Timestamp::from_second(1_705_312_800 + seconds).expect("a time")),
        )
    };
    let words = (
        some(&["/track", "/alias", "/v1/import", "/v1/t"]),
        some(&["a", "b", "c", "d", "7", "nobody"]),
        some(&["Sign Up", "Refund", "Viewed Home Page", "None"]),
        some(&["ATT001", "ATT003", "ATT004", "ATT016", "ATT022"]),
    );
    let facts = (
        prop::option::weighted(0.1, prop::sample::select(Dialect::ALL.to_vec())),
        prop::option::weighted(0.1, prop::sample::select(Call::ALL.to_vec())),
        prop::option::weighted(0.1, prop::sample::select(vec![200, 400, 503])),
        prop::option::weighted(0.1, prop::sample::select(EntryVerdict::ALL.to_vec())),
    );
    (words, facts, time(), time()).prop_map(
        |((path, visitor, event, rule), (dialect, kind, status, verdict), since, until)| RequestFilter {
            dialect,
            path,
            visitor,
            event,
            kind,
            rule,
            status,
            verdict,
            since,
            until,
        },
    )
}

async fn play(traffic: &[(Route, String, u64, bool)]) -> Mock {
    let mock = mock();
    let mut peer = join(&mock);
    for (route, body, seconds, struck) in traffic {
        if *struck {
            mock.add_fault(Fault::respond(503).times(1))
                .expect("a fault that makes sense");
        }
        peer.answer(&post_in_its_dialect(*route, body)).await;
        mock.config()
            .clock
            .sleep(std::time::Duration::from_secs(*seconds))
            .await;
    }
    mock
}

proptest! {
    #[test]
    fn a_filter_finds_what_a_look_at_every_entry_finds(
        traffic in traffic(),
        filters in prop::collection::vec(filter(), 1..8),
    ) {
        in_virtual_time(async {
            let mock = play(&traffic).await;
            let entries = mock.entries();
            for filter in &filters {
                let fitting = |ledger: &Ledger| -> Vec<u64> {
                    entries.iter().filter(|entry| fits(filter, entry, ledger)).map(|entry| entry.seq).collect()
                };
                let expected = mock.with_ledger(fitting);
                let found: Vec<u64> = mock.requests_where(filter).iter().map(|row| row.seq).collect();
                prop_assert_eq!(&found, &expected, "{:?}", filter);
                prop_assert_eq!(mock.count_requests(filter), expected.len());
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_parts_make_the_whole_whatever_their_size(
        traffic in traffic(),
        filter in filter(),
        limit in 1usize..10,
    ) {
        in_virtual_time(async {
            let mock = play(&traffic).await;
            let mut whole = mock.requests_where(&filter);
            for order in [Order::Ascending, Order::Descending] {
                let (mut parts, mut paging) = (Vec::new(), Paging { order, ..Paging::first(limit) });
                loop {
                    let page = mock.requests_page(&filter, &paging);
                    prop_assert!(page.rows.len() == limit || page.next.is_none());
                    prop_assert_eq!(page.total, whole.len());
                    parts.extend(page.rows);
                    match (page.next, order) {
                        (None, _) => break,
                        (next, Order::Ascending) => paging.after = next,
                        (next, Order::Descending) => paging.before = next,
                    }
                }
                prop_assert_eq!(&parts, &whole);
                whole.reverse();
            }
            Ok(())
        })?;
    }

    #[test]
    fn any_query_is_answered(
        path in prop::sample::select(vec!["requests", "requests/count", "requests/1", "visits", "conversions", "violations", "visitors/a", "metrics"]),
        parts in prop::collection::vec((
            prop_oneof![
                prop::sample::select(vec!["dialect", "path", "visitor", "event", "kind", "rule", "status", "verdict", "since", "until", "after", "before", "limit", "order", "project"]).prop_map(str::to_owned),
                "[A-Za-z0-9%+&=@:/?!*'();,._~$-]{0,8}",
            ],
            "[A-Za-z0-9%+&=@:/?!*'();,._~$-]{0,12}",
        ), 0..4),
    ) {
        in_virtual_time(async {
            let mock = play(&[(Route::Track, CONVERSION.to_owned(), 0, false)]).await;
            let query: Vec<String> = parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = ask(&mock, &format!("/__admin/{path}?{}", query.join("&"))).await;
            prop_assert!(matches!(answer.status, 200 | 400 | 404), "{}", answer.raw);
            prop_assert!(answer.status == 200 || !answer.code().is_empty());
            Ok(())
        })?;
    }
}
