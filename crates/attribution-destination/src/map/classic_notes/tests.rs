use jiff::Timestamp;
use segment_event::Event;
use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::map::map;
use crate::settings::{ProjectId, Settings};

fn notes(message: Value) -> Vec<Diagnostic> {
    let settings = Settings::new(ProjectId::new("demo-project").unwrap());
    map(&Event::unchecked(message).unwrap(), &settings, Timestamp::UNIX_EPOCH)
        .unwrap()
        .diagnostics
}

/// The one note about a message, with its code checked.
fn note(code: &str, message: Value) -> Diagnostic {
    let shown = message.to_string();
    let [note] = notes(message)
        .try_into()
        .unwrap_or_else(|notes| panic!("{shown}: {notes:#?}"));
    assert_eq!(note.code, code, "{shown}");
    note
}

fn page(name: &str, url: &str) -> Value {
    json!({"type": "page", "name": name, "properties": {"url": url}})
}

#[test]
fn a_message_without_anything_odd_has_no_notes() {
    for channel in ["server", "browser", "mobile", "client", "web"] {
        let message =
            json!({"type": "track", "channel": channel, "event": "Order Completed", "integrations": {"All": true}});
        assert_eq!(notes(message), []);
    }
    assert_eq!(notes(page("Pricing", "HTTPS://shop.example/pricing")), []);
}

#[test]
fn a_track_is_page_like_by_the_whole_of_its_name() {
    for event in [
        "Viewed Pricing Page",
        "Viewed   Page",
        "Loaded a Page",
        "Viewed Cart Screen",
        "Loaded a Screen",
    ] {
        let note = note("page_like_track", json!({"type": "track", "event": event}));
        assert_eq!(note.pointer, "/event");
        assert!(note.message.contains(event), "{}", note.message);
    }
    for event in [
        "Viewed  Page",
        "Viewed Page",
        "viewed Pricing Page",
        "Viewed Pricing Page ",
        "Loaded a page",
        "Page",
        "",
    ] {
        assert_eq!(notes(json!({"type": "track", "event": event})), [], "{event:?}");
    }
}

#[test]
fn a_page_needs_an_absolute_url_and_a_screen_none() {
    for url in [
        "/pricing",
        "shop.example/pricing",
        "//shop.example",
        "https://",
        "://x",
        "1http://x",
        "",
    ] {
        let note = note("page_without_absolute_url", page("Pricing", url));
        assert_eq!(note.pointer, "/properties/url");
        assert!(note.message.contains("an absolute URL"), "{}", note.message);
    }
    assert!(
        note("page_without_absolute_url", json!({"type": "page"}))
            .message
            .starts_with("the page has no URL")
    );
    assert_eq!(notes(page("Cart", "myapp://cart")), []);
    assert_eq!(notes(json!({"type": "screen", "name": "Cart"})), []);
}

#[test]
fn a_campaign_counts_only_in_the_query_of_the_url() {
    let page = |url: &str, key: &str, campaign: Value| json!({"type": "page", "properties": {"url": url}, key: {"campaign": campaign}});
    for url in [
        "https://shop.example/",
        "https://shop.example/?ref=1#utm_source=x",
        "https://shop.example/utm_source",
    ] {
        let note = note("campaign_not_in_url", page(url, "context", json!({"name": "spring"})));
        assert_eq!(note.pointer, "/context/campaign");
        assert!(note.message.contains("utm_campaign"), "{}", note.message);
    }
    let note = note(
        "campaign_not_in_url",
        page("https://shop.example/", "options", json!({"source": "google"})),
    );
    assert_eq!(note.pointer, "/options/campaign");
    assert!(note.message.contains("utm_source"), "{}", note.message);

    assert_eq!(
        notes(page(
            "https://shop.example/?a=b&utm_source=google",
            "context",
            json!({"source": "google"})
        )),
        []
    );
    assert_eq!(notes(page("https://shop.example/", "context", json!({}))), []);
    assert_eq!(notes(page("https://shop.example/", "context", json!("spring"))), []);
}

#[test]
fn a_page_named_by_a_date_is_told_what_becomes_of_it() {
    let note = note("page_name_is_a_date", page("2014-10-12", "https://shop.example/"));
    assert_eq!(note.pointer, "/name");
    assert!(
        note.message.contains(r#""Viewed 2014-10-12T00:00:00.000Z Page""#),
        "{}",
        note.message
    );
    let written = "2014-10-12T00:00:00.000Z";
    assert_eq!(
        notes(page(written, "https://shop.example/"))[0].code,
        "page_name_is_a_date",
        "the original writes words"
    );
}

#[test]
fn a_near_miss_of_the_name_and_an_odd_channel_are_pointed_at() {
    let near = note(
        "integrations_key_near_miss",
        json!({"type": "identify", "integrations": {"Attribution ": false}}),
    );
    assert_eq!(near.pointer, "/integrations/Attribution ");
    assert!(near.message.ends_with("write Attribution"), "{}", near.message);
    let channel = note("unknown_channel", json!({"type": "identify", "channel": 7}));
    assert_eq!(channel.pointer, "/channel");
    assert!(
        channel.message.contains("the number 7") && channel.message.contains("server"),
        "{}",
        channel.message
    );
}

#[test]
fn an_alias_needs_a_previous_id_by_either_name() {
    assert_eq!(
        note(
            "alias_without_previous_id",
            json!({"type": "alias", "userId": "user-1"})
        )
        .pointer,
        "/previousId"
    );
    assert_eq!(
        note("alias_without_previous_id", json!({"type": "alias", "previousId": ""})).pointer,
        "/previousId"
    );
    assert_eq!(
        notes(json!({"type": "alias", "from": "anon-1", "userId": "user-1"})),
        []
    );
}

#[test]
fn a_rewritten_date_is_reported_where_it_comes_from() {
    let message = json!({"type": "alias", "previousId": "2014-10-12", "userId": "user-1", "timestamp": "2014-10-12"});
    let note = note("date_rewritten", message);
    assert_eq!(note.pointer, "/previousId");
    assert_eq!(
        note.message,
        r#""2014-10-12" looks like a date and is sent as "2014-10-12T00:00:00.000Z""#
    );
}
