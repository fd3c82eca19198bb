//! The pipeline itself.

use std::collections::VecDeque;
use std::fmt;
use std::io;

use attribution_destination::deliver::{BuildError, Sender, Ticket};
use attribution_mock::{Mock, MockConfig};
use clock::Clock;
use segment_event::{Event, Rejection};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::config::{Config, Transport};
use crate::fate::{Deliveries, Fate, Handled};
use crate::link::Link;

/// Source, destination, link and double, joined.
///
/// Dropping it stops a server on a socket; what was not delivered by then is lost, so [`settle`](Self::settle) first.
#[derive(Debug)]
pub struct Pipeline {
    clock: Clock,
    mock: Mock,
    link: Link,
    sender: Sender<Link>,
    ingest: bool,
    handled: Vec<Handled>,
    tickets: VecDeque<Waiting>,
    _server: Option<oneshot::Sender<()>>,
}

/// A message whose outcome is still to come.
#[derive(Debug)]
struct Waiting {
    ordinal: usize,
    ticket: Ticket,
}

/// Why a pipeline could not be started.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The loopback listener could not be bound.
    Listen(io::Error),
    /// The sender's settings contradict each other.
    Sender(BuildError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(_) => f.write_str("could not listen on 127.0.0.1"),
            Self::Sender(_) => f.write_str("could not set up the sender"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen(error) => Some(error),
            Self::Sender(error) => Some(error),
        }
    }
}

impl Pipeline {
    /// Starts the double and joins the sender to it.
    ///
    /// # Errors
    ///
    /// [`StartError::Listen`] when a loopback socket can't be had, [`StartError::Sender`] when the settings are refused.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let mut double = MockConfig {
            projects: config.settings.project_id.expose().into(),
            strictness: config.strictness,
            dashboard_delay: config.dashboard_delay,
            ..MockConfig::new(config.clock.clone())
        };
        double.ledger.rules = config.rules;
        let mock = Mock::new(double);
        let (link, server) = join(&mock, &config).await.map_err(StartError::Listen)?;
        let link = if config.keep_wire { link.keeping() } else { link };
        let sender = Sender::builder(config.settings)
            .connector(link.clone())
            .retry(config.retry)
            .ordering(config.ordering)
            .batch(config.batch)
            .clock(config.clock.clone())
            .seed(config.seed)
            .build()
            .map_err(StartError::Sender)?;
        Ok(Self {
            clock: config.clock,
            mock,
            link,
            sender,
            ingest: config.ingest,
            handled: Vec::new(),
            tickets: VecDeque::new(),
            _server: server,
        })
    }

    /// Takes a whole Segment message in, and returns its ordinal. It waits only where the sender's queue is full.
    pub async fn accept(&mut self, message: &Value) -> usize {
        let ordinal = self.handled.len();
        let text = |key: &str| message.get(key).and_then(Value::as_str);
        let fate = match self.submit(message).await {
            Ok(ticket) => {
                self.tickets.push_back(Waiting { ordinal, ticket });
                Fate::Pending
            }
            Err(rejections) => Fate::Rejected(rejections),
        };
        self.handled.push(Handled {
            kind: text("type").and_then(|kind| kind.parse().ok()),
            event: text("event").map(str::to_owned),
            message_id: text("messageId").map(str::to_owned),
            fate,
        });
        ordinal
    }

    async fn submit(&self, message: &Value) -> Result<Ticket, Vec<Rejection>> {
        if let Some(ticket) = self.sender.submit_ordinary(message).await {
            return Ok(ticket);
        }
        let event = if self.ingest {
            Event::ingest(message.clone())
        } else {
            Event::unchecked(message.clone())
        };
        Ok(self.sender.submit(event?).await)
    }

    /// Lets every delivery reach its outcome, however long that takes on the clock.
    pub async fn settle(&mut self) {
        while let Some(Waiting { ordinal, ticket }) = self.tickets.front_mut() {
            self.handled[*ordinal].fate = Fate::Done(ticket.await);
            self.tickets.pop_front();
        }
    }

    /// Lets everything happen that can happen now: each exchange is done, or waits for time to pass. Virtual time does
    /// not move.
    pub async fn quiesce(&mut self) {
        self.clock.quiesce().await;
        self.take_first();
    }

    /// Takes the outcomes that are there of the messages that wait longest: what is done takes no more room than it must.
    fn take_first(&mut self) {
        while let Some(Waiting { ordinal, ticket }) = self.tickets.front_mut()
            && let Some(outcome) = ticket.try_take()
        {
            self.handled[*ordinal].fate = Fate::Done(outcome);
            self.tickets.pop_front();
        }
    }

    /// What became of each message so far, in the order in which they were accepted.
    pub fn handled(&mut self) -> &[Handled] {
        let handled = &mut self.handled;
        self.tickets.retain_mut(|waiting| match waiting.ticket.try_take() {
            Some(outcome) => {
                handled[waiting.ordinal].fate = Fate::Done(outcome);
                false
            }
            None => true,
        });
        &self.handled
    }

    /// The counts over all messages so far.
    pub fn deliveries(&mut self) -> Deliveries {
        Deliveries::of(self.handled())
    }

    /// The double.
    pub fn mock(&self) -> &Mock {
        &self.mock
    }

    /// The link between sender and double.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// The clock of every part.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// Makes the link, and over a socket the server at its other end, which stops when the returned half is dropped.
async fn join(mock: &Mock, config: &Config) -> io::Result<(Link, Option<oneshot::Sender<()>>)> {
    let (clock, latency) = (config.clock.clone(), config.latency);
    match config.transport {
        Transport::Memory => Ok((Link::memory(mock, clock, latency), None)),
        Transport::Loopback => {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            let address = listener.local_addr()?;
            let (stop, stopped) = oneshot::channel::<()>();
            let mock = mock.clone();
            tokio::spawn(async move {
                let shutdown = async {
                    // An error means that the pipeline is gone, which says the same.
                    let _ = stopped.await;
                };
                mock.serve(listener, shutdown).await;
            });
            Ok((Link::socket(address, clock, latency), Some(stop)))
        }
    }
}
