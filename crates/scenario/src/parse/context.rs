//! What steps are read with, and how placeholders are treated while a file is read.
//!
//! What is known already is put in their place, so that every other reader sees the value. Of what is known only when
//! the step is played, a sample is; the step is read again then, and mistakes that only the sample makes are dropped.

use std::borrow::Cow;

use attribution_destination::Dialect;
use expectation::read::{help, quoted};
use expectation::tree::Node;
use expectation::{Diagnostic, Sink, Span, Syntax};
use serde_json::Value;

use super::defaults::Defaults;
use super::include::Texts;
use crate::files::Files;
use crate::template::{Expression, Found, Generator, Placeholder, Variables, Wrong, fill, is_mentioned, moved};

/// What everything in one combination of a scenario file is read with.
pub(super) struct Context<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) texts: &'a mut Texts,
    /// The including files, outermost first, with the one that is read now as the last; none for the scenario itself.
    pub(super) open: Vec<String>,
    /// How deep loops and includes lie in each other here.
    pub(super) depth: usize,
    /// How many of those are loops.
    pub(super) loops: usize,
    /// The names of the snapshots so far, and where they stand.
    pub(super) snapshots: Vec<(String, Span)>,
    /// What varies here, each axis with what its value is called.
    pub(super) combination: Vec<(String, String)>,
    /// What is known already.
    pub(super) variables: Variables,
    /// Names that have a value only when the scenario is played.
    pub(super) later: Vec<String>,
    pub(super) dialect: Dialect,
    pub(super) defaults: Defaults,
    pub(super) sink: &'a mut Sink,
}

/// A tree without placeholders.
pub(super) struct Filled<'n> {
    pub(super) node: Cow<'n, Node>,
    /// Whether it holds samples, and where the first of them stands.
    pub(super) late: Option<Span>,
    /// Where a mistake says nothing: what will stand there is not known, or was reported as unknown.
    opaque: Vec<Span>,
}

/// What stands for a value that nobody knows yet.
const SAMPLE: &str = "…";

const SAMPLE_UUID: &str = "00000000-0000-4000-8000-000000000000";

const SAMPLE_NOW: &str = "2024-01-15T10:00:00Z";

impl Context<'_> {
    /// Puts what is known in the place of every placeholder, and samples in the place of what isn't yet.
    pub(super) fn fill<'n>(&mut self, node: &'n Node) -> Filled<'n> {
        if !is_mentioned(node) {
            return Filled {
                node: Cow::Borrowed(node),
                late: None,
                opaque: Vec::new(),
            };
        }
        let (mut late, mut opaque) = (None, Vec::new());
        let (variables, later) = (&self.variables, &self.later);
        let mut lookup = |placeholder: &Placeholder, at: Span| match known(variables, later, placeholder) {
            Ok(Known::Value(value)) => Ok(value),
            Ok(Known::Sample(value)) => {
                late.get_or_insert(at);
                Ok(value)
            }
            Ok(Known::Later) => {
                late.get_or_insert(at);
                opaque.push(at);
                Ok(SAMPLE.into())
            }
            Err(wrong) => {
                opaque.push(at);
                Err(wrong)
            }
        };
        let node = fill(node, &self.texts.source, &mut lookup, self.sink);
        let node = Cow::Owned(node);
        Filled { node, late, opaque }
    }

    /// The same of what must be known before anything is played.
    pub(super) fn fill_now<'n>(&mut self, node: &'n Node, place: &str) -> Option<Filled<'n>> {
        let filled = self.fill(node);
        let Some(at) = filled.late else {
            return Some(filled);
        };
        let mistake = Diagnostic::new(at, format!("`{place}` must be known before the scenario is played"));
        self.sink
            .push(mistake.help("write the value, or a variable of `vars:` without a generator in it"));
        None
    }

    /// Reads something out of a tree, and keeps the mistakes that are none of a sample.
    pub(super) fn read<T>(&mut self, filled: &Filled<'_>, read: impl FnOnce(&Node, &mut Sink) -> T) -> T {
        if filled.opaque.is_empty() {
            return read(&filled.node, self.sink);
        }
        let mut sink = Sink::new(Syntax::Yaml);
        let found = read(&filled.node, &mut sink);
        let (mut mistakes, more) = sink.into_first();
        // Of a mapping with such a value in it, too, may be said what is not so.
        let holds = |at: Span, inner: &Span| at.start <= inner.start && inner.end <= at.end;
        mistakes.retain(|mistake| !filled.opaque.iter().any(|opaque| holds(mistake.at, opaque)));
        self.sink.extend(mistakes, more);
        found
    }

    /// Checks a name that a step gives to a value, and knows it from here on.
    pub(super) fn define(&mut self, name: &str, at: Span) -> bool {
        if !self.is_free(name, at) {
            return false;
        }
        if self.variables.get(name).is_some() {
            let mistake = Diagnostic::new(at, format!("there is a variable {} already", quoted(name)));
            self.sink
                .push(mistake.help("take another name: a variable keeps its value"));
            return false;
        }
        self.later.push(name.to_owned());
        true
    }

    /// Whether a name can be given at all.
    pub(super) fn is_free(&mut self, name: &str, at: Span) -> bool {
        let mistake = if RESERVED.contains(&name) {
            Diagnostic::new(at, format!("{} has a meaning already", quoted(name))).help("take another name")
        } else if !crate::template::Path::parse(name).is_some_and(|path| path.is_bare()) {
            Diagnostic::new(at, format!("{} is no name", quoted(name)))
                .help("write letters, digits and underscores, with a letter first")
        } else {
            return true;
        };
        self.sink.push(mistake);
        false
    }
}

/// Names that placeholders and captures have a meaning for.
const RESERVED: &[&str] = &["uuid", "anonymous_id", "now", "env", "index", "message", "deliveries"];

enum Known {
    Value(Value),
    /// A value of the kind that there will be.
    Sample(Value),
    Later,
}

/// What is known of a placeholder while a file is read.
fn known(variables: &Variables, later: &[String], placeholder: &Placeholder) -> Result<Known, Wrong> {
    let not_moved = || Wrong::not_moved(placeholder);
    let path = match &placeholder.expression {
        Expression::Generated(generator) => {
            let sample = match generator {
                Generator::Uuid | Generator::AnonymousId => SAMPLE_UUID,
                Generator::Now => SAMPLE_NOW,
            };
            return moved(sample.into(), placeholder.offset)
                .map(Known::Sample)
                .ok_or_else(not_moved);
        }
        Expression::Path(path) => path,
    };
    if later.contains(&path.root) {
        return Ok(Known::Later);
    }
    let Some(value) = variables.get(&path.root) else {
        return Err(unknown(variables, later, &path.root));
    };
    let value = match path.walk(value) {
        Found::Value(value) => value,
        Found::Nothing(_, value) if path.is_bare() => value,
        Found::Nothing(reached, _) if reached == Variables::ENVIRONMENT => return Err(undeclared(value, placeholder)),
        Found::Nothing(reached, value) => return Err(Wrong::nothing_at(path, &reached, value)),
    };
    moved(value.clone(), placeholder.offset)
        .map(Known::Value)
        .ok_or_else(not_moved)
}

/// A name that nothing gives a value to.
pub(super) fn unknown(variables: &Variables, later: &[String], name: &str) -> Wrong {
    let message = format!("there is no variable {}", quoted(name));
    if name == Variables::ENVIRONMENT {
        let help = "declare what is read from the environment, such as `env: [SHOP_URL]`".to_owned();
        return Wrong { message, help };
    }
    let mut names: Vec<&str> = variables
        .names()
        .filter(|name| *name != Variables::ENVIRONMENT)
        .collect();
    names.extend(later.iter().map(String::as_str));
    names.extend(Generator::NAMES);
    let declare = "declare it under `vars:`, or capture it in a step before this one";
    let help = match expectation::read::nearest(name, &names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{declare}; {}", help("", &names)),
    };
    Wrong { message, help }
}

/// A name that was not declared to be read from the environment.
fn undeclared(environment: &Value, placeholder: &Placeholder) -> Wrong {
    let names: Vec<&str> = environment
        .as_object()
        .into_iter()
        .flat_map(|declared| declared.keys().map(String::as_str))
        .collect();
    let name = placeholder.written.trim_start_matches("env.");
    let help = match expectation::read::nearest(name, &names) {
        Some(near) => format!("did you mean `env.{near}`?"),
        None => format!("add `{name}` to `env:`; only what is declared there is read"),
    };
    Wrong {
        message: format!("{} is not declared", quoted(&placeholder.written)),
        help,
    }
}
