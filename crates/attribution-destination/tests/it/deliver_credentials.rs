//! Whether the project id is good, asked before anything is sent. In virtual time.

use std::time::Duration;

use attribution_destination::deliver::{CredentialsError, Reason};

use crate::deliver_link::{Act, Link, virtual_clock};

async fn asked(act: Act) -> (Result<(), CredentialsError>, Link) {
    let link = Link::new(&virtual_clock());
    link.otherwise([act]);
    let answer = link.builder().build().unwrap().check_credentials().await;
    (answer, link)
}

#[tokio::test(start_paused = true)]
async fn a_2xx_says_yes_a_401_no_and_all_else_nothing() {
    let unknown = |reason| Err(CredentialsError::Unknown(reason));
    for (act, expected) in [
        (Act::Answer(200), Ok(())),
        (Act::Answer(204), Ok(())),
        (Act::Answer(401), Err(CredentialsError::Invalid)),
        (Act::Answer(403), unknown(Reason::Status(403))),
        (Act::Answer(301), unknown(Reason::Status(301))),
        (Act::Answer(500), unknown(Reason::Status(500))),
        (Act::CloseAfter, unknown(Reason::Closed)),
        (Act::Hang, unknown(Reason::Timeout(Duration::from_secs(5)))),
    ] {
        let (answer, link) = asked(act).await;
        assert_eq!(answer, expected);
        assert_eq!(link.batches().len(), 1, "it is asked once");
    }
    let link = Link::new(&virtual_clock());
    link.script().refusals = 1;
    let refused = link.builder().build().unwrap().check_credentials().await;
    assert_eq!(refused, unknown(Reason::Refused));
}

#[tokio::test(start_paused = true)]
async fn the_question_is_the_one_of_the_contract() {
    let (_, link) = asked(Act::Answer(200)).await;
    let script = link.script();
    let expected = "POST /check_auth HTTP/1.1\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
                    User-Agent: Segment (Actions)\r\nContent-Length: 0\r\nHost: track.attributionapp.com\r\n\r\n";
    assert_eq!(
        (script.received[0].head.as_str(), script.received[0].body.as_str()),
        (expected, "")
    );
}

#[tokio::test(start_paused = true)]
async fn neither_limits_nor_a_close_keep_it_from_asking() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::RetryAfter(429, "600".to_owned())]);
    let sender = link.limited(|limits| (limits.concurrency, limits.rate) = (1, Some(0.001)));
    drop(sender.submit(crate::deliver_link::track("u", 1)).await);
    clock.sleep(Duration::from_secs(1)).await;
    assert_eq!(sender.check_credentials().await, Ok(()));
    sender.close(Duration::ZERO).await;
    assert_eq!(sender.check_credentials().await, Ok(()));
    assert_eq!(clock.elapsed(), Duration::from_secs(1));
}

#[test]
fn what_is_wrong_is_said_with_its_source() {
    use std::error::Error as _;

    assert_eq!(
        CredentialsError::Invalid.to_string(),
        "Credentials are invalid: 401 Unauthorized"
    );
    let unknown = CredentialsError::Unknown(Reason::Status(500));
    assert!(!unknown.to_string().contains("500"));
    assert_eq!(
        unknown.source().unwrap().to_string(),
        "answered 500 Internal Server Error"
    );
}
