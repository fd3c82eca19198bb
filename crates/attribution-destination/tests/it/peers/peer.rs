//! A server on a raw socket, and what a sender makes of it.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use attribution_destination::deliver::{
    Delivery, HttpsConnector, Outcome, Protection, Proxies, Reason, RetryPolicy, Sender, SenderBuilder,
};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::deliver_link::{settings, track};

pub(super) const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
/// For peers that never come to an end.
pub(super) const SHORT: Duration = Duration::from_millis(60);
/// For peers that do: it decides nothing.
pub(super) const LONG: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    accepted: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

impl Peer {
    /// Serves each connection by this, which is told how many came before it.
    pub(super) async fn start<F>(serve: impl Fn(usize, TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let running = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counts = Arc::clone(&running);
                let before = counts.accepted.fetch_add(1, Ordering::SeqCst);
                let open = counts.open.fetch_add(1, Ordering::SeqCst) + 1;
                counts.most_open.fetch_max(open, Ordering::SeqCst);
                let serving = serve(before, stream);
                tokio::spawn(async move {
                    // However it ends, it is over.
                    let _ = serving.await;
                    counts.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, counts }
    }

    /// Reads each connection's first request, answers it with these bytes, and then does so.
    pub(super) async fn answering(answer: impl Into<Vec<u8>>, then: Then) -> Self {
        let answer: Arc<[u8]> = Arc::from(answer.into());
        Self::start(move |_, mut stream| {
            let answer = Arc::clone(&answer);
            async move {
                read_request(&mut stream).await?;
                stream.write_all(&answer).await?;
                then.perform(stream).await
            }
        })
        .await
    }

    /// A sender to it that tries once.
    pub(super) fn builder(&self, timeout: Duration) -> SenderBuilder<HttpsConnector> {
        let retry = RetryPolicy {
            window: Duration::ZERO,
            ..retrying(timeout)
        };
        Sender::builder(settings())
            .proxies(Proxies::none())
            .endpoint(format!("http://{}", self.address).parse().unwrap())
            .retry(retry)
            .protection(Protection::NONE)
    }

    /// What one attempt comes to.
    pub(super) async fn meet(&self, timeout: Duration) -> Outcome {
        self.builder(timeout).build().unwrap().send(track("u", 1)).await
    }

    /// How many connections there have been.
    pub(super) fn accepted(&self) -> usize {
        self.counts.accepted.load(Ordering::SeqCst)
    }

    /// How many connections there are.
    pub(super) fn open(&self) -> usize {
        self.counts.open.load(Ordering::SeqCst)
    }

    /// How many connections there were at once.
    pub(super) fn most_open(&self) -> usize {
        self.counts.most_open.load(Ordering::SeqCst)
    }

    /// Waits until the last connection is closed.
    pub(super) async fn all_closed(&self) {
        let closed = async {
            while self.open() > 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let within = tokio::time::timeout(Duration::from_secs(10), closed).await;
        within.unwrap_or_else(|_| panic!("{} connections are still open", self.open()));
    }
}

/// A policy that tries again at once.
pub(super) fn retrying(timeout: Duration) -> RetryPolicy {
    RetryPolicy {
        initial: Duration::from_millis(1),
        max: Duration::from_millis(2),
        timeout,
        ..RetryPolicy::default()
    }
}

/// What a peer does when it has said what it has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Close,
    Reset,
    /// Says nothing more until the other side closes.
    Hang,
}

impl Then {
    pub(super) async fn perform(self, mut stream: TcpStream) -> io::Result<()> {
        match self {
            // Not by dropping it, which would be a reset if there were something left to read.
            Self::Close => {
                stream.shutdown().await?;
                until_closed(&mut stream).await
            }
            Self::Reset => stream.set_zero_linger(),
            Self::Hang => until_closed(&mut stream).await,
        }
    }
}

/// Reads one small request.
pub(super) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    while !request.ends_with(b"\"event\":\"Tried\"}") {
        if stream.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(request)
}

/// The number of the event in a request, see [`track`].
pub(super) fn number(request: &[u8]) -> u64 {
    let request = String::from_utf8_lossy(request);
    let (_, number) = request.split_once("{\"n\":").unwrap();
    number.split('}').next().unwrap().parse().unwrap()
}

/// Reads whatever comes until nothing more does.
pub(super) async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    while stream.read(&mut [0; 4096]).await? > 0 {}
    Ok(())
}

/// The status that decided, or why there was none.
pub(super) fn ended(outcome: &Outcome) -> Result<u16, Reason> {
    match &outcome.result {
        Delivery::Delivered { status, .. } => Ok(*status),
        Delivery::Rejected {
            reason: Reason::Status(status),
            ..
        } => Ok(*status).inspect(|status| assert_ne!(status / 100, 2, "{outcome:?}")),
        Delivery::Expired { last, .. } => Err(last.clone()),
        other => panic!("{other:?}"),
    }
}

/// One answer, what the peer does then, and what it has to come to.
pub(super) type Case = (Vec<u8>, Then, Result<u16, Reason>);

/// Holds each answer to what it has to come to, all at once.
pub(super) async fn hold(cases: Vec<Case>) {
    let mut held = JoinSet::new();
    for (answer, then, expected) in cases {
        held.spawn(async move {
            let ends_by_itself = then != Then::Hang || !matches!(expected, Err(Reason::Timeout(_)));
            let timeout = if ends_by_itself { LONG } else { SHORT };
            let peer = Peer::answering(answer.clone(), then).await;
            let outcome = peer.meet(timeout).await;
            let shown = answer[..answer.len().min(100)].escape_ascii().to_string();
            assert_eq!(ended(&outcome), expected, "{shown} then {then:?}");
            assert_eq!(outcome.attempts.len(), 1, "{shown} then {then:?}");
            peer.all_closed().await;
        });
    }
    all(held).await;
}

/// Waits for all of them, and panics as the first one that does.
pub(super) async fn all<T: Debug + 'static>(mut tasks: JoinSet<T>) -> Vec<T> {
    let mut done = Vec::new();
    while let Some(task) = tasks.join_next().await {
        match task {
            Ok(result) => done.push(result),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    done
}
