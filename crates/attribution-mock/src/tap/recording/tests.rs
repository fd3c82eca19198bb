use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::project_id::ProjectId;

/// An exchange that says the id wherever there is room for it.
fn exchange(id: &str, body: &[u8]) -> (WireRequest, WireAnswer) {
    let header = |name: &'static str, value: String| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        )
    };
    let credentials = STANDARD.encode(format!("{id}:"));
    let headers: HeaderMap = [
        header("authorization", format!("Basic {credentials}")),
        header("cookie", format!("project={id}")),
        header("referer", format!("https://shop.example/?project={id}")),
        header("x-forwarded-authorization", credentials),
    ]
    .into_iter()
    .collect();
    let encoded = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
    let request = WireRequest {
        method: Method::POST,
        path: format!("/t?project_id={encoded}&again={encoded}"),
        headers: headers.clone(),
        body: body.to_vec().into(),
    };
    let answer = WireAnswer {
        status: StatusCode::OK,
        headers: [header("set-cookie", id.to_owned()), header("x-project", id.to_owned())]
            .into_iter()
            .collect(),
        body: json!({ "projectId": id, "message": format!("welcome, {id}!") })
            .to_string()
            .into(),
    };
    (request, answer)
}

fn recorded(id: &str, body: &[u8]) -> Recording {
    let (request, answer) = exchange(id, body);
    let redaction = Redaction::new(&ProjectId::from(id));
    Recording::of(&redaction, 10_000, Dialect::Browser, &request, &answer, Some(&answer)).unwrap()
}

/// Ids that no word of the format has in it.
const ID: &str = r#"[a-z]{2,6}[-_.ä"\\ ]?[0-9]{4}[a-z]{2,6}"#;

/// Whether this text of JSON says the id, in whatever way it is written.
fn says(text: &str, id: &str) -> bool {
    let credentials = STANDARD.encode(format!("{id}:"));
    let said = |text: &str| text.contains(id) || text.contains(&credentials);
    let quoted = Value::from(id).to_string();
    said(text) || text.contains(&quoted[1..quoted.len() - 1])
}

proptest! {
    #[test]
    fn no_file_says_the_project_id(id in ID, before in "[ -~]{0,9}", after in "[ -~]{0,9}") {
        let text = format!("{before}{id}{after}");
        let bodies = [
            text.clone().into_bytes(),
            json!({ "project_id": id, "list": [text, { id.clone(): id }] }).to_string().into_bytes(),
            format!(r#"{{"projectId":"{id}","#).into_bytes(),
            [b"\xff", text.as_bytes()].concat(),
        ];
        for body in bodies {
            let file = recorded(&id, &body).encode();
            prop_assert!(!says(&file, &id), "{file}");
            let again = Recording::decode(&file).unwrap();
            prop_assert!(!String::from_utf8_lossy(&again.request.body).contains(&id));
        }
    }

    #[test]
    fn what_is_filled_in_again_is_what_was_sent(id in ID, before in "[ -~]{0,9}", after in "[ -~]{0,9}") {
        let tree = json!({ "project_id": id, "list": [format!("{before}{id}{after}"), { id.clone(): 1.5 }] });
        let (sent, _) = exchange(&id, tree.to_string().as_bytes());
        let filled = recorded(&id, &sent.body).request.fill(&ProjectId::from(id.as_str()));
        prop_assert_eq!(serde_json::from_slice::<Value>(&filled.body).unwrap(), tree);
        prop_assert_eq!(&filled.headers["authorization"], &sent.headers["authorization"]);
        prop_assert_eq!(&filled.headers["referer"], &sent.headers["referer"]);
        prop_assert_eq!(filled.path, sent.path);
    }
}

#[test]
fn what_is_no_text_is_kept_as_bytes() {
    let kept = recorded("demo-1", b"\xffdemo-1\x00").request;
    assert_eq!(kept.body, b"\xff{{project_id}}\x00");
}
