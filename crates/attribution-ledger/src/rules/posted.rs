use json_tree::Value;

use super::Subject;
use crate::decode::{Body, Call, Route, import};

/// What a rule about a whole request looks at, before anything is left out of it.
#[derive(Debug)]
pub(crate) struct Posted<'a> {
    pub(crate) path: &'a str,
    pub(crate) route: Option<Route>,
    pub(crate) body: &'a Body<'a>,
}

impl<'a> Posted<'a> {
    /// What stands in `batch`, on the route that takes batches; an absent one is null.
    pub(super) fn batch(&self) -> Option<&'a Value<'a>> {
        match (self.route, self.body) {
            (Some(Route::Import), Body::Object(body)) => Some(body.get("batch").unwrap_or(&Value::Null)),
            _ => None,
        }
    }

    /// The messages that there are to look at: of a batch every object in it, else the body.
    pub(crate) fn subjects(&self) -> Vec<Subject<'a>> {
        let (Some(route), Body::Object(fields)) = (self.route, self.body) else {
            return Vec::new();
        };
        let call = match route {
            Route::Browser(route) => route.call(fields),
            Route::Track => Call::Track,
            Route::Identify => Call::Identify,
            Route::Alias => Call::Alias,
            Route::Actions(call) => call,
            Route::Import => return self.batched(route),
        };
        vec![Subject::new(route, Some(call), fields, None)]
    }

    fn batched(&self, route: Route) -> Vec<Subject<'a>> {
        let batch = self.batch().and_then(Value::as_array).into_iter().flatten();
        let objects = batch.enumerate().filter_map(|(index, message)| {
            let fields = message.as_object()?;
            Some(Subject::new(route, import::call(fields), fields, Some(index)))
        });
        objects.collect()
    }
}
