use std::collections::BTreeSet;
use std::path::Path;

use attribution_mock::{Dialect, MockServer, ProjectId, Strictness};
use conformance::{Case, CaseError, Difference, Glob, Verdict, golden};
use test_support::fixtures;

use crate::{case, player, reports};

#[tokio::test]
async fn a_double_answers_every_golden_case_as_the_double_does() {
    let server = MockServer::start().await.unwrap();
    let reports = reports(&player(&server.uri()), &golden()).await;
    let other: Vec<_> = reports
        .iter()
        .filter(|report| report.verdict != Verdict::Same)
        .collect();
    assert!(other.is_empty(), "{other:#?}");
    assert!(server.mock().entries().len() > 250, "they did arrive");
}

#[test]
fn every_fixture_that_is_a_request_is_a_case_and_no_other() {
    let cases: BTreeSet<String> = golden().into_iter().map(|case| case.name).collect();
    assert_eq!(cases.len(), golden().len(), "no name stands for two");
    let mut expected = BTreeSet::new();
    for dialect in Dialect::ALL {
        for folder in ["accepted", "flagged", "rejected"] {
            for fixture in fixtures(&format!("wire/{dialect}/{folder}"), "json") {
                let file = fixture.json();
                let request = file.get("request").unwrap_or(&file);
                if request.get("path").is_some() {
                    expected.insert(format!("{dialect}/{folder}/{}", fixture.name));
                }
            }
        }
    }
    let of_fixtures: BTreeSet<String> = cases
        .iter()
        .filter(|name| !name.contains("/protocol/"))
        .cloned()
        .collect();
    assert_eq!(of_fixtures, expected);
    assert!(cases.len() > expected.len() + 30, "the protocol has its cases, too");
}

#[tokio::test]
async fn what_is_accepted_and_rejected_is_so_for_any_project_id() {
    for id in ["demo-project", "42", "a\"b c", "dämo:x"] {
        let server = MockServer::builder().projects(id).start().await.unwrap();
        let mock = server.mock();
        for case in golden() {
            let expected = match case.name.split('/').nth(1).unwrap() {
                "accepted" | "flagged" => vec![200],
                "rejected" => vec![400, 401, 404],
                _ => continue,
            };
            let status = mock.ask(case.request.fill(&ProjectId::from(id))).await.status.as_u16();
            assert!(expected.contains(&status), "{id} {}: {status}", case.name);
        }
    }
}

#[tokio::test]
async fn the_answers_to_the_protocol_s_cases_are_the_documented_ones() {
    let server = MockServer::start().await.unwrap();
    for (name, status) in [
        ("classic/protocol/sound", 200),
        ("classic/protocol/gzip_body", 200),
        ("import/protocol/deflate_body", 200),
        ("classic/protocol/wrong_project", 401),
        ("actions/protocol/no_authorization", 401),
        ("browser/protocol/wrong_project", 401),
        ("browser/protocol/no_project", 401),
        ("classic/protocol/get", 405),
        ("classic/protocol/head", 405),
        ("import/protocol/unknown_path", 404),
        ("classic/protocol/wrong_content_type", 415),
        ("classic/protocol/body_not_json", 400),
        ("browser/protocol/preflight", 204),
        ("actions/protocol/check_auth", 200),
        ("actions/protocol/check_auth_wrong_project", 401),
    ] {
        let request = case(name).request.fill(&ProjectId::from("demo-project"));
        assert_eq!(server.mock().ask(request).await.status.as_u16(), status, "{name}");
    }
}

#[tokio::test]
async fn a_lenient_server_is_told_from_a_strict_one_case_by_case() {
    let server = MockServer::builder()
        .strictness(Strictness::Lenient)
        .start()
        .await
        .unwrap();
    let reports = reports(&player(&server.uri()), &golden()).await;
    let differs: Vec<&str> = reports
        .iter()
        .filter(|report| report.verdict != Verdict::Same)
        .map(|report| report.name.as_str())
        .collect();
    assert!(differs.contains(&"classic/rejected/properties_array"), "{differs:?}");
    assert!(differs.contains(&"classic/protocol/wrong_content_type"), "{differs:?}");
    let refused_by_the_double = |name: &&str| name.contains("/rejected/") || name.contains("/protocol/wrong_content");
    assert!(differs.iter().all(refused_by_the_double), "{differs:?}");
    let report = reports
        .iter()
        .find(|report| report.name == "classic/rejected/properties_array")
        .unwrap();
    assert_eq!((report.double, report.target), (400, Some(200)));
    let difference = Difference::StatusClass {
        double: 400,
        target: 200,
    };
    assert!(difference.meaning().contains("stricter"));
    assert_eq!(report.verdict, Verdict::Differs(vec![difference]));
}

#[test]
fn a_glob_chooses_among_all_names() {
    let matching = |pattern: &str| {
        golden()
            .iter()
            .filter(|case| Glob::new(pattern).matches(&case.name))
            .count()
    };
    assert_eq!(matching("*"), golden().len());
    assert_eq!(matching("wrong_project"), 4);
    assert_eq!(
        matching("classic/*") + matching("actions/*") + matching("import/*") + matching("browser/*"),
        matching("*")
    );
    assert_eq!(matching("nothing"), 0);
}

#[test]
fn a_file_that_is_no_case_says_what_is_wrong_with_it() {
    let read = |path: &str, text: &str| Case::read(Path::new(path), text);
    let fixture = r#"{"about":"x","path":"/track","body":{}}"#;
    let name = |path| read(path, fixture).unwrap().unwrap().name;
    assert_eq!(
        name("/home/classic/files/browser/rejected/a.json"),
        "browser/rejected/a"
    );
    assert_eq!(read("a.json", fixture), Err(CaseError::NoDialect));
    assert_eq!(
        read("classic.json", fixture),
        Err(CaseError::NoDialect),
        "a file is no folder"
    );
    assert!(matches!(read("classic/a/b.json", "{"), Err(CaseError::NotJson(_))));
    assert!(matches!(
        read("classic/a/b.json", r#"{"version":1}"#),
        Err(CaseError::Recording(_))
    ));
    for (file, field) in [
        ("{}", "about"),
        (r#"{"about":"x","path":"/track"}"#, "body"),
        (r#"{"about":"x","path":7,"body":{}}"#, "path"),
        (r#"{"about":"x","path":"/track","body_text":{}}"#, "body_text"),
        (r#"{"about":"x","path":"/track","body":{},"before":1}"#, "before"),
        (
            r#"{"about":"x","request":{"method":"P T","path":"/track","body":{}}}"#,
            "method",
        ),
    ] {
        assert_eq!(read("classic/a/b.json", file), Err(CaseError::Field(field)), "{file}");
    }
    assert_eq!(read("classic/unmapped/b.json", r#"{"about":"x","event":{}}"#), Ok(None));
}
