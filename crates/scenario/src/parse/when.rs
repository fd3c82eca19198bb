//! `when:`: what variables must be, in the words of an `expect`.

use expectation::read::{Fields, quoted};
use expectation::tree::{Entry, Node};
use expectation::{Diagnostic, Pattern};

use super::context::{Context, unknown};
use crate::scenario::{Condition, When};
use crate::template::{Found, Path};

/// What came of a `when`.
pub(super) enum Decision {
    /// It holds, which is known already.
    Always,
    /// It doesn't, which is known already: what it stands at is not even read, because it may fit another combination.
    Never,
    /// It depends on what happens.
    Later(When),
}

/// Reads a condition and decides what can be decided.
pub(super) fn when(node: &Node, cx: &mut Context<'_>) -> Decision {
    let Some(fields) = Fields::any(node, "when", cx.sink) else {
        return Decision::Always;
    };
    let mut conditions = Vec::new();
    if fields.entries.is_empty() {
        let mistake = Diagnostic::new(node.at, "`when` says nothing");
        cx.sink
            .push(mistake.help("write what a variable must be, such as `when: { dialect: actions }`"));
    }
    let mut never = false;
    for entry in fields.entries {
        let Some(condition) = condition(entry, cx) else {
            continue;
        };
        if cx.later.contains(&condition.path.root) {
            conditions.push(condition);
        } else {
            never |= !condition.holds(cx.variables.get(&condition.path.root));
        }
    }
    match conditions.as_slice() {
        _ if never => Decision::Never,
        [] => Decision::Always,
        _ => Decision::Later(When { conditions }),
    }
}

fn condition(entry: &Entry, cx: &mut Context<'_>) -> Option<Condition> {
    let path = match Path::parse(&entry.key) {
        Some(path) if cx.later.contains(&path.root) || cx.variables.get(&path.root).is_some() => path,
        Some(path) => {
            let wrong = unknown(&cx.variables, &cx.later, &path.root);
            cx.sink.push(Diagnostic::new(entry.at, wrong.message).help(wrong.help));
            return None;
        }
        None => {
            let mistake = Diagnostic::new(entry.at, format!("{} is no variable", quoted(&entry.key)));
            cx.sink
                .push(mistake.help("write a name, and what lies below it as `name.key` or `name[0]`"));
            return None;
        }
    };
    let filled = cx.fill_now(&entry.value, "when")?;
    let pattern = cx.read(&filled, Pattern::read)?;
    Some(Condition { path, pattern })
}

impl Condition {
    /// Whether it holds, given what its name stands for.
    pub(crate) fn holds(&self, value: Option<&serde_json::Value>) -> bool {
        let found = value.and_then(|value| match self.path.walk(value) {
            Found::Value(found) => Some(found),
            Found::Nothing(..) => None,
        });
        self.pattern.matches(found)
    }
}
