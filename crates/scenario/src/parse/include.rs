//! `include:`: steps from another file.

use std::collections::BTreeMap;
use std::rc::Rc;

use expectation::read::{quoted, text};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Source, Span, Syntax};

use super::context::Context;
use super::file::refused;
use super::steps::{block, list};
use crate::scenario::Action;
use crate::syntax::read;

/// How many files may be included, all together.
const MOST_FILES: usize = 200;

/// How often files may be included in all combinations together: what includes another twice, which does the same,
/// doubles at each step.
const MOST_TIMES: usize = 10_000;

/// The texts of a scenario and of what it includes, each read once.
pub(super) struct Texts {
    pub(super) source: Source,
    included: BTreeMap<String, Included>,
    /// Where the texts begin of files that are no steps, and have mistakes to be shown.
    quoted: BTreeMap<String, usize>,
    times: usize,
}

/// A file that was read, with the mistakes that are in it as YAML.
#[derive(Clone)]
struct Included {
    node: Option<Rc<Node>>,
    mistakes: Vec<Diagnostic>,
}

impl Texts {
    pub(super) fn of(source: Source) -> Self {
        Self {
            source,
            included: BTreeMap::new(),
            quoted: BTreeMap::new(),
            times: 0,
        }
    }

    /// Takes in a file in which there are places to be shown, once, and tells where its text begins.
    pub(super) fn quote(&mut self, path: &str, content: &str) -> usize {
        if let Some(start) = self.quoted.get(path) {
            return *start;
        }
        let start = self.source.include(beside(&self.source.name, path), content);
        self.quoted.insert(path.to_owned(), start);
        start
    }

    fn add(&mut self, path: &str, content: &str) -> Included {
        let content = content.strip_prefix('\u{feff}').unwrap_or(content);
        let name = beside(&self.source.name, path);
        let start = self.source.include(name, content);
        let mut sink = Sink::new(Syntax::Yaml);
        let node = read(content, &mut sink).map_err(|mistake| sink.push(mistake)).ok();
        let mut mistakes = sink.into_first().0;
        for mistake in &mut mistakes {
            mistake.at = moved(mistake.at, start);
        }
        let node = node.map(|mut node| {
            shift(&mut node, start);
            Rc::new(node)
        });
        let included = Included { node, mistakes };
        self.included.insert(path.to_owned(), included.clone());
        included
    }
}

/// The step.
pub(super) fn include(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let filled = cx.fill_now(node, "include")?;
    let written = cx.read(&filled, |node, sink| text(node, "include", sink).map(str::to_owned))?;
    let path = cx.beside(&written);
    if let Some(mistake) = cycle(node.at, &path, &cx.open) {
        cx.sink.push(mistake);
        return None;
    }
    cx.texts.times += 1;
    if cx.texts.times > MOST_TIMES {
        let mistake = Diagnostic::new(node.at, format!("files are included more than {MOST_TIMES} times"));
        cx.sink
            .push(mistake.help("include fewer, or play what repeats with `repeat:`"));
        return None;
    }
    let included = fetch(node.at, &written, &path, cx)?;
    cx.open.push(path.clone());
    let steps = if matches!(included.shape, Shape::Items(_)) {
        block(node.at, cx, |cx| list(&included, "include", cx))
    } else {
        let what = included.what(Syntax::Yaml);
        let mistake = Diagnostic::new(included.at, format!("an included file is a list of steps, not {what}"));
        cx.sink
            .push(mistake.help("begin each step with `- `, at the beginning of the line"));
        None
    };
    cx.open.pop();
    Some(Action::Include { path, steps: steps? })
}

/// The tree of an included file, read at its first mention.
fn fetch(at: Span, written: &str, path: &str, cx: &mut Context<'_>) -> Option<Rc<Node>> {
    let included = match cx.texts.included.get(path) {
        Some(included) => included.clone(),
        None if cx.texts.included.len() >= MOST_FILES => {
            let mistake = Diagnostic::new(at, format!("more than {MOST_FILES} files are included"));
            cx.sink
                .push(mistake.help("put steps that are always played together into one file"));
            return None;
        }
        None => match cx.files.read(path) {
            Ok(content) => cx.texts.add(path, &content),
            Err(error) => {
                cx.sink
                    .push(refused(at, written, &error, "name a file with a list of steps"));
                return None;
            }
        },
    };
    included.mistakes.into_iter().for_each(|mistake| cx.sink.push(mistake));
    included.node
}

/// A file that is included by itself, with the way that leads there.
fn cycle(at: Span, path: &str, open: &[String]) -> Option<Diagnostic> {
    let first = open.iter().position(|open| open == path)?;
    let way: Vec<String> = open[first..].iter().map(|path| quoted(path)).collect();
    let mistake = match way.as_slice() {
        [itself] => Diagnostic::new(at, format!("{itself} includes itself")),
        _ => Diagnostic::new(at, format!("{} includes itself", quoted(path)))
            .label(format!("by way of {}", way[1..].join(" and "))),
    };
    Some(mistake.help("take this `include` out: steps that repeat are written with `repeat:`"))
}

impl Context<'_> {
    /// A path as a step means it, relative to the file that the step stands in, from the scenario's folder.
    pub(super) fn beside(&self, path: &str) -> String {
        beside(&self.folder(), path)
    }

    /// The file that is read now, from the scenario's folder.
    pub(super) fn folder(&self) -> String {
        self.open.last().cloned().unwrap_or_default()
    }
}

/// A path beside a file, without `.` and without `..` as far as that can be.
pub(super) fn beside(file: &str, path: &str) -> String {
    if path.is_empty() || path.starts_with('/') {
        return path.to_owned();
    }
    let folder = file.rfind('/').map_or("", |end| &file[..=end]);
    let absolute = if folder.starts_with('/') { "/" } else { "" };
    let mut kept: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            part => kept.push(part),
        }
    }
    format!("{absolute}{}", kept.join("/"))
}

/// Moves every place of a tree to where its text stands among all.
fn shift(node: &mut Node, by: usize) {
    node.at = moved(node.at, by);
    match &mut node.shape {
        Shape::Items(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Shape::Entries(entries) => entries.iter_mut().for_each(|Entry { at, value, .. }| {
            *at = moved(*at, by);
            shift(value, by);
        }),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => {}
    }
}

fn moved(at: Span, by: usize) -> Span {
    Span {
        start: at.start + by,
        end: at.end + by,
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_path_is_relative_to_the_file_that_names_it() {
        for (file, path, expected) in [
            ("", "steps.yaml", "steps.yaml"),
            ("a.yaml", "./steps.yaml", "steps.yaml"),
            ("lib/a.yaml", "b.yaml", "lib/b.yaml"),
            ("lib/a.yaml", "../b.yaml", "b.yaml"),
            ("a.yaml", "../b.yaml", "../b.yaml"),
            ("/x/lib/a.yaml", "../b.yaml", "/x/b.yaml"),
        ] {
            assert_eq!(beside(file, path), expected, "{file} {path}");
        }
    }
}
