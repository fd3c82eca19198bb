//! What a subscriber of `tracing` gets to see. In virtual time.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::Once;
use std::time::Duration;

use attribution_destination::deliver::{Sender, TlsRoots};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::deliver_link::{Act, Link, settings, track, virtual_clock};

thread_local! {
    /// What this thread's test has seen, every span and event of every level in a line; none where none looks.
    static LINES: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Looks from now on.
///
/// The subscriber is that of the whole process: whether a place in the code is of interest is found out once, on whichever
/// thread comes there first, so one for this thread alone would miss what other tests came to before.
fn look() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Scribe).unwrap());
    LINES.set(Some(Vec::new()));
}

/// What was seen until now.
fn seen() -> Vec<String> {
    LINES.take().unwrap()
}

struct Scribe;

fn note(line: impl FnOnce() -> String) {
    LINES.with_borrow_mut(|lines| {
        if let Some(lines) = lines {
            lines.push(line());
        }
    });
}

fn described(what: &str, metadata: &Metadata<'_>, fields: impl FnOnce(&mut Line)) -> String {
    let mut line = Line(format!("{what} {} {}", metadata.level(), metadata.target()));
    fields(&mut line);
    line.0
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Scribe {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let name = || format!("span {}", span.metadata().name());
        note(|| described(&name(), span.metadata(), |line| span.record(line)));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        note(|| {
            let mut line = Line("record".to_owned());
            values.record(&mut line);
            line.0
        });
    }

    fn event(&self, event: &Event<'_>) {
        note(|| described("event", event.metadata(), |line| event.record(line)));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn of_ours(lines: &[String]) -> Vec<&str> {
    let ours = lines.iter().filter(|line| line.contains(" attribution_destination::"));
    ours.map(String::as_str).collect()
}

#[tokio::test(start_paused = true)]
async fn a_delivery_has_a_span_and_an_event_for_each_thing_that_befalls_it() {
    look();
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(503)]);
    link.plan(2, [Act::Answer(400)]);
    let sender = link.builder().build().unwrap();
    sender.send(track("u", 1)).await;
    sender.send(track("u", 2)).await;
    let lines = seen();
    let ours = of_ours(&lines);
    assert_eq!(ours.len(), 5, "{ours:#?}");
    assert!(ours[0].starts_with("span delivery INFO") && ours[0].ends_with(r#" path="/track" events=1"#));
    assert!(ours[1].contains("DEBUG") && ours[1].contains(" reason=answered 503 Service Unavailable wait="));
    assert!(ours[2].ends_with(" message=delivered"));
    assert!(ours[4].contains("WARN") && ours[4].ends_with(" message=rejected: answered 400 Bad Request events=1"));
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_traced_shows_the_project_id() {
    look();
    let link = Link::new(&virtual_clock());
    let acts = [503, 429, 401, 400].map(Act::Answer);
    let faults = [Act::CloseAfter, Act::HalfAnswer, Act::Hang, Act::Garbage, Act::Endless];
    link.otherwise(acts.into_iter().chain(faults));
    link.script().refusals = 2;
    let sender = link.builder().build().unwrap();
    for number in 0..40 {
        drop(sender.submit(track("u", number)).await);
    }
    sender.check_credentials().await.unwrap_err();
    sender.close(Duration::from_secs(30)).await;
    let seen = seen().join("\n");
    assert!(
        seen.contains("interrupted") || seen.contains("to be tried again"),
        "{seen}"
    );
    assert!(!seen.contains("demo-project") && !seen.contains("ZGVtby"), "{seen}");
}

/// Over real sockets there are more crates that could say something.
#[tokio::test]
async fn nothing_that_is_traced_over_sockets_shows_it_either() {
    look();
    let server = wiremock::MockServer::start().await;
    let builder = Sender::builder(settings()).endpoint(server.uri().parse().unwrap());
    let sender = builder.tls_roots(TlsRoots::system()).build().unwrap();
    sender.send(track("u", 1)).await;
    let seen = seen().join("\n");
    assert!(
        seen.contains("delivery") && !seen.contains("demo-project") && !seen.contains("ZGVtby"),
        "{seen}"
    );
}
