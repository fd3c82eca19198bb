//! `harness serve --source`: calls go in at Segment's Tracking API, and come out where Attribution records.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::command::{deaf_port, harness, run};
use crate::serve::Serving;

/// A double with the Tracking API in front of it, killed when the test is over.
pub(crate) struct Both {
    child: Child,
    folder: PathBuf,
    /// `127.0.0.1:PORT` of each that is served: the double, the source.
    pub(crate) addresses: Vec<String>,
}

impl Both {
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("harness-source-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let ready = folder.join("ready");
        let mut command = harness();
        command.args(["serve", "--source", "--source-port", "0", "--ready-file"]);
        let child = command.arg(&ready).args(arguments);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // It is written whole, once both listen.
        let text = loop {
            if let Ok(text) = fs::read_to_string(&ready) {
                break text;
            }
            assert!(child.try_wait().unwrap().is_none(), "it ended: {}", said(&mut child));
            std::thread::sleep(Duration::from_millis(5));
        };
        let address = |line: &str| line.split_once("://").unwrap().1.to_owned();
        Self {
            child,
            folder,
            addresses: text.lines().map(address).collect(),
        }
    }

    pub(crate) fn source(&self) -> &str {
        self.addresses.last().unwrap()
    }

    /// Posts a call to the source; the status.
    pub(crate) fn post(&self, path: &str, body: &Value) -> u16 {
        self.post_as("wk-1", path, body)
    }

    pub(crate) fn post_as(&self, key: &str, path: &str, body: &Value) -> u16 {
        let mut body = body.clone();
        body["writeKey"] = key.into();
        let answer = ask(self.source(), "POST", path, &body.to_string());
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// What the source's admin API shows once nothing is pending any more.
    pub(crate) fn pipeline(&self) -> Value {
        loop {
            let shown = self.pipeline_now();
            if shown["funnel"]["pending"] == 0 {
                return shown;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn pipeline_now(&self) -> Value {
        get(self.source(), "/__admin/pipeline")
    }

    /// Rows of the double's admin API.
    fn recorded(&self, list: &str) -> Vec<Value> {
        let listed = get(&self.addresses[0], &format!("/__admin/{list}"));
        let (name, _) = list.split_once('?').unwrap_or((list, ""));
        listed[name].as_array().unwrap().clone()
    }

    /// Interrupts it; its exit code and what it said last.
    #[cfg(unix)]
    fn interrupt(&mut self) -> (Option<i32>, String) {
        let kill = format!("kill -INT {}", self.child.id());
        let status = std::process::Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(status.success());
        let code = self.child.wait().unwrap().code();
        (code, said(&mut self.child))
    }
}

impl Drop for Both {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn said(child: &mut Child) -> String {
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    said
}

fn ask(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn get(address: &str, path: &str) -> Value {
    let answer = ask(address, "GET", path, "");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

pub(crate) const DOUBLE: [&str; 4] = ["--port", "0", "--project-id", "demo-project"];

/// A visit, an identity, a conversion and a merge.
fn send_a_story(both: &Both) {
    let url = "https://shop.example/pricing?utm_source=google";
    let story = [
        (
            "/v1/page",
            json!({"anonymousId": "anon-1", "name": "Pricing", "properties": {"url": url}}),
        ),
        (
            "/v1/identify",
            json!({"anonymousId": "anon-1", "userId": "user-1", "traits": {"email": "ada@example.com"}}),
        ),
        (
            "/v1/track",
            json!({"userId": "user-1", "event": "Order Completed", "properties": {"revenue": 99.90}}),
        ),
        ("/v1/alias", json!({"previousId": "user-1", "userId": "customer-1"})),
    ];
    for (path, body) in story {
        assert_eq!(both.post(path, &body), 200, "{path}");
    }
}

#[test]
fn calls_of_all_kinds_go_in_and_come_out_where_attribution_records() {
    let both = Both::start("story", &DOUBLE);
    send_a_story(&both);
    assert_eq!(
        both.post("/v1/group", &json!({"userId": "user-1", "groupId": "g"})),
        200
    );
    assert_eq!(
        both.post("/v1/screen", &json!({"userId": "user-1", "name": "Home"})),
        200
    );
    let funnel = &both.pipeline()["funnel"];
    assert_eq!(
        (&funnel["received"], &funnel["successful_delivery"]),
        (&json!(6), &json!(4))
    );
    assert_eq!(
        funnel["filtered_at_destination_by_code"],
        json!({"UNSUPPORTED_EVENT_TYPE": 2})
    );
    assert_eq!(funnel["recorded"], 4);
    let visits = both.recorded("visits");
    assert_eq!(
        (visits.len(), &visits[0]["source"]),
        (1, &json!("google")),
        "{visits:?}"
    );
    assert_eq!(both.recorded("identities")[0]["traits"]["email"], "ada@example.com");
    assert_eq!(both.recorded("conversions")[0]["event"], "Order Completed");
    assert_eq!(both.recorded("merges").len(), 1);
    let ready = both.folder.join("ready");
    let waited = run(&["wait", "--ready-file", ready.to_str().unwrap()]);
    assert_eq!(waited.code, Some(0), "{}", waited.stderr);
    let source = format!("http://{}", both.source());
    assert_eq!(
        run(&["wait", &source]).code,
        Some(0),
        "the source is one that can be waited for, too"
    );
}

#[test]
fn each_message_is_shown_with_how_far_it_came() {
    let both = Both::start("stages", &DOUBLE);
    let batch = json!({"batch": [
        {"type": "track", "userId": "user-1", "event": "sign up", "messageId": "m-1"},
        {"type": "track", "userId": "user-1", "event": "sign up", "messageId": "m-1"},
        {"type": "track", "userId": "user-1", "event": 7},
        {"type": "track", "userId": "user-1", "event": "hidden", "integrations": {"Attribution": false}},
        {"type": "page", "anonymousId": "anon-1"},
        {"type": "track", "userId": "user-1", "event": "odd", "timestamp": "yesterday"},
    ]});
    assert_eq!(both.post("/v1/batch", &batch), 200);
    let shown = both.pipeline();
    let events = shown["events"].as_array().unwrap();
    let stages: Vec<&str> = events.iter().map(|event| event["stage"].as_str().unwrap()).collect();
    assert_eq!(
        stages,
        ["delivered", "duplicate", "rejected", "skipped", "delivered", "invalid"]
    );
    assert_eq!(events[2]["rejections"][0]["code"], "event_not_string");
    assert_eq!(events[2]["rejections"][0]["pointer"], "/batch/2/event");
    assert_eq!(events[3]["code"], "FILTERED_BY_INTEGRATIONS_OBJECT");
    let delivered = ["received", "accepted", "mapped", "attempted", "delivered", "recorded"];
    assert_eq!(events[0]["stages"], json!(delivered));
    assert_eq!(events[0]["requests"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        events[4]["stages"][6], "flagged",
        "a page without url breaks a rule: {}",
        events[4]
    );
    let funnel = &shown["funnel"];
    let sum = [
        "duplicates",
        "failed_on_ingest",
        "filtered_at_source",
        "filtered_at_destination",
        "pending",
        "failed_delivery",
        "successful_delivery",
    ];
    let sum: u64 = sum.iter().map(|part| funnel[*part].as_u64().unwrap()).sum();
    assert_eq!(funnel["received"], sum);
    let next = shown["next"].as_u64().unwrap();
    let later = get(both.source(), &format!("/__admin/pipeline?after={next}"));
    assert_eq!(later["events"], json!([]));
    let part = get(both.source(), "/__admin/pipeline?after=1&limit=2");
    assert_eq!(
        (part["events"][0]["number"].as_u64(), part["next"].as_u64()),
        (Some(2), Some(3))
    );
}

#[test]
fn each_port_describes_what_it_answers_and_the_double_no_pipeline() {
    let both = Both::start("openapi", &DOUBLE);
    let described = |address: &str| {
        let document = get(address, "/__admin/openapi.json");
        document["paths"].as_object().unwrap().clone()
    };
    let (double, source) = (described(&both.addresses[0]), described(both.source()));
    for path in [
        "/v1/batch",
        "/__admin/pipeline",
        "/__admin/receipts",
        "/__admin/messages",
    ] {
        assert!(source.contains_key(path), "{path}");
    }
    assert!(double.contains_key("/track") && !double.contains_key("/__admin/pipeline"));
}

#[test]
fn a_write_key_leads_to_its_project_and_no_other_may_send() {
    let routes = ["--port", "0", "--route", "wk-1=shop", "--route", "wk-2=blog"];
    let both = Both::start("routes", &routes);
    let call = |event: &str| json!({"userId": "user-1", "event": event});
    assert_eq!(both.post_as("wk-1", "/v1/track", &call("bought")), 200);
    assert_eq!(both.post_as("wk-2", "/v1/track", &call("read")), 200);
    assert_eq!(both.post_as("wk-3", "/v1/track", &call("lost")), 200);
    let shown = both.pipeline();
    assert_eq!(shown["events"][0]["project"], "shop");
    assert_eq!(shown["events"][1]["project"], "blog");
    assert_eq!(shown["events"][2]["rejections"][0]["code"], "unknown_source");
    assert!(!shown.to_string().contains("wk-"), "write keys are secrets");
    assert_eq!(both.recorded("conversions?project=shop")[0]["event"], "bought");
    assert_eq!(both.recorded("conversions?project=blog")[0]["event"], "read");
}

#[test]
fn a_strict_source_says_no() {
    let both = Both::start("strict", &[&DOUBLE[..], &["--strict-source"]].concat());
    assert_eq!(both.post("/v1/track", &json!({"userId": "user-1"})), 400);
    assert_eq!(both.post("/v1/page", &json!({"userId": "user-1"})), 200);
}

#[test]
fn every_dialect_is_recognised_where_it_is_recorded_and_behind_tls_as_well() {
    for more in [&["--dialect", "actions"][..], &["--dialect", "import"], &["--tls"]] {
        let both = Both::start(more.last().unwrap(), &[&DOUBLE[..], more].concat());
        send_a_story(&both);
        let funnel = &both.pipeline()["funnel"];
        assert_eq!(
            (&funnel["successful_delivery"], &funnel["recorded"]),
            (&json!(4), &json!(4)),
            "{more:?}"
        );
    }
}

#[test]
fn another_server_takes_the_place_of_the_double() {
    let other = Serving::start(&[]);
    let forward = ["--project-id", "demo-project", "--forward-to", &other.url];
    let both = Both::start("forward", &forward);
    assert_eq!(both.addresses.len(), 1, "there is no double");
    send_a_story(&both);
    let funnel = &both.pipeline()["funnel"];
    assert_eq!(funnel["successful_delivery"], 4);
    assert!(other.ask("GET", "/__admin/conversions", "").contains("Order Completed"));
}

#[cfg(unix)]
#[test]
fn an_interrupt_delivers_what_was_accepted() {
    let slow = ["--fault", "{ path: /track, delay: 300ms }"];
    let mut both = Both::start("drain", &[&DOUBLE[..], &slow].concat());
    for number in 0..3 {
        let call = json!({"userId": format!("user-{number}"), "event": "sign up"});
        assert_eq!(both.post("/v1/track", &call), 200);
    }
    let (code, said) = both.interrupt();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("3 received: 3 delivered"), "{said}");
    assert!(!both.folder.join("ready").exists());
}

#[cfg(unix)]
#[test]
fn an_endpoint_that_nobody_listens_at_is_told_as_what_it_is() {
    let (_held, deaf) = deaf_port();
    let url = format!("http://{deaf}");
    let both = Both::start("deaf", &["--project-id", "demo-project", "--forward-to", &url]);
    assert_eq!(
        both.post("/v1/track", &json!({"userId": "user-1", "event": "sign up"})),
        200
    );
    let shown = both.pipeline_now();
    assert_eq!(shown["funnel"]["pending"], 1);
    assert_eq!(shown["events"][0]["stage"], "pending");
}

#[test]
fn what_cannot_be_is_said_and_no_write_key_with_it() {
    let said = |arguments: &[&str]| {
        let printed = run(&[&["serve", "--source", "--source-port", "0"], arguments].concat());
        assert_eq!(printed.code, Some(2), "{}", printed.stderr);
        printed.stderr
    };
    let several = said(&["--project-id", "a", "--project-id", "b"]);
    assert!(several.contains("--route WRITE_KEY=PROJECT_ID"), "{several}");
    let unreadable = said(&["--route", "secret-key"]);
    assert!(unreadable.contains("--route number 1 is no route"), "{unreadable}");
    let twice = said(&["--route", "secret-key=a", "--route", "secret-key=b"]);
    assert!(twice.contains("--route number 2"), "{twice}");
    assert!(!unreadable.contains("secret") && !twice.contains("secret"));
    let both = said(&["--project-id", "a", "--forward-to", "http://localhost", "--lenient"]);
    assert!(both.contains("--forward-to"), "{both}");
    let no_url = said(&["--project-id", "a", "--forward-to", "ftp://x"]);
    assert!(no_url.contains("--forward-to can't be used"), "{no_url}");
    let alone = run(&["serve", "--project-id", "a", "--strict-source"]);
    assert_eq!(alone.code, Some(2));
    assert!(alone.stderr.contains("--source"), "{}", alone.stderr);
}

#[test]
fn tail_shows_each_event_in_a_line() {
    let both = Both::start("tail", &DOUBLE);
    assert_eq!(
        both.post("/v1/track", &json!({"userId": "user-1", "event": "sign up"})),
        200
    );
    assert_eq!(both.post("/v1/track", &json!({"userId": "user-1", "event": 7})), 200);
    both.pipeline();
    let url = format!("http://{}", both.source());
    let printed = run(&["tail", &url]);
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    let lines: Vec<&str> = printed.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", printed.stdout);
    assert!(lines[0].starts_with("1 ") && lines[0].contains(r#"track "sign up" of user-1: delivered, recorded"#));
    assert!(
        lines[1].contains("rejected; event_not_string at \"/event\""),
        "{}",
        lines[1]
    );
    let json = run(&["tail", &url, "-n", "1", "--format", "json"]);
    let event: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&event["number"], &event["stage"]), (&json!(2), &json!("rejected")));
    let double = run(&["tail", &format!("http://{}", both.addresses[0])]);
    assert_eq!(double.code, Some(2), "{}", double.stderr);
    assert!(double.stderr.contains("no Tracking API"), "{}", double.stderr);
    let (_held, deaf) = deaf_port();
    assert_eq!(run(&["tail", &format!("http://{deaf}")]).code, Some(3));
}

#[test]
fn tail_follows_what_comes_and_shows_it_once_it_is_decided() {
    use std::io::{BufRead, BufReader};
    let slow = ["--fault", "{ path: /identify, delay: 300ms }"];
    let both = Both::start("follow", &[&DOUBLE[..], &slow].concat());
    let url = format!("http://{}", both.source());
    let mut tail = harness();
    let tail = tail.args(["tail", &url, "-f", "-n", "0", "--format", "json"]);
    assert_eq!(both.post("/v1/page", &json!({"userId": "before"})), 200);
    let mut tail = tail.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    // Where it begins is only known once it has shown something: it is sent to until then.
    let first: Value = std::thread::scope(|scope| {
        let line = scope.spawn(|| serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap());
        while !line.is_finished() {
            assert_eq!(both.post("/v1/page", &json!({"userId": "during"})), 200);
            std::thread::sleep(Duration::from_millis(20));
        }
        line.join().unwrap()
    });
    assert_eq!(first["user_id"], "during");
    assert_eq!(both.post("/v1/identify", &json!({"userId": "slow"})), 200);
    assert_eq!(both.post("/v1/page", &json!({"userId": "last"})), 200);
    let mut seen = Vec::new();
    while !(seen.contains(&"slow".to_owned()) && seen.contains(&"last".to_owned())) {
        let event: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(event["stage"], "delivered");
        seen.push(event["user_id"].as_str().unwrap().to_owned());
    }
    tail.kill().unwrap();
    tail.wait().unwrap();
}
