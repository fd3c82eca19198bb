//! `settings:` and `link:`.

use attribution_destination::deliver::Ordering;
use attribution_destination::{Dialect, PreviousId};
use attribution_mock::{DashboardDelay, DashboardDelayError};
use expectation::read::{Fields, filled, flag, nearest, word, wrong};
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink};

use super::rules;
use super::wait::{range, wait};
use crate::scenario::{LinkSettings, ScenarioSettings};

/// The keys of `settings`.
pub(crate) const KEYS: &[&str] = &[
    "project_id",
    "dialect",
    "previous_id",
    "screens",
    "ordering",
    "batch",
    "ingest",
    "strict",
    "rules",
    "dashboard_delay",
];

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
    if let Some(ordering) = fields
        .get("ordering")
        .and_then(|node| word(node, "settings.ordering", Ordering::NAMES, sink)?.parse().ok())
    {
        settings.ordering = ordering;
    }
    if let Some(batch) = fields
        .get("batch")
        .and_then(|node| batch(node, Some(settings.dialect).filter(|_| known), sink))
    {
        settings.batch = batch;
    }
    if let Some(node) = fields.get("rules") {
        settings.rules = rules::levels(node, sink);
    }
    if let Some(delay) = fields
        .get("dashboard_delay")
        .and_then(|node| dashboard_delay(node, sink))
    {
        settings.dashboard_delay = delay;
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

/// A duration, `15m..30m` as on the command line, or a mapping of the two ends.
fn dashboard_delay(node: &Node, sink: &mut Sink) -> Option<DashboardDelay> {
    const PLACE: &str = "settings.dashboard_delay";
    let mistake = match &node.shape {
        Shape::Text(text) if text.contains("..") => match text.parse::<DashboardDelay>() {
            Ok(delay) => return Some(delay),
            Err(DashboardDelayError::Duration(error)) => Diagnostic::new(node.at, error.message()).help(error.help()),
            Err(DashboardDelayError::Backwards) => {
                Diagnostic::new(node.at, format!("`{PLACE}` ends before it begins")).help("swap the two")
            }
            Err(_) => too_long(node, PLACE),
        },
        _ => {
            let example = "write `{ from: 15m, to: 30m }`, or one duration such as `20m`";
            let (from, to) = range(node, PLACE, example, sink)?;
            if to <= DashboardDelay::LONGEST {
                let seed = DashboardDelay::default().seed;
                return Some(DashboardDelay { from, to, seed });
            }
            too_long(node, PLACE)
        }
    };
    sink.push(mistake);
    None
}

fn too_long(node: &Node, place: &str) -> Diagnostic {
    Diagnostic::new(node.at, format!("`{place}` is more than a year")).help("write one such as `20m`")
}

/// How many events may share a request. More than one only where a request has room for several.
fn batch(node: &Node, dialect: Option<Dialect>, sink: &mut Sink) -> Option<usize> {
    let number = match &node.shape {
        Shape::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
        _ => None,
    };
    let Some(number) = number.filter(|number| *number > 0) else {
        sink.push(
            wrong(node, "settings.batch", "a whole number from 1", sink)
                .help("write how many events share a request, such as `100`"),
        );
        return None;
    };
    match dialect {
        Some(dialect @ (Dialect::Classic | Dialect::Actions)) if number > 1 => {
            let message =
                format!("`settings.batch` can be more than 1 in the dialect `import` only, not in `{dialect}`");
            sink.push(Diagnostic::new(node.at, message).help("write `dialect: import`, or leave the key out"));
            None
        }
        _ => Some(number),
    }
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

    use attribution_destination::deliver::Ordering;
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
    fn only_an_import_is_sent_in_batches_and_of_at_least_one() {
        assert_eq!(good("{ dialect: import, batch: 100 }", settings).batch, 100);
        assert_eq!(good("{ dialect: actions, batch: 1 }", settings).batch, 1);
        assert_eq!(
            mistakes("batch: 2\n", settings),
            ["`settings.batch` can be more than 1 in the dialect `import` only, not in `classic`"]
        );
        for none in ["0", "-1", "1.5", "many"] {
            let found = mistakes(&format!("dialect: import\nbatch: {none}\n"), settings);
            assert!(
                found[0].starts_with("`settings.batch` must be a whole number from 1, not "),
                "{found:?}"
            );
        }
    }

    #[test]
    fn an_ordering_is_one_of_the_two() {
        assert_eq!(good("ordering: unordered", settings).ordering, Ordering::UNORDERED);
        assert_eq!(
            mistakes("ordering: none", settings),
            ["`settings.ordering` can't be `none`"]
        );
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
                "`settings.project_id` is blank",
                "`settings.dialect` can't be `clasic`",
                "`settings` has no key `screen`",
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
    fn a_dashboard_is_late_by_one_duration_or_by_one_between_two() {
        let delay = |text: &str| good(&format!("dashboard_delay: {text}"), settings).dashboard_delay;
        let minutes = |from: u64, to: u64| (Duration::from_secs(60 * from), Duration::from_secs(60 * to));
        for (text, ends) in [
            ("20m", minutes(20, 20)),
            ("15m..30m", minutes(15, 30)),
            ("{ from: 15m, to: 30m }", minutes(15, 30)),
            ("0s", minutes(0, 0)),
        ] {
            let found = delay(text);
            assert_eq!((found.from, found.to), ends, "{text}");
        }
        assert!(good("{}", settings).dashboard_delay.is_none());
        let told = |text: &str| mistakes(&format!("dashboard_delay: {text}"), settings);
        assert_eq!(told("20"), ["a duration needs a unit"]);
        for text in ["30m..15m", "{ from: 30m, to: 15m }"] {
            assert_eq!(told(text), ["`settings.dashboard_delay` ends before it begins"]);
        }
        for text in ["400d", "1m..400d"] {
            assert_eq!(told(text), ["`settings.dashboard_delay` is more than a year"]);
        }
        assert_eq!(told("{ from: 15m }"), ["`settings.dashboard_delay` has not both ends"]);
        assert_eq!(told("15m..30").len(), 1);
    }

    #[test]
    fn latency_is_a_duration() {
        assert_eq!(good("latency: 80ms", link).latency, Duration::from_millis(80));
        assert_eq!(mistakes("latency: 80", link), ["a duration needs a unit"]);
    }
}
