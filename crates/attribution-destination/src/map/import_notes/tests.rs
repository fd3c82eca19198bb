use jiff::Timestamp;
use segment_event::Event;
use serde_json::{Value, json};

use crate::map::map;
use crate::settings::{Dialect, ProjectId, Settings};

/// Code and pointer of each note.
fn notes(message: Value) -> Vec<(&'static str, String)> {
    let settings = Settings {
        dialect: Dialect::Import,
        ..Settings::new(ProjectId::new("demo-project").unwrap())
    };
    let mapped = map(&Event::unchecked(message).unwrap(), &settings, Timestamp::UNIX_EPOCH).unwrap();
    let notes = mapped.diagnostics.into_iter();
    notes.map(|note| (note.code, note.pointer)).collect()
}

fn one(code: &'static str, pointer: &str) -> Vec<(&'static str, String)> {
    vec![(code, pointer.to_owned())]
}

#[test]
fn a_message_without_anything_odd_has_no_notes() {
    for message in [
        json!({"type": "track", "userId": "user-1", "event": "Viewed Pricing Page", "timestamp": "2014-10-12"}),
        json!({"type": "group", "userId": "user-1", "groupId": "account-1", "channel": "sources"}),
        json!({"type": "identify", "userId": "user-1", "integrations": {"ATTRIBUTION": true}}),
        json!({"type": "screen", "userId": "user-1"}),
        json!({"type": "alias", "userId": "user-1", "previousId": "anon-1"}),
    ] {
        assert_eq!(notes(message), []);
    }
}

#[test]
fn segments_name_is_near_to_rudderstacks() {
    let message = json!({"type": "identify", "userId": "user-1", "integrations": {"Attribution": false}});
    assert_eq!(
        notes(message),
        one("integrations_key_near_miss", "/integrations/Attribution")
    );
}

#[test]
fn a_page_needs_a_url_that_says_where_the_visit_comes_from() {
    let page = json!({"type": "page", "userId": "user-1", "properties": {"url": "/pricing"}});
    assert_eq!(notes(page), one("page_without_absolute_url", "/properties/url"));
    let page = json!({"type": "page", "userId": "user-1", "properties": {"url": "https://shop.example/"}, "context": {"campaign": {"source": "google"}}});
    assert_eq!(notes(page), one("campaign_not_in_url", "/context/campaign"));
}

#[test]
fn an_alias_needs_a_previous_id() {
    for lacking in [
        json!({"type": "alias", "userId": "user-1"}),
        json!({"type": "alias", "userId": "user-1", "previousId": ""}),
        json!({"type": "alias", "to": "user-1", "from": "anon-1"}),
    ] {
        assert_eq!(notes(lacking), one("alias_without_previous_id", "/previousId"));
    }
}
