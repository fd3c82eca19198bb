//! Which requests a fault strikes.

use std::time::Duration;

use attribution_mock::{Call, Dialect, Fault, FaultAction, Mock};
use proptest::prelude::*;

use crate::peer::{CONVERSION, in_virtual_time, join, mock, post};

const SECOND: Duration = Duration::from_secs(1);

/// The statuses of so many tracks, one after the other.
async fn tracks(mock: &Mock, count: usize) -> Vec<u16> {
    let mut peer = join(mock);
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(peer.answer(&post("/track", CONVERSION)).await.status);
    }
    statuses
}

async fn status(mock: &Mock, path: &str, body: &str) -> u16 {
    join(mock).answer(&post(path, body)).await.status
}

fn counts(mock: &Mock) -> Vec<(u64, Option<u32>)> {
    mock.faults().iter().map(|fault| (fault.struck, fault.left)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_list_of_statuses_is_one_request_each_and_its_2xx_lets_pass() {
    let mock = mock();
    let _outage = mock.install(Fault::respond([503, 200, 429])).unwrap();
    assert_eq!(tracks(&mock, 2).await, [503, 200]);
    assert_eq!(mock.conversions().len(), 1, "what passes is recorded");
    assert_eq!(counts(&mock), [(1, Some(1))]);
    assert_eq!(tracks(&mock, 3).await, [429, 200, 200]);
    assert_eq!((counts(&mock), mock.conversions().len()), (vec![(2, Some(0))], 3));
}

#[tokio::test(start_paused = true)]
async fn every_nth_of_those_that_fit_is_struck() {
    let mock = mock();
    let _third = mock.install(Fault::respond(503).on("/track").every(3)).unwrap();
    status(&mock, "/identify", r#"{"user_id":"u"}"#).await;
    assert_eq!(tracks(&mock, 7).await, [200, 200, 503, 200, 200, 503, 200]);
    assert_eq!(counts(&mock), [(2, None)]);
}

#[tokio::test(start_paused = true)]
async fn one_visitor_is_struck_by_any_of_the_ids_and_nobody_else() {
    let mock = mock();
    let _unlucky = mock.install(Fault::respond(503).visitor("user-1")).unwrap();
    for (path, body, expected) in [
        ("/track", CONVERSION, 503),
        ("/identify", r#"{"cookie_id":"user-1","user_id":"u"}"#, 503),
        ("/alias", r#"{"previous_id":"user-1","user_id":"u"}"#, 503),
        ("/identify", r#"{"user_id":"user-2"}"#, 200),
        ("/track", "[]", 400),
        (
            "/v1/import",
            r#"{"batch":[{"type":"page","userId":"x"},{"type":"page","userId":"user-1"}]}"#,
            503,
        ),
    ] {
        assert_eq!(status(&mock, path, body).await, expected, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_a_call_and_a_dialect_narrow_a_fault() {
    let mock = mock();
    let page = r#"{"cookie_id":"c","event":"Viewed Pricing Page"}"#;
    {
        let _event = mock.install(Fault::respond(503).event("Order Completed")).unwrap();
        assert_eq!(status(&mock, "/track", CONVERSION).await, 503);
        assert_eq!(status(&mock, "/track", page).await, 200);
    }
    {
        let _pages = mock.install(Fault::respond(503).call(Call::Page)).unwrap();
        assert_eq!(status(&mock, "/track", CONVERSION).await, 200);
        assert_eq!(status(&mock, "/track", page).await, 503);
    }
    let _actions = mock.install(Fault::respond(503).dialect(Dialect::Actions)).unwrap();
    assert_eq!(status(&mock, "/track", CONVERSION).await, 200);
    assert_eq!(
        status(&mock, "/v1/t", r#"{"type":"track","userId":"u","event":"E"}"#).await,
        503
    );
}

#[tokio::test(start_paused = true)]
async fn a_window_opens_and_closes_on_the_mock_s_clock() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    clock.sleep(5 * SECOND).await;
    let window = Fault::respond(503).after(10 * SECOND).lasting(60 * SECOND);
    let _window = mock.install(window).unwrap();
    assert_eq!(tracks(&mock, 1).await, [200]);
    clock.sleep(10 * SECOND).await;
    assert_eq!(tracks(&mock, 2).await, [503, 503]);
    clock.sleep(60 * SECOND).await;
    assert_eq!(tracks(&mock, 1).await, [200]);
}

#[tokio::test(start_paused = true)]
async fn what_one_fault_lets_pass_is_for_the_next() {
    let mock = mock();
    let _second = mock.install(Fault::respond(502).every(2)).unwrap();
    let _list = mock.install(Fault::respond([200, 504])).unwrap();
    let _bucket = mock.install(Fault::rate(0.001, 1)).unwrap();
    assert_eq!(tracks(&mock, 4).await, [200, 502, 504, 502]);
    assert_eq!(tracks(&mock, 1).await, [429]);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_answers_429_until_the_time_it_told() {
    let mock = mock();
    let _bucket = mock.install(Fault::rate(0.5, 2)).unwrap();
    assert_eq!(tracks(&mock, 2).await, [200, 200]);
    let answer = join(&mock).answer(&post("/track", CONVERSION)).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("2")));
    mock.config().clock.sleep(SECOND).await;
    let answer = join(&mock).answer(&post("/track", CONVERSION)).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("1")));
    mock.config().clock.sleep(SECOND).await;
    assert_eq!(tracks(&mock, 2).await, [200, 429]);
    assert_eq!((counts(&mock), mock.conversions().len()), (vec![(3, None)], 3));
}

#[tokio::test(start_paused = true)]
async fn a_refused_request_of_a_stranger_uses_up_nothing() {
    let mock = mock();
    let _outage = mock.install(Fault::respond([503, 503])).unwrap();
    let stranger = post("/track", CONVERSION).replace("ZGVtby1wcm9qZWN0Og==", "b3RoZXI6");
    assert_eq!(join(&mock).answer(&stranger).await.status, 401);
    assert_eq!(counts(&mock), [(0, Some(2))]);
}

#[tokio::test(start_paused = true)]
async fn removing_all_faults_lets_go_what_they_hold() {
    let mock = mock();
    mock.install(Fault::delay(3600 * SECOND)).unwrap().keep();
    mock.install(Fault::respond(503)).unwrap().keep();
    let clock = mock.config().clock.clone();
    let mut peer = join(&mock);
    let exchange = clock.exchange();
    peer.send(&post("/track", CONVERSION)).await;
    clock.quiesce().await;
    assert_eq!(mock.remove_faults(), 2);
    assert_eq!(peer.receive().await.unwrap().status, 200);
    drop(exchange);
    assert_eq!((clock.elapsed(), mock.conversions().len()), (Duration::ZERO, 1));
}

proptest! {
    #[test]
    fn times_and_every_strike_exactly_so_many(every in 1..6_u32, times in 1..6_u32, requests in 0..30_u32) {
        in_virtual_time(async {
            let mock = mock();
            let _fault = mock.install(Fault::respond(503).every(every).times(times)).unwrap();
            let statuses = tracks(&mock, requests as usize).await;
            let struck: Vec<u32> = (1..).zip(statuses).filter(|(_, status)| *status == 503).map(|(n, _)| n).collect();
            let expected: Vec<u32> = (1..=times).map(|n| n * every).filter(|n| *n <= requests).collect();
            prop_assert_eq!(struck, expected);
            Ok(())
        })?;
    }

    #[test]
    fn the_same_seed_strikes_the_same_whatever_came_before(
        seed: u64,
        probability in 0.05..1.0,
        requests in 1..30_usize,
    ) {
        in_virtual_time(async {
            let fault = Fault::respond(503).probability(probability, seed);
            let mock = mock();
            let first = { let _fault = mock.install(fault.clone()).unwrap(); tracks(&mock, requests).await };
            drop(mock.install(Fault::respond(503)).unwrap());
            let _fault = mock.install(fault).unwrap();
            prop_assert_eq!(first, tracks(&mock, requests).await);
            Ok(())
        })?;
    }

    #[test]
    fn what_ends_before_recording_leaves_nothing_and_what_ends_after_it_one_each(
        (action, records) in prop::sample::select(vec![
            (FaultAction::CloseBefore, false),
            (FaultAction::ResetBefore, false),
            (FaultAction::CloseAfter, true),
            (FaultAction::ResetAfter, true),
        ]),
        times in 1..4_u32,
        requests in 0..8_u32,
    ) {
        in_virtual_time(async {
            let mock = mock();
            let _fault = mock.install(Fault::new(action).times(times)).unwrap();
            let mut unanswered = 0;
            for _ in 0..requests {
                unanswered += u32::from(join(&mock).ask(&post("/track", CONVERSION)).await.is_none());
            }
            prop_assert_eq!(unanswered, times.min(requests));
            let recorded = if records { requests } else { requests - unanswered };
            prop_assert_eq!(mock.conversions().len(), recorded as usize);
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn a_probability_is_about_such_a_part_and_two_faults_without_a_seed_differ() {
    let mock = mock();
    let strikes = |fault: Fault| {
        let mock = mock.clone();
        async move {
            let _fault = mock.install(fault).unwrap();
            tracks(&mock, 1_000).await
        }
    };
    let seeded = strikes(Fault::respond(503).probability(0.3, 7)).await;
    let struck = seeded.iter().filter(|status| **status == 503).count();
    assert!((250..350).contains(&struck), "{struck}");
    let mut seedless = Fault::respond(503);
    seedless.matching.probability = Some(0.3);
    assert_ne!(strikes(seedless.clone()).await, strikes(seedless).await);
}
