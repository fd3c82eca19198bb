//! What Attribution makes of what was received, in parts and by visitor.

use attribution_mock::Mock;
use serde_json::{Value, json};

use crate::peer::{Answer, get, join, mock, post};

async fn ask(mock: &Mock, path: &str) -> Answer {
    join(mock).answer(&get(path)).await
}

async fn read(mock: &Mock, path: &str) -> Value {
    let answer = ask(mock, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.raw);
    answer.json()
}

/// Two customers: one came by a page and was merged, the other only bought.
async fn a_shop() -> Mock {
    let mock = mock();
    let mut peer = join(&mock);
    let at = r#""timestamp":"2024-01-15T10:00:00.000Z""#;
    for (path, body) in [
        (
            "/track",
            format!(
                r#"{{"cookie_id":"anon/1","event":"Viewed Home Page","properties":{{"url":"https://shop.example/"}},{at}}}"#
            ),
        ),
        (
            "/identify",
            r#"{"cookie_id":"anon/1","user_id":"user-1","traits":{"email":"ada@example.com"}}"#.to_owned(),
        ),
        (
            "/track",
            format!(r#"{{"user_id":"user-1","event":"Order Completed",{at}}}"#),
        ),
        (
            "/track",
            format!(r#"{{"user_id":"user-2","event":"Order Completed",{at}}}"#),
        ),
        ("/track", format!(r#"{{"user_id":"user-2","event":"Sign Up",{at}}}"#)),
        (
            "/alias",
            r#"{"user_id":"customer-1","previous_id":"user-1"}"#.to_owned(),
        ),
        ("/track", format!(r#"{{"user_id":"user-2",{at}}}"#)),
    ] {
        peer.answer(&post(path, &body)).await;
    }
    mock
}

#[tokio::test(start_paused = true)]
async fn every_list_is_cut_into_parts_that_make_the_whole() {
    let mock = a_shop().await;
    for name in [
        "page_views",
        "visits",
        "identities",
        "conversions",
        "merges",
        "visitors",
        "violations",
    ] {
        let whole = read(&mock, &format!("/__admin/{name}")).await;
        let mut rows = whole[name].as_array().expect("a list").clone();
        assert!(
            !rows.is_empty() && whole["total"] == json!(rows.len()) && whole.get("next").is_none(),
            "{name}"
        );
        for order in ["asc", "desc"] {
            let (mut parts, mut after) = (Vec::new(), json!(0));
            while !after.is_null() {
                let part = read(&mock, &format!("/__admin/{name}?limit=2&order={order}&after={after}")).await;
                parts.extend(part[name].as_array().expect("a list").iter().cloned());
                after = part["next"].clone();
            }
            assert_eq!(parts, rows, "{name} {order}");
            rows.reverse();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_visitor_s_rows_are_found_by_any_of_the_ids() {
    let mock = a_shop().await;
    let count = async |query: &str| read(&mock, &format!("/__admin/{query}")).await["total"].clone();
    for id in ["anon%2F1", "user-1", "customer-1"] {
        for (name, expected) in [
            ("page_views", 1),
            ("visits", 1),
            ("identities", 1),
            ("conversions", 1),
            ("merges", 1),
            ("visitors", 1),
        ] {
            assert_eq!(
                count(&format!("{name}?visitor={id}")).await,
                json!(expected),
                "{name} of {id}"
            );
        }
    }
    for (query, expected) in [
        ("conversions?visitor=user-2", 2),
        ("conversions?event=Order+Completed", 2),
        ("conversions?event=Order+Completed&visitor=user-2", 1),
        ("visits?visitor=user-2", 0),
        ("identities?visitor=user-2", 0),
        ("visits?visitor=nobody", 0),
        ("violations?visitor=nobody", 0),
        ("violations?visitor=user-2&severity=deny", 1),
        ("violations?rule=unlinked-conversion", 1),
        ("violations?rule=ATT004", 1),
        ("violations?request=7&rule=missing-event", 1),
        ("violations?request=6", 0),
    ] {
        assert_eq!(count(query).await, json!(expected), "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_visitor_is_shown_by_any_id_with_all_that_is_theirs() {
    let mock = a_shop().await;
    let by_cookie = read(&mock, "/__admin/visitors/anon%2F1").await;
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("visitor", serde_json::to_string_pretty(&by_cookie).unwrap());
    for id in ["user-1", "customer-1"] {
        assert_eq!(read(&mock, &format!("/__admin/visitors/{id}")).await, by_cookie, "{id}");
    }
    assert_eq!(mock.visitor("user-2").map(|report| report.conversions.len()), Some(2));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_visitor_is_answered_with_those_who_may_be_meant() {
    let mock = a_shop().await;
    for (id, message) in [
        ("usr-2", "nobody has the id `usr-2`: did you mean `user-2` or `user-1`?"),
        ("Anon%2F1", "nobody has the id `Anon/1`: did you mean `anon/1`?"),
        ("%E2%82%AC", "nobody has the id `€`"),
    ] {
        let answer = ask(&mock, &format!("/__admin/visitors/{id}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "unknown_visitor"));
        assert_eq!(answer.json()["error"]["message"], message);
    }
}
