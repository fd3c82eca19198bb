//! What an outcome tells of each message.

use std::collections::BTreeMap;
use std::sync::Arc;

use scenario::{Outcome, RunError, RunOptions, Source, parse, run, run_until};

fn played(text: &str) -> Outcome {
    let source = Arc::new(Source::new("test.yaml", text.as_bytes().to_vec()).expect("text is UTF-8"));
    let scenarios = parse(source, &BTreeMap::new()).unwrap_or_else(|error| panic!("{}", error.render()));
    run(&scenarios[0], &RunOptions::default()).expect("it can be played")
}

const STORY: &str = "
steps:
  - page: { anonymousId: anon-1, name: Home, properties: { url: https://shop.example/ } }
  - page: { anonymousId: anon-2, properties: { url: https://shop.example/ } }
  - identify: { anonymousId: anon-1, userId: user-1 }
  - fault: { path: /track, respond: 503 }
  - track: { userId: user-1, event: sign up }
expect:
  conversions: [{ visitor: anon-1, event: sign-up }]
";

#[test]
fn every_message_has_its_attempts_and_its_visitor() {
    let timeline = played(STORY).timeline;
    let told: Vec<String> = timeline
        .messages
        .iter()
        .map(|message| {
            let answers: Vec<&str> = message.attempts.iter().map(|attempt| attempt.answer.as_str()).collect();
            let visitor = message.visitor.as_deref().unwrap_or("nobody");
            let name = message.name.as_deref().unwrap_or("-");
            format!(
                "{} {name} of {visitor}: {}, {}",
                message.kind.unwrap_or("-"),
                answers.join(", "),
                message.fate
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "page Home of user-1: answered 200 OK, delivered",
            "page - of anon-2: answered 200 OK, delivered",
            "identify - of user-1: answered 200 OK, delivered",
            "track sign up of user-1: answered 503 Service Unavailable, answered 200 OK, delivered",
        ]
    );
}

#[test]
fn a_failure_concerns_whom_it_names_as_attribution_knows_them() {
    let timeline = played(STORY).timeline;
    assert_eq!(timeline.concerned, ["user-1"]);
    let messages = timeline.messages_of(&timeline.concerned);
    assert_eq!(
        messages
            .map(|message| message.message_id.as_deref())
            .collect::<Vec<_>>(),
        [Some("msg-0001"), Some("msg-0003"), Some("msg-0004")]
    );
    let sections: Vec<&str> = timeline
        .recorded_of(&timeline.concerned)
        .map(|row| row.section)
        .collect();
    assert_eq!(sections, ["visits", "identities", "conversions"]);
    assert_eq!(timeline.recorded_of(&[]).count(), 4);
}

#[test]
fn a_failure_about_nobody_in_particular_concerns_nobody() {
    let timeline =
        played("steps: [{ track: { userId: u, event: a } }]\nexpect: { conversions: { count: 2 } }").timeline;
    assert_eq!(timeline.concerned, <[String; 0]>::default());
    assert_eq!(timeline.messages_of(&timeline.concerned).count(), 1);
}

#[test]
fn a_message_that_never_arrived_says_why() {
    let timeline = played("steps: [{ track: { event: a } }]").timeline;
    assert_eq!(timeline.messages[0].fate, "invalid");
    assert!(
        timeline.messages[0]
            .why
            .as_deref()
            .is_some_and(|why| why.contains("no_user_anon_id"))
    );
}

#[test]
fn what_is_stopped_has_no_outcome() {
    let source = Arc::new(Source::new("test.yaml", STORY.as_bytes().to_vec()).expect("text is UTF-8"));
    let scenarios = parse(source, &BTreeMap::new()).expect("it has no mistake");
    let stopped = run_until(&scenarios[0], &RunOptions::default(), std::future::ready(()));
    assert!(matches!(stopped, Err(RunError::Stopped)));
    let played = run_until(&scenarios[0], &RunOptions::default(), std::future::pending());
    assert_eq!(played.map(|outcome| outcome.failures.len()).ok(), Some(1));
}
