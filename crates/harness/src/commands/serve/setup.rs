//! From arguments to a double.

use std::io::Write;

use anyhow::Context;
use attribution_destination::ProjectId;
use attribution_mock::{
    Answers, AnswersError, Fault, JournalFileError, JournalOptions, Mock, MockConfig, Projects, Recorder, Strictness,
    Tap, Torn,
};
use clock::Clock;

use super::certificate::Certificate;
use crate::args::ServeArgs;
use crate::commands::files::{LoadError, load_faults};
use crate::commands::upstream::upstream;
use crate::commands::{Unusable, levels, project_id};
use crate::exit::ExitStatus;
use crate::render::mistakes;

/// Who may send, or word on standard error that nobody could.
pub(super) fn projects(args: &ServeArgs, routed: &[ProjectId]) -> Option<Projects> {
    let all = || args.project_ids.iter().map(|id| project_id(Some(id)));
    let known: Option<Vec<ProjectId>> = match args.project_ids.as_slice() {
        [] if !args.any_project && routed.is_empty() => return project_id(None).map(|_| Projects::any()),
        _ => all().collect(),
    };
    let known = known?.into_iter().chain(routed.iter().cloned());
    let mut known = known.map(|id| id.expose().to_owned());
    if args.any_project {
        return Some(known.fold(Projects::any(), Projects::and));
    }
    let first = Projects::only(known.next()?);
    Some(known.fold(first, Projects::and))
}

fn answers(args: &ServeArgs) -> Result<Answers, AnswersError> {
    let body = match (&args.success_body, args.success_status) {
        (Some(body), _) => body.as_str(),
        (None, 204 | 205) => "",
        (None, _) => r#"{"success":true}"#,
    };
    let mut answers = Answers::default()
        .success(args.success_status, body)?
        .refused(args.refused_status)?
        .unauthenticated(args.unauthenticated_status)?;
    if let Some(body) = &args.refused_body {
        answers = answers.refused_body(body);
    }
    if let Some(body) = &args.unauthenticated_body {
        answers = answers.unauthenticated_body(body);
    }
    Ok(answers)
}

pub(super) fn config(
    args: &ServeArgs,
    projects: Projects,
    certificate: Option<&Certificate>,
) -> anyhow::Result<MockConfig> {
    let mut config = MockConfig {
        projects,
        answers: answers(args).map_err(Unusable::new)?,
        strictness: if args.lenient {
            Strictness::Lenient
        } else {
            Strictness::Strict
        },
        tap: tap(args)?,
        keep: args.keep,
        tls: certificate.map(Certificate::tls),
        admin_hosts: args.admin_hosts.clone(),
        ..MockConfig::new(Clock::system())
    };
    config.ledger.rules = levels(&args.rules)?;
    config.dashboard_delay = args.dashboard_delay.unwrap_or_default();
    Ok(config)
}

/// What is done with each exchange besides answering it, with a word on standard error about each.
fn tap(args: &ServeArgs) -> anyhow::Result<Tap> {
    let mut tap = Tap::default().telling(|notice| say(&notice.to_string()));
    if let Some(url) = &args.upstream {
        let upstream = upstream("--upstream", url, args.upstream_timeout, args.ca_file.as_deref())?;
        say(&format!(
            "passing every event on to {upstream}, whose answers the senders get"
        ));
        tap = tap.forwarding_to(upstream);
    }
    if let Some(folder) = &args.record_to {
        let recorder = Recorder::into_folder(folder);
        let recorder = recorder.with_context(|| format!("can't record into {}", folder.display()))?;
        say(&format!(
            "recording into {}, without project ids and credentials, with everything else that the events say",
            folder.display()
        ));
        tap = tap.recording_to(recorder);
    }
    Ok(tap)
}

/// A line on standard error; nothing is left to do when it is gone.
fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// What was given with `--fault`, or how it ended where that can't be used; then it has been told why.
pub(super) fn faults(given: &[String]) -> Result<Vec<Fault>, ExitStatus> {
    let mut faults = Vec::new();
    let mut worst = ExitStatus::Passed;
    for given in given {
        match load_faults(given) {
            Ok(found) => faults.extend(found),
            Err(error) => {
                // Nothing is left to do when standard error is gone.
                let _ = mistakes::unusable(&mut anstream::stderr(), &error);
                worst = worst.max(match error {
                    LoadError::Mistakes(_) => ExitStatus::Invalid,
                    LoadError::Unreadable(..) => ExitStatus::Broken,
                });
            }
        }
    }
    if worst == ExitStatus::Passed {
        Ok(faults)
    } else {
        Err(worst)
    }
}

/// The double, with what its journal has.
pub(super) fn mock(config: MockConfig, args: &ServeArgs) -> anyhow::Result<Mock> {
    let Some(path) = args.journal.clone() else {
        return Ok(Mock::new(config));
    };
    let sync = args.journal_sync;
    let opened = Mock::with_journal(config, &JournalOptions { path, sync });
    let (mock, found) = opened.map_err(|error| match error {
        JournalFileError::Damaged { .. } | JournalFileError::NotAFile { .. } => Unusable::new(error).into(),
        JournalFileError::Locked { .. } | JournalFileError::Io { .. } => anyhow::Error::new(error),
    })?;
    if let Some(Torn { line, bytes }) = found.torn {
        writeln!(
            anstream::stderr(),
            "warning: line {line} of the journal was never finished: its {bytes} bytes are cut off"
        )?;
    }
    writeln!(anstream::stderr(), "the journal has {} requests", found.requests)?;
    Ok(mock)
}
