//! The classic dialect: `/track`, `/identify` and `/alias` with bodies in snake case.
//!
//! Source: Segment's Attribution destination, integration-attribution 1.2.2 (`lib/mapper.js`), whose output is restated
//! field by field in the wire fixtures. Two more public senders post to the same paths: the gem attribution-ruby, whose
//! ids may be numbers and which sends no timestamp and no context, and the Magento extension attribution-magento, which
//! is alike and sends an explicit null for the id of a guest.

use serde_json::{Map, Value};

use super::{AliasHit, Hit, IdField, IdentifyHit, Ids, PageHit, Route, TrackHit, page_name, timestamp};

/// What each route's body may hold, in the order in which the destination writes it.
pub(crate) const fn fields(route: Route) -> &'static [&'static str] {
    match route {
        Route::Track => &["user_id", "timestamp", "cookie_id", "properties", "context", "event"],
        Route::Identify => &["user_id", "cookie_id", "traits", "context"],
        Route::Alias => &["previous_id", "user_id", "anonymous_id"],
    }
}

/// Which of a route's fields are ids.
pub(crate) const fn id_fields(route: Route) -> &'static [&'static str] {
    match route {
        Route::Track | Route::Identify => &["user_id", "cookie_id"],
        Route::Alias => &["previous_id", "user_id", "anonymous_id"],
    }
}

/// Reads a body, leaving out what can't be used; none when nothing of it can be attributed to anyone.
pub(crate) fn decode(route: Route, body: Map<String, Value>) -> Option<Hit> {
    match route {
        Route::Track => track(body),
        Route::Identify => identify(body).map(Hit::Identify),
        Route::Alias => alias(&body).map(Hit::Alias),
    }
}

fn track(mut body: Map<String, Value>) -> Option<Hit> {
    let ids = ids(&body)?;
    let at = body
        .get("timestamp")
        .and_then(Value::as_str)
        .and_then(timestamp::read)
        .map(timestamp::Reading::timestamp);
    let Some(Value::String(event)) = body.remove("event").filter(|event| event.as_str() != Some("")) else {
        return None;
    };
    let properties = object(&mut body, "properties");
    let context = object(&mut body, "context");
    Some(match page_name(&event) {
        Some(page) => {
            let name = page.name.map(str::to_owned);
            Hit::Page(PageHit {
                ids,
                at,
                kind: page.kind,
                name,
                properties,
                context,
            })
        }
        None => Hit::Track(TrackHit {
            ids,
            at,
            event,
            properties,
            context,
        }),
    })
}

fn identify(mut body: Map<String, Value>) -> Option<IdentifyHit> {
    let ids = ids(&body)?;
    let traits = object(&mut body, "traits");
    Some(IdentifyHit {
        ids,
        traits,
        context: object(&mut body, "context"),
    })
}

fn alias(body: &Map<String, Value>) -> Option<AliasHit> {
    let previous = id(body, "previous_id");
    let user = id(body, "user_id");
    let cookie = if user.is_none() { id(body, "anonymous_id") } else { None };
    let anyone = previous.is_some() || user.is_some() || cookie.is_some();
    anyone.then_some(AliasHit { previous, user, cookie })
}

fn ids(body: &Map<String, Value>) -> Option<Ids> {
    Ids::new(id(body, "user_id"), id(body, "cookie_id"))
}

fn id(body: &Map<String, Value>, key: &str) -> Option<String> {
    IdField::of(body, key).usable().map(std::borrow::Cow::into_owned)
}

fn object(body: &mut Map<String, Value>, key: &str) -> Map<String, Value> {
    match body.remove(key) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{AliasHit, Hit, Ids, PageKind, Route};
    use super::decode;

    fn hit(route: Route, body: Value) -> Option<Hit> {
        let Value::Object(body) = body else {
            panic!("{body} is not an object")
        };
        decode(route, body)
    }

    #[test]
    fn a_track_is_read_with_everything_it_carries() {
        let body = json!({
            "user_id": "u", "timestamp": "2024-01-15T10:00:00.000Z", "cookie_id": "c",
            "properties": { "revenue": 9 }, "context": { "ip": "1.2.3.4" }, "event": "Order Completed",
        });
        let Some(Hit::Track(track)) = hit(Route::Track, body) else {
            panic!("not a track")
        };
        assert_eq!((track.ids.user(), track.ids.cookie()), (Some("u"), Some("c")));
        assert_eq!(
            track.at.map(|at| at.to_string()).as_deref(),
            Some("2024-01-15T10:00:00Z")
        );
        assert_eq!(track.event, "Order Completed");
        assert_eq!(Value::Object(track.properties), json!({ "revenue": 9 }));
        assert_eq!(Value::Object(track.context), json!({ "ip": "1.2.3.4" }));
    }

    #[test]
    fn a_track_that_is_named_like_a_page_is_a_page() {
        let Some(Hit::Page(page)) = hit(Route::Track, json!({ "cookie_id": "c", "event": "Viewed Home Screen" }))
        else {
            panic!("not a page");
        };
        assert_eq!(
            (page.kind, page.name.as_deref(), page.at),
            (PageKind::Screen, Some("Home"), None)
        );
    }

    #[test]
    fn the_digits_of_a_number_are_an_id() {
        let Some(Hit::Identify(identify)) = hit(Route::Identify, json!({ "user_id": 12345 })) else {
            panic!("not an identify");
        };
        assert_eq!(identify.ids, Ids::User("12345".to_owned()));
    }

    #[test]
    fn a_cookie_is_the_target_of_an_alias_only_where_no_user_is() {
        let alias = |body| hit(Route::Alias, body);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            alias(json!({ "previous_id": "a", "anonymous_id": "b" })),
            Some(Hit::Alias(AliasHit {
                previous: text("a"),
                user: None,
                cookie: text("b")
            }))
        );
        assert_eq!(
            alias(json!({ "previous_id": "a", "user_id": "u", "anonymous_id": "b" })),
            Some(Hit::Alias(AliasHit {
                previous: text("a"),
                user: text("u"),
                cookie: None
            }))
        );
    }

    #[test]
    fn what_belongs_to_nobody_is_no_hit() {
        for (route, body) in [
            (Route::Track, json!({ "event": "Order Completed" })),
            (Route::Track, json!({ "user_id": null, "event": "Order refund" })),
            (Route::Track, json!({ "user_id": true, "cookie_id": "", "event": "x" })),
            (Route::Track, json!({ "user_id": "u", "event": "" })),
            (Route::Identify, json!({ "cookie_id": {} })),
            (Route::Alias, json!({ "previous_id": null })),
        ] {
            assert_eq!(hit(route, body.clone()), None, "{body}");
        }
    }
}
