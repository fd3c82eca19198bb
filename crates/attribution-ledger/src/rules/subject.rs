use std::borrow::Cow;

use json_tree::{Object, Value};

use crate::decode::timestamp::{self, Reading};
use crate::decode::{Call, Dialect, IdField, Mention, Names, PageKind, Route, page_name};

/// What a rule about one message looks at, before anything is left out of it.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(super) route: Route,
    /// None where the message says nothing that it could be.
    pub(super) call: Option<Call>,
    /// All that stands in it.
    pub(super) fields: &'a Object<'a>,
    /// Its place in a batch; none where it is the whole body.
    pub(super) index: Option<usize>,
    /// What [`page`](Self::page) tells: many rules ask.
    page: Option<(PageKind, Option<&'a Object<'a>>)>,
    /// What [`ids`](Self::ids) tells; a call has no more.
    ids: [Option<(&'static str, IdField<'a>)>; 3],
    /// What [`time`](Self::time) tells.
    time: Option<Reading>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(route: Route, call: Option<Call>, fields: &'a Object<'a>, index: Option<usize>) -> Self {
        let kind = call.and_then(|call| page_kind(route.dialect(), call, fields));
        let page = kind.map(|kind| (kind, fields.get("properties").and_then(Value::as_object)));
        let timestamp = fields.get("timestamp").and_then(Value::as_str);
        Self {
            route,
            call,
            fields,
            index,
            page,
            ids: call.map_or([None; 3], |call| ids(call, route.dialect().names(call), fields)),
            time: timestamp.and_then(timestamp::read),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.route.dialect()
    }

    /// The fields of a message that is this call.
    pub(super) fn fields_of(&self, call: Call) -> Option<&'a Object<'a>> {
        (self.call == Some(call)).then_some(self.fields)
    }

    /// Whether this field is one that the call carries in this dialect. What stands there by mistake is not looked at.
    pub(super) fn carries(&self, name: &str) -> bool {
        self.call
            .is_some_and(|call| self.dialect().fields(call).contains(&name))
    }

    /// What the ids are called in a message that is about someone: any but an alias.
    pub(super) fn names_of_someone(&self) -> Option<Names> {
        match self.call? {
            Call::Alias => None,
            call => Some(self.dialect().names(call)),
        }
    }

    /// The fields of an alias and what its ids are called.
    pub(super) fn alias(&self) -> Option<(&'a Object<'a>, Names)> {
        let fields = self.fields_of(Call::Alias)?;
        Some((fields, self.dialect().names(Call::Alias)))
    }

    /// A field that the call carries in this dialect, where it is an object.
    pub(super) fn object(&self, name: &str) -> Option<&'a Object<'a>> {
        if !self.carries(name) {
            return None;
        }
        self.fields.get(name)?.as_object()
    }

    /// The properties of a track that is recorded as a conversion, not as a page view.
    pub(super) fn conversion(&self) -> Option<&'a Object<'a>> {
        let is_conversion = self.call == Some(Call::Track) && self.page().is_none();
        is_conversion.then(|| self.object("properties")).flatten()
    }

    /// Every id field of the call and what stands there.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&'static str, IdField<'a>)> {
        self.ids.into_iter().flatten()
    }

    /// The time that stands in its `timestamp`, whether or not the call carries one.
    pub(super) fn time(&self) -> Option<Reading> {
        self.time
    }

    /// Whom and what it names.
    pub(crate) fn mention(&self) -> Mention {
        let call = match self.page() {
            Some((PageKind::Page, _)) => Some(Call::Page),
            Some((PageKind::Screen, _)) => Some(Call::Screen),
            None => self.call,
        };
        // The one dialect whose messages need not say what they are has the same names for all.
        let names = self.dialect().names(self.call.unwrap_or(Call::Track));
        let id = |name| IdField::of(self.fields, name).usable().map(Cow::into_owned);
        Mention {
            call,
            event: self.fields.get("event").and_then(Value::as_str).map(str::to_owned),
            user: id(names.user),
            cookie: id(names.cookie),
            previous: id(names.previous).filter(|_| call == Some(Call::Alias)),
        }
    }

    /// Whether it is a page or a screen, with its properties. On the classic wire a track's event says so.
    pub(super) fn page(&self) -> Option<(PageKind, Option<&'a Object<'a>>)> {
        self.page
    }
}

fn ids<'a>(call: Call, names: Names, fields: &'a Object<'a>) -> [Option<(&'static str, IdField<'a>)>; 3] {
    let id = |name| (name, IdField::of(fields, name));
    let previous = (call == Call::Alias).then(|| id(names.previous));
    [previous, Some(id(names.user)), Some(id(names.cookie))]
}

/// Whether a message that is this call is a page or a screen.
fn page_kind(dialect: Dialect, call: Call, fields: &Object<'_>) -> Option<PageKind> {
    match call {
        Call::Page => Some(PageKind::Page),
        Call::Screen => Some(PageKind::Screen),
        Call::Track if dialect == Dialect::Classic => Some(page_name(fields.get("event")?.as_str()?)?.kind),
        Call::Track | Call::Identify | Call::Group | Call::Alias => None,
    }
}

/// A value's kind, for a message: `a number`.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A text in quotes, cut where it gets long.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(40) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}
