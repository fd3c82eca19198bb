//! `fault:`.
//!
//! What the server does is read by the double, whose words these are; what the link does is read here.

use std::sync::Arc;

use attribution_destination::Dialect;
use attribution_mock::{Fault, FaultMistake, FaultPart};
use expectation::read::{Fields, count, help, quoted, unknown, word, wrong};
use expectation::tree::{Entry, Node, Shape, to_map};
use expectation::{Diagnostic, Sink, Source, SourceError as ScenarioError, Span, Syntax, printable};
use pipeline::LinkFault;

use crate::scenario::FaultStep;
use crate::syntax::read;

/// The keys of a fault of the link.
pub(crate) const LINK: &[&str] = &["connect", "cut", "times"];

/// A fault step.
pub(super) fn fault(node: &Node, dialect: Dialect, sink: &mut Sink) -> Option<FaultStep> {
    let fields = mapping(node, sink)?;
    let of_link = |entry: &&Entry| matches!(entry.key.as_str(), "connect" | "cut");
    if let Some(action) = fields.entries.iter().find(of_link) {
        return link(fields, action, sink);
    }
    let path = fields.get("path").and_then(|path| elsewhere(path, dialect));
    let fault = Fault::from_words(&to_map(fields.entries));
    for mistake in fault.as_ref().err().into_iter().flatten() {
        // Of the path more can be told here.
        if path.is_none() || mistake.place != ["path"] {
            sink.push(or_cut(diagnostic(node, mistake), mistake));
        }
    }
    if let Some(mistake) = path {
        sink.push(mistake);
        return None;
    }
    let fault = fault.ok()?;
    if let Some(mistake) = other_dialect(&fault, fields, dialect) {
        sink.push(mistake);
        return None;
    }
    Some(FaultStep::Server(Box::new(fault)))
}

/// Reads a fault, or a list of them, as it stands in a scenario's `fault:`. Whatever it says is for the server:
/// `connect: refuse`, too, and there is no `cut`.
///
/// # Errors
///
/// Every mistake found, in the order of their places.
///
/// ```
/// use std::sync::Arc;
///
/// use attribution_mock::Fault;
/// use scenario::{Source, faults};
///
/// let source = Source::of("--fault", "{ path: /track, respond: [503, 503] }");
/// assert_eq!(faults(Arc::new(source)).unwrap(), [Fault::respond([503, 503]).on("/track")]);
/// ```
pub fn faults(source: Arc<Source>) -> Result<Vec<Fault>, ScenarioError> {
    let mut sink = Sink::new(Syntax::Yaml);
    let mut found = Vec::new();
    match read(&source.text, &mut sink) {
        Ok(node) => {
            let each = match &node.shape {
                Shape::Items(items) => items.as_slice(),
                _ => std::slice::from_ref(&node),
            };
            for node in each {
                let Some(fields) = mapping(node, &mut sink) else {
                    continue;
                };
                match Fault::from_words(&to_map(fields.entries)) {
                    Ok(fault) => found.push(fault),
                    Err(mistakes) => mistakes.iter().for_each(|mistake| sink.push(diagnostic(node, mistake))),
                }
            }
        }
        Err(mistake) => sink.push(mistake),
    }
    if sink.is_empty() {
        Ok(found)
    } else {
        Err(ScenarioError::new(source, sink))
    }
}

fn mapping<'a>(node: &'a Node, sink: &mut Sink) -> Option<Fields<'a>> {
    let Shape::Entries(entries) = &node.shape else {
        let mistake = wrong(node, "fault", "a mapping", sink);
        sink.push(match &node.shape {
            Shape::Number(number) => {
                mistake.help(format!("write `{{ respond: {} }}`", printable(&number.to_string(), 60)))
            }
            _ => mistake.help("write one such as `{ path: /track, respond: 503 }`"),
        });
        return None;
    };
    Some(Fields { at: node.at, entries })
}

/// A mistake of the double's reader at its place in the file.
fn diagnostic(node: &Node, mistake: &FaultMistake) -> Diagnostic {
    let at = located(node, &mistake.place, mistake.part);
    Diagnostic::new(at, mistake.message.clone()).help(mistake.help.clone())
}

/// Of what can happen, a scenario knows one thing more.
fn or_cut(diagnostic: Diagnostic, mistake: &FaultMistake) -> Diagnostic {
    if mistake.place.is_empty() {
        return diagnostic.help(format!("{} or, of the link, `cut: 120`", mistake.help));
    }
    diagnostic
}

/// The text of a place, as far down as it is there.
fn located(node: &Node, place: &[String], part: FaultPart) -> Span {
    let Some((key, below)) = place.split_first() else {
        return node.at;
    };
    match &node.shape {
        Shape::Entries(entries) => match entries.iter().find(|entry| entry.key == *key) {
            Some(entry) if below.is_empty() && part == FaultPart::Key => entry.at,
            Some(entry) => located(&entry.value, below, part),
            None => node.at,
        },
        Shape::Items(items) => {
            let item = key.parse().ok().and_then(|index: usize| items.get(index));
            item.map_or(node.at, |item| located(item, below, part))
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => node.at,
    }
}

/// A path that no request of this dialect goes to: a fault on it would never be seen.
fn elsewhere(node: &Node, dialect: Dialect) -> Option<Diagnostic> {
    let Shape::Text(path) = &node.shape else { return None };
    let known = dialect.paths();
    if known.contains(&path.as_str()) {
        return None;
    }
    let mistake = Diagnostic::new(node.at, format!("no request goes to {}", quoted(path)));
    Some(mistake.help(help(path, known)))
}

/// The same of a dialect that this scenario does not speak.
fn other_dialect(fault: &Fault, fields: Fields<'_>, dialect: Dialect) -> Option<Diagnostic> {
    let given = fault.matching.dialect?.as_str();
    let node = fields.get("dialect").filter(|_| given != dialect.to_string())?;
    let mistake = Diagnostic::new(node.at, format!("no request is sent in the dialect `{given}`"));
    Some(mistake.help(format!("this scenario speaks `{dialect}`: leave `dialect` out")))
}

/// What happens below HTTP.
fn link(fields: Fields<'_>, action: &Entry, sink: &mut Sink) -> Option<FaultStep> {
    for entry in fields.entries.iter().filter(|entry| entry.at != action.at) {
        misplaced(entry, action, sink);
    }
    let times = fields.get("times").map_or(Ok(Some(1)), |node| times(node, sink));
    let fault = match action.key.as_str() {
        "connect" => word(&action.value, "fault.connect", &["refuse"], sink).map(|_| LinkFault::Refuse),
        _ => cut(&action.value, sink),
    };
    Some(FaultStep::Link {
        fault: fault?,
        times: times.ok()?,
    })
}

/// A key that no fault has, or none of the link.
fn misplaced(entry: &Entry, action: &Entry, sink: &mut Sink) {
    let key = entry.key.as_str();
    if key == "times" {
        return;
    }
    if LINK.contains(&key) || Fault::words().any(|word| word == key) {
        let message = format!("`{key}` does not go with `{}`", action.key);
        let help = "only `times` does: below HTTP it strikes the next connections, whatever they carry";
        sink.push(Diagnostic::new(entry.at, message).help(help));
    } else {
        sink.push(unknown(entry, "`fault`", LINK));
    }
}

/// A mistake that is in the sink already.
struct Reported;

/// A count, or `None` for `always`.
fn times(node: &Node, sink: &mut Sink) -> Result<Option<u32>, Reported> {
    let times = match &node.shape {
        Shape::Text(text) if text == "always" => return Ok(None),
        Shape::Number(number) => number.as_u64(),
        _ => None,
    };
    let times = times
        .and_then(|times| u32::try_from(times).ok())
        .filter(|times| *times > 0);
    if times.is_none() {
        let mistake = wrong(node, "fault.times", "a whole number from 1, or `always`", sink);
        sink.push(mistake.help("leave it out for once"));
    }
    times.map(Some).ok_or(Reported)
}

fn cut(node: &Node, sink: &mut Sink) -> Option<LinkFault> {
    let after = count(node, "fault.cut", sink)?;
    Some(LinkFault::Cut {
        after: usize::try_from(after).unwrap_or(usize::MAX),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use attribution_destination::Dialect;
    use attribution_mock::{Fault, FaultAction};
    use pipeline::LinkFault;

    use expectation::{Sink, Syntax};

    use super::fault;
    use crate::parse::testing::{good, helps, mistakes};
    use crate::scenario::FaultStep;
    use crate::syntax;

    fn read(text: &str) -> FaultStep {
        good(text, |node, sink| fault(node, Dialect::Classic, sink)).expect("a fault without mistakes")
    }

    fn server(text: &str) -> FaultAction {
        match read(text) {
            FaultStep::Server(fault) => fault.action,
            FaultStep::Link { fault, .. } => panic!("{fault:?}"),
        }
    }

    #[test]
    fn a_fault_happens_once_anywhere_unless_told_otherwise() {
        let hang = Fault::new(FaultAction::Hang);
        let once = hang.clone().times(1);
        assert_eq!(read("{ hang: true }"), FaultStep::Server(Box::new(once)));
        let always = hang.on("/track");
        let step = read("{ path: /track, hang: true, times: always }");
        assert_eq!(step, FaultStep::Server(Box::new(always)));
    }

    #[test]
    fn every_other_misbehaviour_has_its_key() {
        let ten = Duration::from_secs(10);
        assert_eq!(server("{ delay: 10s }"), Fault::delay(ten).action);
        assert_eq!(server("{ close: before }"), FaultAction::CloseBefore);
        assert_eq!(server("{ reset: after }"), FaultAction::ResetAfter);
        let times = Some(1);
        let fault = LinkFault::Refuse;
        assert_eq!(read("{ connect: refuse }"), FaultStep::Link { fault, times });
        let fault = LinkFault::Cut { after: 120 };
        assert_eq!(read("{ cut: 120 }"), FaultStep::Link { fault, times });
    }

    #[test]
    fn an_answer_that_has_no_body_can_not_be_given_one() {
        let faults = |text: &str| mistakes(text, |node, sink| fault(node, Dialect::Classic, sink));
        assert_eq!(faults("{ respond: 205, body: a }"), ["an answer `205` has no body"]);
        assert_eq!(faults("{ respond: 304, body: a }"), ["an answer `304` has no body"]);
        assert_eq!(faults("{ respond: 204 }"), [""; 0]);
    }

    #[test]
    fn a_path_is_one_of_the_dialect() {
        let told = |dialect, text: &str| helps(text, |node, sink| fault(node, dialect, sink));
        for (dialect, path, help) in [
            (
                Dialect::Classic,
                "/v1/import",
                "there are `/track`, `/identify` and `/alias`",
            ),
            (
                Dialect::Actions,
                "/v1/import",
                "there are `/v1/t`, `/v1/p`, `/v1/s`, `/v1/i`, `/v1/g` and `/v1/a`",
            ),
            (Dialect::Import, "/v1/t", "there is only `/v1/import`"),
            (Dialect::Import, "/v1/imports", "did you mean `/v1/import`?"),
        ] {
            assert_eq!(
                told(dialect, &format!("{{ path: {path}, hang: true }}")),
                [help],
                "{dialect}"
            );
        }
    }

    #[test]
    fn a_key_that_is_not_known_is_the_only_mistake() {
        let told = |text: &str| helps(text, |node, sink| fault(node, Dialect::Classic, sink));
        assert_eq!(told("{ status: 503 }"), ["did you mean `respond`?"]);
        assert_eq!(told("503"), ["write `{ respond: 503 }`"]);
    }

    #[test]
    fn a_mistake_lies_where_its_word_does() {
        for (text, place) in [
            ("{ respond: [503, 42] }", "42"),
            ("{ rate: { per_second: 10, bursts: 3 } }", "bursts"),
            ("{ delay: { uniform: [2s, 1s] } }", "[2s, 1s]"),
            ("{ delay: { lognormal: { median: 5s } } }", "{ median: 5s }"),
            ("{ respond: 503, every: 0 }", "0"),
            ("{ respond: [503], times: 2 }", "times"),
            ("{ reset: during }", "during"),
            ("{ path: /track }", "{ path: /track }"),
        ] {
            let mut sink = Sink::new(Syntax::Yaml);
            let node = syntax::read(text, &mut sink).expect("the test is YAML");
            assert_eq!(fault(&node, Dialect::Classic, &mut sink), None, "{text}");
            let at = sink.into_first().0[0].at;
            assert_eq!(&text[at.start..at.end], place, "{text}");
        }
    }

    #[test]
    fn a_dialect_that_is_not_spoken_is_a_mistake() {
        let told = |text: &str| mistakes(text, |node, sink| fault(node, Dialect::Classic, sink));
        assert_eq!(
            told("{ dialect: import, hang: true }"),
            ["no request is sent in the dialect `import`"]
        );
        assert_eq!(told("{ dialect: classic, hang: true }"), [""; 0]);
    }
}
