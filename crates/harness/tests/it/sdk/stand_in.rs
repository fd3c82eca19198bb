//! A small SDK that does right, or one thing wrong.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

/// The environment variable that says what it does.
pub(super) const MANNER: &str = "HARNESS_TEST_STAND_IN";

/// Not a test of its own unless it is started as a command: then it makes the calls of its input and ends as the protocol says.
#[test]
fn stands_in_for_an_sdk() {
    let Ok(manner) = std::env::var(MANNER) else {
        assert!(
            !std::env::args().any(|argument| argument == "--input"),
            "a stand-in needs a manner"
        );
        return;
    };
    let input = std::env::args()
        .skip_while(|argument| argument != "--input")
        .nth(1)
        .unwrap();
    let input: Value = serde_json::from_str(&input).unwrap();
    match manner.as_str() {
        "hangs" => loop {
            sleep(Duration::from_secs(600));
        },
        "babbles" => return println!("\nall was sent, honestly"),
        _ => {}
    }
    let sdk = Sdk::new(manner, &input);
    let success = sdk.send_all(&input);
    println!("\n{}", json!({"success": success, "sentBatches": 1}));
    end(if sdk.is("ends-badly") {
        eprintln!("the stand-in ends badly");
        9
    } else {
        i32::from(!success)
    });
}

/// Ends here, before the test runner says how the test went.
#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "what it says must be the last on standard output"
)]
fn end(code: i32) -> ! {
    std::process::exit(code)
}

/// What came of a request.
#[derive(Debug)]
enum Answer {
    Status(u16, Option<u64>),
    Broken,
}

struct Sdk {
    manner: String,
    host: String,
    write_key: String,
    flush_at: usize,
    retries: u64,
    /// What the settings say of backoff.
    backoff: Value,
}

impl Sdk {
    fn new(manner: String, input: &Value) -> Self {
        let host = input["apiHost"]
            .as_str()
            .unwrap()
            .trim_start_matches("http://")
            .to_owned();
        let write_key = input["writeKey"].as_str().unwrap().to_owned();
        let settings = get(&host, &format!("/v1/projects/{write_key}/settings"));
        let backoff = settings["httpConfig"]["backoffConfig"].clone();
        let config = &input["config"];
        let retries = config["maxRetries"].as_u64().or(backoff["maxRetryCount"].as_u64());
        Self {
            manner,
            host,
            write_key,
            flush_at: usize::try_from(config["flushAt"].as_u64().unwrap()).unwrap(),
            retries: retries.unwrap_or(3),
            backoff,
        }
    }

    fn is(&self, manner: &str) -> bool {
        self.manner == manner
    }

    fn send_all(&self, input: &Value) -> bool {
        let sequences = input["sequences"].as_array().unwrap();
        let events = sequences
            .iter()
            .flat_map(|sequence| sequence["events"].as_array().unwrap());
        let numbered = events.cloned().enumerate();
        let mut messages: Vec<Value> = numbered.map(|(number, event)| self.message(number, event)).collect();
        if self.is("drops") && messages.len() > 1 {
            messages.pop();
        }
        let results: Vec<bool> = messages.chunks(self.flush_at).map(|batch| self.send(batch)).collect();
        if self.is("duplicates") {
            self.post(&messages, 0);
        }
        results.into_iter().all(|taken| taken)
    }

    fn message(&self, number: usize, mut event: Value) -> Value {
        let id = event
            .get("messageId")
            .cloned()
            .unwrap_or_else(|| json!(format!("stand-in-{number}")));
        event["messageId"] = id;
        if self.is("changes") && event["properties"]["revenue"].is_number() {
            event["properties"]["revenue"] = json!(13);
        }
        event
    }

    /// Sends until it is taken, or it makes no sense.
    fn send(&self, batch: &[Value]) -> bool {
        let mut batch = batch.to_vec();
        for attempt in 0..=self.retries {
            let (again, pause) = match self.post(&batch, attempt) {
                Answer::Status(200..=299, _) => return true,
                Answer::Status(status, after) => (self.tries_again(status), after.unwrap_or(0)),
                Answer::Broken => (true, 0),
            };
            if !again || self.is("never-retries") || attempt == self.retries {
                return false;
            }
            if self.is("renames") {
                for (number, message) in batch.iter_mut().enumerate() {
                    message["messageId"] = json!(format!("renamed-{attempt}-{number}"));
                }
            }
            // Not to synchronise: waiting is what the protocol asks for.
            let base = self.backoff["baseBackoffInterval"].as_f64().unwrap_or(0.0);
            if !self.is("impatient") {
                sleep(Duration::from_secs(pause) + Duration::from_secs_f64(base));
            }
        }
        false
    }

    fn tries_again(&self, status: u16) -> bool {
        let said = &self.backoff["statusCodeOverrides"][status.to_string()];
        match said.as_str() {
            Some(said) => said == "retry",
            None => self.is("always-retries") || status == 429 || status >= 500,
        }
    }

    fn post(&self, batch: &[Value], attempt: u64) -> Answer {
        let body = json!({"batch": batch, "writeKey": self.write_key}).to_string();
        let request = format!(
            "POST /v1/batch HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             X-Retry-Count: {attempt}\r\nConnection: close\r\n\r\n{body}",
            self.host,
            body.len()
        );
        let Some(answer) = exchange(&self.host, &request) else {
            return Answer::Broken;
        };
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let after = answer
            .lines()
            .find_map(|line| line.strip_prefix("retry-after: ")?.trim().parse().ok());
        status.map_or(Answer::Broken, |status| Answer::Status(status, after))
    }
}

/// The answer as text, unless the connection breaks.
fn exchange(host: &str, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(host).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer).filter(|answer| !answer.is_empty())
}

fn get(host: &str, path: &str) -> Value {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let answer = exchange(host, &request).unwrap_or_default();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).unwrap_or_default()
}
