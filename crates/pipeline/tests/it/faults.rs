//! Whatever goes wrong on the way: nothing is lost silently, and one visitor's events arrive in order.

use std::collections::BTreeMap;
use std::time::Duration;

use attribution_destination::deliver::{Delivery, Outcome};
use attribution_mock::{Fault, FaultAction, FaultAnswer, RetryAfter, WrongLength};
use pipeline::{Config, Fate, LinkFault, Pipeline};
use proptest::prelude::*;
use serde_json::json;

use crate::generate::{message, who};
use crate::virtually::virtually;

#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    Server(FaultAction),
    Link(LinkFault),
}

pub(crate) fn trouble() -> impl Strategy<Value = Trouble> {
    let status = prop_oneof![Just(429), Just(500), Just(503), Just(400), Just(302), Just(501)];
    let retry_after = prop::option::of((0..300_u64).prop_map(RetryAfter::Seconds));
    prop_oneof![
        (status, retry_after).prop_map(|(status, retry_after)| {
            let answer = FaultAnswer::new(status);
            Trouble::Server(FaultAction::Respond(FaultAnswer { retry_after, ..answer }))
        }),
        (0..8_000_u64).prop_map(|millis| Trouble::Server(Fault::delay(Duration::from_millis(millis)).action)),
        (1..2_000_u64).prop_map(|bytes_per_second| Trouble::Server(FaultAction::Bandwidth { bytes_per_second })),
        Just(Trouble::Server(FaultAction::Hang)),
        Just(Trouble::Server(FaultAction::CloseBefore)),
        Just(Trouble::Server(FaultAction::CloseAfter)),
        Just(Trouble::Server(FaultAction::ResetBefore)),
        Just(Trouble::Server(FaultAction::ResetAfter)),
        Just(Trouble::Server(FaultAction::Truncate)),
        Just(Trouble::Server(FaultAction::Garbage)),
        Just(Trouble::Server(FaultAction::ContentLength(WrongLength::More))),
        Just(Trouble::Server(FaultAction::ContentLength(WrongLength::Less))),
        Just(Trouble::Server(FaultAction::Refuse)),
        Just(Trouble::Link(LinkFault::Refuse)),
        (0..900_usize).prop_map(|after| Trouble::Link(LinkFault::Cut { after })),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Track((Option<String>, Option<String>)),
    Trouble(Trouble, u32),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => who().prop_map(Step::Track),
        3 => (trouble(), 1..4_u32).prop_map(|(trouble, times)| Step::Trouble(trouble, times)),
        1 => (0..600_u64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..40)
}

/// What was sent, what became of it, and which numbers arrived, in the order of arrival.
struct Played {
    sent: Vec<(Option<String>, Option<String>)>,
    outcomes: Vec<Outcome>,
    arrived: Vec<usize>,
}

fn play(steps: &[Step]) -> Played {
    virtually(async {
        let mut pipeline = Pipeline::start(Config::simulated(jiff::Timestamp::UNIX_EPOCH))
            .await
            .unwrap();
        let mut sent = Vec::new();
        for step in steps {
            match step {
                Step::Track(who) => {
                    let mut track = message("track", who);
                    track["event"] = "numbered".into();
                    track["properties"] = json!({ "number": sent.len() });
                    pipeline.accept(&track).await;
                    sent.push(who.clone());
                }
                Step::Trouble(Trouble::Server(action), times) => {
                    let fault = Fault::new(action.clone()).times(*times);
                    pipeline.mock().add_fault(fault).unwrap();
                }
                Step::Trouble(Trouble::Link(fault), times) => pipeline.link().plan(*fault, Some(*times)),
                Step::Wait(seconds) => pipeline.clock().sleep(Duration::from_secs(*seconds)).await,
            }
        }
        pipeline.settle().await;
        let outcomes = pipeline.handled().iter().map(|message| match &message.fate {
            Fate::Done(outcome) => outcome.clone(),
            other => panic!("no outcome: {other:?}"),
        });
        let outcomes = outcomes.collect();
        let number = |conversion: attribution_ledger::Conversion| {
            usize::try_from(conversion.properties["number"].as_u64().unwrap()).unwrap()
        };
        let arrived = pipeline.mock().conversions().into_iter().map(number).collect();
        Played {
            sent,
            outcomes,
            arrived,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_lost_and_one_visitors_events_arrive_in_order(steps in steps()) {
        let Played { sent, outcomes, arrived } = play(&steps);
        prop_assert_eq!(sent.len(), outcomes.len());
        let mut copies: BTreeMap<usize, usize> = BTreeMap::new();
        for number in &arrived {
            *copies.entry(*number).or_default() += 1;
        }
        for (number, outcome) in outcomes.iter().enumerate() {
            let copies = copies.get(&number).copied().unwrap_or(0);
            // An attempt without an answer may have arrived or not; one that was answered arrived if it was a success.
            let unanswered = outcome.attempts.iter().filter(|attempt| attempt.answer.is_err()).count();
            let delivered = usize::from(matches!(outcome.result, Delivery::Delivered { .. }));
            prop_assert!((delivered..=delivered + unanswered).contains(&copies), "{number}: {copies} copies of {outcome:?}");
            prop_assert!(outcome.elapsed >= Duration::ZERO && !outcome.attempts.is_empty());
        }
        for id in sent.iter().flat_map(|(cookie, user)| [cookie, user]).flatten() {
            let of_id = |number: &&usize| sent[**number].0.as_ref() == Some(id) || sent[**number].1.as_ref() == Some(id);
            let order: Vec<&usize> = arrived.iter().filter(of_id).collect();
            prop_assert!(order.is_sorted(), "{id}: {order:?}");
        }
    }
}

#[test]
fn the_order_of_arrival_is_checked_on_the_wire_itself() {
    let who = (Some("anon-1".to_owned()), None);
    let retried = Trouble::Server(Fault::respond(503).action);
    let played = play(&[
        Step::Trouble(retried, 5),
        Step::Track(who.clone()),
        Step::Track(who.clone()),
        Step::Track(who),
    ]);
    assert_eq!(played.arrived, [0, 1, 2]);
    assert_eq!(
        played
            .outcomes
            .iter()
            .map(|outcome| outcome.attempts.len())
            .collect::<Vec<_>>(),
        [6, 1, 1]
    );
}
