//! The same messages through `JSON.parse` and `JSON.stringify` in node, in turn with the others.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Reads how many lines there are and the lines, then tells how long each turn takes that it is asked for. The lines are
/// decoded before, which spares it the time for that.
const SCRIPT: &str = r"
const input = require('readline').createInterface({ input: process.stdin });
let count, lines = [];
input.on('line', line => {
    if (count === undefined) { count = Number(line); return; }
    if (lines.length < count) { lines.push(line); return; }
    const start = process.hrtime.bigint();
    let length = 0;
    for (const line of lines) length += JSON.stringify(JSON.parse(line)).length;
    console.log(String(process.hrtime.bigint() - start));
});
";

pub(crate) struct Node {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Node {
    /// A node that knows the messages; `None` where there is none.
    pub(crate) fn start(messages: &[String]) -> Option<Self> {
        let mut command = Command::new("node");
        let piped = command
            .args(["-e", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = piped.spawn().ok()?;
        let mut ask = child.stdin.take()?;
        let answers = BufReader::new(child.stdout.take()?);
        writeln!(ask, "{}\n{}", messages.len(), messages.join("\n")).ok()?;
        Some(Self { child, ask, answers })
    }

    /// How long it took this time.
    pub(crate) fn turn(&mut self) -> Option<Duration> {
        writeln!(self.ask, "go").ok()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).ok()?;
        answer.trim().parse().ok().map(Duration::from_nanos)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It has nothing left to do, whether it is still there or not.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}
