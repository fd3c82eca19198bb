//! The document of the API, held against what is really answered.

use std::fmt::Write as _;

use attribution_mock::Mock;
use expectation::Section;
use serde_json::{Value, json};

use crate::peer::{Answer, CONVERSION, DENIED, get, join, mock, post, post_text, request};

/// The document as the server serves it.
pub(crate) struct Document(Value);

impl Document {
    pub(crate) async fn served() -> Self {
        let answer = join(&mock()).answer(&get("/__admin/openapi.json")).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("application/json"))
        );
        Self(answer.json())
    }

    /// What a node stands for.
    fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        match node.get("$ref").and_then(Value::as_str) {
            None => node,
            Some(reference) => {
                let found = self.0.pointer(reference.trim_start_matches('#'));
                self.resolve(found.unwrap_or_else(|| panic!("there is no {reference}")))
            }
        }
    }

    /// The answer of this status to an operation; the path as the document writes it.
    fn response(&self, method: &str, path: &str, status: u16) -> &Value {
        let responses = &self.resolve(&self.0["paths"][path])[method.to_lowercase()]["responses"];
        let response = self.resolve(&responses[status.to_string()]);
        assert!(
            response.is_object(),
            "{status} is no answer of {method} {path}: {responses}"
        );
        response
    }

    /// Every way in which a value is not what a schema says. A keyword that is not known here fails the test.
    fn violations(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let schema = self.resolve(schema).as_object().expect("a schema");
        let mut found = Vec::new();
        for (keyword, says) in schema {
            let below =
                |schema: &Value, value: &Value, key: &str| self.violations(schema, value, &format!("{at}/{key}"));
            let fits = |schema: &&Value| self.violations(schema, value, at).is_empty();
            let is_kept = match keyword.as_str() {
                "description" | "format" | "examples" | "default" | "pattern" => true,
                "type" => says.as_str().map_or_else(
                    || {
                        says.as_array()
                            .is_some_and(|types| types.iter().any(|one| is_of(one, value)))
                    },
                    |_| is_of(says, value),
                ),
                "const" => says == value,
                "enum" => says.as_array().is_some_and(|all| all.contains(value)),
                "minimum" => value.as_f64() >= says.as_f64(),
                "maximum" => value.as_f64() <= says.as_f64(),
                "anyOf" => says.as_array().is_some_and(|all| all.iter().any(|one| fits(&one))),
                "oneOf" => says.as_array().is_some_and(|all| all.iter().filter(fits).count() == 1),
                "allOf" => says.as_array().is_some_and(|all| all.iter().all(|one| fits(&one))),
                "required" => says.as_array().is_some_and(|all| all.iter().all(|key| has(value, key))),
                "additionalProperties" => value
                    .as_object()
                    .is_some_and(|fields| fields.keys().all(|key| schema["properties"].get(key).is_some())),
                "items" => {
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        found.extend(below(says, item, &place.to_string()));
                    }
                    true
                }
                "properties" => {
                    for (key, schema) in says.as_object().into_iter().flatten() {
                        found.extend(value.get(key).into_iter().flat_map(|value| below(schema, value, key)));
                    }
                    true
                }
                other => panic!("the keyword {other} is not checked"),
            };
            if !is_kept {
                found.push(format!("{at}: {keyword} {says}, not {value}"));
            }
        }
        found
    }

    /// The keys of a row, where the document names them.
    fn properties(&self, schema: &Value) -> Vec<String> {
        let schema = self.resolve(schema);
        let own = schema["properties"].as_object().into_iter().flatten();
        let own = own.map(|(key, _)| key.clone());
        let parts = schema["allOf"].as_array().into_iter().flatten();
        own.chain(parts.flat_map(|part| self.properties(part))).collect()
    }

    /// Holds an answer against what the document says of it.
    pub(crate) fn check(&self, method: &str, path: &str, answer: &Answer) {
        let content = self.response(method, path, answer.status)["content"].as_object();
        let Some(content) = content else {
            assert_eq!(answer.body, "", "{method} {path} has no body");
            return;
        };
        let content_type = answer.header("content-type").and_then(|value| value.split(';').next());
        let content_type = content_type.unwrap_or_default();
        let schema = content.get(content_type).map(|content| &content["schema"]);
        let schema = schema.unwrap_or_else(|| panic!("{method} {path} is not answered as {content_type}"));
        let body = match content_type {
            "application/json" => answer.json(),
            _ => Value::from(answer.body.as_str()),
        };
        let violations = self.violations(schema, &body, "");
        assert!(
            violations.is_empty(),
            "{method} {path}: {violations:#?}\n{}",
            answer.body
        );
    }
}

fn has(value: &Value, key: &Value) -> bool {
    key.as_str().is_some_and(|key| value.get(key).is_some())
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap_or_default() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        other => panic!("there is no type {other}"),
    }
}

/// A request to this path, which the document writes as `documented`, and whether its answer is as described.
async fn ask(document: &Document, mock: &Mock, documented: &str, request: &str) -> u16 {
    let answer = join(mock).answer(request).await;
    let method = request.split(' ').next().unwrap_or_default();
    document.check(method, documented, &answer);
    answer.status
}

/// Sends something of everything.
async fn fill(document: &Document, mock: &Mock) {
    let page = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00Z","event":"Viewed Pricing Page","properties":{"url":"https://shop.example/pricing?utm_source=google","referrer":"https://www.google.com/"}}"#;
    let paid = CONVERSION.replace('}', r#","properties":{"revenue":99.90,"currency":"USD"}}"#);
    let named = r#"{"user_id":"user-1","traits":{"email":"ada@example.com","name":"Ada"}}"#;
    let merged = r#"{"user_id":"user-1","previous_id":"anonymous-1"}"#;
    for (path, body, status) in [
        ("/track", page, 200),
        ("/track", paid.as_str(), 200),
        ("/identify", named, 200),
        ("/alias", merged, 200),
        ("/track", DENIED, 400),
        ("/v1/t", "{}", 400),
        ("/v1/import", r#"{"batch":[]}"#, 400),
    ] {
        assert_eq!(
            ask(document, mock, path, &post(path, body)).await,
            status,
            "{path} {body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_senders_are_answered_is_described() {
    let (document, mock) = (Document::served().await, mock());
    fill(&document, &mock).await;
    let unauthenticated = request("POST /track", &["Content-Type: application/json"], CONVERSION);
    let plain = post("/track", CONVERSION).replace("application/json", "text/csv");
    let encoded = post("/track", CONVERSION).replace("Content-Length", "Content-Encoding: zstd\r\nContent-Length");
    let nameless = post("/track", CONVERSION).replace("Content-Length", "Harness-Namespace: a b\r\nContent-Length");
    let script = r#"{"projectId":"demo-project","type":"track","userId":"user-1","event":"E","messageId":"m-1","timestamp":"2024-01-15T10:00:00.000Z","anonymousId":"a-1","context":{}}"#;
    for (path, request, status) in [
        ("/track", unauthenticated.as_str(), 401),
        ("/track", &plain, 415),
        ("/track", &encoded, 415),
        ("/track", &nameless, 400),
        ("/track", &post("/track", &" ".repeat(500_001)), 413),
        ("/track", &request("OPTIONS /track", &[], ""), 204),
        ("/t", &post_text("/t", script), 200),
        ("/check_auth", &post("/check_auth", ""), 200),
        ("/check_auth", &request("POST /check_auth", &[], ""), 401),
    ] {
        assert_eq!(ask(&document, &mock, path, request).await, status, "{request}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_admin_api_answers_is_described() {
    let (document, mock) = (Document::served().await, mock());
    fill(&document, &mock).await;
    let named = CONVERSION.replace("user-1", "user-2");
    let named = post("/track", &named).replace("Content-Length", "Harness-Namespace: mine\r\nContent-Length");
    ask(&document, &mock, "/track", &named).await;
    for fault in [
        r#"{"path":"/track","respond":503,"retry_after":30,"body":"no","times":2}"#,
        r#"{"respond":503,"retry_after":"Mon, 15 Jan 2024 10:00:00 GMT","times":"always"}"#,
        r#"{"delay":"1m30s"}"#,
        r#"{"hang":true}"#,
        r#"{"close":"after"}"#,
    ] {
        let add = request("POST /__admin/faults", &[], fault);
        assert_eq!(ask(&document, &mock, "/__admin/faults", &add).await, 201);
    }
    let paths = document.0["paths"].as_object().expect("paths");
    let reads = paths
        .iter()
        .filter(|(path, item)| item.get("get").is_some() && !path.contains('{') && *path != "/__admin/events");
    for (path, _) in reads {
        let answer = join(&mock).answer(&get(path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            !answer.body.contains(r#""total":0"#),
            "nothing is known of {path}: {}",
            answer.body
        );
        document.check("GET", path, &answer);
        let outside = get(path).replace("Host: localhost", "Host: elsewhere.example");
        assert_eq!(ask(&document, &mock, path, &outside).await, 403, "{path}");
    }
    for (query, status) in [("?project=nobody", 404), ("?namespace=%20", 400)] {
        let read = get(&format!("/__admin/visits{query}"));
        assert_eq!(ask(&document, &mock, "/__admin/visits", &read).await, status, "{query}");
    }
    for (id, status) in [("1", 200), ("1", 404), ("first", 404)] {
        let remove = request(&format!("DELETE /__admin/faults/{id}"), &[], "");
        assert_eq!(
            ask(&document, &mock, "/__admin/faults/{id}", &remove).await,
            status,
            "{id}"
        );
    }
    let broken = request("POST /__admin/faults", &[], "{}");
    assert_eq!(ask(&document, &mock, "/__admin/faults", &broken).await, 400);
    let reset = request("POST /__admin/reset", &[], "");
    assert_eq!(ask(&document, &mock, "/__admin/reset", &reset).await, 200);
}

#[tokio::test(start_paused = true)]
async fn what_is_answered_of_one_thing_or_some_is_described() {
    let (document, mock) = (Document::served().await, mock());
    fill(&document, &mock).await;
    for (documented, path, status) in [
        ("/__admin/requests/{number}", "/__admin/requests/5", 200),
        ("/__admin/requests/{number}", "/__admin/requests/500", 404),
        ("/__admin/requests/{number}/body", "/__admin/requests/1/body", 200),
        ("/__admin/visitors/{id}", "/__admin/visitors/anonymous-1", 200),
        ("/__admin/visitors/{id}", "/__admin/visitors/nobody", 404),
        (
            "/__admin/requests",
            "/__admin/requests?limit=1&kind=track&verdict=recorded",
            200,
        ),
        ("/__admin/requests", "/__admin/requests?limit=0", 400),
    ] {
        assert_eq!(ask(&document, &mock, documented, &get(path)).await, status, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_said_of_expectations_is_described() {
    let (document, mock) = (Document::served().await, mock());
    fill(&document, &mock).await;
    let unmet = r#"{"conversions": [{"event": "Another"}], "merges": {"count": 5}}"#;
    let long = " ".repeat(300_000);
    for path in ["/__admin/verify", "/__admin/wait"] {
        for (query, body, status) in [
            ("", r#"{"conversions": {"count": 1}}"#, 200),
            ("", unmet, 200),
            ("?fail_with=422", unmet, 422),
            ("?fail_with=1", unmet, 400),
            ("", r#"{"conversion": {}}"#, 400),
            ("", "{", 400),
            ("", &long, 413),
            ("?project=nobody", unmet, 404),
        ] {
            let asked = request(&format!("POST {path}{query}"), &[], body);
            assert_eq!(ask(&document, &mock, path, &asked).await, status, "{path}{query}");
        }
    }
}

#[tokio::test]
async fn every_key_that_can_be_expected_of_a_row_is_described() {
    let document = Document::served().await;
    let mut missing = String::new();
    for section in Section::RECORDED {
        let list = document.response("GET", &format!("/__admin/{section}"), 200);
        let row = &list["content"]["application/json"]["schema"]["properties"][section.as_str()]["items"];
        let described = document.properties(row);
        for key in section
            .keys()
            .iter()
            .filter(|key| !described.iter().any(|known| known == *key))
        {
            writeln!(missing, "{section}: {key}").expect("text takes all");
        }
    }
    assert_eq!(missing, "");
}

#[tokio::test]
async fn the_document_is_of_this_version() {
    let document = Document::served().await;
    assert_eq!(document.0["info"]["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(document.0["openapi"], json!("3.1.0"));
}
