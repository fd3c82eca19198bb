//! Segment's Tracking API in front of the double, or of a real endpoint.

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use attribution_destination::deliver::{BuildError, Connect, Endpoint, RetryPolicy, Sender, SenderBuilder, TlsRoots};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::Mock;
use clock::Clock;
use pipeline::{Front, Lane, Link};
use segment_source::{AcceptedEvents, Source, SourceConfig, WriteKey, WriteKeys};
use tokio::net::TcpListener;

use super::{listen, url};
use crate::args::ServeArgs;
use crate::commands::interrupts::Interrupts;
use crate::commands::{Unusable, project_id, roots};

/// How long what was accepted is delivered after Ctrl-C, unless a second one cuts it short.
const DRAINED_WITHIN: Duration = Duration::from_secs(30);

/// Who may send, and for whom.
pub(super) struct Routes {
    write_keys: WriteKeys,
    pub(super) projects: Vec<ProjectId>,
}

impl Routes {
    /// Those that were asked for; nothing where a project id is no such, of which word is on standard error.
    ///
    /// They are parsed here and not with the other arguments, whose errors repeat what was typed, write keys included.
    pub(super) fn of(args: &ServeArgs) -> anyhow::Result<Option<Self>> {
        if args.source.routes.is_empty() {
            return Self::to_the_one(args);
        }
        let (mut projects, mut keys) = (Vec::new(), Vec::new());
        for (index, route) in args.source.routes.iter().enumerate() {
            let unusable = || Unusable::new(RouteError::Unreadable { position: index + 1 });
            let (key, project) = route.split_once('=').ok_or_else(unusable)?;
            let key = WriteKey::new(key.trim()).ok_or_else(unusable)?;
            let Some(project) = project_id(Some(project.trim())) else {
                return Ok(None);
            };
            if keys.iter().any(|(known, _)| *known == key) {
                return Err(Unusable::new(RouteError::Twice { position: index + 1 }).into());
            }
            let place = projects.iter().position(|known| *known == project).unwrap_or_else(|| {
                projects.push(project);
                projects.len() - 1
            });
            keys.push((key, place));
        }
        let write_keys = WriteKeys::only(keys);
        Ok(Some(Self { write_keys, projects }))
    }

    /// Every write key, to the one project there is.
    fn to_the_one(args: &ServeArgs) -> anyhow::Result<Option<Self>> {
        let given = match args.project_ids.as_slice() {
            [] => None,
            [one] => Some(one.as_str()),
            _ => return Err(Unusable::new(RouteError::Missing).into()),
        };
        Ok(project_id(given).map(|project| Self {
            write_keys: WriteKeys::any(0),
            projects: vec![project],
        }))
    }
}

/// A source that listens, and what delivers its events.
pub(super) struct Serving {
    source: Source,
    front: Front,
    listener: TcpListener,
    pub(super) url: String,
}

impl Serving {
    /// Begins to deliver to the double, or to where the arguments say.
    pub(super) async fn start(args: &ServeArgs, routes: Routes, mock: Option<&Mock>) -> anyhow::Result<Self> {
        let listener = listen(SocketAddr::new(args.listen, args.source.source_port), "--source-port").await?;
        let address = listener.local_addr().context("can't tell the address of the source")?;
        let (source, accepted) = Source::new(SourceConfig {
            write_keys: routes.write_keys,
            strict: args.source.strict_source,
            admin_hosts: args.admin_hosts.clone(),
            ..SourceConfig::new(Clock::system())
        });
        let front = front(args, &routes.projects, mock, &source, accepted)?;
        Ok(Self {
            source,
            front,
            listener,
            url: url(address, false),
        })
    }

    /// Serves until it is interrupted, and then delivers what was accepted; in a line, what became of all.
    pub(super) async fn serve(self, interrupts: &mut Interrupts) -> String {
        let admin = self.front.admin();
        self.source.serve(self.listener, admin, interrupts.next()).await;
        let mut finishing = std::pin::pin!(self.front.finish(DRAINED_WITHIN));
        tokio::select! {
            funnel = &mut finishing => funnel.to_string(),
            () = interrupts.next() => "given up: what was accepted may not have been delivered".to_owned(),
        }
    }
}

fn front(
    args: &ServeArgs,
    projects: &[ProjectId],
    mock: Option<&Mock>,
    source: &Source,
    accepted: AcceptedEvents,
) -> anyhow::Result<Front> {
    let settings = |project: &ProjectId| Settings {
        dialect: args.source.dialect,
        ..Settings::new(project.clone())
    };
    // Parsed here and not with the other arguments, whose errors repeat what was typed, credentials included.
    let endpoint: Option<Endpoint> = match &args.source.forward_to {
        Some(url) => Some(
            url.parse()
                .map_err(Unusable::new)
                .context("--forward-to can't be used")?,
        ),
        None => None,
    };
    match (endpoint, mock) {
        (Some(endpoint), _) => {
            let roots = args.ca_file.as_deref().map_or_else(|| Ok(TlsRoots::system()), roots)?;
            let lanes = projects.iter().map(settings).map(|settings| {
                let sender = Sender::builder(settings.clone())
                    .endpoint(endpoint.clone())
                    .tls_roots(roots.clone());
                lane(settings, sender, None)
            });
            Ok(Front::start(source.clone(), accepted, lanes.collect::<Result<_, _>>()?))
        }
        (None, Some(mock)) => {
            let lanes = projects.iter().map(settings).map(|settings| {
                let link = Link::memory(mock, Clock::system(), Duration::ZERO);
                let sender = Sender::builder(settings.clone()).connector(link);
                let seen = mock.project(settings.project_id.expose());
                lane(settings, sender, Some(seen))
            });
            Ok(Front::start(source.clone(), accepted, lanes.collect::<Result<_, _>>()?))
        }
        (None, None) => anyhow::bail!("there is neither a double nor an endpoint to deliver to"),
    }
}

fn lane<C: Connect>(settings: Settings, sender: SenderBuilder<C>, mock: Option<Mock>) -> anyhow::Result<Lane<C>> {
    let retry = RetryPolicy::of(settings.dialect);
    let sender = sender.retry(retry).build().map_err(|error| match error {
        BuildError::Policy(_) | BuildError::ServerName(_) | BuildError::Proxy(_) => Unusable::new(error).into(),
        BuildError::NoRoots | BuildError::NoRuntime => anyhow::Error::new(error),
    })?;
    Ok(Lane {
        project: settings.project_id.expose().to_owned(),
        settings,
        sender,
        mock,
    })
}

/// Who may send for whom is not clear. `Display` shows no write key.
#[derive(Debug)]
enum RouteError {
    /// It is no route.
    Unreadable { position: usize },
    /// Its write key has another route already.
    Twice { position: usize },
    /// There are several projects, and nobody says whose events are whose.
    Missing,
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { position } => write!(
                f,
                "--route number {position} is no route: write a write key and a project id, as in --route wk-1=demo-project"
            ),
            Self::Twice { position } => write!(
                f,
                "the write key of --route number {position} has a route already: give each write key once"
            ),
            Self::Missing => f.write_str(
                "with several --project-id, say whose write key is whose: --route WRITE_KEY=PROJECT_ID for each",
            ),
        }
    }
}

impl Error for RouteError {}
