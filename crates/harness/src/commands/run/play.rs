//! Playing side by side, each within its time, shown in order.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use clock::Clock;
use tokio::sync::oneshot;

use super::cases::Case;
use super::progress::Progress;
use super::report::{Ended, Report, Title};

/// How to play.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How many at once.
    pub(super) jobs: usize,
    /// How long one may take in real time.
    pub(super) timeout: Option<Duration>,
    /// Whether the first that does not pass is the last.
    pub(super) fail_fast: bool,
}

/// Plays one case, until its end or until it is told to stop.
pub(super) type Play = dyn Fn(Case, Stop) -> Ended + Send + Sync;

/// Comes when the case is given up; never, where there is no limit.
pub(super) type Stop = oneshot::Receiver<()>;

/// What the workers share.
struct Shared {
    queue: Box<dyn Iterator<Item = (usize, Case)> + Send>,
    running: BTreeMap<usize, Running>,
}

/// A case that is being played.
struct Running {
    title: Title,
    since: Duration,
    stop: oneshot::Sender<()>,
}

struct Crew {
    shared: Mutex<Shared>,
    clock: Clock,
    play: Box<Play>,
    fail_fast: bool,
}

impl Crew {
    /// Nothing that can panic happens under the lock.
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<(usize, Case, Stop)> {
        let mut shared = self.shared();
        let (index, case) = shared.queue.next()?;
        let (stop, stopped) = oneshot::channel();
        let running = Running {
            title: case.title.clone(),
            since: self.clock.elapsed(),
            stop,
        };
        shared.running.insert(index, running);
        Some((index, case, stopped))
    }

    /// Works until nothing is left, or until the case at hand was given up: then another took its place.
    fn work(&self, done: &mpsc::Sender<(usize, Report)>) {
        while let Some((index, case, stop)) = self.next() {
            let title = case.title.clone();
            let played = catch_unwind(AssertUnwindSafe(|| (self.play)(case, stop)));
            let Some(running) = self.shared().running.remove(&index) else {
                break;
            };
            let report = Report {
                title,
                ended: played.unwrap_or(Ended::Crashed),
                real: self.clock.elapsed().saturating_sub(running.since),
                bundle: None,
            };
            self.heed(&report);
            // The receiver is gone when the output failed: then nothing is left to do.
            if done.send((index, report)).is_err() {
                break;
            }
        }
    }

    /// Gives up what has been running for longer than this.
    fn give_up(&self, timeout: Duration) -> Vec<(usize, Report)> {
        let now = self.clock.elapsed();
        let mut shared = self.shared();
        let overdue =
            |(index, running): (&usize, &Running)| (now.saturating_sub(running.since) >= timeout).then_some(*index);
        let overdue: Vec<usize> = shared.running.iter().filter_map(overdue).collect();
        let given_up = |index| {
            let Running { title, since, stop } = shared.running.remove(&index)?;
            // A case that has just ended does not hear it any more.
            let _ = stop.send(());
            let report = Report {
                title,
                ended: Ended::TimedOut(timeout),
                real: now.saturating_sub(since),
                bundle: None,
            };
            Some((index, report))
        };
        let given_up: Vec<(usize, Report)> = overdue.into_iter().filter_map(given_up).collect();
        drop(shared);
        for (_, report) in &given_up {
            self.heed(report);
        }
        given_up
    }

    /// How long until the next case has to be given up.
    fn patience(&self, timeout: Duration) -> Duration {
        let now = self.clock.elapsed();
        let shared = self.shared();
        let oldest = shared.running.values().map(|running| running.since).min();
        oldest.map_or(timeout, |since| (since + timeout).saturating_sub(now))
    }

    /// Begins nothing new, where this was to be the last. Whatever is before it has begun already.
    fn heed(&self, report: &Report) {
        if self.fail_fast && report.ended.verdict().is_bad() {
            self.shared().queue = Box::new(std::iter::empty());
        }
    }
}

/// Plays all cases and shows each report as soon as all before it are shown. A thread whose case was given up is left
/// behind, in case that it does not even listen, and another works in its place.
pub(super) fn play_all(
    cases: Vec<Case>,
    pace: Pace,
    play: Box<Play>,
    show: &mut dyn FnMut(&Report) -> io::Result<()>,
) -> io::Result<Vec<Report>> {
    let expected = cases.len();
    let crew = Arc::new(Crew {
        shared: Mutex::new(Shared {
            queue: Box::new(cases.into_iter().enumerate()),
            running: BTreeMap::new(),
        }),
        clock: Clock::system(),
        play,
        fail_fast: pace.fail_fast,
    });
    let (send, receive) = mpsc::channel();
    let hire = || {
        let (crew, send) = (Arc::clone(&crew), send.clone());
        thread::Builder::new().spawn(move || crew.work(&send)).map(drop)
    };
    (0..pace.jobs).try_for_each(|_| hire())?;
    let mut shown = InOrder::new(expected, pace.fail_fast);
    while !shown.is_complete() {
        let finished = match pace.timeout {
            None => receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(timeout) => receive.recv_timeout(crew.patience(timeout)),
        };
        let given_up = pace.timeout.map(|timeout| crew.give_up(timeout)).unwrap_or_default();
        given_up.iter().try_for_each(|_| hire())?;
        for (index, report) in finished.into_iter().chain(given_up) {
            shown.add(index, report, show)?;
        }
    }
    shown.progress.clear();
    Ok(shown.done)
}

/// Reports in the order of the cases.
struct InOrder {
    waiting: Vec<Option<Report>>,
    done: Vec<Report>,
    fail_fast: bool,
    ended: bool,
    progress: Progress,
}

impl InOrder {
    fn new(expected: usize, fail_fast: bool) -> Self {
        Self {
            waiting: (0..expected).map(|_| None).collect(),
            done: Vec::with_capacity(expected),
            fail_fast,
            ended: expected == 0,
            progress: Progress::new(expected),
        }
    }

    fn is_complete(&self) -> bool {
        self.ended
    }

    fn add(&mut self, index: usize, report: Report, show: &mut dyn FnMut(&Report) -> io::Result<()>) -> io::Result<()> {
        self.progress.count(&report);
        self.waiting[index] = Some(report);
        while let Some(report) = self.waiting.get_mut(self.done.len()).and_then(Option::take) {
            if self.ended {
                break;
            }
            self.progress.clear();
            show(&report)?;
            let last = self.done.len() + 1 == self.waiting.len();
            self.ended = last || (self.fail_fast && report.ended.verdict().is_bad());
            self.done.push(report);
        }
        self.progress.show();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use clock::Seed;

    use super::super::cases::What;
    use super::super::report::Verdict;
    use super::*;
    use crate::commands::files::LoadError;

    fn cases(count: usize) -> Vec<Case> {
        let case = |number| Case {
            title: Title {
                path: PathBuf::from(format!("{number}")),
                name: Some(format!("{number}")),
                seed: Seed::from(0),
                repetition: None,
            },
            origin: None,
            in_part: false,
            what: What::Unusable(LoadError::Unreadable(PathBuf::new(), io::ErrorKind::NotFound.into())),
        };
        (0..count).map(case).collect()
    }

    fn skipped() -> Ended {
        Ended::Skipped(String::new())
    }

    fn bad() -> Ended {
        Ended::TimedOut(Duration::ZERO)
    }

    /// The verdicts in the order in which they were shown, which is that of the names.
    fn verdicts(count: usize, pace: Pace, play: impl Fn(&str, Stop) -> Ended + Send + Sync + 'static) -> Vec<Verdict> {
        let play = move |case: Case, stop: Stop| play(case.title.name.as_deref().unwrap_or_default(), stop);
        let mut shown = Vec::new();
        let reports = play_all(cases(count), pace, Box::new(play), &mut |report| {
            shown.push(report.title.whole());
            Ok(())
        });
        let expected: Vec<String> = (0..shown.len()).map(|number| number.to_string()).collect();
        assert_eq!(shown, expected);
        reports.unwrap().iter().map(|report| report.ended.verdict()).collect()
    }

    const PACE: Pace = Pace {
        jobs: 3,
        timeout: None,
        fail_fast: false,
    };

    #[test]
    fn nothing_is_played_without_cases() {
        assert_eq!(verdicts(0, PACE, |_, _| skipped()), []);
    }

    #[test]
    fn what_neither_ends_nor_listens_is_given_up_and_the_rest_goes_on() {
        let pace = Pace {
            timeout: Some(Duration::from_millis(30)),
            jobs: 1,
            ..PACE
        };
        let found = verdicts(3, pace, |name, _| {
            if name == "1" {
                loop {
                    thread::park();
                }
            }
            skipped()
        });
        assert_eq!(found[1], Verdict::TimedOut);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn what_listens_hears_that_it_is_given_up() {
        let (told, tells) = mpsc::channel();
        let pace = Pace {
            timeout: Some(Duration::from_millis(30)),
            ..PACE
        };
        let found = verdicts(1, pace, move |_, stop| {
            told.send(stop.blocking_recv().is_ok()).unwrap();
            skipped()
        });
        assert_eq!(found, [Verdict::TimedOut]);
        assert_eq!(tells.recv(), Ok(true));
    }

    #[test]
    fn a_panic_is_a_verdict_and_stops_nothing_else() {
        let found = verdicts(4, PACE, |name, _| {
            assert_ne!(name, "2", "this panic is meant");
            skipped()
        });
        assert_eq!(
            found,
            [Verdict::Skipped, Verdict::Skipped, Verdict::Broken, Verdict::Skipped]
        );
    }

    #[test]
    fn the_first_bad_one_in_order_is_the_last_shown_whatever_ends_first() {
        for jobs in [1, 2, 8] {
            let begun = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&begun);
            let pace = Pace {
                jobs,
                fail_fast: true,
                ..PACE
            };
            let found = verdicts(500, pace, move |name, _| {
                counted.fetch_add(1, Ordering::Relaxed);
                if name.parse::<usize>().unwrap() < 5 {
                    skipped()
                } else {
                    bad()
                }
            });
            assert_eq!(found.len(), 6);
            assert_eq!(found[5], Verdict::TimedOut);
            if jobs == 1 {
                assert_eq!(begun.load(Ordering::Relaxed), 6);
            }
        }
    }
}
