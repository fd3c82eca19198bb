//! A stream that comes back when whoever serves it is done with it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::server::TlsStream;

/// A stream that can end with a reset, as a fault may want.
pub trait Resettable {
    /// The stream is about to be dropped: its peer shall see a reset in place of an orderly end.
    fn reset(&mut self);
}

impl Resettable for TcpStream {
    /// Without lingering, closing sends RST.
    fn reset(&mut self) {
        // An error means that there is no connection any more.
        let _ = self.set_zero_linger();
    }
}

impl Resettable for DuplexStream {
    /// Its peer sees an end: a pipe in memory knows no reset.
    fn reset(&mut self) {}
}

impl<I: Resettable> Resettable for TlsStream<I> {
    fn reset(&mut self) {
        self.get_mut().0.reset();
    }
}

/// The stream itself, until it is dropped.
#[derive(Debug)]
pub(super) struct Lent<I> {
    stream: Option<I>,
    home: Option<oneshot::Sender<I>>,
}

/// Lends a stream; the receiver has it when it is dropped.
pub(super) fn lend<I>(stream: I) -> (Lent<I>, oneshot::Receiver<I>) {
    let (home, back) = oneshot::channel();
    let lent = Lent {
        stream: Some(stream),
        home: Some(home),
    };
    (lent, back)
}

impl<I> Lent<I> {
    fn stream(&mut self) -> io::Result<&mut I> {
        self.stream.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl<I> Drop for Lent<I> {
    fn drop(&mut self) {
        if let (Some(stream), Some(home)) = (self.stream.take(), self.home.take()) {
            // Where nobody waits for it, it ends here.
            drop(home.send(stream));
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Lent<I> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.get_mut().stream()?).poll_read(cx, buf)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Lent<I> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(self.get_mut().stream()?).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(self.get_mut().stream()?).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.get_mut().stream()?).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.get_mut().stream()?).poll_shutdown(cx)
    }
}
