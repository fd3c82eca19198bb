//! The classic dialect: `/track`, `/identify` and `/alias` with bodies in snake case.
//!
//! Source: Segment's Attribution destination, integration-attribution 1.2.2 (`lib/mapper.js`), whose output is restated
//! field by field in the wire fixtures. Two more public senders post to the same paths: the gem attribution-ruby, whose
//! ids may be numbers and which sends no timestamp and no context, and the Magento extension attribution-magento, which
//! is alike and sends an explicit null for the id of a guest.

use json_tree::Object;

use super::{Call, Hit, IdentifyHit, Message, Names, PageHit, TrackHit, field, page_name};

/// What the ids of a call are called.
pub(crate) const fn names(call: Call) -> Names {
    Names {
        user: "user_id",
        cookie: match call {
            Call::Alias => "anonymous_id",
            Call::Track | Call::Page | Call::Screen | Call::Identify | Call::Group => "cookie_id",
        },
        previous: "previous_id",
    }
}

/// What each call's body may hold, in the order in which the destination writes it. Pages and screens come as tracks, and
/// a group doesn't come at all.
pub(crate) const fn fields(call: Call) -> &'static [&'static str] {
    match call {
        Call::Track | Call::Page | Call::Screen => {
            &["user_id", "timestamp", "cookie_id", "properties", "context", "event"]
        }
        Call::Identify => &["user_id", "cookie_id", "traits", "context"],
        Call::Alias => &["previous_id", "user_id", "anonymous_id"],
        Call::Group => &[],
    }
}

/// Reads a body, leaving out what can't be used; none when nothing of it can be attributed to anyone.
pub(crate) fn decode(call: Call, body: Object<'_>) -> Option<Message<'_>> {
    let hit = match call {
        Call::Track | Call::Page | Call::Screen => track(body)?,
        Call::Identify => Hit::Identify(identify(body)?),
        Call::Alias => Hit::Alias(field::alias(&body, names(Call::Alias), None)?),
        Call::Group => return None,
    };
    let (id, index) = (None, None);
    Some(Message { id, index, hit })
}

fn track(mut body: Object<'_>) -> Option<Hit<'_>> {
    let ids = field::ids(&body, names(Call::Track))?;
    let at = field::at(&body);
    let event = field::text(&mut body, "event")?;
    let properties = field::object(&mut body, "properties");
    let context = field::object(&mut body, "context");
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

fn identify(mut body: Object<'_>) -> Option<IdentifyHit<'_>> {
    Some(IdentifyHit {
        ids: field::ids(&body, names(Call::Identify))?,
        at: None,
        traits: field::object(&mut body, "traits"),
        context: field::object(&mut body, "context"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{AliasHit, Call, Hit, Ids, PageKind};
    use super::decode;
    use crate::decode::testing::object;

    fn hit(call: Call, body: Value) -> Option<Hit<'static>> {
        decode(call, object(body)).map(|message| message.hit)
    }

    #[test]
    fn a_track_is_read_with_everything_it_carries() {
        let body = json!({
            "user_id": "u", "timestamp": "2024-01-15T10:00:00.000Z", "cookie_id": "c",
            "properties": { "revenue": 9 }, "context": { "ip": "1.2.3.4" }, "event": "Order Completed",
        });
        let Some(Hit::Track(track)) = hit(Call::Track, body) else {
            panic!("not a track")
        };
        assert_eq!((track.ids.user(), track.ids.cookie()), (Some("u"), Some("c")));
        assert_eq!(
            track.at.map(|at| at.to_string()).as_deref(),
            Some("2024-01-15T10:00:00Z")
        );
        assert_eq!(track.event, "Order Completed");
        assert_eq!(track.properties, object(json!({ "revenue": 9 })));
        assert_eq!(track.context, object(json!({ "ip": "1.2.3.4" })));
    }

    #[test]
    fn a_track_that_is_named_like_a_page_is_a_page() {
        let Some(Hit::Page(page)) = hit(Call::Track, json!({ "cookie_id": "c", "event": "Viewed Home Screen" })) else {
            panic!("not a page");
        };
        assert_eq!(
            (page.kind, page.name.as_deref(), page.at),
            (PageKind::Screen, Some("Home"), None)
        );
    }

    #[test]
    fn the_digits_of_a_number_are_an_id() {
        let Some(Hit::Identify(identify)) = hit(Call::Identify, json!({ "user_id": 12345 })) else {
            panic!("not an identify");
        };
        assert_eq!(identify.ids, Ids::User("12345".to_owned()));
    }

    #[test]
    fn a_cookie_is_the_target_of_an_alias_only_where_no_user_is() {
        let alias = |body| hit(Call::Alias, body);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            alias(json!({ "previous_id": "a", "anonymous_id": "b" })),
            Some(Hit::Alias(AliasHit {
                at: None,
                previous: text("a"),
                user: None,
                cookie: text("b")
            }))
        );
        assert_eq!(
            alias(json!({ "previous_id": "a", "user_id": "u", "anonymous_id": "b" })),
            Some(Hit::Alias(AliasHit {
                at: None,
                previous: text("a"),
                user: text("u"),
                cookie: None
            }))
        );
    }

    #[test]
    fn what_belongs_to_nobody_is_no_hit() {
        for (call, body) in [
            (Call::Track, json!({ "event": "Order Completed" })),
            (Call::Track, json!({ "user_id": null, "event": "Order refund" })),
            (Call::Track, json!({ "user_id": true, "cookie_id": "", "event": "x" })),
            (Call::Track, json!({ "user_id": "u", "event": "" })),
            (Call::Identify, json!({ "cookie_id": {} })),
            (Call::Alias, json!({ "previous_id": null })),
        ] {
            assert_eq!(hit(call, body.clone()), None, "{body}");
        }
    }
}
