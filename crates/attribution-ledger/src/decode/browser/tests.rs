use json_tree::Object;
use serde_json::{Value, json};

use super::super::{Call, Hit};
use super::{BrowserRoute, decode, is_twin};
use crate::decode::testing::object;

fn route(path: &str) -> BrowserRoute {
    let found = BrowserRoute::ALL.into_iter().find(|route| route.path() == path);
    found.unwrap_or_else(|| panic!("attribution.js does not post to {path}"))
}

fn completed(path: &str, body: Value) -> Object<'static> {
    let mut body = object(body);
    route(path).complete(&mut body);
    body
}

#[test]
fn each_letter_is_a_call_with_a_version_or_without() {
    for (letter, call) in [
        ("t", Call::Track),
        ("p", Call::Page),
        ("i", Call::Identify),
        ("g", Call::Group),
        ("a", Call::Alias),
    ] {
        for path in [format!("/v1/{letter}"), format!("/{letter}")] {
            assert_eq!(route(&path).call(&object(json!({ "type": "page" }))), call, "{path}");
        }
    }
}

#[test]
fn the_oldest_builds_post_pages_where_tracks_go() {
    let call = |path, kind| route(path).call(&object(json!({ "type": kind })));
    assert_eq!(call("/track", "page"), Call::Page);
    assert_eq!(call("/track", "Page"), Call::Track);
    assert_eq!(call("/identify", "page"), Call::Identify);
    let body = json!({ "type": "page", "anonymousId": "c", "name": "Home" });
    let hit = decode(route("/track"), object(body)).map(|message| message.hit);
    assert!(
        matches!(&hit, Some(Hit::Page(page)) if page.name.as_deref() == Some("Home")),
        "{hit:?}"
    );
}

#[test]
fn the_other_names_of_an_alias_fill_in_for_those_of_the_spec() {
    for (given, expected) in [
        (
            json!({ "from": "a", "to": "b" }),
            json!({ "previousId": "a", "userId": "b" }),
        ),
        (
            json!({ "previousId": "a", "userId": "", "from": "x", "to": "b" }),
            json!({ "previousId": "a", "userId": "b" }),
        ),
        (
            json!({ "previousId": ["a"], "from": "x" }),
            json!({ "previousId": ["a"] }),
        ),
        (json!({ "to": null }), json!({ "userId": null })),
    ] {
        assert_eq!(completed("/v1/a", given.clone()), object(expected), "{given}");
    }
}

#[test]
fn only_an_alias_has_other_names_for_its_ids() {
    let track = json!({ "from": "a", "to": "b" });
    assert_eq!(completed("/v1/t", track.clone()), object(track));
}

#[test]
fn an_id_written_twice_is_no_stranger_and_one_written_only_the_old_way_is() {
    let message = object(json!({ "userId": "u", "user_id": "u", "cookie_id": "c", "project_id": "p" }));
    assert!(is_twin(&message, "user_id"));
    assert!(!is_twin(&message, "cookie_id") && !is_twin(&message, "project_id"));
}
