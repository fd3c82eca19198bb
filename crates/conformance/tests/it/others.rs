use attribution_mock::{MockServer, UpstreamError};
use conformance::{Difference, Glob, Verdict, golden};
use tokio::net::TcpSocket;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer as Stubbed, ResponseTemplate};

use crate::{case, player, reports};

async fn answering(answer: ResponseTemplate) -> Stubbed {
    let server = Stubbed::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn a_target_that_is_not_there_is_not_asked_for_ever() {
    // A port that is taken and where nobody listens.
    let deaf = TcpSocket::new_v4().unwrap();
    deaf.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = deaf.local_addr().unwrap();
    let reports = reports(&player(&format!("http://{address}")), &golden()).await;
    assert_eq!(reports.len(), 3);
    for report in &reports {
        assert!(
            matches!(report.verdict, Verdict::NoAnswer(UpstreamError::Unreachable(_))) && report.target.is_none(),
            "{report:?}"
        );
    }
}

#[tokio::test]
async fn playing_ends_when_nobody_listens() {
    let server = MockServer::start().await.unwrap();
    assert_eq!(player(&server.uri()).play_all(&golden(), |_| false).await, 1);
}

#[tokio::test]
async fn another_project_s_id_is_said_to_be_what_is_wrong() {
    let server = MockServer::builder().projects("other").start().await.unwrap();
    let report = player(&server.uri()).play(&case("classic/protocol/sound")).await;
    let Verdict::Differs(differences) = report.verdict else {
        panic!("it differs")
    };
    assert_eq!(
        differences,
        [Difference::StatusClass {
            double: 200,
            target: 401
        }]
    );
    assert!(differences[0].meaning().contains("project id"));
}

#[tokio::test]
async fn every_request_goes_out_once_as_it_stands_in_its_case() {
    let server = answering(ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
    let alias = case("classic/flagged/alias_at_each_login");
    let report = player(&server.uri()).play(&alias).await;
    assert_eq!((report.target, report.request.as_str()), (Some(302), "POST /alias"));
    let [before, sent] = &*server.received_requests().await.unwrap() else {
        panic!("two requests")
    };
    assert_eq!((before.url.path(), sent.url.path()), ("/alias", "/alias"));
    assert_eq!(sent.body, br#"{"previous_id":"user-1","user_id":"customer-1"}"#);
    assert_eq!(sent.headers["authorization"], "Basic ZGVtby1wcm9qZWN0Og==");
    assert_eq!(sent.headers["user-agent"], "Segment.io/1.0");
    assert_eq!(sent.headers["content-length"], "47");
}

#[tokio::test]
async fn a_compressed_answer_is_compared_as_what_it_says() {
    // {"success":true}, by another library.
    let zipped = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 46, 77, 78, 78, 45, 46, 86, 178, 42, 41, 42, 77, 173, 5, 0, 223,
        247, 246, 102, 16, 0, 0, 0,
    ];
    let answer = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(zipped, "application/json");
    let server = answering(answer).await;
    assert_eq!(
        player(&server.uri())
            .play(&case("classic/protocol/sound"))
            .await
            .verdict,
        Verdict::Same
    );
}

#[tokio::test]
async fn no_report_says_the_project_id() {
    let answer = ResponseTemplate::new(200).set_body_raw(r#"{"demo-project":1}"#, "text/demo-project");
    let server = answering(answer).await;
    let glob = Glob::new("browser/*");
    let cases: Vec<_> = golden().into_iter().filter(|case| glob.matches(&case.name)).collect();
    let reports = format!("{:?}", reports(&player(&server.uri()), &cases).await);
    assert!(
        !reports.contains("demo-project") && reports.contains("{{project_id}}"),
        "{reports}"
    );
}
