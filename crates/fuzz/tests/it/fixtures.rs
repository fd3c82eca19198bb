use attribution_ledger::{BrowserRoute, Route};
use fuzz::Target;
use serde_json::Value;

use crate::files::{below, bytes};
use crate::hold::hold;

fn wire() -> Vec<Value> {
    let files = below("fixtures/wire").into_iter().map(bytes);
    files
        .map(|file| serde_json::from_slice(&file).expect("a file of the wire is JSON"))
        .collect()
}

/// The path and body of each request, and whether a browser sends it.
fn requests() -> Vec<(String, String, bool)> {
    let of_file = |file: Value| {
        let browser = file.to_string().contains("projectId");
        let last = if file["request"].is_object() {
            &file["request"]
        } else {
            &file
        };
        let requests = file["before"].as_array().into_iter().flatten().chain([last]);
        let request = |request: &Value| {
            let body = request["body_text"]
                .as_str()
                .map_or_else(|| request["body"].to_string(), str::to_owned);
            Some((request["path"].as_str()?.to_owned(), body, browser))
        };
        requests.filter_map(request).collect::<Vec<_>>()
    };
    wire().into_iter().flat_map(of_file).collect()
}

/// The messages of the wire, and those that are only recorded.
fn messages() -> Vec<String> {
    let wire = wire()
        .into_iter()
        .filter_map(|file| Some(file.get("event")?.to_string()));
    let recorded = below("fixtures/scenarios").into_iter();
    let recorded = recorded.filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"));
    let lines = |path| {
        let text = String::from_utf8(bytes(path)).expect("messages are text");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    wire.chain(recorded.flat_map(lines)).collect()
}

#[track_caller]
fn check_all(target: Target, inputs: impl IntoIterator<Item = Vec<u8>>) {
    let named = |input: Vec<u8>| (String::from_utf8_lossy(&input).into_owned(), input);
    hold(target, inputs.into_iter().map(named));
}

#[test]
fn the_ledger_keeps_its_promises() {
    let place = |path: &str, browser: bool| {
        let plain = Route::ALL.iter().position(|route| route.path() == path);
        let page = BrowserRoute::ALL.iter().position(|route| route.path() == path);
        if browser {
            page.map(|place| Route::ALL.len() + place)
        } else {
            plain
        }
    };
    let input = |(path, body, browser): (String, String, bool)| match place(&path, browser) {
        Some(place) => [
            &[u8::try_from(place).expect("the paths are few"), b'\n'],
            body.as_bytes(),
        ]
        .concat(),
        None => [b"~\n", path.as_bytes(), b"\n", body.as_bytes()].concat(),
    };
    let one_by_one: Vec<Vec<u8>> = requests().into_iter().map(input).collect();
    let together: Vec<Vec<u8>> = one_by_one
        .chunks(12)
        .map(|inputs| inputs.join(&b"\n--\n"[..]))
        .collect();
    check_all(Target::Ledger, one_by_one.into_iter().chain(together));
}

#[test]
fn the_double_keeps_its_promises() {
    let input = |behaviour: u8, (path, body, browser): (String, String, bool)| {
        let headers = if browser { b'\x05' } else { b'@' };
        [&[behaviour, b'@', headers], path.as_bytes(), b"\n", body.as_bytes()].concat()
    };
    let alone = (0..16).flat_map(|behaviour| requests().into_iter().map(move |request| input(behaviour, request)));
    check_all(Target::Double, alone);
}

#[test]
fn the_double_keeps_its_promises_for_any_bytes() {
    let input = |(path, body, _): (String, String, bool)| {
        let head = format!(
            "0POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\nContent-Type: \
             application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body.as_bytes()].concat()
    };
    check_all(Target::Http, requests().into_iter().map(input));
}

#[test]
fn the_encodings_keep_their_promises() {
    let input = |how: u8| move |(_, body, _): (String, String, bool)| [&[how, 0x40], body.as_bytes()].concat();
    check_all(
        Target::Encodings,
        (0..6).flat_map(|how| requests().into_iter().map(input(how))),
    );
}

#[test]
fn the_mapper_keeps_its_promises() {
    let settings = [0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x15, 0x20, 0x21];
    let input = |settings: u8| move |message: String| [&[settings], message.as_bytes()].concat();
    check_all(
        Target::Mapper,
        settings
            .into_iter()
            .flat_map(|settings| messages().into_iter().map(input(settings))),
    );
}

#[test]
fn the_ingest_keeps_its_promises() {
    let bodies = requests().into_iter().map(|(_, body, _)| body);
    check_all(
        Target::Ingest,
        messages().into_iter().chain(bodies).map(String::into_bytes),
    );
}

#[test]
fn the_scenario_keeps_its_promises() {
    let scenarios = below("fixtures/scenarios")
        .into_iter()
        .chain(below("fixtures/mistakes"));
    check_all(Target::Scenario, scenarios.map(bytes));
}
