//! `harness replay`: a failure bundle again, held against what was kept of it.

use std::io;
use std::time::Duration;

use clock::Clock;
use scenario::{Mode, RunOptions};

use super::Unusable;
use super::bundle::evidence::{self, FILES};
use super::bundle::{self, Bundle, Unplayable};
use super::run::again;
use super::run::report::{Report, Run, Stale};
use crate::args::{Format, ReplayArgs};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::{json, outcome, replay as render};

/// How a replay compares with what was kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// Everything is the same, bit for bit.
    Same {
        /// How many exchanges there were on the link.
        exchanges: usize,
        /// How many requests were received.
        requests: usize,
    },
    /// It never came to its end, so that nothing but that was kept; nor did it now.
    SameEnd,
    /// It ends otherwise.
    OtherEnd {
        /// As it ended when it was kept.
        kept: String,
        /// As it ends now.
        now: &'static str,
    },
    /// Something else happens.
    Differs(Difference),
}

impl Compared {
    /// Whether what happened is what was kept.
    pub(crate) fn is_same(&self) -> bool {
        matches!(self, Self::Same { .. } | Self::SameEnd)
    }
}

/// The first line in which two texts differ.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The file in the bundle.
    pub(crate) file: &'static str,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The byte in that line, from 1.
    pub(crate) byte: usize,
    /// The line that was kept, from a little before that byte; none where there are no more lines.
    pub(crate) kept: Option<String>,
    /// The line that there is now, from the same place.
    pub(crate) now: Option<String>,
}

pub(super) fn run(args: &ReplayArgs) -> anyhow::Result<ExitStatus> {
    let clock = Clock::system();
    let bundle = bundle::read(&args.bundle)?;
    let (report, compared) = replay(&bundle)?;
    let run = Run {
        stale_snapshots: Stale::default(),
        coverage: None,
        reports: vec![report],
        not_selected: 0,
        not_played: 0,
        started: clock.at(Duration::ZERO),
        elapsed: clock.elapsed(),
    };
    let mut out = Output::new(anstream::AutoStream::auto(io::stdout().lock()));
    for report in &run.reports {
        match args.format {
            Format::Text => outcome::line(&mut out, report)?,
            Format::Json => json::scenario(&mut out, report)?,
        }
    }
    match args.format {
        Format::Text => {
            outcome::details_and_summary(&mut out, &run)?;
            render::text(&mut out, &bundle.manifest, &compared)?;
        }
        Format::Json => {
            json::summary(&mut out, &run)?;
            render::json(&mut out, &bundle.manifest, &compared)?;
        }
    }
    io::Write::flush(&mut out)?;
    Ok(if compared.is_same() {
        run.status()
    } else {
        ExitStatus::Broken
    })
}

fn replay(bundle: &Bundle) -> anyhow::Result<(Report, Compared)> {
    let (manifest, inputs) = (&bundle.manifest, &bundle.inputs);
    let Some(kept) = &bundle.kept else {
        let scenario = evidence::scenario(manifest, inputs).map_err(unplayable)?;
        let mode = match manifest.run.live_limit_ms.map(Duration::from_millis) {
            Some(limit) => Mode::Live { limit },
            None => Mode::Virtual,
        };
        let options = RunOptions {
            mode,
            ..evidence::options(manifest)
        };
        let timeout = manifest.run.timeout_ms.map(Duration::from_millis);
        let report = again(evidence::title(manifest), scenario, options, timeout)?;
        let now = report.ended.verdict().as_str();
        let compared = if now == manifest.run.status {
            Compared::SameEnd
        } else {
            let kept = manifest.run.status.clone();
            Compared::OtherEnd { kept, now }
        };
        return Ok((report, compared));
    };
    let seen = bundle::evidence(manifest, inputs).map_err(unplayable)?;
    let [_, _, wire, journal] = &seen.texts;
    let same = Compared::Same {
        exchanges: wire.lines().count(),
        requests: journal.lines().count(),
    };
    let pairs = FILES.into_iter().zip(kept.iter().zip(&seen.texts));
    let mut differences = pairs.filter_map(|(file, (kept, now))| difference(file, kept, now));
    let compared = differences.next().map_or(same, Compared::Differs);
    Ok((seen.report, compared))
}

/// What this program can't read as a scenario is no use to it; everything else is the system.
fn unplayable(error: Unplayable) -> anyhow::Error {
    match error {
        Unplayable::Mistaken(_) | Unplayable::NotThere(_) => Unusable::new(error).into(),
        Unplayable::Run(_) | Unplayable::Json(_) => error.into(),
    }
}

/// How much of a line is told before what differs.
const BEFORE: usize = 40;

fn difference(file: &'static str, kept: &str, now: &str) -> Option<Difference> {
    if kept == now {
        return None;
    }
    let (mut kept, mut now) = (kept.split_inclusive('\n'), now.split_inclusive('\n'));
    for line in 1.. {
        let (kept, now) = (kept.next(), now.next());
        if kept == now {
            // Two that end together do not differ.
            kept?;
            continue;
        }
        let (before, after) = (kept.unwrap_or_default(), now.unwrap_or_default());
        let same = before
            .bytes()
            .zip(after.bytes())
            .take_while(|(kept, now)| kept == now)
            .count();
        let from = |text: &str| {
            let start = (0..=same.saturating_sub(BEFORE))
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or_default();
            text.get(start..).unwrap_or_default().trim_end_matches('\n').to_owned()
        };
        return Some(Difference {
            file,
            line,
            byte: same + 1,
            kept: kept.map(from),
            now: now.map(from),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(kept: &str, now: &str) -> Option<(usize, usize, Option<String>, Option<String>)> {
        difference("a", kept, now).map(|found| (found.line, found.byte, found.kept, found.now))
    }

    #[test]
    fn the_first_difference_is_told_with_both_sides() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(told("a\nb\n", "a\nb\n"), None);
        assert_eq!(told("a\nb1\n", "a\nb2\n"), Some((2, 2, text("b1"), text("b2"))));
        assert_eq!(told("a\n", "a\nb\n"), Some((2, 1, None, text("b"))));
        assert_eq!(told("a\n", "a"), Some((1, 2, text("a"), text("a"))));
        let long = "x".repeat(100);
        let (_, byte, kept, _) = told(&format!("{long}1"), &format!("{long}2")).unwrap();
        assert_eq!((byte, kept), (101, text(&format!("{}1", "x".repeat(BEFORE)))));
    }

    proptest! {
        #[test]
        fn two_texts_differ_where_they_are_not_the_same(kept in "[aü\n]{0,60}", now in "[aü\n]{0,60}") {
            prop_assert_eq!(difference("a", &kept, &now).is_none(), kept == now);
        }
    }
}
