//! `fault:`.

use attribution_destination::Dialect;
use attribution_mock::{Fault, FaultAction, FaultError, RetryAfter};
use expectation::read::{Fields, count, help, quoted, set, text, unknown, word, wrong};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink, printable};
use jiff::Timestamp;
use pipeline::LinkFault;

use super::wait::wait;
use crate::scenario::FaultStep;

/// The keys of which there must be exactly one.
const ACTIONS: &[&str] = &["respond", "delay", "hang", "close", "connect", "cut"];

const CHOICES: &str = "write one of `respond: 503`, `delay: 10s`, `hang: true`, `close: before`, `close: after`, \
                       `connect: refuse` and `cut: 120`";

const KEYS: &[&str] = &[
    "path",
    "respond",
    "retry_after",
    "body",
    "delay",
    "hang",
    "close",
    "connect",
    "cut",
    "times",
];

/// A fault step.
pub(super) fn fault(node: &Node, dialect: Dialect, sink: &mut Sink) -> Option<FaultStep> {
    if let Shape::Number(number) = &node.shape {
        let mistake = wrong(node, "fault", "a mapping", sink);
        sink.push(mistake.help(format!(
            "write `fault: {{ respond: {} }}`",
            printable(&number.to_string(), 60)
        )));
        return None;
    }
    let fields = Fields::any(node, "fault", sink)?;
    for entry in fields.entries.iter().filter(|entry| !is_known(entry)) {
        sink.push(match entry.key.as_str() {
            "status" | "code" | "answer" => unknown(entry, "`fault`", &[]).help("did you mean `respond`?"),
            _ => unknown(entry, "`fault`", KEYS),
        });
    }
    let times = fields.get("times").map_or(Ok(Some(1)), |node| times(node, sink));
    let path = fields.entry("path").and_then(|entry| path(&entry.value, dialect, sink));
    let action = action(&fields, sink)?;
    out_of_place(&fields, action, sink);
    match action.key.as_str() {
        "connect" => {
            word(&action.value, "fault.connect", &["refuse"], sink)?;
            link(LinkFault::Refuse, times)
        }
        "cut" => link(cut(&action.value, sink)?, times),
        _ => {
            let fault = Fault {
                path: path.map(str::to_owned),
                action: server(&fields, action, sink)?,
                times: times.ok()?,
            };
            checked(fault, dialect, action, sink).map(FaultStep::Server)
        }
    }
}

fn link(fault: LinkFault, times: Result<Option<u32>, Reported>) -> Option<FaultStep> {
    Some(FaultStep::Link {
        fault,
        times: times.ok()?,
    })
}

/// The double has the last word: a fault that it would refuse is a mistake here, unless it has been told already.
fn checked(fault: Fault, dialect: Dialect, action: &Entry, sink: &mut Sink) -> Option<Fault> {
    match fault.check() {
        Ok(()) => return Some(fault),
        Err(FaultError::UnknownPath { path, .. }) if !dialect.paths().contains(&path.as_str()) => {}
        Err(error) => sink.push(Diagnostic::new(action.at, error.to_string())),
    }
    None
}

fn is_known(entry: &Entry) -> bool {
    KEYS.contains(&entry.key.as_str())
}

/// The one key that says what happens.
fn action<'a>(fields: &Fields<'a>, sink: &mut Sink) -> Option<&'a Entry> {
    let mut actions = fields
        .entries
        .iter()
        .filter(|entry| ACTIONS.contains(&entry.key.as_str()));
    let Some(first) = actions.next() else {
        // A key that is not known was to say it, most likely, and has been told already.
        if fields.entries.iter().all(is_known) {
            let mistake = Diagnostic::new(fields.at, "the fault does not say what happens");
            sink.push(mistake.help(CHOICES));
        }
        return None;
    };
    for second in actions {
        let mistake = Diagnostic::new(second.at, format!("the fault already does `{}`", first.key));
        sink.push(mistake.help(format!("write a `fault:` step of its own for `{}`", second.key)));
    }
    Some(first)
}

/// Keys that are legal, but not beside this action.
fn out_of_place(fields: &Fields<'_>, action: &Entry, sink: &mut Sink) {
    let needs = |key: &str| match key {
        "retry_after" | "body" => {
            (action.key != "respond").then_some("only an answer has one: it belongs to `respond`")
        }
        "path" => {
            matches!(action.key.as_str(), "connect" | "cut").then_some("below HTTP there is no path yet: leave it out")
        }
        _ => None,
    };
    for entry in fields.entries {
        if let Some(help) = needs(&entry.key) {
            let message = format!("`{}` does not go with `{}`", entry.key, action.key);
            sink.push(Diagnostic::new(entry.at, message).help(help));
        }
    }
}

fn server(fields: &Fields<'_>, action: &Entry, sink: &mut Sink) -> Option<FaultAction> {
    let value = &action.value;
    match action.key.as_str() {
        "respond" => Some(FaultAction::Respond {
            retry_after: optional(fields.get("retry_after"), |node| retry_after(node, sink)).ok()?,
            body: optional(fields.get("body"), |node| {
                text(node, "fault.body", sink).map(str::to_owned)
            })
            .ok()?,
            status: status(value, sink)
                .filter(|status| fields.entry("body").is_none_or(|body| has_body(*status, body, sink)))?,
        }),
        "delay" => wait(value, "fault.delay", sink).map(FaultAction::Delay),
        "hang" => set(
            value,
            "fault.hang",
            "leave the step out for a server that answers",
            sink,
        )
        .map(|()| FaultAction::Hang),
        _ => match word(value, "fault.close", &["before", "after"], sink)? {
            "after" => Some(FaultAction::CloseAfter),
            _ => Some(FaultAction::CloseBefore),
        },
    }
}

/// A mistake that is in the sink already.
struct Reported;

/// Reads what may be left out.
fn optional<T>(node: Option<&Node>, read: impl FnOnce(&Node) -> Option<T>) -> Result<Option<T>, Reported> {
    node.map(|node| read(node).ok_or(Reported)).transpose()
}

fn status(node: &Node, sink: &mut Sink) -> Option<u16> {
    let status = match &node.shape {
        Shape::Number(number) => number.as_u64(),
        _ => None,
    };
    let status = status
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (200..=599).contains(status));
    if status.is_none() {
        sink.push(wrong(node, "fault.respond", "an HTTP status from 200 to 599", sink).help("write one such as `503`"));
    }
    status
}

/// Whether answers of this status have a body at all (RFC 9110 §§15.3.5, 15.3.6, 15.4.5).
fn has_body(status: u16, body: &Entry, sink: &mut Sink) -> bool {
    let may = !matches!(status, 204 | 205 | 304);
    if !may {
        let mistake = Diagnostic::new(body.at, format!("an answer `{status}` has no body"));
        sink.push(mistake.help("leave `body` out, or respond with another status"));
    }
    may
}

fn retry_after(node: &Node, sink: &mut Sink) -> Option<RetryAfter> {
    match &node.shape {
        Shape::Number(number) if number.is_u64() => number.as_u64().map(RetryAfter::Seconds),
        Shape::Text(text) if http_date(text).is_some() => http_date(text).map(RetryAfter::Date),
        _ => {
            let mistake = wrong(node, "fault.retry_after", "seconds or an HTTP date", sink);
            sink.push(mistake.help("write `30`, or a date such as `Wed, 21 Oct 2015 07:28:00 GMT`"));
            None
        }
    }
}

/// The preferred form of RFC 9110 §5.6.7, whose zone is always spelt `GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    text.ends_with(" GMT")
        .then(|| parser.parse_timestamp(text).ok())
        .flatten()
}

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

/// A path that requests of this dialect go to: a fault on another would never be seen.
fn path<'a>(node: &'a Node, dialect: Dialect, sink: &mut Sink) -> Option<&'a str> {
    let path = text(node, "fault.path", sink)?;
    let known = dialect.paths();
    if !known.contains(&path) {
        let mistake = Diagnostic::new(node.at, format!("no request goes to {}", quoted(path)));
        sink.push(mistake.help(help(path, known)));
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use attribution_destination::Dialect;
    use attribution_mock::{Fault, FaultAction, RetryAfter};
    use pipeline::LinkFault;

    use super::fault;
    use crate::parse::testing::{good, helps, mistakes};
    use crate::scenario::FaultStep;

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
        assert_eq!(read("{ hang: true }"), FaultStep::Server(once));
        let always = hang.on("/track");
        let step = read("{ path: /track, hang: true, times: always }");
        assert_eq!(step, FaultStep::Server(always));
    }

    #[test]
    fn an_answer_has_a_status_and_may_have_more() {
        let expected = FaultAction::Respond {
            status: 503,
            retry_after: None,
            body: None,
        };
        assert_eq!(server("{ respond: 503 }"), expected);
        let retry_after = Some(RetryAfter::Seconds(30));
        let expected = FaultAction::Respond {
            status: 429,
            retry_after,
            body: Some("slow down".to_owned()),
        };
        assert_eq!(server("{ respond: 429, retry_after: 30, body: slow down }"), expected);
    }

    #[test]
    fn retry_after_may_be_an_http_date() {
        let retry_after = Some(RetryAfter::Date("2015-10-21T07:28:00Z".parse().unwrap()));
        let expected = FaultAction::Respond {
            status: 503,
            retry_after,
            body: None,
        };
        assert_eq!(
            server("{ respond: 503, retry_after: 'Wed, 21 Oct 2015 07:28:00 GMT' }"),
            expected
        );
    }

    #[test]
    fn every_other_misbehaviour_has_its_key() {
        assert_eq!(server("{ delay: 10s }"), FaultAction::Delay(Duration::from_secs(10)));
        assert_eq!(server("{ close: before }"), FaultAction::CloseBefore);
        assert_eq!(server("{ close: after }"), FaultAction::CloseAfter);
        let times = Some(1);
        let fault = LinkFault::Refuse;
        assert_eq!(read("{ connect: refuse }"), FaultStep::Link { fault, times });
        let fault = LinkFault::Cut { after: 120 };
        assert_eq!(read("{ cut: 120 }"), FaultStep::Link { fault, times });
    }

    #[test]
    fn an_answer_that_has_no_body_can_not_be_given_one() {
        let faults = |text: &str| mistakes(text, |node, sink| fault(node, Dialect::Classic, sink));
        assert_eq!(faults("{ respond: 204, body: '' }"), ["an answer `204` has no body"]);
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
        assert_eq!(told("503"), ["write `fault: { respond: 503 }`"]);
    }

    #[test]
    fn a_date_that_is_none_of_http_is_a_mistake() {
        for date in [
            "2015-10-21T07:28:00Z",
            "Wed, 21 Oct 2015 07:28:00 +0000",
            "Wed, 41 Oct 2015 07:28:00 GMT",
        ] {
            let found = mistakes(&format!("{{ respond: 503, retry_after: '{date}' }}"), |node, sink| {
                fault(node, Dialect::Classic, sink)
            });
            assert_eq!(
                found,
                ["`fault.retry_after` must be seconds or an HTTP date, not text"],
                "{date}"
            );
        }
    }
}
