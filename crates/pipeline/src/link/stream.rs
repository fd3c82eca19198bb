use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use attribution_destination::deliver::Reuse;
use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::Shared;
use super::memory::NearEnd;
use super::wire::Ear;

type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(super) enum Inner {
    Memory(NearEnd),
    Socket(TcpStream),
}

impl Inner {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Memory(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Socket(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

/// One connection of the link: the stream to the double, with the link's latency on the answer and, where a fault
/// says so, a reset after a number of bytes.
pub struct LinkStream {
    /// `None` once the connection has been reset.
    inner: Option<Inner>,
    /// Bytes until the reset.
    budget: Option<usize>,
    answer: Answer,
    link: Arc<Shared>,
    /// Who wants to know what travels it.
    ear: Option<Ear>,
}

/// Where the first byte of the answer is. Later bytes follow at once: they left while it was under way.
enum Answer {
    Awaited,
    UnderWay { first: u8, arrival: Timer },
    Arrived,
}

impl fmt::Debug for LinkStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.inner.is_some();
        f.debug_struct("LinkStream")
            .field("open", &open)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

impl LinkStream {
    pub(super) fn new(inner: Inner, budget: Option<usize>, link: Arc<Shared>) -> Self {
        let answer = if link.latency.is_zero() {
            Answer::Arrived
        } else {
            Answer::Awaited
        };
        Self {
            inner: Some(inner),
            budget,
            answer,
            link,
            ear: None,
        }
    }

    pub(super) fn heard_by(self, ear: Option<Ear>) -> Self {
        Self { ear, ..self }
    }

    /// The stream, unless the budget is used up: then it is gone, as after a reset by the peer.
    fn open(&mut self) -> io::Result<&mut Inner> {
        if self.budget == Some(0)
            && let Some(Inner::Socket(socket)) = self.inner.take()
        {
            // Without lingering, closing sends a reset instead of an orderly end.
            socket.set_zero_linger()?;
        }
        self.inner.as_mut().ok_or_else(|| io::ErrorKind::ConnectionReset.into())
    }

    /// Reads what has arrived, and tells it to whoever wants to know.
    fn poll_arrived(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(self.poll_allowed(cx, buf));
        if let Some(ear) = &self.ear {
            match &read {
                Ok(()) => ear.received(&buf.filled()[before..]),
                Err(error) => ear.broke(error),
            }
        }
        Poll::Ready(read)
    }

    /// Reads never more than the budget allows.
    fn poll_allowed(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Some(budget) = self.budget else {
            return self.open()?.poll_read(cx, buf);
        };
        let inner = self.open()?;
        let allowed = budget.min(buf.remaining());
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(allowed));
        ready!(inner.poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buf.advance(read);
        self.budget = Some(budget - read);
        Poll::Ready(Ok(()))
    }

    /// Writes never more than the budget allows.
    fn poll_send(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = self.budget.map_or(buf.len(), |budget| budget.min(buf.len()));
        let written = ready!(match self.open()? {
            Inner::Memory(stream) => Pin::new(stream).poll_write(cx, &buf[..allowed]),
            Inner::Socket(stream) => Pin::new(stream).poll_write(cx, &buf[..allowed]),
        })?;
        self.budget = self.budget.map(|budget| budget - written);
        Poll::Ready(Ok(written))
    }

    fn timer(&self) -> Timer {
        let (clock, latency) = (self.link.clock.clone(), self.link.latency);
        Box::pin(async move {
            let _parked = clock.parked();
            clock.sleep(latency).await;
        })
    }
}

impl AsyncRead for LinkStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            match &mut this.answer {
                Answer::Arrived => return this.poll_arrived(cx, buf),
                Answer::UnderWay { first, arrival } => {
                    ready!(arrival.as_mut().poll(cx));
                    buf.put_slice(&[*first]);
                    this.answer = Answer::Arrived;
                    return Poll::Ready(Ok(()));
                }
                Answer::Awaited => {
                    let mut first = [0];
                    let mut one = ReadBuf::new(&mut first);
                    ready!(this.poll_arrived(cx, &mut one))?;
                    if one.filled().is_empty() {
                        this.answer = Answer::Arrived;
                        return Poll::Ready(Ok(()));
                    }
                    this.answer = Answer::UnderWay {
                        first: first[0],
                        arrival: this.timer(),
                    };
                }
            }
        }
    }
}

impl AsyncWrite for LinkStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(this.poll_send(cx, buf));
        if let Some(ear) = &this.ear {
            match &written {
                Ok(written) => ear.sent(&buf[..*written]),
                Err(error) => ear.broke(error),
            }
        }
        Poll::Ready(written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut().open()? {
            Inner::Memory(stream) => Pin::new(stream).poll_flush(cx),
            Inner::Socket(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().inner {
            None => Poll::Ready(Ok(())),
            Some(Inner::Memory(stream)) => Pin::new(stream).poll_shutdown(cx),
            Some(Inner::Socket(stream)) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl Connection for LinkStream {
    /// To be used again only where nobody could tell.
    fn connected(&self) -> Connected {
        let is_whole = self.budget.is_none();
        let (link, ear) = (Arc::clone(&self.link), self.ear.clone());
        Connected::new().extra(Reuse::when(move || {
            let is_plain = is_whole && link.is_plain();
            if let Some(ear) = ear.as_ref().filter(|_| is_plain) {
                ear.rest();
            }
            is_plain
        }))
    }
}
