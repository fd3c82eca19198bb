//! The top level of a scenario file.

use std::path::Path;
use std::sync::Arc;

use attribution_report::{Channels, Plan, Preset, Settings};
use expectation::read::{Fields, filled, nearest, unknown};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, Source, Syntax};
use jiff::Timestamp;

use super::channels::channels;
use super::chaos::chaos;
use super::context::Context;
use super::defaults::{Defaults, defaults};
use super::engage::engage;
use super::expect::closing;
use super::given::Given;
use super::include::Texts;
use super::matrix::{Combination, combinations};
use super::report::asked;
use super::selection::selection;
use super::settings::{link, settings};
use super::spend::spend;
use super::start::start;
use super::steps::list;
use super::variables::{environment, variables};
use crate::ScenarioError;
use crate::files::Files;
use crate::scenario::{Scenario, ScenarioSettings};
use crate::syntax::read;
use crate::template::Variables;

/// The keys of a scenario.
pub(crate) const KEYS: &[&str] = &[
    "name",
    "description",
    "tags",
    "skip",
    "only",
    "start",
    "env",
    "vars",
    "matrix",
    "settings",
    "link",
    "chaos",
    "engage",
    "channels",
    "spend",
    "report",
    "defaults",
    "steps",
    "expect",
    "finally",
];

/// The virtual wall clock of a scenario that sets none: a Monday morning without any change of clocks near it.
const START: Timestamp = Timestamp::constant(1_705_312_800, 0);

const EXAMPLE: &str = "a scenario has `steps:`, such as `steps: [{ page: { anonymousId: a } }]`, and what to `expect:`";

/// Reads a scenario file, with the files that it names, and nothing given from outside.
///
/// There is one scenario for each combination of its `matrix`, and one where it has none.
///
/// # Errors
///
/// Every mistake found, in the order of their places.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
///
/// use scenario::{Source, parse};
///
/// let text = "steps:\n  - tarck: { userId: u, event: Signed Up }\n";
/// let error = parse(Arc::new(Source::of("a.yaml", text)), &BTreeMap::new()).unwrap_err();
/// assert_eq!(error.diagnostics[0].help.as_deref(), Some("did you mean `track`?"));
/// ```
pub fn parse(source: Arc<Source>, files: &dyn Files) -> Result<Vec<Scenario>, ScenarioError> {
    parse_with(source, files, &Given::default())
}

/// The same with variables and an environment.
///
/// # Errors
///
/// Every mistake found, in the order of their places.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
///
/// use scenario::{Given, Source, parse_with};
///
/// let text = "name: For {{shop}}\nvars: { shop: ours }\nsteps: [{ page: { anonymousId: a } }]";
/// let variables = BTreeMap::from([("shop".to_owned(), "theirs".to_owned())]);
/// let given = Given { variables, ..Given::default() };
/// let scenarios = parse_with(Arc::new(Source::of("a.yaml", text)), &BTreeMap::new(), &given)?;
/// assert_eq!(scenarios[0].name, "For theirs");
/// # Ok::<(), scenario::ScenarioError>(())
/// ```
pub fn parse_with(source: Arc<Source>, files: &dyn Files, given: &Given) -> Result<Vec<Scenario>, ScenarioError> {
    let mut sink = Sink::new(Syntax::Yaml);
    let mut texts = Texts::of(Arc::unwrap_or_clone(source));
    let scenarios = match read(&texts.source.text, &mut sink) {
        Ok(node) => file(&node, &mut texts, files, given, &mut sink),
        Err(mistake) => {
            sink.push(mistake);
            Vec::new()
        }
    };
    let source = Arc::new(texts.source);
    if scenarios.is_empty() || !sink.is_empty() {
        return Err(ScenarioError::new(source, sink));
    }
    let with_source = |scenario| Scenario {
        source: Arc::clone(&source),
        ..scenario
    };
    Ok(scenarios.into_iter().map(with_source).collect())
}

/// Nothing only where a mistake was reported.
fn file(node: &Node, texts: &mut Texts, files: &dyn Files, given: &Given, sink: &mut Sink) -> Vec<Scenario> {
    let Some(fields) = fields(node, sink) else {
        return Vec::new();
    };
    let combinations = combinations(fields.get("matrix"), sink);
    let mut found = Vec::new();
    let mut mistakes = Mistakes::of(combinations.len());
    for combination in combinations {
        let mut sink = Sink::new(Syntax::Yaml);
        let label = combination.label();
        let cx = Context {
            files,
            texts,
            open: Vec::new(),
            depth: 0,
            loops: 0,
            snapshots: Vec::new(),
            combination: combination.words(),
            variables: Variables::default(),
            later: Vec::new(),
            dialect: ScenarioSettings::default().dialect,
            defaults: Defaults::default(),
            sink: &mut sink,
        };
        found.push(scenario(fields, given, combination, cx));
        mistakes.add(sink, label.as_deref());
    }
    mistakes.tell(sink);
    found
}

/// The mistakes of all combinations, each once.
struct Mistakes {
    combinations: usize,
    /// Each with the number of combinations that have it, and what the first of them is called.
    found: Vec<(Diagnostic, usize, Option<String>)>,
    more: usize,
}

impl Mistakes {
    fn of(combinations: usize) -> Self {
        Self {
            combinations,
            found: Vec::new(),
            more: 0,
        }
    }

    fn add(&mut self, sink: Sink, label: Option<&str>) {
        let (mistakes, more) = sink.into_first();
        self.more = self.more.max(more);
        let known = self.found.len();
        for mistake in mistakes {
            match self.found.iter_mut().position(|(earlier, ..)| *earlier == mistake) {
                // The same again, of a file that is included twice.
                Some(index) if index >= known => {}
                Some(index) => self.found[index].1 += 1,
                None => self.found.push((mistake, 1, label.map(str::to_owned))),
            }
        }
    }

    fn tell(self, sink: &mut Sink) {
        let said = |(mistake, count, label): (Diagnostic, usize, Option<String>)| match label {
            Some(combination) if count < self.combinations && mistake.label.is_none() => {
                mistake.label(format!("in {combination}"))
            }
            _ => mistake,
        };
        sink.extend(self.found.into_iter().map(said).collect(), self.more);
    }
}

fn fields<'n>(node: &'n Node, sink: &mut Sink) -> Option<Fields<'n>> {
    if node.shape == Shape::Null {
        sink.push(Diagnostic::new(node.at, "the scenario is empty").help(EXAMPLE));
        return None;
    }
    let Shape::Entries(entries) = &node.shape else {
        let mistake = Diagnostic::new(
            node.at,
            format!("a scenario is a mapping, not {}", node.what(sink.syntax())),
        );
        sink.push(match &node.shape {
            Shape::Text(text) if is_key_without_blank(text) => mistake.help("put a blank after the colon"),
            _ => mistake.help(EXAMPLE),
        });
        return None;
    };
    let fields = Fields { at: node.at, entries };
    for entry in entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
        sink.push(unknown(entry, "a scenario", KEYS));
    }
    // Told already where the key is only misspelt.
    let misspelt = |entry: &Entry| nearest(&entry.key, KEYS) == Some("steps");
    if !entries.iter().any(|entry| entry.key == "steps" || misspelt(entry)) {
        sink.push(Diagnostic::new(node.at, "the scenario has no `steps`").help(EXAMPLE));
    }
    Some(fields)
}

/// One combination.
fn scenario(fields: Fields<'_>, given: &Given, mut combination: Combination, mut cx: Context<'_>) -> Scenario {
    let cx = &mut cx;
    if let Some(node) = fields.get("env") {
        environment(node, given, cx);
    }
    combination.define(cx);
    let beginning = variables(fields.get("vars"), given, cx);
    let settings = combination
        .settings(fields.get("settings"), fields.at, cx.sink)
        .and_then(|node| now(&node, "settings", cx, settings))
        .unwrap_or_default();
    cx.dialect = settings.dialect;
    let mut words = |key: &str| {
        let word = fields.get(key)?;
        now(word, key, cx, |node, sink| filled(node, key, sink).map(str::to_owned))?
    };
    let (name, description) = (words("name"), words("description"));
    let selection = selection(fields, cx.sink);
    let start = fields.get("start").and_then(|node| now(node, "start", cx, start)?);
    let link = fields.get("link").and_then(|node| now(node, "link", cx, link));
    let dialect = cx.dialect;
    let chaos = fields
        .get("chaos")
        .and_then(|node| now(node, "chaos", cx, |node, sink| chaos(node, dialect, sink))?);
    let engage = fields.get("engage").and_then(|node| now(node, "engage", cx, engage));
    let plan = plan(fields, cx);
    if let Some(node) = fields.get("defaults") {
        cx.defaults = defaults(node, cx);
    }
    let steps = fields.get("steps").and_then(|node| list(node, "steps", cx));
    let expect = fields.get("expect").map(|node| closing(node, cx));
    let finally = fields.get("finally").and_then(|node| list(node, "finally", cx));
    let name = name.unwrap_or_else(|| stem(&cx.texts.source.name));
    Scenario {
        name: match combination.label() {
            Some(label) => format!("{name} {label}"),
            None => name,
        },
        description,
        tags: selection.tags,
        skip: selection.skip,
        only: selection.only,
        combination: combination.words(),
        // Given when all of it is known.
        source: Arc::new(Source::of("", "")),
        start: start.unwrap_or(START),
        settings,
        link: link.unwrap_or_default(),
        chaos,
        engage: engage.flatten(),
        plan: plan.map(Arc::new),
        variables: std::mem::take(&mut cx.variables),
        beginning,
        steps: steps.unwrap_or_default(),
        expect: expect.unwrap_or_default(),
        finally: finally.unwrap_or_default(),
    }
}

/// What the report is made with, where anything is said of it. Of channels or a currency that nobody knows, nobody knows
/// whether the spend fits.
fn plan(fields: Fields<'_>, cx: &mut Context<'_>) -> Option<Plan> {
    let (named, asked_for) = (fields.entry("channels"), fields.get("report"));
    let paid = fields.get("spend");
    if named.is_none() && asked_for.is_none() && paid.is_none() {
        return None;
    }
    let channels = named.map(|entry| channels(entry, cx));
    let asked = asked_for.and_then(|node| now(node, "report", cx, asked));
    let settings = asked.clone().unwrap_or_default().over(&Settings::default());
    let is_known = match (&channels, asked_for) {
        (Some(None), _) => false,
        (_, Some(node)) => asked.is_some_and(|asked| asked.currency.is_some() || !mentions(node, "currency")),
        _ => true,
    };
    let channels = channels
        .flatten()
        .unwrap_or_else(|| Channels::preset(Preset::default()));
    let spend = paid
        .filter(|_| is_known)
        .and_then(|node| spend(node, &channels, &settings, cx));
    Some(Plan {
        channels,
        settings,
        spend: spend.unwrap_or_default(),
    })
}

fn mentions(node: &Node, key: &str) -> bool {
    matches!(&node.shape, Shape::Entries(entries) if entries.iter().any(|entry| entry.key == key))
}

/// Reads what must be known before anything is played.
fn now<T>(node: &Node, place: &str, cx: &mut Context<'_>, read: impl FnOnce(&Node, &mut Sink) -> T) -> Option<T> {
    let filled = cx.fill_now(node, place)?;
    Some(cx.read(&filled, read))
}

fn is_key_without_blank(text: &str) -> bool {
    text.split_once(':').is_some_and(|(key, _)| KEYS.contains(&key))
}

/// The file's name without folder and extension.
fn stem(name: &str) -> String {
    Path::new(name)
        .file_stem()
        .map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}
