use std::time::Duration;

use attribution_mock::{Fault, Mock};

use crate::peer::{Answer, CONVERSION, DENIED, get, join, mock, post};

async fn scrape(mock: &Mock, query: &str) -> Answer {
    join(mock).answer(&get(&format!("/__admin/metrics{query}"))).await
}

/// Reads the text format 0.0.4: of each family its help, its type and then its samples, and nothing else.
fn samples(text: &str) -> Vec<(&str, f64)> {
    let mut family = ("", "");
    let mut samples = Vec::new();
    assert!(text.ends_with('\n'), "the last line has a line feed, too");
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a help");
            assert!(is_name(name) && !help.is_empty(), "{line}");
            family = (name, "");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a type");
            assert!(name == family.0 && matches!(kind, "counter" | "gauge"), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            family = (name, kind);
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            assert!(name == family.0 && !family.1.is_empty() && are_labels(labels), "{line}");
            samples.push((series, value.parse().expect("a number")));
        }
    }
    samples
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn are_labels(text: &str) -> bool {
    let Some(labels) = text.strip_suffix('}') else {
        return false;
    };
    labels.is_empty()
        || labels.split(',').all(|label| {
            let quoted = |value: &str| value.len() >= 2 && value.starts_with('"') && value.ends_with('"');
            label
                .split_once('=')
                .is_some_and(|(name, value)| is_name(name) && quoted(value))
        })
}

#[tokio::test(start_paused = true)]
async fn metrics_count_requests_rules_and_faults() {
    let mock = mock();
    mock.add_fault(Fault::respond(503).times(1))
        .expect("a fault that makes sense");
    for (path, body) in [
        ("/track", CONVERSION),
        ("/track", CONVERSION),
        ("/track", CONVERSION),
        ("/alias", DENIED),
    ] {
        join(&mock).answer(&post(path, body)).await;
    }
    mock.config().clock.sleep(Duration::from_millis(2_500)).await;
    let answer = scrape(&mock, "").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let samples = samples(&answer.body);
    assert!(samples.contains(&("harness_uptime_seconds", 2.5)));
    assert!(!answer.body.contains("demo-project"), "a project id lets its sender in");
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("metrics", answer.body);
}

#[tokio::test(start_paused = true)]
async fn metrics_are_everyone_s_or_one_s() {
    let mock = mock();
    let one = post("/track", CONVERSION).replace("Host:", "Harness-Namespace: test-1\r\nHost:");
    for event in [&one, &one, &post("/track", CONVERSION)] {
        join(&mock).answer(event).await;
    }
    for (query, expected) in [("", 3.0), ("?namespace=test-1", 2.0), ("?project=demo-project", 1.0)] {
        let answer = scrape(&mock, query).await;
        assert!(
            samples(&answer.body).contains(&("harness_journal_entries", expected)),
            "{query}"
        );
    }
    let empty = scrape(&mock, "?namespace=test-2").await;
    assert!(samples(&empty.body).contains(&("harness_journal_entries", 0.0)));
}
