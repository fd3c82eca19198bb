use jiff::Timestamp;
use segment_event::Event;
use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::map::map;
use crate::settings::{Dialect, PreviousId, ProjectId, Settings};

fn notes(previous_id: PreviousId, mut message: Value) -> Vec<Diagnostic> {
    message["messageId"] = "m-1".into();
    let settings = Settings {
        dialect: Dialect::Actions,
        previous_id,
        ..Settings::new(ProjectId::new("demo-project").unwrap())
    };
    map(&Event::unchecked(message).unwrap(), &settings, Timestamp::UNIX_EPOCH)
        .unwrap()
        .diagnostics
}

/// The one note about a message, with its code checked.
fn note(code: &str, previous_id: PreviousId, message: Value) -> Diagnostic {
    let shown = message.to_string();
    let [note] = notes(previous_id, message)
        .try_into()
        .unwrap_or_else(|notes| panic!("{shown}: {notes:#?}"));
    assert_eq!(note.code, code, "{shown}");
    note
}

#[test]
fn an_alias_that_merges_nothing_is_told_why() {
    let alias = json!({"type": "alias", "userId": "user-1", "previousId": "anon-1"});
    assert_eq!(notes(PreviousId::Mapped, alias.clone()), []);
    let unmapped = note("alias_previous_id_not_mapped", PreviousId::Preset, alias);
    assert_eq!(unmapped.pointer, "/previousId");
    assert!(
        unmapped.message.contains("nothing is merged") && unmapped.message.contains("$.previousId"),
        "{}",
        unmapped.message
    );
    for lacking in [
        json!({"type": "alias", "userId": "user-1"}),
        json!({"type": "alias", "userId": "user-1", "previousId": ""}),
        json!({"type": "alias", "userId": "user-1", "from": "anon-1"}),
    ] {
        for previous_id in PreviousId::ALL {
            note("alias_without_previous_id", *previous_id, lacking.clone());
        }
    }
}

#[test]
fn a_previous_id_of_another_call_is_no_concern() {
    let track = json!({"type": "track", "userId": "user-1", "event": "Viewed Pricing Page", "previousId": "anon-1"});
    for previous_id in PreviousId::ALL {
        assert_eq!(notes(*previous_id, track.clone()), []);
    }
}

#[test]
fn only_its_own_name_is_near_to_what_is_misspelt() {
    let named = |name: &str| json!({"type": "identify", "userId": "user-1", "integrations": {name: false}});
    let near = note(
        "integrations_key_near_miss",
        PreviousId::Mapped,
        named("attribution (actions)"),
    );
    assert!(
        near.message.ends_with("write Attribution (Actions)"),
        "{}",
        near.message
    );
    for other in ["attribution", "Attribution"] {
        assert_eq!(notes(PreviousId::Mapped, named(other)), []);
    }
}

#[test]
fn a_page_needs_a_url_that_says_where_the_visit_comes_from() {
    let page = |url: &str| json!({"type": "page", "userId": "user-1", "properties": {"url": url}, "context": {"campaign": {"source": "google"}}});
    assert_eq!(
        notes(PreviousId::Mapped, page("https://shop.example/?utm_source=google")),
        []
    );
    let unseen = note("campaign_not_in_url", PreviousId::Mapped, page("https://shop.example/"));
    assert_eq!(unseen.pointer, "/context/campaign");
    let relative = json!({"type": "page", "userId": "user-1", "properties": {"url": "/pricing"}});
    note("page_without_absolute_url", PreviousId::Mapped, relative);
    assert_eq!(
        notes(PreviousId::Mapped, json!({"type": "screen", "userId": "user-1"})),
        []
    );
}

#[test]
fn a_channel_that_no_sdk_writes_is_pointed_at() {
    let identify = json!({"type": "identify", "userId": "user-1", "channel": "iphone"});
    assert_eq!(
        note("unknown_channel", PreviousId::Mapped, identify).pointer,
        "/channel"
    );
}
