//! `chaos:`.

use std::time::Duration;

use attribution_destination::Dialect;
use attribution_mock::Fault;
use expectation::read::{Fields, help, nearest, quoted, wrong};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink};

use super::fault::{LINK, fault};
use super::wait::wait;
use crate::chaos::{ChaosKind, ChaosSettings};

/// The keys of `chaos`.
pub(crate) const KEYS: &[&str] = &["runs", "max_faults", "faults"];

/// The kinds that can be given more than a word.
const MEASURED: [&str; 3] = ["status", "retry_after", "latency"];

/// The settings; nothing only where a mistake was told.
pub(super) fn chaos(node: &Node, dialect: Dialect, sink: &mut Sink) -> Option<ChaosSettings> {
    if !matches!(node.shape, Shape::Entries(_)) {
        let mistake = wrong(node, "chaos", "a mapping", sink);
        sink.push(mistake.help("write one such as `{ runs: 100 }`"));
        return None;
    }
    let fields = Fields::of(node, "chaos", KEYS, sink)?;
    let mut number = |key: &str, most: u32, otherwise: u32| match fields.get(key) {
        Some(node) => number(node, &format!("chaos.{key}"), most, sink),
        None => Some(otherwise),
    };
    let runs = number("runs", ChaosSettings::MOST_RUNS, ChaosSettings::RUNS);
    let max_faults = number("max_faults", ChaosSettings::MOST_FAULTS, ChaosSettings::FAULTS);
    let faults = match fields.get("faults") {
        Some(node) => faults(node, dialect, sink)?,
        None => ChaosKind::defaults().into_iter().map(|(_, kind)| kind).collect(),
    };
    Some(ChaosSettings {
        at: node.at,
        runs: runs?,
        max_faults: max_faults?,
        faults,
    })
}

/// A whole number from 1 to `most`.
fn number(node: &Node, place: &str, most: u32, sink: &mut Sink) -> Option<u32> {
    let given = match &node.shape {
        Shape::Number(number) => number.as_u64(),
        _ => None,
    };
    let fitting = given.and_then(|given| u32::try_from(given).ok());
    let fitting = fitting.filter(|given| (1..=most).contains(given));
    if fitting.is_none() {
        let mistake = wrong(node, place, &format!("a whole number from 1 to {most}"), sink);
        sink.push(match given {
            Some(0) => mistake.help("leave `chaos` out, if nothing is to go wrong"),
            Some(_) => mistake.help(format!("write `{most}`, or fewer")),
            None => mistake.help("write digits only, such as `3`"),
        });
    }
    fitting
}

/// What may strike, each thing once.
fn faults(node: &Node, dialect: Dialect, sink: &mut Sink) -> Option<Vec<ChaosKind>> {
    let Shape::Items(items) = &node.shape else {
        let mistake = wrong(node, "chaos.faults", "a list", sink);
        sink.push(mistake.help("write it in brackets, such as `faults: [refuse, { status: [500, 503] }]`"));
        return None;
    };
    if items.is_empty() {
        let mistake = Diagnostic::new(node.at, "`chaos.faults` is empty: nothing could strike");
        sink.push(mistake.help("leave it out, and everything that a retry cures may strike"));
        return None;
    }
    let mut kinds = Vec::with_capacity(items.len());
    for item in items {
        let Some(kind) = kind(item, dialect, sink) else {
            continue;
        };
        if kinds.contains(&kind) {
            let mistake = Diagnostic::new(item.at, "the same may strike already");
            sink.push(mistake.help("keep one of the two: each thing in the list is as likely as the others"));
        } else {
            kinds.push(kind);
        }
    }
    (!kinds.is_empty()).then_some(kinds)
}

fn kind(node: &Node, dialect: Dialect, sink: &mut Sink) -> Option<ChaosKind> {
    match &node.shape {
        Shape::Text(word) => named(node, word, sink),
        Shape::Entries(entries) => match entries.as_slice() {
            [only] if MEASURED.contains(&only.key.as_str()) => measured(only, sink),
            [only] if is_misspelt(&only.key) => {
                let message = format!("`chaos` knows no kind of fault {}", quoted(&only.key));
                sink.push(Diagnostic::new(only.at, message).help(help(&only.key, &MEASURED)));
                None
            }
            _ => fault(node, dialect, sink).map(ChaosKind::Fault),
        },
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Items(_) => {
            let mistake = wrong(node, "chaos.faults", "a word or a fault", sink);
            sink.push(match &node.shape {
                Shape::Number(number) => mistake.help(format!("write `{{ status: [{number}] }}`")),
                _ => mistake.help("write one such as `reset` or `{ respond: 503, times: 2 }`"),
            });
            None
        }
    }
}

/// Whether this was to be one of the kinds with a measure, and no word of a fault.
fn is_misspelt(key: &str) -> bool {
    let of_faults = |word: &str| LINK.contains(&word) || Fault::words().any(|known| known == word);
    !of_faults(key) && nearest(key, &MEASURED).is_some()
}

fn named(node: &Node, word: &str, sink: &mut Sink) -> Option<ChaosKind> {
    let known = ChaosKind::defaults();
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let found = known.into_iter().find(|(name, _)| *name == word);
    if found.is_none() {
        let message = format!("`chaos` knows no kind of fault {}", quoted(word));
        sink.push(Diagnostic::new(node.at, message).help(help(word, &words)));
    }
    found.map(|(_, kind)| kind)
}

/// `status: [500, 503]`, `retry_after: 1m` or `latency: 2s`.
fn measured(entry: &Entry, sink: &mut Sink) -> Option<ChaosKind> {
    let place = format!("chaos.faults.{}", entry.key);
    match entry.key.as_str() {
        "status" => statuses(&entry.value, &place, sink).map(ChaosKind::Status),
        "retry_after" => at_least(&entry.value, &place, Duration::from_secs(1), sink).map(ChaosKind::RetryAfter),
        _ => at_least(&entry.value, &place, Duration::from_millis(100), sink).map(ChaosKind::Latency),
    }
}

/// The statuses of failures, one or several.
fn statuses(node: &Node, place: &str, sink: &mut Sink) -> Option<Vec<u16>> {
    let items = match &node.shape {
        Shape::Items(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut statuses = Vec::with_capacity(items.len());
    for item in items {
        let status = match &item.shape {
            Shape::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
            _ => None,
        };
        if let Some(status) = status.filter(|status| (300..=599).contains(status)) {
            statuses.push(status);
        } else {
            let mistake = wrong(item, place, "the status of a failure, from 300 to 599", sink);
            sink.push(mistake.help("write one such as `503`, or several such as `[500, 503]`"));
        }
    }
    if items.is_empty() {
        let mistake = Diagnostic::new(node.at, format!("`{place}` is empty"));
        sink.push(mistake.help("write some, such as `[500, 503]`, or only `status`"));
    }
    (!statuses.is_empty()).then_some(statuses)
}

fn at_least(node: &Node, place: &str, least: Duration, sink: &mut Sink) -> Option<Duration> {
    let given = wait(node, place, sink)?;
    if given < least {
        let message = format!("`{place}` must be {least:?} at least");
        sink.push(
            Diagnostic::new(node.at, message).help("what strikes is drawn from there up to what is written here"),
        );
        return None;
    }
    Some(given)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use attribution_destination::Dialect;
    use expectation::Sink;
    use expectation::tree::Node;

    use crate::chaos::{ChaosKind, ChaosSettings};
    use crate::parse::testing::{good, helps, mistakes};
    use crate::scenario::FaultStep;

    fn chaos(node: &Node, sink: &mut Sink) -> Option<ChaosSettings> {
        super::chaos(node, Dialect::Classic, sink)
    }

    fn faults(text: &str) -> Vec<ChaosKind> {
        let text = format!("{{ faults: {text} }}");
        good(&text, chaos).expect("there is no mistake").faults
    }

    #[test]
    fn whatever_is_left_out_has_its_default() {
        let found = good("{}", chaos).expect("there is no mistake");
        assert_eq!((found.runs, found.max_faults), (100, 4));
        let words = ChaosKind::defaults().into_iter().map(|(word, _)| word);
        let all = format!("[{}]", words.collect::<Vec<_>>().join(", "));
        assert_eq!(found.faults, faults(&all));
    }

    #[test]
    fn a_kind_is_a_word_a_measure_or_a_fault() {
        let cut = FaultStep::Link {
            fault: pipeline::LinkFault::Cut { after: 20 },
            times: Some(2),
        };
        assert_eq!(
            faults("[hang, { status: [500, 400] }, { retry_after: 2m }, { latency: 2s }, { cut: 20, times: 2 }]"),
            [
                ChaosKind::Hang,
                ChaosKind::Status(vec![500, 400]),
                ChaosKind::RetryAfter(Duration::from_secs(120)),
                ChaosKind::Latency(Duration::from_secs(2)),
                ChaosKind::Fault(cut),
            ]
        );
        assert_eq!(faults("[{ status: 503 }]"), [ChaosKind::Status(vec![503])]);
    }

    #[test]
    fn a_slip_is_recognised() {
        assert_eq!(helps("{ faults: [truncated] }", chaos), ["did you mean `truncate`?"]);
        assert_eq!(helps("{ faults: [{ statsu: 5 }] }", chaos), ["did you mean `status`?"]);
        assert_eq!(helps("{ fault: [reset] }", chaos), ["did you mean `faults`?"]);
    }

    #[test]
    fn no_run_is_a_mistake() {
        assert_eq!(
            mistakes("{ runs: 0 }", chaos),
            ["`chaos.runs` must be a whole number from 1 to 10000, not `0`"]
        );
        assert_eq!(
            good("{ runs: 10000, max_faults: 20 }", chaos).map(|found| found.runs),
            Some(10_000)
        );
        assert_eq!(mistakes("{ runs: 10001, max_faults: 21 }", chaos).len(), 2);
        assert_eq!(mistakes("{ runs: 1.5 }", chaos).len(), 1);
    }
}
