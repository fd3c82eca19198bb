//! Steps that are read again when they are played, because they hold what is known only then.

use std::borrow::Cow;

use attribution_destination::Dialect;
use expectation::tree::Node;
use expectation::{Diagnostic, Sink, Source, Syntax};
use segment_event::Kind;

use super::call::call;
use super::expect::expectations;
use super::fault::fault;
use super::wait::wait;
use crate::scenario::{Action, Late};
use crate::template::{Scope, fill};

/// Reads one of the steps that may hold placeholders.
pub(super) fn simple(name: &str, node: Cow<'_, Node>, dialect: Dialect, sink: &mut Sink) -> Option<Action> {
    match name {
        "wait" => wait(&node, "wait", sink).map(Action::Wait),
        "fault" => fault(&node, dialect, sink).map(Action::Fault),
        "expect" => expectations(&node, sink).map(Box::new).map(Action::Expect),
        _ => {
            let kind = name.parse::<Kind>().ok()?;
            let message = call(kind, node, sink)?;
            Some(Action::Call { kind, message })
        }
    }
}

/// What the step is now.
///
/// # Errors
///
/// Every mistake that what is known now makes.
pub(crate) fn now(
    late: &Late,
    scope: &mut Scope<'_>,
    source: &Source,
    dialect: Dialect,
) -> Result<Action, Vec<Diagnostic>> {
    let mut sink = Sink::new(Syntax::Yaml);
    let node = filled(&late.node, scope, source, &mut sink);
    match simple(late.name, Cow::Owned(node), dialect, &mut sink) {
        Some(action) if sink.is_empty() => Ok(action),
        _ => Err(sink.into_first().0),
    }
}

/// A tree with what its placeholders stand for now.
pub(crate) fn filled(node: &Node, scope: &mut Scope<'_>, source: &Source, sink: &mut Sink) -> Node {
    fill(node, source, &mut |placeholder, _| scope.value(placeholder), sink)
}
