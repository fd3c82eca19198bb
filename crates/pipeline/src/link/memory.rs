//! A connection in memory whose far end can be reset, as a socket can.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use attribution_mock::Resettable;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

/// How much a connection holds each way before the writer waits.
const CONNECTION_BYTES: usize = 64 * 1024;

/// The sender's end.
pub(super) struct NearEnd {
    stream: DuplexStream,
    reset: Arc<AtomicBool>,
}

/// The double's end.
pub(super) struct FarEnd {
    stream: DuplexStream,
    reset: Arc<AtomicBool>,
}

/// Both ends of a new connection.
pub(super) fn connection() -> (NearEnd, FarEnd) {
    let (near, far) = tokio::io::duplex(CONNECTION_BYTES);
    let reset = Arc::new(AtomicBool::new(false));
    let near = NearEnd {
        stream: near,
        reset: Arc::clone(&reset),
    };
    (near, FarEnd { stream: far, reset })
}

impl Resettable for FarEnd {
    fn reset(&mut self) {
        self.reset.store(true, Ordering::SeqCst);
    }
}

impl NearEnd {
    fn open(&self) -> io::Result<()> {
        if self.reset.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for NearEnd {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        // The far end is dropped after it was reset, and only then is there nothing more to be read.
        Poll::Ready(if buf.filled().len() == before {
            self.open()
        } else {
            Ok(())
        })
    }
}

impl AsyncWrite for NearEnd {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.open()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncRead for FarEnd {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for FarEnd {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_was_sent_before_a_reset_is_read_and_then_the_reset() {
        let (mut near, mut far) = connection();
        far.write_all(b"half").await.unwrap();
        far.reset();
        drop(far);
        let mut read = Vec::new();
        let error = near.read_to_end(&mut read).await.unwrap_err();
        assert_eq!(
            (read.as_slice(), error.kind()),
            (b"half".as_slice(), io::ErrorKind::ConnectionReset)
        );
        let error = near.write_all(b"more").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn an_end_without_a_reset_is_an_end() {
        let (mut near, far) = connection();
        drop(far);
        let mut read = Vec::new();
        assert_eq!(near.read_to_end(&mut read).await.unwrap(), 0);
    }
}
