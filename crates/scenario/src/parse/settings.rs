//! `settings:` and `link:`.

use attribution_destination::{Dialect, PreviousId};

use super::Sink;
use super::fields::Fields;
use super::scalar::{filled, flag, word};
use super::suggest::nearest;
use super::wait::wait;
use crate::diagnostic::Diagnostic;
use crate::scenario::{LinkSettings, ScenarioSettings};
use crate::syntax::{Node, Shape};

const KEYS: &[&str] = &["project_id", "dialect", "previous_id", "screens", "ingest", "strict"];

/// `settings:`; what is not said or mistaken keeps its default.
pub(super) fn settings(node: &Node, sink: &mut Sink) -> ScenarioSettings {
    let mut settings = ScenarioSettings::default();
    let Some(fields) = Fields::of(node, "settings", KEYS, sink) else {
        return settings;
    };
    if let Some(id) = fields
        .get("project_id")
        .and_then(|node| filled(node, "settings.project_id", sink))
    {
        id.clone_into(&mut settings.project_id);
    }
    let dialect = fields.get("dialect").map(|node| dialect(node, sink));
    if let Some(Some(dialect)) = dialect {
        settings.dialect = dialect;
    }
    // In a dialect that nobody can guess, nobody knows whether this fits.
    let known = dialect != Some(None);
    if let Some(previous_id) = fields
        .get("previous_id")
        .and_then(|node| previous_id(node, Some(settings.dialect).filter(|_| known), sink))
    {
        settings.previous_id = previous_id;
    }
    let mut switch = |key: &str, place: &str, target: &mut bool| {
        if let Some(value) = fields.get(key).and_then(|node| flag(node, place, sink)) {
            *target = value;
        }
    };
    switch("screens", "settings.screens", &mut settings.screens);
    switch("ingest", "settings.ingest", &mut settings.ingest);
    switch("strict", "settings.strict", &mut settings.strict);
    settings
}

/// The dialect, or the one that was meant most likely, so that nothing that fits it is called a mistake too.
fn dialect(node: &Node, sink: &mut Sink) -> Option<Dialect> {
    let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.as_str()).collect();
    let meant = match &node.shape {
        Shape::Text(text) => nearest(text, &names),
        _ => None,
    };
    word(node, "settings.dialect", &names, sink).or(meant)?.parse().ok()
}

/// `preset` has a meaning in one dialect only, `mapped` is what the others do.
fn previous_id(node: &Node, dialect: Option<Dialect>, sink: &mut Sink) -> Option<PreviousId> {
    let names: Vec<&str> = PreviousId::ALL.iter().map(|previous_id| previous_id.as_str()).collect();
    let previous_id = word(node, "settings.previous_id", &names, sink)?.parse().ok()?;
    match dialect {
        Some(dialect @ (Dialect::Classic | Dialect::Import)) if previous_id == PreviousId::Preset => {
            let mistake = Diagnostic::new(
                node.at,
                format!("`settings.previous_id` can be `preset` in the dialect `actions` only, not in `{dialect}`"),
            );
            sink.push(mistake.help("write `dialect: actions`, or leave the key out"));
            None
        }
        _ => Some(previous_id),
    }
}

/// `link:`.
pub(super) fn link(node: &Node, sink: &mut Sink) -> LinkSettings {
    let fields = Fields::of(node, "link", &["latency"], sink);
    let latency = fields
        .and_then(|fields| fields.get("latency"))
        .and_then(|node| wait(node, "link.latency", sink));
    LinkSettings {
        latency: latency.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use attribution_destination::{Dialect, PreviousId};

    use super::{link, settings};
    use crate::parse::testing::{good, mistakes};
    use crate::scenario::ScenarioSettings;

    #[test]
    fn what_is_not_said_keeps_its_default() {
        let found = good("{ screens: true, strict: false }", settings);
        assert_eq!(
            found,
            ScenarioSettings {
                screens: true,
                strict: false,
                ..ScenarioSettings::default()
            }
        );
        assert_eq!(found.project_id, "demo-project");
    }

    #[test]
    fn a_number_as_project_id_is_told_to_be_quoted() {
        let found = mistakes("project_id: 0123456789\nscreens: yes\n", settings);
        // A leading zero makes it text already.
        assert_eq!(found, ["`settings.screens` must be true or false, not text"]);
        let found = mistakes("project_id: 123456789\n", settings);
        assert_eq!(found, ["`settings.project_id` must be text, not `123456789`"]);
    }

    #[test]
    fn every_mistake_is_reported() {
        let found = mistakes("project_id: ' '\ndialect: clasic\nscreen: true\n", settings);
        assert_eq!(
            found,
            [
                "`settings` has no key `screen`",
                "`settings.project_id` is blank",
                "`settings.dialect` can't be `clasic`",
            ]
        );
    }

    #[test]
    fn the_preset_needs_the_actions_dialect() {
        let found = good("{ previous_id: preset, dialect: actions }", settings);
        assert_eq!(
            (found.dialect, found.previous_id),
            (Dialect::Actions, PreviousId::Preset)
        );
        assert_eq!(
            good("{ dialect: import, previous_id: mapped }", settings).dialect,
            Dialect::Import
        );
        let only = |dialect| {
            format!("`settings.previous_id` can be `preset` in the dialect `actions` only, not in `{dialect}`")
        };
        assert_eq!(mistakes("previous_id: preset", settings), [only("classic")]);
        assert_eq!(
            mistakes("{ dialect: import, previous_id: preset }", settings),
            [only("import")]
        );
        for mistaken in ["action", "banana"] {
            assert_eq!(
                mistakes(&format!("{{ dialect: {mistaken}, previous_id: preset }}"), settings),
                [format!("`settings.dialect` can't be `{mistaken}`")]
            );
        }
        assert_eq!(
            mistakes("{ dialect: actions, previous_id: presets }", settings),
            ["`settings.previous_id` can't be `presets`"]
        );
    }

    #[test]
    fn latency_is_a_duration() {
        assert_eq!(good("latency: 80ms", link).latency, Duration::from_millis(80));
        assert_eq!(mistakes("latency: 80", link), ["a duration needs a unit"]);
    }
}
