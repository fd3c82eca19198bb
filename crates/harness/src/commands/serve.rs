//! `harness serve`: the double on a loopback socket, until it is interrupted.

use std::io::Write;

use anyhow::Context;
use attribution_destination::ProjectId;
use attribution_mock::{
    Answers, AnswersError, JournalFileError, JournalOptions, Mock, MockConfig, Projects, Strictness, Torn,
};
use clock::Clock;
use tokio::net::TcpListener;

use super::interrupts::Interrupts;
use super::{Unusable, project_id};
use crate::args::ServeArgs;
use crate::exit::ExitStatus;

pub(super) fn run(args: &ServeArgs) -> anyhow::Result<ExitStatus> {
    let Some(projects) = projects(args) else {
        return Ok(ExitStatus::Invalid);
    };
    // Recording takes turns anyway, and one thread wakes no other.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start the runtime")?;
    let config = config(args, projects)?;
    runtime.block_on(async {
        let mock = mock(config, args)?;
        let mut interrupts = Interrupts::new().context("can't listen for Ctrl-C")?;
        let listener = listen(args.port).await?;
        let address = listener.local_addr().context("can't tell the address")?;
        announce(&address.to_string())?;
        mock.serve(listener, async move { interrupts.next().await }).await;
        Ok(ExitStatus::Passed)
    })
}

/// Who may send, or word on standard error that nobody could.
fn projects(args: &ServeArgs) -> Option<Projects> {
    let all = || args.project_ids.iter().map(|id| project_id(Some(id)));
    let known: Option<Vec<ProjectId>> = match args.project_ids.as_slice() {
        [] if !args.any_project => return project_id(None).map(|_| Projects::any()),
        _ => all().collect(),
    };
    let mut known = known?.into_iter().map(|id| id.expose().to_owned());
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
    Answers::default()
        .success(args.success_status, body)?
        .refused(args.refused_status)?
        .unauthenticated(args.unauthenticated_status)
}

fn config(args: &ServeArgs, projects: Projects) -> anyhow::Result<MockConfig> {
    let mut config = MockConfig {
        projects,
        answers: answers(args).map_err(Unusable::new)?,
        strictness: if args.lenient {
            Strictness::Lenient
        } else {
            Strictness::Strict
        },
        keep: args.keep,
        ..MockConfig::new(Clock::system())
    };
    for &(rule, level) in &args.rules {
        config.ledger.rules.set(rule, level).map_err(Unusable::new)?;
    }
    Ok(config)
}

/// The double, with what its journal has.
fn mock(config: MockConfig, args: &ServeArgs) -> anyhow::Result<Mock> {
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

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await.with_context(|| {
        format!("can't listen on 127.0.0.1:{port} (is another server running? --port 0 takes a free port)")
    })
}

/// The address is the result, so it goes to standard output; how to go on is for people.
fn announce(address: &str) -> anyhow::Result<()> {
    writeln!(anstream::stdout(), "http://{address}")?;
    writeln!(
        anstream::stderr(),
        "serving a double of track.attributionapp.com; look at http://{address}/__admin/requests, stop with Ctrl-C"
    )?;
    Ok(())
}
