//! From lines to outcomes, in the order of the lines.

use std::collections::VecDeque;
use std::future::{self, Future};
use std::io::{self, Write};
use std::pin::Pin;
use std::time::Duration;

use attribution_destination::deliver::Sender;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::reader::Read;
use super::report::Report;
use super::say;
use crate::exit::ExitStatus;
use crate::render::sent::{Sent, Tally};

/// How often progress is shown.
const TICK: Duration = Duration::from_millis(100);

/// Everything that is between the input and the report.
pub(super) struct Flow<W: Write> {
    sender: Sender,
    capacity: usize,
    /// Until it is stopped.
    delivery: Option<Runtime>,
    /// Until its end, or until nothing more is to be read.
    lines: Option<mpsc::Receiver<io::Result<Read>>>,
    under_way: VecDeque<Pending>,
    report: Report<W>,
    interrupted: bool,
    unread: bool,
    failure: Option<anyhow::Error>,
}

/// A line without its outcome, or with one that earlier lines hold up.
struct Pending {
    number: u64,
    text: Option<Box<[u8]>>,
    sent: Pin<Box<dyn Future<Output = Sent>>>,
}

/// How it ended.
pub(super) struct Ended {
    /// How the events ended.
    pub(super) tally: Tally,
    /// Whether there may be input that was not read.
    unread: bool,
    /// What kept it from reading or telling everything.
    pub(super) failure: Option<anyhow::Error>,
}

impl Ended {
    /// What is not read is not delivered either.
    pub(super) fn status(&self) -> ExitStatus {
        let unread = if self.unread {
            ExitStatus::Failed
        } else {
            ExitStatus::Passed
        };
        unread.max(self.tally.status())
    }
}

impl<W: Write> Flow<W> {
    pub(super) fn new(
        sender: Sender,
        capacity: usize,
        delivery: Runtime,
        lines: mpsc::Receiver<io::Result<Read>>,
        report: Report<W>,
    ) -> Self {
        Self {
            sender,
            capacity,
            delivery: Some(delivery),
            lines: Some(lines),
            under_way: VecDeque::new(),
            report,
            interrupted: false,
            unread: false,
            failure: None,
        }
    }

    /// Runs until every line that was read has its outcome.
    pub(super) async fn run(mut self) -> Ended {
        let mut interrupts = interrupts();
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while self.lines.is_some() || !self.under_way.is_empty() {
            let has_room = self.under_way.len() < self.capacity;
            tokio::select! {
                biased;
                Some(()) = interrupts.recv() => self.interrupt(),
                _ = ticks.tick(), if self.report.wants_progress() => self.report.progress(self.under_way.len()),
                (front, sent) = decided(&mut self.under_way) => self.tell(front, sent).await,
                read = next(&mut self.lines), if has_room => self.take(read).await,
            }
        }
        self.stop_delivery();
        let (tally, failure) = self.report.finish();
        Ended {
            tally,
            unread: self.unread,
            failure: self.failure.or(failure),
        }
    }

    /// Hands a line over, or takes note that there is none.
    async fn take(&mut self, read: Option<io::Result<Read>>) {
        let read = match read {
            Some(Ok(read)) => read,
            Some(Err(error)) => {
                self.failure = Some(anyhow::Error::new(error).context("can't read the events"));
                self.lines = None;
                return;
            }
            None => {
                self.lines = None;
                return;
            }
        };
        let sent: Pin<Box<dyn Future<Output = Sent>>> = match read.event {
            Ok(event) => {
                // The sender's queue is as large as what is under way here, so there is room, or will be as soon as the
                // event that was told of last has left it.
                let ticket = self.sender.submit(event).await;
                Box::pin(async { Sent::Outcome(ticket.await) })
            }
            Err(invalid) => Box::pin(future::ready(Sent::Invalid(invalid))),
        };
        self.under_way.push_back(Pending {
            number: read.number,
            text: read.text,
            sent,
        });
    }

    /// Reports a decided line and those after it that are decided too, and then lets them be seen.
    async fn tell(&mut self, mut front: Pending, mut sent: Sent) {
        loop {
            self.report.add(front.number, front.text.as_deref(), &sent);
            (front, sent) = tokio::select! {
                biased;
                next = decided(&mut self.under_way) => next,
                () = future::ready(()) => break,
            };
        }
        self.report.flush();
        if self.report.has_failed() {
            self.lines = None;
        }
    }

    /// The first time reading stops, the second time delivery does.
    fn interrupt(&mut self) {
        self.report.flush();
        if self.interrupted {
            self.stop_delivery();
            return;
        }
        self.interrupted = true;
        self.unread = self.lines.take().is_some();
        let under_way = self.under_way.len();
        say(&format!(
            "stopping: nothing more is read, {under_way} under way; Ctrl-C again gives them up"
        ));
    }

    fn stop_delivery(&mut self) {
        if let Some(delivery) = self.delivery.take() {
            delivery.shutdown_background();
        }
    }
}

/// The first line, as soon as it is decided; never, where there is none.
async fn decided(under_way: &mut VecDeque<Pending>) -> (Pending, Sent) {
    let Some(front) = under_way.front_mut() else {
        return future::pending().await;
    };
    let sent = front.sent.as_mut().await;
    let front = under_way.pop_front().expect("it was looked at just now");
    (front, sent)
}

/// The next line; never, where nothing is read any more.
async fn next(lines: &mut Option<mpsc::Receiver<io::Result<Read>>>) -> Option<io::Result<Read>> {
    match lines {
        Some(lines) => lines.recv().await,
        None => future::pending().await,
    }
}

/// Every Ctrl-C from now on. Where the system can't tell of them, they end the process as ever.
fn interrupts() -> mpsc::Receiver<()> {
    let (tell, interrupts) = mpsc::channel(8);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if tell.send(()).await.is_err() {
                break;
            }
        }
    });
    interrupts
}

#[cfg(test)]
mod tests {
    use attribution_destination::{ProjectId, Settings};

    use super::*;
    use crate::commands::send::progress::Progress;

    /// A flow with this input; nothing in it is ever sent.
    fn flow(lines: mpsc::Receiver<io::Result<Read>>) -> Flow<Vec<u8>> {
        let delivery = Runtime::new().unwrap();
        let settings = Settings::new(ProjectId::new("demo-project").unwrap());
        let guard = delivery.enter();
        let builder = Sender::builder(settings).endpoint("http://127.0.0.1:1".parse().unwrap());
        let sender = builder.build().unwrap();
        drop(guard);
        let report = Report::new(Vec::new(), None, Progress::on_stderr());
        Flow::new(sender, 1, delivery, lines, report)
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(future)
    }

    #[test]
    fn an_interruption_fails_what_was_not_read_and_not_what_was() {
        let (_open, lines) = mpsc::channel(1);
        let mut midway = flow(lines);
        midway.interrupt();
        assert_eq!(block_on(midway.run()).status(), ExitStatus::Failed);

        let (_open, lines) = mpsc::channel(1);
        let mut read = flow(lines);
        block_on(read.take(None));
        read.interrupt();
        assert_eq!(block_on(read.run()).status(), ExitStatus::Passed);
    }

    #[test]
    fn what_can_not_be_read_is_the_failure_and_the_lines_before_it_count() {
        let (tell, lines) = mpsc::channel(2);
        let line = Read {
            number: 1,
            text: None,
            event: Err(attribution_destination::Invalid::Rejected(Vec::new())),
        };
        tell.try_send(Ok(line)).ok().unwrap();
        tell.try_send(Err(io::ErrorKind::IsADirectory.into())).ok().unwrap();
        let ended = block_on(flow(lines).run());
        assert_eq!(ended.tally.to_string(), "1 event: 1 invalid");
        let failure = format!("{:#}", ended.failure.unwrap());
        assert!(failure.starts_with("can't read the events: "), "{failure}");
    }
}
