//! `settings:` and `link:`.

use attribution_destination::Dialect;

use super::Sink;
use super::fields::Fields;
use super::scalar::{filled, flag, word};
use super::wait::wait;
use crate::scenario::{LinkSettings, ScenarioSettings};
use crate::syntax::Node;

const KEYS: &[&str] = &["project_id", "dialect", "screens", "ingest", "strict"];

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
    if let Some(dialect) = fields.get("dialect").and_then(|node| dialect(node, sink)) {
        settings.dialect = dialect;
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

fn dialect(node: &Node, sink: &mut Sink) -> Option<Dialect> {
    let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.as_str()).collect();
    word(node, "settings.dialect", &names, sink)?.parse().ok()
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
    fn latency_is_a_duration() {
        assert_eq!(good("latency: 80ms", link).latency, Duration::from_millis(80));
        assert_eq!(mistakes("latency: 80", link), ["a duration needs a unit"]);
    }
}
