use std::time::Duration;

use attribution_ledger::EntryVerdict;
use attribution_mock::{Fault, FaultAction, FaultAnswer, FaultError, Latency, Mock, RetryAfter};

use crate::peer::{CONVERSION, DENIED, join, mock, post};

const SECOND: Duration = Duration::from_secs(1);

fn verdicts(mock: &Mock) -> Vec<(u16, EntryVerdict)> {
    mock.entries()
        .iter()
        .map(|entry| (entry.status, entry.verdict))
        .collect()
}

async fn statuses(mock: &Mock, paths: &[&str]) -> Vec<u16> {
    let mut peer = join(mock);
    let mut statuses = Vec::new();
    for path in paths {
        statuses.push(
            peer.answer(&post(path, r#"{"user_id":"u","previous_id":"p","event":"E"}"#))
                .await
                .status,
        );
    }
    statuses
}

#[tokio::test(start_paused = true)]
async fn a_prescribed_answer_is_given_so_often_and_records_nothing() {
    let mock = mock();
    let answer = FaultAnswer::new(429)
        .retry_after(RetryAfter::Seconds(30))
        .body("slow down");
    let _limit = mock.install(Fault::answer(answer).times(1)).unwrap();
    let answer = join(&mock).answer(&post("/track", CONVERSION)).await;
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("prescribed_answer", answer.raw.replace("\r\n", "\n"));
    assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(
        verdicts(&mock),
        [(429, EntryVerdict::Ignored), (200, EntryVerdict::Recorded)]
    );
    assert_eq!(mock.conversions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn retry_after_may_be_a_date_and_a_json_body_is_sent_as_json() {
    let mock = mock();
    let date = "2024-01-15T10:00:30Z".parse().unwrap();
    let answer = FaultAnswer::new(503).retry_after(RetryAfter::Date(date)).body("{}");
    let _busy = mock.install(Fault::answer(answer)).unwrap();
    let answer = join(&mock).answer(&post("/track", CONVERSION)).await;
    assert_eq!(answer.header("retry-after"), Some("Mon, 15 Jan 2024 10:00:30 GMT"));
    assert_eq!(
        (answer.header("content-type"), answer.body.as_str()),
        (Some("application/json"), "{}")
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_installed_fault_that_fits_and_is_not_used_up_strikes() {
    let mock = mock();
    let _alias = mock.install(Fault::respond(500).on("/alias").times(1)).unwrap();
    let _twice = mock.install(Fault::respond(502).times(2)).unwrap();
    let _track = mock.install(Fault::respond(504).on("/track")).unwrap();
    let paths = ["/track", "/alias", "/alias", "/track", "/alias", "/track"];
    assert_eq!(statuses(&mock, &paths).await, [502, 500, 502, 504, 200, 504]);
    assert_eq!(
        mock.faults().iter().map(|fault| fault.left).collect::<Vec<_>>(),
        [Some(0), Some(0), None]
    );
}

#[tokio::test(start_paused = true)]
async fn of_many_requests_at_once_exactly_so_many_are_struck() {
    let mock = mock();
    let _outage = mock.install(Fault::respond(503).times(3)).unwrap();
    let asking: Vec<_> = (0..10)
        .map(|_| {
            let mut peer = join(&mock);
            tokio::spawn(async move { peer.answer(&post("/track", CONVERSION)).await.status })
        })
        .collect();
    let mut struck = 0;
    for asked in asking {
        struck += usize::from(asked.await.unwrap() == 503);
    }
    assert_eq!((struck, mock.conversions().len()), (3, 7));
}

#[tokio::test(start_paused = true)]
async fn close_before_sends_no_byte_and_records_nothing() {
    let mock = mock();
    mock.install(Fault::new(FaultAction::CloseBefore).times(1))
        .unwrap()
        .keep();
    assert!(join(&mock).ask(&post("/track", CONVERSION)).await.is_none());
    assert_eq!(verdicts(&mock), [(0, EntryVerdict::Ignored)]);
    assert!(mock.conversions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn close_after_makes_a_duplicate_of_a_sender_that_tries_again() {
    let mock = mock();
    mock.install(Fault::new(FaultAction::CloseAfter).times(1))
        .unwrap()
        .keep();
    assert!(join(&mock).ask(&post("/track", CONVERSION)).await.is_none());
    assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
    assert_eq!(verdicts(&mock), [(200, EntryVerdict::Recorded); 2]);
    assert_eq!(mock.conversions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn close_after_does_not_record_what_would_have_been_refused() {
    let mock = mock();
    let _lost = mock.install(Fault::new(FaultAction::CloseAfter)).unwrap();
    assert!(join(&mock).ask(&post("/track", DENIED)).await.is_none());
    assert_eq!(verdicts(&mock), [(400, EntryVerdict::Refused)]);
}

#[tokio::test(start_paused = true)]
async fn a_delayed_request_is_recorded_when_it_arrives_and_answered_later() {
    let mock = mock();
    let _slow = mock.install(Fault::delay(10 * SECOND)).unwrap();
    let clock = mock.config().clock.clone();
    let mut peer = join(&mock);
    let exchange = clock.exchange();
    peer.send(&post("/track", CONVERSION)).await;
    clock.quiesce().await;
    assert_eq!((clock.elapsed(), mock.conversions().len()), (Duration::ZERO, 1));
    let answer = peer.receive().await.unwrap();
    drop(exchange);
    assert_eq!((answer.status, clock.elapsed().as_secs()), (200, 10));
    assert_eq!(answer.header("date"), Some("Mon, 15 Jan 2024 10:00:10 GMT"));
}

#[tokio::test(start_paused = true)]
async fn a_hanging_request_is_answered_when_its_fault_is_removed() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let hang = mock.install(Fault::new(FaultAction::Hang).times(1)).unwrap();
    let mut peer = join(&mock);
    peer.send(&post("/track", CONVERSION)).await;
    let early = tokio::time::timeout(3600 * SECOND, peer.receive()).await;
    assert!(
        early.is_err(),
        "an hour later it still hangs, though the fault is used up"
    );
    drop(hang);
    assert_eq!(peer.receive().await.unwrap().status, 200);
    assert_eq!(clock.elapsed(), 3600 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_reset_lets_go_what_is_held_and_forgets_the_rest() {
    let mock = mock();
    let _slow = mock.install(Fault::delay(3600 * SECOND)).unwrap();
    let clock = mock.config().clock.clone();
    let mut peer = join(&mock);
    let exchange = clock.exchange();
    peer.send(&post("/track", CONVERSION)).await;
    clock.quiesce().await;
    mock.reset();
    assert_eq!(peer.receive().await.unwrap().status, 200);
    drop(exchange);
    assert_eq!(clock.elapsed(), Duration::ZERO);
    assert!(mock.entries().is_empty() && mock.conversions().is_empty() && mock.faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_exchange_is_parked_only_while_its_sender_waits() {
    let mock = mock();
    let clock = mock.config().clock.clone();
    let _hang = mock.install(Fault::new(FaultAction::Hang)).unwrap();
    let mut peer = join(&mock);
    let _exchange = clock.exchange();
    assert!(!clock.is_quiet());
    peer.send(&post("/track", CONVERSION)).await;
    clock.quiesce().await;
    assert!(clock.is_quiet(), "the exchange waits for time, and the clock knows");
    drop(peer);
    clock.sleep(SECOND).await;
    assert!(!clock.is_quiet(), "the sender hung up: nothing is held any more");
}

#[tokio::test(start_paused = true)]
async fn a_fault_lasts_as_long_as_its_guard_unless_it_is_kept() {
    let mock = mock();
    drop(mock.install(Fault::respond(503)).unwrap());
    assert_eq!(statuses(&mock, &["/track"]).await, [200]);
    let kept = mock.install(Fault::respond(503)).unwrap().keep();
    assert_eq!(statuses(&mock, &["/track"]).await, [503]);
    assert!(mock.remove_fault(kept) && !mock.remove_fault(kept));
    assert_eq!(statuses(&mock, &["/track"]).await, [200]);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_makes_no_sense_is_refused() {
    let mock = mock();
    let refused = |fault| mock.add_fault(fault).unwrap_err();
    let nearest = Some("/track");
    assert_eq!(
        refused(Fault::respond(503).on("/trakc")),
        FaultError::UnknownPath {
            path: "/trakc".to_owned(),
            nearest
        }
    );
    assert_eq!(refused(Fault::respond(100)), FaultError::Status(100));
    assert_eq!(refused(Fault::respond(600)), FaultError::Status(600));
    for status in [204, 205, 304] {
        let with_body = Fault::answer(FaultAnswer::new(status).body("x"));
        assert_eq!(refused(with_body), FaultError::Bodiless(status));
    }
    assert_eq!(refused(Fault::respond(503).times(0)), FaultError::Never);
    let long_ago = RetryAfter::Date("-000001-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(
        refused(Fault::answer(FaultAnswer::new(503).retry_after(long_ago))),
        FaultError::RetryAfter
    );
    assert_eq!(refused(Fault::respond([200, 204])), FaultError::AllPass);
    assert_eq!(refused(Fault::respond([503, 99])), FaultError::Status(99));
    assert_eq!(refused(Fault::respond(503).every(0)), FaultError::Every);
    for probability in [0.0, -0.5, 1.5, f64::NAN] {
        let unlucky = Fault::respond(503).probability(probability, 7);
        assert_eq!(refused(unlucky), FaultError::Probability, "{probability}");
    }
    assert_eq!(
        refused(Fault::respond(503).visitor(" ")),
        FaultError::Blank { word: "visitor" }
    );
    assert_eq!(refused(Fault::respond(503).lasting(Duration::ZERO)), FaultError::NoTime);
    for (word, fault) in [
        ("times", Fault::respond([503]).times(2)),
        ("every", Fault::rate(1.0, 1).every(2)),
        ("path", Fault::new(FaultAction::Refuse).on("/track")),
        ("event", Fault::new(FaultAction::Refuse).event("Sign Up")),
    ] {
        assert_eq!(refused(fault).place(), [word]);
    }
    let bandwidth = Fault::new(FaultAction::Bandwidth { bytes_per_second: 0 });
    assert_eq!(refused(bandwidth), FaultError::Bandwidth);
    assert_eq!(refused(Fault::rate(0.0, 1)), FaultError::PerSecond);
    assert_eq!(refused(Fault::rate(1.0, 0)), FaultError::Burst);
    let (from, to) = (2 * SECOND, SECOND);
    assert_eq!(
        refused(Fault::delay(Latency::Uniform { from, to })),
        FaultError::Uniform
    );
    let mislabelled = Fault::new(FaultAction::ContentType("text\n/html".to_owned()));
    assert_eq!(refused(mislabelled), FaultError::ContentType);
    assert!(mock.faults().is_empty());
}
