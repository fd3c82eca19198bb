//! `harness serve`: the double on a loopback socket, until it is interrupted.

use std::io::Write;

use anyhow::Context;
use attribution_destination::ProjectId;
use attribution_mock::{Fault, Mock, MockConfig, Strictness};
use clock::Clock;
use tokio::net::TcpListener;

use super::files::{LoadError, load_faults};
use super::interrupts::Interrupts;
use super::{Unusable, project_id};
use crate::args::ServeArgs;
use crate::exit::ExitStatus;
use crate::render::mistakes;

pub(super) fn run(args: &ServeArgs) -> anyhow::Result<ExitStatus> {
    let Some(project_id) = project_id(args.project_id.as_deref()) else {
        return Ok(ExitStatus::Invalid);
    };
    let faults = match faults(&args.faults) {
        Ok(faults) => faults,
        Err(status) => return Ok(status),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("can't start the runtime")?;
    let config = config(args, &project_id)?;
    runtime.block_on(async {
        let mock = Mock::new(config);
        for fault in faults {
            mock.add_fault(fault).map_err(Unusable::new)?;
        }
        let mut interrupts = Interrupts::new().context("can't listen for Ctrl-C")?;
        let listener = listen(args.port).await?;
        let address = listener.local_addr().context("can't tell the address")?;
        announce(&address.to_string())?;
        mock.serve(listener, async move { interrupts.next().await }).await;
        Ok(ExitStatus::Passed)
    })
}

fn config(args: &ServeArgs, project_id: &ProjectId) -> anyhow::Result<MockConfig> {
    let mut config = MockConfig {
        project_id: project_id.expose().into(),
        strictness: if args.lenient {
            Strictness::Lenient
        } else {
            Strictness::Strict
        },
        ..MockConfig::new(Clock::system())
    };
    for &(rule, level) in &args.rules {
        config.ledger.rules.set(rule, level).map_err(Unusable::new)?;
    }
    Ok(config)
}

/// What was given with `--fault`, or how it ended where that can't be used; then it has been told why.
fn faults(given: &[String]) -> Result<Vec<Fault>, ExitStatus> {
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
