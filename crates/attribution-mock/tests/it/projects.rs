use std::fmt::Write as _;

use attribution_mock::{Mock, MockConfig, Projects};
use serde_json::{Value, json};

use crate::peer::{Answer, CONVERSION, DENIED, config, get, join, post, request};

const JSON: &str = "Content-Type: application/json";

/// `shop:` and `blog:` in base64.
const SHOP: &str = "Authorization: Basic c2hvcDo=";
const BLOG: &str = "Authorization: Basic YmxvZzo=";

fn serving(projects: Projects) -> Mock {
    Mock::new(MockConfig { projects, ..config() })
}

async fn send(mock: &Mock, headers: &[&str]) -> Answer {
    let headers: Vec<&str> = headers.iter().copied().chain([JSON]).collect();
    join(mock).answer(&request("POST /track", &headers, CONVERSION)).await
}

async fn ask(mock: &Mock, path: &str) -> Answer {
    join(mock).answer(&get(path)).await
}

async fn count(mock: &Mock, path: &str) -> usize {
    let answer = ask(mock, path).await;
    let body = answer.json();
    let (_, rows) = body.as_object().and_then(|body| body.iter().next()).expect("a list");
    rows.as_array()
        .unwrap_or_else(|| panic!("{path}: {}", answer.raw))
        .len()
}

async fn control(mock: &Mock, line: &str, headers: &[&str], body: &str) -> u16 {
    join(mock).answer(&request(line, headers, body)).await.status
}

#[tokio::test(start_paused = true)]
async fn projects_see_nothing_of_each_other() {
    let mock = serving(Projects::only("shop").and("blog"));
    for header in [SHOP, BLOG, BLOG] {
        assert_eq!(send(&mock, &[header]).await.status, 200);
    }
    assert_eq!(
        send(&mock, &["Authorization: Basic b3RoZXI6"]).await.code(),
        "wrong_project"
    );
    assert_eq!(count(&mock, "/__admin/conversions?project=shop").await, 1);
    assert_eq!(count(&mock, "/__admin/conversions?project=blog").await, 2);
    assert_eq!(
        (mock.conversions().len(), mock.project("blog").conversions().len()),
        (1, 2)
    );
    let fault = r#"{"respond":503}"#;
    assert_eq!(
        control(&mock, "POST /__admin/faults?project=blog", &[], fault).await,
        201
    );
    assert_eq!(send(&mock, &[SHOP]).await.status, 200);
    assert_eq!(send(&mock, &[BLOG]).await.status, 503);
    assert_eq!(control(&mock, "POST /__admin/reset?project=blog", &[], "").await, 200);
    assert_eq!(count(&mock, "/__admin/requests?project=blog").await, 0);
    assert_eq!(count(&mock, "/__admin/conversions?project=shop").await, 2);
}

#[tokio::test(start_paused = true)]
async fn where_there_are_several_the_question_must_say_which() {
    let mock = serving(Projects::only("shop").and("blog"));
    let mut answers = String::new();
    for path in [
        "/__admin/visits",
        "/__admin/visits?project=shpo",
        "/__admin/visits?namespace=test-1",
        "/__admin/visits?project=shop&namespace=not%20one",
    ] {
        let answer = ask(&mock, path).await;
        writeln!(answers, "{path}\n  {} {}", answer.status, answer.body).unwrap();
    }
    let _guard = test_support::snapshots("mock");
    insta::assert_snapshot!("which_project", answers);
}

#[tokio::test(start_paused = true)]
async fn any_project_is_learned_from_its_first_event() {
    let mock = serving(Projects::any());
    assert_eq!(ask(&mock, "/__admin/projects").await.json(), json!({"projects": []}));
    assert_eq!(count(&mock, "/__admin/conversions").await, 0);
    assert_eq!(
        send(&mock, &["Authorization: Basic Og=="]).await.code(),
        "project_id_empty"
    );
    assert_eq!(send(&mock, &[SHOP]).await.status, 200);
    assert_eq!(count(&mock, "/__admin/conversions").await, 1);
    assert_eq!(send(&mock, &[BLOG]).await.status, 200);
    let page = r#"{"projectId":"page","messageId":"m","timestamp":"2024-01-15T10:00:00Z","type":"page","anonymousId":"a",
        "properties":{"url":"https://shop.example/"}}"#;
    let browser = join(&mock).answer(&crate::peer::post_text("/v1/p", page)).await;
    assert_eq!(browser.status, 200, "{}", browser.raw);
    let expected = json!({"projects": [
        {"project": "shop", "requests": 2, "faults": 0},
        {"project": "blog", "requests": 1, "faults": 0},
        {"project": "page", "requests": 1, "faults": 0},
    ]});
    assert_eq!(ask(&mock, "/__admin/projects").await.json(), expected);
    assert_eq!(ask(&mock, "/__admin/visits").await.code(), "project_missing");
    assert_eq!(count(&mock, "/__admin/visits?project=page").await, 1);
}

#[tokio::test(start_paused = true)]
async fn tests_that_share_a_server_each_have_a_namespace() {
    let mock = serving(Projects::only("shop"));
    let [one, two] = ["Harness-Namespace: one", "Harness-Namespace: two"];
    let fault = r#"{"respond":503,"times":"always"}"#;
    assert_eq!(
        control(&mock, "POST /__admin/faults", &[two], fault).await,
        201,
        "before anything was sent"
    );
    for (headers, status) in [
        (&[SHOP][..], 200),
        (&[SHOP, one], 200),
        (&[SHOP, two], 503),
        (&[SHOP, one], 200),
    ] {
        assert_eq!(send(&mock, headers).await.status, status, "{headers:?}");
    }
    assert_eq!(count(&mock, "/__admin/conversions").await, 1);
    assert_eq!(count(&mock, "/__admin/conversions?namespace=one").await, 2);
    assert_eq!(count(&mock, "/__admin/requests?project=shop&namespace=two").await, 1);
    let by_header = join(&mock)
        .answer(&request("GET /__admin/conversions", &[one], ""))
        .await;
    assert_eq!(by_header.json()["conversions"].as_array().map(Vec::len), Some(2));
    let namespace = "one".parse().unwrap();
    assert_eq!(mock.namespace("shop", &namespace).conversions().len(), 2);
    assert_eq!(control(&mock, "POST /__admin/reset", &[one], "").await, 200);
    assert_eq!(count(&mock, "/__admin/conversions?namespace=one").await, 0);
    assert_eq!(
        (
            mock.conversions().len(),
            count(&mock, "/__admin/faults?namespace=two").await
        ),
        (1, 1)
    );
    assert_eq!(control(&mock, "POST /__admin/reset", &[], "").await, 200);
    assert_eq!(
        count(&mock, "/__admin/faults?namespace=two").await,
        0,
        "nobody named is everyone"
    );
}

#[tokio::test(start_paused = true)]
async fn connections_are_refused_for_everyone_or_not_at_all() {
    let mock = serving(Projects::only("shop"));
    let fault = r#"{"connect":"refuse","times":1}"#;
    let alone = join(&mock)
        .answer(&request("POST /__admin/faults?namespace=one", &[], fault))
        .await;
    assert_eq!(alone.status, 400);
    assert!(
        alone.body.contains("without a namespace: it then strikes everyone"),
        "{}",
        alone.body
    );
    assert_eq!(control(&mock, "POST /__admin/faults", &[], fault).await, 201);
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_is_none_is_told_to_the_sender() {
    let mock = serving(Projects::only("shop"));
    let long = format!("Harness-Namespace: {}", "n".repeat(101));
    for header in ["Harness-Namespace: a b", "Harness-Namespace: ", long.as_str()] {
        let answer = send(&mock, &[SHOP, header]).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "bad_namespace"),
            "{header}"
        );
    }
    let twice = send(&mock, &[SHOP, "Harness-Namespace: one", "Harness-Namespace: two"]).await;
    assert_eq!(twice.code(), "bad_namespace");
    assert_eq!(
        mock.requests().len(),
        4,
        "each is journaled where the first project looks"
    );
    assert!(mock.conversions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn senders_can_not_make_more_than_ten_thousand_namespaces() {
    let mock = serving(Projects::only("shop"));
    let mut peer = join(&mock);
    for number in 0..10_000 {
        let namespace = format!("Harness-Namespace: {number}");
        let answer = peer
            .answer(&request("POST /track", &[SHOP, JSON, &namespace], CONVERSION))
            .await;
        assert_eq!(answer.status, 200);
    }
    let one_more = send(&mock, &[SHOP, "Harness-Namespace: one-more"]).await;
    assert_eq!(
        (one_more.status, one_more.code().as_str()),
        (507, "too_many_namespaces")
    );
    assert_eq!(
        send(&mock, &[SHOP, "Harness-Namespace: 7"]).await.status,
        200,
        "a known one goes on"
    );
    mock.reset_all();
    assert_eq!(send(&mock, &[SHOP, "Harness-Namespace: one-more"]).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn answers_are_as_configured() {
    let answers = attribution_mock::Answers::default()
        .success(202, "taken")
        .and_then(|answers| answers.refused(422))
        .and_then(|answers| answers.unauthenticated(403))
        .unwrap();
    let mock = Mock::new(MockConfig { answers, ..config() });
    let taken = join(&mock).answer(&post("/track", CONVERSION)).await;
    assert_eq!((taken.status, taken.body.as_str()), (202, "taken"));
    assert_eq!(taken.header("content-type"), Some("text/plain; charset=utf-8"));
    let refused = join(&mock).answer(&post("/track", DENIED)).await;
    assert_eq!((refused.status, &refused.json()["success"]), (422, &Value::from(false)));
    assert_eq!(send(&mock, &[SHOP]).await.status, 403);
    assert_eq!(control(&mock, "POST /check_auth", &[SHOP], "").await, 403);
    assert_eq!(
        control(&mock, "POST /check_auth", &[crate::peer::AUTHORIZATION], "").await,
        202
    );
    assert_eq!(
        mock.requests().iter().map(|row| row.status).collect::<Vec<_>>(),
        [202, 422, 403]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_told_as_configured_and_recorded_all_the_same() {
    let answers = attribution_mock::Answers::default()
        .refused_body("no")
        .unauthenticated_body(r#"{"message":"who?"}"#);
    let mock = Mock::new(MockConfig { answers, ..config() });
    let refused = join(&mock).answer(&post("/track", DENIED)).await;
    assert_eq!((refused.status, refused.body.as_str()), (400, "no"));
    assert_eq!(refused.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(mock.violations()[0].rule, "ATT001");
    let unknown = send(&mock, &[SHOP]).await;
    assert_eq!((unknown.status, unknown.body.as_str()), (401, r#"{"message":"who?"}"#));
    assert_eq!(unknown.header("content-type"), Some("application/json"));
    assert!(unknown.header("www-authenticate").is_some());
}

#[test]
fn an_answer_that_says_something_else_can_not_be_configured() {
    let answers = attribution_mock::Answers::default;
    let told = [
        answers().success(404, ""),
        answers().success(204, "text"),
        answers().refused(200),
        answers().unauthenticated(999),
    ]
    .map(|answers| answers.unwrap_err().to_string());
    assert_eq!(
        told,
        [
            "404 doesn't say that an event was taken: give a status from 200 to 299",
            "an answer of status 204 has no body: give an empty one",
            "200 doesn't say that an event was refused: give a status from 400 to 599",
            "999 doesn't say that an event was refused: give a status from 400 to 599",
        ]
    );
}
