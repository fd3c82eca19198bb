use serde_json::{Map, Value};

use crate::decode::{Body, IdField, PageName, Route, classic, page_name};

/// What a rule looks at: one request, before anything is left out of it.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) path: &'a str,
    pub(crate) route: Option<Route>,
    pub(crate) body: &'a Body,
}

impl<'a> Subject<'a> {
    /// The body's fields, where the body is an object on a known route.
    pub(super) fn fields(&self) -> Option<(Route, &'a Map<String, Value>)> {
        Some((self.route?, self.body.object()?))
    }

    /// The body's fields on that route only.
    pub(super) fn fields_on(&self, route: Route) -> Option<&'a Map<String, Value>> {
        self.fields()
            .filter(|&(found, _)| found == route)
            .map(|(_, fields)| fields)
    }

    /// Every id field of the route and what stands there.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&'static str, IdField<'a>)> {
        self.fields().into_iter().flat_map(|(route, fields)| {
            classic::id_fields(route)
                .iter()
                .map(|&name| (name, IdField::of(fields, name)))
        })
    }

    /// The page that a `/track` names in its event, with its properties.
    pub(super) fn page(&self) -> Option<(PageName<'a>, Option<&'a Map<String, Value>>)> {
        let fields = self.fields_on(Route::Track)?;
        let page = page_name(fields.get("event")?.as_str()?)?;
        Some((page, fields.get("properties").and_then(Value::as_object)))
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
