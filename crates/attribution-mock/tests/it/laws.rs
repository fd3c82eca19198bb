use attribution_ledger::{BrowserRoute, EntryVerdict, Ledger, Route};
use attribution_mock::{Fault, FaultAction, Mock};
use proptest::prelude::*;

use crate::peer::{
    AUTHORIZATION, CONVERSION, DENIED, Peer, in_virtual_time, join, mock, post, post_in_its_dialect, post_text,
};

/// One thing that happens to a mock.
#[derive(Clone, Debug)]
enum Event {
    Fault(Box<Fault>),
    Request(Route, &'static str),
    Reset,
}

fn event() -> impl Strategy<Value = Event> {
    let route = || prop::sample::select(Route::ALL.to_vec());
    let body = prop::sample::select(vec![
        CONVERSION,
        DENIED,
        r#"{"cookie_id":"c-1","user_id":"user-1"}"#,
        r#"{"cookie_id":"c-1","event":"Viewed Pricing Page","properties":{"url":"https://shop.example/?utm_source=x"}}"#,
        r#"{"previous_id":"user-1","user_id":"user-2"}"#,
        r#"{"messageId":"1","timestamp":"2024-01-15T10:00:00.000Z","userId":"user-1","type":"track","event":"Sign Up"}"#,
        r#"{"batch":[{"messageId":"1","userId":"user-1","type":"track","event":"Sign Up"},{"type":"page","userId":"user-1"}]}"#,
    ]);
    let action = prop_oneof![
        (200u16..600).prop_map(|status| Fault::respond(status).action),
        (0u64..10_000).prop_map(|millis| Fault::delay(std::time::Duration::from_millis(millis)).action),
        Just(FaultAction::CloseBefore),
        Just(FaultAction::CloseAfter),
        Just(FaultAction::ResetBefore),
        Just(FaultAction::ResetAfter),
        Just(FaultAction::ContentType("text/html".to_owned())),
        (1..10_000_u64).prop_map(|bytes_per_second| FaultAction::Bandwidth { bytes_per_second }),
        (0.1..10.0, 1..5_u32).prop_map(|(per_second, burst)| Fault::rate(per_second, burst).action),
    ];
    let fault = (prop::option::of(route()), action, 1u32..4).prop_map(|(route, action, times)| {
        let mut fault = Fault::new(action).times(times);
        fault.matching.path = route.map(|route| route.path().to_owned());
        fault
    });
    prop_oneof![
        2 => fault.prop_map(|fault| Event::Fault(Box::new(fault))),
        7 => (route(), body).prop_map(|(route, body)| Event::Request(route, body)),
        1 => Just(Event::Reset),
    ]
}

/// Lets all of this happen, one after the other; how many requests were sent since the last reset, and their answers.
async fn play(mock: &Mock, events: &[Event]) -> Vec<Option<u16>> {
    let mut answers = Vec::new();
    for event in events {
        match event {
            Event::Fault(fault) => drop(mock.add_fault(Fault::clone(fault)).expect("a fault that makes sense")),
            Event::Request(route, body) => {
                answers.push(
                    join(mock)
                        .ask(&post_in_its_dialect(*route, body))
                        .await
                        .map(|answer| answer.status),
                );
            }
            Event::Reset => {
                mock.reset();
                answers.clear();
            }
        }
    }
    answers
}

proptest! {
    #[test]
    fn under_any_faults_every_request_is_one_entry_and_the_ledger_is_the_journal_s_replay(
        events in prop::collection::vec(event(), 0..20),
    ) {
        in_virtual_time(async {
            let mock = mock();
            let answers = play(&mock, &events).await;
            let entries = mock.entries();
            prop_assert!(entries.iter().map(|entry| entry.seq).eq(1..=answers.len() as u64));
            for (entry, answer) in entries.iter().zip(&answers) {
                // An answer that arrived is the one in the journal; a closed connection has none, or one that was meant.
                prop_assert!(answer.is_none_or(|status| status == entry.status));
                prop_assert!(entry.verdict != EntryVerdict::Recorded || entry.status == 200);
            }
            let replay = Ledger::replay(mock.config().ledger, &entries);
            prop_assert_eq!(replay.report(), mock.report());
            Ok(())
        })?;
    }

    #[test]
    fn the_same_events_make_the_same_bytes(events in prop::collection::vec(event(), 0..10)) {
        let run = || in_virtual_time(async {
            let mock = mock();
            let answers = play(&mock, &events).await;
            (answers, mock.entries(), mock.config().clock.elapsed())
        });
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn no_bytes_break_the_server(
        head in prop::sample::select(vec!["", "POST /track HTTP/1.1\r\n", "POST /__admin/faults HTTP/1.1\r\nHost: localhost\r\n"]),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        in_virtual_time(async {
            let mock = mock();
            let (near, far) = tokio::io::duplex(1024);
            let served = { let mock = mock.clone(); tokio::spawn(async move { mock.connections().serve(far).await }) };
            let mut peer = Peer::new(near);
            peer.send_bytes(&[head.as_bytes(), &bytes].concat()).await;
            drop(peer);
            prop_assert!(served.await.is_ok(), "serving panicked");
            prop_assert_eq!(join(&mock).answer(&post("/track", CONVERSION)).await.status, 200);
            Ok(())
        })?;
    }

    #[test]
    fn any_text_from_a_page_is_answered_200_or_400_and_kept_as_it_came(
        route in prop::sample::select(BrowserRoute::ALL.to_vec()),
        body in any::<String>(),
    ) {
        in_virtual_time(async {
            let mock = mock();
            let path = format!("{}?project_id=demo-project", route.path());
            let status = join(&mock).answer(&post_text(&path, &body)).await.status;
            prop_assert!(status == 200 || status == 400);
            prop_assert_eq!(&*mock.entries()[0].request.body, body.as_bytes());
            Ok(())
        })?;
    }

    #[test]
    fn no_bytes_in_any_encoding_break_the_server(
        encoding in prop::sample::select(vec!["gzip", "deflate", "br"]),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        in_virtual_time(async {
            let mock = mock();
            let mut peer = join(&mock);
            let length = bytes.len();
            let head = format!(
                "POST /track HTTP/1.1\r\nHost: localhost\r\n{AUTHORIZATION}\r\nContent-Type: application/json\r\n\
                 Content-Encoding: {encoding}\r\nContent-Length: {length}\r\n\r\n"
            );
            peer.send_bytes(&[head.as_bytes(), &bytes].concat()).await;
            let answer = peer.receive().await.expect("an answer");
            prop_assert!(answer.status == 200 || answer.status == 400, "{}", answer.raw);
            prop_assert_eq!(peer.answer(&post("/track", CONVERSION)).await.status, 200);
            Ok(())
        })?;
    }

    #[test]
    fn any_body_is_answered_200_or_400_and_kept_as_it_came(
        route in prop::sample::select(Route::ALL.to_vec()),
        body in any::<String>(),
    ) {
        in_virtual_time(async {
            let mock = mock();
            let status = join(&mock).answer(&post_in_its_dialect(route, &body)).await.status;
            prop_assert!(status == 200 || status == 400);
            prop_assert_eq!(&*mock.entries()[0].request.body, body.as_bytes());
            Ok(())
        })?;
    }
}
