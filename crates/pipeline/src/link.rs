//! The link between sender and double: a connector, and what may go wrong below HTTP.

mod memory;
mod stream;
mod wire;

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use attribution_mock::{Connections, Mock};
use clock::Clock;
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

pub use stream::LinkStream;
pub use wire::Exchange;
use wire::Wire;

/// What the link does to the exchanges that come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFault {
    /// The connection is refused.
    Refuse,
    /// The connection is reset once this many bytes have travelled, request and answer counted together.
    Cut {
        /// Bytes that still get through.
        after: usize,
    },
}

/// What a fault of the link does, without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkFaultKind {
    /// The connection is refused.
    Refuse,
    /// The connection is reset.
    Cut,
}

impl LinkFaultKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Refuse, Self::Cut];

    /// The words in which a scenario says it, as far as they tell the kind: `connect: refuse`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "connect: refuse",
            Self::Cut => "cut",
        }
    }
}

impl LinkFault {
    /// Which kind it is of.
    pub const fn kind(self) -> LinkFaultKind {
        match self {
            Self::Refuse => LinkFaultKind::Refuse,
            Self::Cut { .. } => LinkFaultKind::Cut,
        }
    }
}

/// A connector for the destination's sender that leads to the double.
///
/// Cloning gives another handle to the same link.
#[derive(Clone)]
pub struct Link {
    shared: Arc<Shared>,
    /// Where somebody wants to know what travels it.
    wire: Option<Wire>,
}

struct Shared {
    peer: Peer,
    latency: Duration,
    clock: Clock,
    // A std mutex: it is never held across an await.
    faults: Mutex<Faults>,
}

#[derive(Default)]
struct Faults {
    planned: VecDeque<Planned>,
    /// Of which kinds they were that met a connection.
    struck: BTreeSet<LinkFaultKind>,
}

enum Peer {
    Memory(Connections),
    Socket(SocketAddr),
}

struct Planned {
    fault: LinkFault,
    /// `None`: for good.
    left: Option<u32>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("latency", &self.shared.latency)
            .finish_non_exhaustive()
    }
}

impl Faults {
    /// Whether there is one that meets the next connection.
    fn are_planned(&self) -> bool {
        self.planned.iter().any(|planned| planned.left != Some(0))
    }

    /// The one that meets the next connection.
    fn next(&mut self) -> Option<LinkFault> {
        while let Some(planned) = self.planned.front_mut() {
            match &mut planned.left {
                Some(0) => drop(self.planned.pop_front()),
                Some(left) => {
                    *left -= 1;
                    return Some(planned.fault);
                }
                None => return Some(planned.fault),
            }
        }
        None
    }
}

impl Shared {
    fn faults(&self) -> MutexGuard<'_, Faults> {
        // The queue is valid after every statement, so a panic elsewhere can't have broken it.
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody could tell the next exchange on a connection that there is already from one on its own: connecting
    /// takes no time, and nothing may go wrong with it.
    fn is_plain(&self) -> bool {
        match &self.peer {
            Peer::Memory(double) => self.latency.is_zero() && !self.faults().are_planned() && !double.may_refuse(),
            // Whether it will refuse a connection is known to it alone.
            Peer::Socket(_) => false,
        }
    }
}

impl Link {
    /// A link whose connections are in-memory streams that the double serves.
    pub fn memory(mock: &Mock, clock: Clock, latency: Duration) -> Self {
        Self::new(Peer::Memory(mock.connections().in_plain_http()), clock, latency)
    }

    /// A link whose connections are sockets to this address.
    pub fn socket(address: SocketAddr, clock: Clock, latency: Duration) -> Self {
        Self::new(Peer::Socket(address), clock, latency)
    }

    fn new(peer: Peer, clock: Clock, latency: Duration) -> Self {
        Self {
            shared: Arc::new(Shared {
                peer,
                latency,
                clock,
                faults: Mutex::default(),
            }),
            wire: None,
        }
    }

    /// The same link, which from now on keeps what travels it, in all handles that are cloned of this one.
    #[must_use]
    pub fn keeping(self) -> Self {
        Self {
            wire: Some(Wire::default()),
            ..self
        }
    }

    /// What has travelled it so far, in the order in which the exchanges began; nothing, unless the link is
    /// [`keeping`](Self::keeping) it.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.wire.as_ref().map(Wire::all).unwrap_or_default()
    }

    /// Plans a fault for the next `times` exchanges, or for all that come, after those planned before.
    pub fn plan(&self, fault: LinkFault, times: Option<u32>) {
        self.shared.faults().planned.push_back(Planned { fault, left: times });
    }

    /// The kinds of the faults that have met a connection so far.
    pub fn struck(&self) -> BTreeSet<LinkFaultKind> {
        self.shared.faults().struck.clone()
    }

    fn next_fault(&self) -> Option<LinkFault> {
        let mut faults = self.shared.faults();
        let fault = faults.next()?;
        faults.struck.insert(fault.kind());
        Some(fault)
    }

    async fn connect(self) -> io::Result<TokioIo<LinkStream>> {
        let ear = self.wire.as_ref().map(|wire| wire.open(&self.shared.clock));
        let budget = match self.next_fault() {
            Some(LinkFault::Refuse) => {
                let refused = io::ErrorKind::ConnectionRefused.into();
                if let Some(ear) = ear {
                    ear.broke(&refused);
                }
                return Err(refused);
            }
            Some(LinkFault::Cut { after }) => Some(after),
            None => None,
        };
        let Shared {
            peer, latency, clock, ..
        } = &*self.shared;
        if !latency.is_zero() {
            let _parked = clock.parked();
            clock.sleep(*latency).await;
        }
        let stream = match peer {
            Peer::Memory(double) => {
                let (near, far) = memory::connection();
                let double = double.clone();
                tokio::spawn(async move { double.serve(far).await });
                stream::Inner::Memory(near)
            }
            Peer::Socket(address) => stream::Inner::Socket(TcpStream::connect(address).await?),
        };
        let stream = LinkStream::new(stream, budget, Arc::clone(&self.shared));
        Ok(TokioIo::new(stream.heard_by(ear)))
    }
}

impl Service<Uri> for Link {
    type Response = TokioIo<LinkStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        Box::pin(self.clone().connect())
    }
}
