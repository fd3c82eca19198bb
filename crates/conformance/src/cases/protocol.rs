//! What any server of the API meets besides events: strangers, slips, and what browsers ask.

use attribution_mock::{Dialect, RequestTemplate};
use http::Method;

use super::case::Case;
use super::speech::{post, sound};

/// `not-this-project:`, encoded.
const STRANGER: &str = "Basic bm90LXRoaXMtcHJvamVjdDo=";

/// All of them.
pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Dialect::ALL.into_iter().flat_map(of_every_dialect).collect();
    for dialect in [Dialect::Classic, Dialect::Actions, Dialect::Import] {
        cases.extend(of_servers(dialect));
    }
    cases.extend(of_actions());
    cases.extend(of_browsers());
    cases
}

fn case(dialect: Dialect, name: &str, about: &str, request: RequestTemplate) -> Case {
    Case {
        name: format!("{dialect}/protocol/{name}"),
        dialect,
        about: about.to_owned(),
        before: Vec::new(),
        request,
    }
}

fn with_header(mut request: RequestTemplate, name: &str, value: &str) -> RequestTemplate {
    request.headers.insert(name.to_owned(), value.to_owned());
    request
}

fn with_body(request: RequestTemplate, body: &str) -> RequestTemplate {
    RequestTemplate {
        body: body.into(),
        ..request
    }
}

/// A request of another method, which has no body.
fn with_method(dialect: Dialect, method: Method) -> RequestTemplate {
    let mut request = with_body(sound(dialect), "");
    request.headers.remove("content-type");
    RequestTemplate { method, ..request }
}

fn compressed(dialect: Dialect, encoding: &str) -> RequestTemplate {
    RequestTemplate {
        encoding: Some(encoding.to_owned()),
        ..sound(dialect)
    }
}

fn of_every_dialect(dialect: Dialect) -> Vec<Case> {
    let unknown = RequestTemplate {
        path: "/there/is/no/such/path".to_owned(),
        ..sound(dialect)
    };
    let csv = with_header(sound(dialect), "content-type", "text/csv");
    vec![
        case(dialect, "sound", "An event that nothing is wrong with.", sound(dialect)),
        case(
            dialect,
            "gzip_body",
            "A body that is compressed by gzip.",
            compressed(dialect, "gzip"),
        ),
        case(
            dialect,
            "deflate_body",
            "A body that is compressed by deflate.",
            compressed(dialect, "deflate"),
        ),
        case(
            dialect,
            "get",
            "An event is posted, not got.",
            with_method(dialect, Method::GET),
        ),
        case(
            dialect,
            "head",
            "Nobody asks for the head of an event.",
            with_method(dialect, Method::HEAD),
        ),
        case(dialect, "unknown_path", "A path that takes nothing.", unknown),
        case(dialect, "wrong_content_type", "A body that is said to be a table.", csv),
    ]
}

/// Senders that authenticate by a header.
fn of_servers(dialect: Dialect) -> Vec<Case> {
    let mut anonymous = sound(dialect);
    anonymous.headers.remove("authorization");
    let stranger = with_header(sound(dialect), "authorization", STRANGER);
    let bearer = with_header(sound(dialect), "authorization", "Bearer not-a-token");
    let text = with_body(sound(dialect), "this is not JSON");
    vec![
        case(
            dialect,
            "wrong_project",
            "The credentials are another project's.",
            stranger,
        ),
        case(dialect, "no_authorization", "There are no credentials.", anonymous),
        case(dialect, "bearer", "The credentials are of another scheme.", bearer),
        case(dialect, "body_not_json", "A body that is a sentence.", text),
    ]
}

/// Segment's Attribution (Actions) asks whether its credentials are good.
fn of_actions() -> Vec<Case> {
    let check = post(Dialect::Actions, "/check_auth", "");
    let stranger = with_header(check.clone(), "authorization", STRANGER);
    let check_case = |name, about, request| case(Dialect::Actions, name, about, request);
    vec![
        check_case("check_auth", "Good credentials are said to be.", check),
        check_case(
            "check_auth_wrong_project",
            "Those of another project are not.",
            stranger,
        ),
    ]
}

/// What pages send: the project in the body, and a question before.
fn of_browsers() -> Vec<Case> {
    let browser_case = |name, about, request| case(Dialect::Browser, name, about, request);
    let body = |project: &str| {
        format!(r#"{{{project}"messageId":"msg-1","type":"track","userId":"user-1","event":"sign up"}}"#)
    };
    let stranger = with_body(sound(Dialect::Browser), &body(r#""projectId":"not-this-project","#));
    let nobody = with_body(sound(Dialect::Browser), &body(""));
    let preflight = with_method(Dialect::Browser, Method::OPTIONS);
    let preflight = with_header(preflight, "access-control-request-method", "POST");
    let preflight = with_header(preflight, "access-control-request-headers", "content-type");
    vec![
        browser_case("wrong_project", "The body names another project.", stranger),
        browser_case("no_project", "The body names no project.", nobody),
        browser_case("preflight", "A browser asks before it lets a page send.", preflight),
    ]
}
