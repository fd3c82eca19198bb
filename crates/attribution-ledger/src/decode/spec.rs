//! What `actions`, `import` and `browser` have in common: a message in the words of the Segment Spec, in camelCase.

use json_tree::Object;

use super::{Call, GroupHit, Hit, IdentifyHit, Message, Names, PageHit, PageKind, TrackHit, field};

/// What the Segment Spec calls the ids, whatever the call.
pub(super) const NAMES: Names = Names {
    user: "userId",
    cookie: "anonymousId",
    previous: "previousId",
};

/// Reads a message, leaving out what can't be used; none when nothing of it can be attributed to anyone.
pub(super) fn decode(call: Call, index: Option<usize>, message: Object<'_>) -> Option<Message<'_>> {
    let id = field::id(&message, "messageId");
    let hit = match call {
        Call::Track => Hit::Track(track(message)?),
        Call::Page => Hit::Page(page(PageKind::Page, message)?),
        Call::Screen => Hit::Page(page(PageKind::Screen, message)?),
        Call::Identify => Hit::Identify(identify(message)?),
        Call::Group => Hit::Group(group(&message)?),
        Call::Alias => Hit::Alias(field::alias(&message, NAMES, field::at(&message))?),
    };
    Some(Message { id, index, hit })
}

fn track(mut message: Object<'_>) -> Option<TrackHit<'_>> {
    Some(TrackHit {
        ids: field::ids(&message, NAMES)?,
        at: field::at(&message),
        event: field::text(&mut message, "event")?,
        properties: field::object(&mut message, "properties"),
        context: field::object(&mut message, "context"),
    })
}

fn page(kind: PageKind, mut message: Object<'_>) -> Option<PageHit<'_>> {
    Some(PageHit {
        ids: field::ids(&message, NAMES)?,
        at: field::at(&message),
        kind,
        name: field::text(&mut message, "name"),
        properties: field::object(&mut message, "properties"),
        context: field::object(&mut message, "context"),
    })
}

fn identify(mut message: Object<'_>) -> Option<IdentifyHit<'_>> {
    Some(IdentifyHit {
        ids: field::ids(&message, NAMES)?,
        at: field::at(&message),
        traits: field::object(&mut message, "traits"),
        context: field::object(&mut message, "context"),
    })
}

fn group(message: &Object<'_>) -> Option<GroupHit> {
    Some(GroupHit {
        ids: field::ids(message, NAMES)?,
        at: field::at(message),
        group: field::id(message, "groupId"),
    })
}
