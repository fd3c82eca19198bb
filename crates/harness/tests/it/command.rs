//! Starting the binary from the top folder of the workspace.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};

use test_support::{placeholders, workspace_root};
use tokio::net::TcpSocket;

/// What a command printed, with placeholders for what varies, and how it ended.
pub(crate) struct Printed {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The binary, without anything in the environment that would change what it does.
pub(crate) fn harness() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harness"));
    command
        .current_dir(workspace_root())
        .env_remove("ATTRIBUTION_PROJECT_ID")
        .env_remove("CI")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env("HARNESS_STATE", concat!(env!("CARGO_TARGET_TMPDIR"), "/state"))
        .env("NO_COLOR", "1");
    for variable in PROXY_VARIABLES {
        command.env_remove(variable);
    }
    command
}

const PROXY_VARIABLES: [&str; 9] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "REQUEST_METHOD",
];

/// A port that is taken for as long as the socket lives, and where nobody listens.
pub(crate) fn deaf_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().expect("the system has sockets");
    socket
        .bind(SocketAddr::from(([127, 0, 0, 1], 0)))
        .expect("a port is free");
    let address = socket.local_addr().expect("it is bound");
    (socket, address)
}

/// Runs the binary with these arguments and nothing on standard input.
pub(crate) fn run(arguments: &[&str]) -> Printed {
    run_with_input(arguments, "")
}

/// Runs the binary with these arguments and this standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: impl AsRef<[u8]>) -> Printed {
    feed(harness().args(arguments), input)
}

/// Runs a command with this standard input.
pub(crate) fn feed(command: &mut Command, input: impl AsRef<[u8]>) -> Printed {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.as_ref().to_owned();
    // A thread of its own: the child may fill its output before it has read everything.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the binary ends");
    // A child that ended early closes the pipe, which is its right.
    let _ = writer.join().expect("the writer does not panic");
    printed(&output)
}

/// The texts of an output, with placeholders.
pub(crate) fn printed(output: &Output) -> Printed {
    let text = |bytes: &[u8]| placeholders::apply(&String::from_utf8_lossy(bytes));
    Printed {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}
