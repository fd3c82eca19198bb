//! One connection to a double in virtual time.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use attribution_mock::{FaultAction, Mock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// The most that an answer can be held back by a delay is ten years, so whatever takes longer hangs.
const LONGEST: Duration = Duration::from_secs(11 * 365 * 24 * 60 * 60);

/// More than the longest input, so that writing never waits for the double to read.
const PIPE: usize = 1 << 20;

/// What came back over one connection.
#[derive(Debug)]
pub(crate) enum Heard {
    /// These bytes, and then the connection was closed.
    Closed(Vec<u8>),
    /// Neither an answer nor an end.
    Nothing,
}

/// Whether these bytes may ask for the stream of events, which has no end.
pub(crate) fn may_follow(bytes: &[u8]) -> bool {
    const STREAM: &[u8] = b"__admin/events";
    bytes
        .windows(STREAM.len())
        .any(|window| window.eq_ignore_ascii_case(STREAM))
}

/// Runs it on a runtime whose clock jumps.
pub(crate) fn in_virtual_time<T>(run: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true);
    runtime
        .build()
        .expect("a runtime without a driver for sockets")
        .block_on(run)
}

/// Writes these bytes and reads until the double closes the connection.
pub(crate) async fn exchange(mock: &Mock, bytes: &[u8], then_close: bool) -> Heard {
    let (mut near, far) = tokio::io::duplex(PIPE);
    let connections = mock.connections();
    // On one task, so that a panic while serving is this target's.
    let talk = async {
        // A double that has closed already takes no more, which is its right.
        let _ = near.write_all(bytes).await;
        if then_close {
            let _ = near.shutdown().await;
        }
        let mut heard = Vec::new();
        let _ = near.read_to_end(&mut heard).await;
        heard
    };
    let both = async { tokio::join!(connections.serve(far), talk).1 };
    timeout(LONGEST, both).await.map_or(Heard::Nothing, Heard::Closed)
}

/// An answer taken apart.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// The first answer in what was heard, with all that follows its head as the body.
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        let shown = || String::from_utf8_lossy(bytes);
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("an answer has a head: {}", shown()));
        let head = std::str::from_utf8(&bytes[..end]).expect("the head of an answer is text");
        let status = head
            .strip_prefix("HTTP/1.")
            .and_then(|rest| rest.get(2..5)?.parse().ok());
        Self {
            status: status.unwrap_or_else(|| panic!("an answer has a status: {}", shown())),
            head,
            body: &bytes[end + 4..],
        }
    }

    /// What a header says; names are in lower case, as the double writes them.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(found, _)| *found == name).map(|(_, value)| value)
    }
}

/// What a scripted fault excuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Excuse {
    /// There is no answer.
    Closing,
    /// There is neither an answer nor an end.
    Hanging,
    /// The answer is of any status.
    Answering,
    /// What comes back may be anything.
    Spoiling,
}

/// What every fault that is installed in one of these excuses.
pub(crate) fn excuses(views: &[Mock]) -> BTreeSet<Excuse> {
    let excuse = |action| match action {
        FaultAction::CloseBefore
        | FaultAction::CloseAfter
        | FaultAction::ResetBefore
        | FaultAction::ResetAfter
        | FaultAction::Refuse => Some(Excuse::Closing),
        FaultAction::Hang => Some(Excuse::Hanging),
        FaultAction::Respond(_) => Some(Excuse::Answering),
        FaultAction::Truncate | FaultAction::Garbage | FaultAction::ContentLength(_) => Some(Excuse::Spoiling),
        FaultAction::Rate(_) | FaultAction::Delay(_) | FaultAction::Bandwidth { .. } | FaultAction::ContentType(_) => {
            None
        }
    };
    let faults = views.iter().flat_map(Mock::faults);
    faults.filter_map(|installed| excuse(installed.fault.action)).collect()
}
