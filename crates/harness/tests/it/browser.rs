//! A page in headless Chromium, looked at and used through the protocol of its developer tools, where there is one.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::scratch::Scratch;

/// `$CHROME`, or Chromium under one of its names.
pub(crate) fn browser() -> Option<PathBuf> {
    let given = std::env::var_os("CHROME").map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"].map(PathBuf::from);
    let works = |name: &PathBuf| {
        Command::new(name)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    };
    given.into_iter().chain(names).find(works)
}

/// A page that is open.
pub(crate) struct Page {
    browser: Child,
    to: File,
    from: BufReader<File>,
    asked: u64,
    session: Value,
    /// Has the browser's profile and pipes in it.
    _scratch: Scratch,
}

impl Page {
    /// Opens it; nothing where there is no browser, which is said.
    #[expect(clippy::print_stdout, reason = "a test says what it skipped")]
    pub(crate) fn open(url: &str) -> Option<Self> {
        let Some(browser) = browser() else {
            println!("skipped: there is no Chromium here to show the page; set CHROME to one");
            return None;
        };
        let scratch = Scratch::new();
        let (to, from) = (scratch.typed("to"), scratch.typed("from"));
        assert!(Command::new("mkfifo").args([&to, &from]).status().unwrap().success());
        // The browser speaks on the descriptors 3 and 4, which the shell gives it.
        let child = Command::new("sh")
            .arg("-c")
            .arg(r#"exec "$0" --headless --no-sandbox --disable-gpu --remote-debugging-pipe --user-data-dir="$1" 3<"$2" 4>"$3""#)
            .arg(browser)
            .args([&scratch.typed("profile"), &to, &from])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = OpenOptions::new().write(true).open(to).unwrap();
        let from = BufReader::new(File::open(from).unwrap());
        let mut page = Self {
            browser: child,
            to,
            from,
            asked: 0,
            session: Value::Null,
            _scratch: scratch,
        };
        let target = page.ask("Target.createTarget", &json!({"url": "about:blank"}))["targetId"].take();
        let attached = json!({"targetId": target, "flatten": true});
        page.session = page.ask("Target.attachToTarget", &attached)["sessionId"].take();
        page.ask("Page.navigate", &json!({"url": url}));
        // What is looked at while one page gives way to the next fails.
        let there = json!({"expression": "location.href !== 'about:blank' && document.readyState === 'complete'"});
        while !page
            .try_ask("Runtime.evaluate", &there)
            .is_ok_and(|told| told["result"]["value"] == true)
        {}
        Some(page)
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        let told = self.try_ask(method, params);
        told.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn try_ask(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        self.asked += 1;
        let mut asked = json!({"id": self.asked, "method": method, "params": params});
        if self.session.is_string() {
            asked["sessionId"] = self.session.clone();
        }
        self.to.write_all(format!("{asked}\0").as_bytes()).unwrap();
        loop {
            let mut told = Vec::new();
            self.from.read_until(0, &mut told).unwrap();
            let mut told: Value = serde_json::from_slice(told.strip_suffix(b"\0").expect("an answer")).unwrap();
            if told["id"] == self.asked {
                return match told["error"].take() {
                    Value::Null => Ok(told["result"].take()),
                    error => Err(error),
                };
            }
        }
    }

    /// As wide as this, in CSS pixels.
    pub(crate) fn resize(&mut self, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What an expression comes to, once it is neither false nor nothing; the page is looked at again until it is.
    pub(crate) fn until(&mut self, expression: &str) -> Value {
        let looked = format!(
            "new Promise((found, missing) => {{
                const until = Date.now() + 60_000;
                const look = () => {{
                    let value;
                    try {{ value = {expression}; }} catch (error) {{ return missing(error); }}
                    if (value) found(value);
                    else if (Date.now() > until) missing(new Error(document.body.innerText));
                    else setTimeout(look, 20);
                }};
                look();
            }})"
        );
        self.evaluate(&looked)
    }

    /// What an expression comes to.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let mut told = self.ask("Runtime.evaluate", &asked);
        assert!(told["exceptionDetails"].is_null(), "{expression}: {told:#}");
        told["result"]["value"].take()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
