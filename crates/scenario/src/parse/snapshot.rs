//! `snapshot:`: what is frozen, and the file that it is held against.

use std::io::ErrorKind;

use expectation::read::{Fields, quoted, text, word};
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Section, Sink, Span};

use super::context::Context;
use super::file::refused;
use crate::files::FileError;
use crate::scenario::{Action, SnapshotStep};
use crate::snapshot::file;

/// The keys of a snapshot that is more than a name.
pub(crate) const KEYS: &[&str] = &["name", "of", "fields"];

const EXAMPLE: &str = "write `snapshot: requests`, or `snapshot: { name: visits, of: visits }`";

/// What stands there before its file is looked for.
struct Written {
    at: Span,
    name: String,
    of: Section,
    fields: Vec<String>,
}

/// `snapshot: name`, or `snapshot: { name, of, fields }`.
pub(super) fn snapshot(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    let filled = cx.fill_now(node, "snapshot")?;
    let Written { at, name, of, fields } = cx.read(&filled, written)?;
    if cx.loops > 0 {
        let mistake = Diagnostic::new(
            at,
            "a `snapshot` can't stand in a loop: each round would be another file",
        );
        cx.sink
            .push(mistake.help("put it behind the loop: it shows what every round did"));
        return None;
    }
    if is_taken(&name, at, cx) {
        return None;
    }
    let file = file(&cx.texts.source.name, &name, &cx.combination);
    let stored = match cx.files.read(&file) {
        Ok(text) => Some(text),
        Err(FileError::Unreadable(error)) if is_missing(error.kind()) => None,
        Err(error) => {
            cx.sink.push(refused(
                at,
                &file,
                &error,
                "remove it: a file of the snapshot's own stands there",
            ));
            return None;
        }
    };
    Some(Action::Snapshot(SnapshotStep {
        at,
        name,
        of,
        fields,
        file,
        stored,
    }))
}

/// What can't be there is missing too: whoever writes the file is told so.
fn is_missing(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Two snapshots of a name would be one file. In which letters it is written makes no difference to some disks.
fn is_taken(name: &str, at: Span, cx: &mut Context<'_>) -> bool {
    let same = name.to_lowercase();
    let Some((_, first)) = cx.snapshots.iter().find(|(known, _)| *known == same) else {
        cx.snapshots.push((same, at));
        return false;
    };
    let source = &cx.texts.source;
    let place = match (
        *first == at,
        source.name_at(first.start),
        source.position(first.start).line,
    ) {
        (true, ..) => "its file is included twice".to_owned(),
        (false, file, line) if file == source.name_at(at.start) => format!("the first is in line {line}"),
        (false, file, line) => format!("the first is in line {line} of {}", quoted(file)),
    };
    let mistake = Diagnostic::new(at, format!("there is a snapshot {} already", quoted(name)));
    cx.sink.push(
        mistake
            .label(place)
            .help("give each a name of its own: it is the name of a file"),
    );
    true
}

fn written(node: &Node, sink: &mut Sink) -> Option<Written> {
    let (named, of, fields) = match &node.shape {
        Shape::Entries(_) => {
            let entries = Fields::of(node, "snapshot", KEYS, sink)?;
            let of = match entries.get("of") {
                Some(node) => section(node, sink),
                None => Some(Section::Requests),
            };
            let fields = entries.get("fields").map(|node| fields(node, of, sink));
            let Some(named) = entries.get("name") else {
                sink.push(Diagnostic::new(node.at, "the snapshot has no `name`").help(EXAMPLE));
                return None;
            };
            (named, of, fields)
        }
        Shape::Null => {
            sink.push(Diagnostic::new(node.at, "the snapshot has no name").help(EXAMPLE));
            return None;
        }
        _ => (node, Some(Section::Requests), None),
    };
    let written = text(named, "snapshot", sink)?;
    let name = name(written, named.at, sink)?;
    Some(Written {
        at: named.at,
        name: name.to_owned(),
        of: of?,
        fields: fields.unwrap_or_default(),
    })
}

fn section(node: &Node, sink: &mut Sink) -> Option<Section> {
    let legal = Section::ALL.map(Section::as_str);
    let written = word(node, "snapshot.of", &legal, sink)?;
    Section::ALL.into_iter().find(|section| section.as_str() == written)
}

/// Keys of a row; any will do where nobody knows of what.
fn fields(node: &Node, of: Option<Section>, sink: &mut Sink) -> Vec<String> {
    let items = match &node.shape {
        Shape::Items(items) if !items.is_empty() => items,
        _ => {
            let mistake = Diagnostic::new(node.at, "`snapshot.fields` must be a list of a row's keys");
            sink.push(mistake.help("write one such as `fields: [path, body]`, or leave it out to have all"));
            return Vec::new();
        }
    };
    let key = |item: &Node| {
        let key = match of {
            Some(of) => word(item, "snapshot.fields", of.keys(), sink),
            None => text(item, "snapshot.fields", sink),
        };
        key.map(str::to_owned)
    };
    items.iter().filter_map(key).collect()
}

/// A name that is a file's name on every disk.
fn name<'t>(written: &'t str, at: Span, sink: &mut Sink) -> Option<&'t str> {
    const LONGEST: usize = 60;
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    let mistake = if written.trim().is_empty() {
        Diagnostic::new(at, "the snapshot's name is blank").help(EXAMPLE)
    } else if written.chars().count() > LONGEST {
        Diagnostic::new(at, format!("the snapshot's name is longer than {LONGEST} characters"))
            .help("write a shorter one: it is the name of a file")
    } else if !written.chars().all(is_inner) || !written.starts_with(char::is_alphanumeric) || written.ends_with(' ') {
        Diagnostic::new(at, format!("{} is no name of a snapshot", quoted(written)))
            .help("write letters, digits, `-`, `_` and blanks, with a letter or digit first: it is the name of a file")
    } else {
        return Some(written);
    };
    sink.push(mistake);
    None
}

#[cfg(test)]
mod tests {
    use super::written;
    use crate::parse::testing::{good, mistakes};

    #[test]
    fn a_name_is_the_name_of_a_file_on_every_disk() {
        for name in ["requests", "a b", "Käufe-1_2", "1st"] {
            assert_eq!(good(name, written).map(|written| written.name).as_deref(), Some(name));
        }
        for name in [
            "../a", "a/b", "'a\\b'", ".a", "a.b", "'a '", "'-a'", "\"a\\n\"", "'a:b'",
        ] {
            let found = mistakes(name, written);
            assert!(
                found.len() == 1 && found[0].ends_with("is no name of a snapshot"),
                "{name}: {found:?}"
            );
        }
    }
}
