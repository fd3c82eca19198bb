use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::cases;
use crate::program::{Ending, Exit};
use crate::said::Said;
use crate::suite::Suite;

fn case(id: &str) -> Case {
    let found = cases(&Suite::ALL).into_iter().find(|case| case.id() == id);
    found.unwrap_or_else(|| panic!("there is no case {id}"))
}

/// The messages of a case as an SDK sends them, with ids.
fn sent(case: &Case) -> Vec<Value> {
    let numbered = case.messages().cloned().enumerate();
    let with_id = numbered.map(|(number, mut message)| {
        message["messageId"] = message
            .get("messageId")
            .cloned()
            .unwrap_or_else(|| json!(format!("m-{number}")));
        message["context"]["library"] = json!({"name": "an-sdk"});
        message
    });
    with_id.collect()
}

fn delivery(messages: Vec<Value>, fate: Fate, at: u64) -> Delivery {
    Delivery {
        came: Duration::from_millis(at),
        answered: Duration::from_millis(at),
        messages,
        retry_count: None,
        write_key: Some("sdk-contract".to_owned()),
        fate,
    }
}

fn seen(deliveries: Vec<Delivery>, success: bool) -> Observed {
    let said = Said { success, error: None };
    Observed {
        deliveries,
        fetched_after: None,
        astray: Vec::new(),
        refusals: Vec::new(),
        ending: Ending {
            exit: Exit::Ended {
                code: Some(i32::from(!success)),
                said: Ok(said),
            },
            stderr: String::new(),
        },
    }
}

/// What each failure is about.
fn failures(case: &Case, observed: &Observed) -> Vec<String> {
    let report = judge(case, observed);
    report.failures.into_iter().map(|failure| failure.what).collect()
}

#[test]
fn a_message_that_arrives_once_with_more_than_was_given_passes() {
    for id in [
        "basic/track",
        "basic/alias",
        "basic/text",
        "basic/timestamp",
        "basic/message-id",
        "basic/context",
    ] {
        let case = case(id);
        let observed = seen(vec![delivery(sent(&case), Fate::Answered(200), 0)], true);
        assert_eq!(judge(&case, &observed).failures, [], "{id}");
    }
}

#[test]
fn a_number_is_the_same_however_it_is_written_and_a_moment_in_whatever_zone() {
    let track = case("basic/track");
    let mut messages = sent(&track);
    messages[0]["properties"]["revenue"] = serde_json::from_str("12.50").unwrap();
    assert_eq!(
        failures(&track, &seen(vec![delivery(messages, Fate::Answered(200), 0)], true)),
        [""; 0]
    );

    let timestamp = case("basic/timestamp");
    let mut messages = sent(&timestamp);
    messages[0]["timestamp"] = json!("2024-01-15T11:00:00+01:00");
    let observed = seen(vec![delivery(messages.clone(), Fate::Answered(200), 0)], true);
    assert_eq!(failures(&timestamp, &observed), [""; 0]);
    messages[0]["timestamp"] = json!("2024-01-15T11:00:00Z");
    let observed = seen(vec![delivery(messages, Fate::Answered(200), 0)], true);
    assert_eq!(failures(&timestamp, &observed), ["timestamp"]);
}

#[test]
fn what_is_lost_changed_doubled_or_out_of_order_is_told() {
    let track = case("basic/track");
    assert_eq!(failures(&track, &seen(Vec::new(), true)), ["track \"Order Completed\""]);

    let mut changed = sent(&track);
    changed[0]["properties"]["products"][0]["quantity"] = json!(3);
    let report = judge(&track, &seen(vec![delivery(changed, Fate::Answered(200), 0)], true));
    assert_eq!(
        report.failures[0].what,
        "track \"Order Completed\" at /properties/products"
    );

    let doubled = [sent(&track), sent(&track)].concat();
    let report = judge(&track, &seen(vec![delivery(doubled, Fate::Answered(200), 0)], true));
    assert_eq!(report.failures[0].actual, "arrived once more");

    let several = case("basic/one-batch");
    let mut turned = sent(&several);
    turned.swap(0, 1);
    let observed = seen(vec![delivery(turned, Fate::Answered(200), 0)], true);
    assert_eq!(failures(&several, &observed), ["the order within a request"]);

    let mut fused = sent(&several);
    fused[1]["messageId"] = fused[0]["messageId"].clone();
    let report = judge(&several, &seen(vec![delivery(fused, Fate::Answered(200), 0)], true));
    assert_eq!(report.failures[0].expected, "has a messageId of its own");
}

#[test]
fn a_refused_attempt_is_no_arrival_and_a_lost_answer_counts_once_under_the_same_id() {
    let lost = case("retry/lost-answer");
    let twice = |again: Vec<Value>| {
        let first = delivery(sent(&lost), Fate::TakenThenReset, 0);
        seen(vec![first, delivery(again, Fate::Answered(200), 5)], true)
    };
    assert_eq!(failures(&lost, &twice(sent(&lost))), [""; 0]);
    let mut renamed = sent(&lost);
    renamed[0]["messageId"] = json!("new");
    assert_eq!(
        failures(&lost, &twice(renamed)),
        ["track \"Step 1\"", "messageIds of request 2"]
    );

    let refused = case("retry/bad-request");
    let observed = seen(vec![delivery(sent(&refused), Fate::Answered(400), 0)], false);
    assert_eq!(failures(&refused, &observed), [""; 0]);
    let again = delivery(sent(&refused), Fate::Answered(200), 5);
    let observed = seen(vec![delivery(sent(&refused), Fate::Answered(400), 0), again], true);
    assert_eq!(
        failures(&refused, &observed),
        ["messages that arrive", "requests with messages", "the command's word"]
    );
}

#[test]
fn a_retry_after_is_waited_for() {
    let limited = case("retry/rate-limit");
    let after = |waited: u64| {
        let first = delivery(sent(&limited), Fate::Answered(429), 100);
        seen(
            vec![first, delivery(sent(&limited), Fate::Answered(200), 100 + waited)],
            true,
        )
    };
    assert_eq!(failures(&limited, &after(1_000)), [""; 0]);
    assert_eq!(failures(&limited, &after(5_000)), [""; 0]);
    assert_eq!(failures(&limited, &after(500)), ["the wait before the second request"]);
}

#[test]
fn settings_are_fetched_first_and_every_request_names_the_key() {
    let fetched = case("settings/fetched");
    let come = || vec![delivery(sent(&fetched), Fate::Answered(200), 0)];
    assert_eq!(failures(&fetched, &seen(come(), true)), ["the settings"]);
    let early = Observed {
        fetched_after: Some(0),
        ..seen(come(), true)
    };
    assert_eq!(failures(&fetched, &early), [""; 0]);

    let keyed = case("settings/write-key");
    let mut other = delivery(sent(&keyed), Fate::Answered(200), 0);
    other.write_key = Some("secret".to_owned());
    let report = judge(&keyed, &seen(vec![other], true));
    assert_eq!(report.failures[0].what, "write key of request 1");
    assert!(!format!("{report:?}").contains("secret"));
}

#[test]
fn batches_are_no_larger_than_flush_at_and_retries_are_counted() {
    let batches = case("basic/batches");
    let observed = seen(vec![delivery(sent(&batches), Fate::Answered(200), 0)], true);
    assert_eq!(failures(&batches, &observed), ["messages in request 1"]);

    let counted = case("retry/retry-count");
    let mut second = delivery(sent(&counted), Fate::Answered(200), 5);
    let first = delivery(sent(&counted), Fate::Answered(503), 0);
    let without = seen(vec![first.clone(), second.clone()], true);
    assert_eq!(failures(&counted, &without), ["X-Retry-Count of the second request"]);
    second.retry_count = Some("1".to_owned());
    assert_eq!(failures(&counted, &seen(vec![first, second], true)), [""; 0]);
}

#[test]
fn how_the_command_ends_is_judged_in_every_case() {
    let track = case("basic/track");
    let ends = |exit: Exit| {
        let mut observed = seen(vec![delivery(sent(&track), Fate::Answered(200), 0)], true);
        observed.ending.exit = exit;
        judge(&track, &observed)
            .failures
            .into_iter()
            .map(|failure| failure.actual)
            .collect::<Vec<_>>()
    };
    let said = |success| {
        Ok(Said {
            success,
            error: Some("no".to_owned()),
        })
    };
    let ended = |code, said| Exit::Ended { code, said };
    assert_eq!(ends(ended(Some(0), said(true))), [""; 0]);
    assert_eq!(ends(ended(Some(3), said(true))), ["exit code 3"]);
    assert_eq!(ends(ended(None, said(true))), ["ended by a signal"]);
    assert_eq!(ends(ended(Some(1), said(false))), ["success false, error \"no\""]);
    assert_eq!(
        ends(ended(Some(0), Err("bye\n".to_owned()))),
        ["its output ends \"bye\""]
    );
    assert_eq!(
        ends(ended(Some(0), Err(String::new()))),
        ["wrote nothing to standard output"]
    );
    assert_eq!(ends(Exit::TimedOut(Duration::from_secs(1))), ["did not, and was ended"]);
}

#[test]
fn what_went_elsewhere_and_what_ingest_refuses_is_told() {
    let track = case("basic/track");
    let lost = Observed {
        astray: vec!["POST /b".to_owned()],
        ..seen(Vec::new(), true)
    };
    let report = judge(&track, &lost);
    assert_eq!(
        report.failures.last().map(|failure| failure.actual.as_str()),
        Some("POST /b")
    );
    let refused = Observed {
        refusals: vec!["no event".to_owned()],
        ..seen(vec![delivery(sent(&track), Fate::Answered(200), 0)], true)
    };
    assert_eq!(failures(&track, &refused), ["ingest"]);
}
