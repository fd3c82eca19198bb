//! What a subscriber of `tracing` gets to see. In virtual time.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attribution_destination::deliver::{Sender, TlsRoots};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::deliver_link::{Act, Link, settings, track, virtual_clock};

/// Writes down every span and event of every level, one a line.
#[derive(Clone, Default)]
struct Scribe {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<AtomicU64>,
}

impl Scribe {
    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    fn note(&self, what: &str, metadata: &Metadata<'_>, fields: impl FnOnce(&mut Line)) {
        let mut line = Line(format!("{what} {} {}", metadata.level(), metadata.target()));
        fields(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }
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
        let name = format!("span {}", span.metadata().name());
        self.note(&name, span.metadata(), |line| span.record(line));
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line("record".to_owned());
        values.record(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }

    fn event(&self, event: &Event<'_>) {
        self.note("event", event.metadata(), |line| event.record(line));
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
    let scribe = Scribe::default();
    let _guard = tracing::subscriber::set_default(scribe.clone());
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(503)]);
    link.plan(2, [Act::Answer(400)]);
    let sender = link.builder().build().unwrap();
    sender.send(track("u", 1)).await;
    sender.send(track("u", 2)).await;
    let lines = scribe.lines();
    let ours = of_ours(&lines);
    assert_eq!(ours.len(), 5, "{ours:#?}");
    assert!(ours[0].starts_with("span delivery INFO") && ours[0].ends_with(r#" path="/track" events=1"#));
    assert!(ours[1].contains("DEBUG") && ours[1].contains(" reason=answered 503 Service Unavailable wait="));
    assert!(ours[2].ends_with(" message=delivered"));
    assert!(ours[4].contains("WARN") && ours[4].ends_with(" message=rejected: answered 400 Bad Request events=1"));
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_traced_shows_the_project_id() {
    let scribe = Scribe::default();
    let _guard = tracing::subscriber::set_default(scribe.clone());
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
    let seen = scribe.lines().join("\n");
    assert!(
        seen.contains("interrupted") || seen.contains("to be tried again"),
        "{seen}"
    );
    assert!(!seen.contains("demo-project") && !seen.contains("ZGVtby"), "{seen}");
}

/// Over real sockets there are more crates that could say something.
#[tokio::test]
async fn nothing_that_is_traced_over_sockets_shows_it_either() {
    let scribe = Scribe::default();
    let _guard = tracing::subscriber::set_default(scribe.clone());
    let server = wiremock::MockServer::start().await;
    let builder = Sender::builder(settings()).endpoint(server.uri().parse().unwrap());
    let sender = builder.tls_roots(TlsRoots::system()).build().unwrap();
    sender.send(track("u", 1)).await;
    let seen = scribe.lines().join("\n");
    assert!(
        seen.contains("delivery") && !seen.contains("demo-project") && !seen.contains("ZGVtby"),
        "{seen}"
    );
}
