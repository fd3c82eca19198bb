//! `channels:`: a preset by its name, a file beside the scenario, or the channels themselves.

use attribution_report::{Channels, Preset};
use expectation::read::{filled, help, nearest, quoted, wrong};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Span};

use super::context::Context;
use super::file::refused;
use super::foreign::{self, Foreign};

const EXAMPLE: &str =
    "write `channels: analytics` for a preset, `channels: channels.yaml` for a file, or its channels below it";

/// Nothing only where a mistake was told.
pub(super) fn channels(entry: &Entry, cx: &mut Context<'_>) -> Option<Channels> {
    let node = &entry.value;
    let read = cx.fill_now(node, "channels")?;
    match &read.node.shape {
        Shape::Text(_) => {
            let written = cx.read(&read, |node, sink| filled(node, "channels", sink).map(str::to_owned))?;
            named(node.at, &written, cx)
        }
        // The list that stands at this key in a file.
        Shape::Items(_) => inline(node, entry.at.start, cx),
        Shape::Entries(_) => inline(node, node.at.start, cx),
        _ => {
            let mistake = wrong(node, "channels", "a name, a path, or channels", cx.sink);
            cx.sink.push(mistake.help(EXAMPLE));
            None
        }
    }
}

/// Whatever looks like a path is one.
fn named(at: Span, written: &str, cx: &mut Context<'_>) -> Option<Channels> {
    if let Ok(preset) = written.parse() {
        return Some(Channels::preset(preset));
    }
    if !written.contains(['.', '/']) {
        let presets = Preset::ALL.map(Preset::as_str);
        let mistake = Diagnostic::new(at, format!("there is no preset {}", quoted(written)));
        let help = match nearest(written, &presets) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "{}; a file is named with its ending, as in `channels.yaml`",
                help(written, &presets)
            ),
        };
        cx.sink.push(mistake.help(help));
        return None;
    }
    let content = match cx.files.read(written) {
        Ok(content) => content,
        Err(error) => {
            let wanted = "name one file of channels, as `harness channels show` prints one";
            cx.sink.push(refused(at, written, &error, wanted));
            return None;
        }
    };
    let read = Channels::parse(written, &content);
    read.map_err(|mistakes| foreign::tell(&mistakes, Foreign::File(written, &content), foreign::word, cx))
        .ok()
}

/// The text of the scenario itself is read, with all before it blank, so that places in it are those of the file.
fn inline(node: &Node, start: usize, cx: &mut Context<'_>) -> Option<Channels> {
    if let Some(at) = placeholder(node) {
        let mistake = Diagnostic::new(at, "channels that stand in a scenario hold no placeholder");
        cx.sink
            .push(mistake.help("write what it stands for, or choose among files by `channels: \"{{name}}.yaml\"`"));
        return None;
    }
    let source = &cx.texts.source;
    let before = source.text[..start].chars();
    let blank = before.map(|c| if matches!(c, '\n' | '\r') { c } else { ' ' });
    let written = source.text.get(start..node.at.end).unwrap_or_default();
    let text: String = blank.chain(written.chars()).collect();
    let name = source.name.clone();
    let read = Channels::parse(&name, &text);
    read.map_err(|mistakes| foreign::tell(&mistakes, Foreign::Here, foreign::word, cx))
        .ok()
}

/// Where the first placeholder stands.
fn placeholder(node: &Node) -> Option<Span> {
    match &node.shape {
        Shape::Text(text) => text.contains("{{").then_some(node.at),
        Shape::Items(items) => items.iter().find_map(placeholder),
        Shape::Entries(entries) => entries.iter().find_map(|entry| placeholder(&entry.value)),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) => None,
    }
}
