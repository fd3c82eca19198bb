//! From outcomes to the report, and what interrupts that.

use std::future;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use attribution_destination::deliver::{Receipt, Sender, Settlements, SpooledSender};
use bytes::Bytes;
use clock::Clock;
use segment_event::Event;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::intake::{End, Intake};
use super::outcomes::{Outcomes, Told};
use super::reader::Reads;
use super::report::Report;
use super::say;
use crate::commands::interrupts::Interrupts;
use crate::exit::ExitStatus;
use crate::render::sent::Tally;

/// How often progress is shown.
const TICK: Duration = Duration::from_millis(100);

/// How many decided lines may wait for an earlier one.
const AHEAD: usize = 10_000;

/// Which way the lines go to the sender.
pub(super) enum Way {
    /// As they are.
    Straight(Reads<Bytes>),
    /// As events, through a spool.
    Spooled((SpooledSender, Settlements), Reads<Event>),
}

/// Everything that is between the input and the report.
pub(super) struct Flow<W: Write> {
    clock: Clock,
    sender: Sender,
    spooled: Option<Arc<SpooledSender>>,
    outcomes: Outcomes,
    /// Until it is known how it ended.
    intake: Option<JoinHandle<End>>,
    stop: watch::Sender<bool>,
    report: Report<W>,
    unread: bool,
    failure: Option<anyhow::Error>,
}

/// How it ended.
pub(super) struct Ended {
    /// How the events ended.
    pub(super) tally: Tally,
    /// Whether there may be input that was not read.
    unread: bool,
    /// How many events the spool keeps.
    pub(super) kept: u64,
    /// What kept it from reading, keeping or telling everything.
    pub(super) failure: Option<anyhow::Error>,
}

impl Ended {
    /// What is not read, or still kept, is not delivered either.
    pub(super) fn status(&self) -> ExitStatus {
        let left = if self.unread || self.kept > 0 {
            ExitStatus::Failed
        } else {
            ExitStatus::Passed
        };
        left.max(self.tally.status())
    }
}

impl<W: Write> Flow<W> {
    /// Begins to hand the lines over.
    pub(super) fn start(sender: Sender, way: Way, report: Report<W>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (spooled, outcomes, intake) = match way {
            Way::Straight(lines) => {
                let (tell, pending) = mpsc::channel(AHEAD);
                let intake = Intake { lines, stopped };
                let intake = tokio::spawn(intake.into_sender(sender.clone(), tell));
                (None, Outcomes::Sender { pending, next: None }, intake)
            }
            Way::Spooled((spooled, settlements), lines) => {
                let (tell, invalid) = mpsc::channel(AHEAD);
                let intake = Intake { lines, stopped };
                let spooled = Arc::new(spooled);
                let keeping = Arc::clone(&spooled);
                let intake = tokio::spawn(async move {
                    let end = intake.into_spool(&keeping, tell).await;
                    keeping.finish();
                    end
                });
                (Some(spooled), Outcomes::Spool { settlements, invalid }, intake)
            }
        };
        Self {
            clock: Clock::system(),
            sender,
            spooled,
            outcomes,
            intake: Some(intake),
            stop,
            report,
            unread: false,
            failure: None,
        }
    }

    /// Runs until every line that was read has its outcome.
    pub(super) async fn run(mut self, mut interrupts: Interrupts) -> Ended {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = interrupts.next() => self.interrupt(),
                end = ended(&mut self.intake) => self.note(end),
                _ = ticks.tick(), if self.report.wants_progress() => {
                    self.report.progress(self.clock.elapsed(), &self.sender.metrics());
                }
                told = self.outcomes.next() => match told {
                    None => break,
                    Some(Ok(told)) => self.tell(told).await,
                    Some(Err(error)) => {
                        self.fail(anyhow::Error::new(error).context("can't go on with the spool"));
                        break;
                    }
                },
            }
        }
        self.end().await
    }

    /// Takes note of how the reading ended. What can't be read or kept is said at once: what is under way may take hours.
    fn note(&mut self, end: End) {
        match end {
            End::Whole => {}
            End::Unread => self.unread = true,
            End::Failed(error) => {
                let under_way = self.sender.metrics().queued;
                self.report
                    .apart(|| say(&format!("{error:#}: nothing more is read, {under_way} under way")));
                self.failure.get_or_insert(error);
            }
        }
    }

    /// Reports a decided line and those after it that are decided too, lets them be seen, and only then lets go of them.
    async fn tell(&mut self, first: Told) {
        let mut receipts = Vec::new();
        let mut next = Some(first);
        while let Some(told) = next.take() {
            self.report.add(told.line, told.resumed, &told.sent);
            receipts.extend(told.receipt);
            next = tokio::select! {
                biased;
                Some(Ok(next)) = self.outcomes.next() => Some(next),
                () = future::ready(()) => None,
            };
        }
        self.report.flush();
        if self.report.has_failed() {
            self.stop_reading();
        } else {
            self.acknowledge(receipts).await;
        }
    }

    async fn acknowledge(&mut self, receipts: Vec<Receipt>) {
        if let Some(spooled) = &self.spooled
            && let Err(error) = spooled.acknowledge(receipts).await
        {
            self.fail(anyhow::Error::new(error).context("can't take events out of the spool"));
        }
    }

    /// The first time reading stops, the second time delivery does.
    fn interrupt(&mut self) {
        self.report.flush();
        if *self.stop.borrow() {
            let sender = self.sender.clone();
            tokio::spawn(async move { sender.close(Duration::ZERO).await });
            return;
        }
        self.stop_reading();
        let under_way = self.sender.metrics().queued;
        let kept = if self.spooled.is_some() {
            ", the spool keeps the rest"
        } else {
            ""
        };
        self.report.apart(|| {
            say(&format!(
                "stopping: nothing more is read, {under_way} under way; Ctrl-C again gives them up{kept}"
            ));
        });
    }

    fn stop_reading(&self) {
        self.stop.send_replace(true);
        if let Some(spooled) = &self.spooled {
            spooled.stop();
        }
    }

    fn fail(&mut self, error: anyhow::Error) {
        self.failure.get_or_insert(error);
        self.stop_reading();
    }

    async fn end(mut self) -> Ended {
        if self.intake.is_some() {
            let end = ended(&mut self.intake).await;
            self.note(end);
        }
        let mut kept = 0;
        if let Some(spooled) = &self.spooled {
            if let Err(error) = spooled.flush().await {
                self.failure.get_or_insert(error.into());
            }
            kept = spooled.kept();
        }
        let (tally, failure) = self.report.finish();
        Ended {
            tally,
            unread: self.unread,
            kept,
            failure: self.failure.or(failure),
        }
    }
}

/// How the reading ended, once; never again.
async fn ended(intake: &mut Option<JoinHandle<End>>) -> End {
    let Some(running) = intake else {
        return future::pending().await;
    };
    let end = running.await.unwrap_or(End::Unread);
    *intake = None;
    end
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::io;

    use attribution_destination::{Invalid, ProjectId, Settings};

    use super::*;
    use crate::commands::send::progress::Progress;
    use crate::commands::send::reader::Read;

    /// A flow with this input; nothing in it is ever sent.
    fn flow(lines: Reads<Bytes>) -> Flow<Vec<u8>> {
        let settings = Settings::new(ProjectId::new("demo-project").unwrap());
        let builder = Sender::builder(settings).endpoint("http://127.0.0.1:1".parse().unwrap());
        let report = Report::new(Vec::new(), None, Progress::on_stderr(None));
        Flow::start(builder.build().unwrap(), Way::Straight(lines), report)
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.unwrap().block_on(future)
    }

    #[test]
    fn an_interruption_fails_what_was_not_read_and_not_what_was() {
        let status = |at_its_end: bool| {
            block_on(async {
                let (open, lines) = mpsc::channel(1);
                let mut flow = flow(lines);
                let open = (!at_its_end).then_some(open);
                if at_its_end {
                    while !flow.intake.as_ref().unwrap().is_finished() {
                        tokio::task::yield_now().await;
                    }
                }
                flow.interrupt();
                let ended = flow.run(Interrupts::new().unwrap()).await;
                drop(open);
                ended.status()
            })
        };
        assert_eq!(status(false), ExitStatus::Failed);
        assert_eq!(status(true), ExitStatus::Passed);
    }

    #[test]
    fn what_can_not_be_read_is_the_failure_and_the_lines_before_it_count() {
        let ended = block_on(async {
            let (tell, lines) = mpsc::channel(2);
            let line = Read {
                number: 1,
                content: Err(Invalid::Rejected(Vec::new())),
            };
            tell.send(Ok(line)).await.ok().unwrap();
            tell.send(Err(io::ErrorKind::IsADirectory.into())).await.ok().unwrap();
            flow(lines).run(Interrupts::new().unwrap()).await
        });
        assert_eq!(ended.tally.to_string(), "1 event: 1 invalid");
        let failure = format!("{:#}", ended.failure.unwrap());
        assert!(failure.starts_with("can't read the events: "), "{failure}");
    }
}
