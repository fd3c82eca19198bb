use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::lent::Resettable;

/// A stream of which the beginning was read already, to find out what is spoken on it; it counts what passes.
#[derive(Debug)]
pub(super) struct Wire<I> {
    ahead: Vec<u8>,
    /// How much of it was read a second time.
    taken: usize,
    io: I,
    passed: Arc<Passed>,
}

/// How often anything was read from and written to a [`Wire`].
#[derive(Debug, Default)]
pub(super) struct Passed {
    reads: AtomicU64,
    writes: AtomicU64,
    /// Whether there is more to be written than the stream takes.
    is_stuck: AtomicBool,
}

impl Passed {
    pub(super) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Whether a message was written in part, so that whatever came next would be taken for more of it.
    pub(super) fn is_stuck(&self) -> bool {
        self.is_stuck.load(Ordering::Relaxed)
    }

    fn wrote(&self, written: &Poll<io::Result<usize>>) {
        self.is_stuck.store(written.is_pending(), Ordering::Relaxed);
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.writes.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<I> Wire<I> {
    /// A stream that begins with these bytes, which were read from it.
    pub(super) fn new(ahead: Vec<u8>, io: I) -> Self {
        Self {
            ahead,
            taken: 0,
            io,
            passed: Arc::default(),
        }
    }

    pub(super) fn passed(&self) -> Arc<Passed> {
        Arc::clone(&self.passed)
    }

    fn read_again(&mut self, buf: &mut ReadBuf<'_>) {
        let rest = self.ahead.get(self.taken..).unwrap_or_default();
        let fitting = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..fitting]);
        self.taken += fitting;
        if self.taken == self.ahead.len() {
            // A connection may live long after its first bytes.
            self.ahead = Vec::new();
            self.taken = 0;
        }
    }
}

impl<I: Resettable> Resettable for Wire<I> {
    fn reset(&mut self) {
        self.io.reset();
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Wire<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = if self.ahead.is_empty() {
            Pin::new(&mut self.io).poll_read(cx, buf)
        } else {
            self.read_again(buf);
            Poll::Ready(Ok(()))
        };
        if buf.filled().len() > before {
            self.passed.reads.fetch_add(1, Ordering::Relaxed);
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Wire<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.passed.wrote(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut whole = [0; SMALL];
        let written = match gathered(bufs, &mut whole) {
            Some(whole) => Pin::new(&mut self.io).poll_write(cx, whole),
            None => Pin::new(&mut self.io).poll_write_vectored(cx, bufs),
        };
        self.passed.wrote(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// Most answers are smaller. Of so many bytes one piece is written sooner than several, for the system has to look into each.
const SMALL: usize = 512;

/// All of these in one piece; none where that is more than there is room for.
fn gathered<'a>(bufs: &[IoSlice<'_>], whole: &'a mut [u8; SMALL]) -> Option<&'a [u8]> {
    let mut end = 0;
    for buf in bufs {
        let start = end;
        end += buf.len();
        whole.get_mut(start..end)?.copy_from_slice(buf);
    }
    whole.get(..end)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_was_read_ahead_is_read_again_and_then_the_rest() {
        let (mut peer, far) = tokio::io::duplex(64);
        peer.write_all(b" there").await.unwrap();
        drop(peer);
        let mut wire = Wire::new(b"hello".to_vec(), far);
        let passed = wire.passed();
        let mut two = [0; 2];
        wire.read_exact(&mut two).await.unwrap();
        assert_eq!((&two, passed.reads(), passed.writes()), (b"he", 1, 0));
        let mut rest = String::new();
        wire.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "llo there");
    }

    #[test]
    fn what_is_small_is_one_piece_and_what_is_not_stays_as_it_is() {
        let (head, body) = (vec![b'h'; SMALL - 1], vec![b'b'; 2]);
        let slices = |rest: usize| [IoSlice::new(&head), IoSlice::new(&body[..rest])];
        let mut whole = [0; SMALL];
        let expected = [head.as_slice(), b"b"].concat();
        assert_eq!(gathered(&slices(1), &mut whole), Some(&*expected));
        assert_eq!(gathered(&slices(2), &mut whole), None);
        assert_eq!(gathered(&[], &mut whole), Some(&[][..]));
    }

    #[tokio::test]
    async fn only_bytes_are_counted() {
        let (peer, far) = tokio::io::duplex(64);
        let mut wire = Wire::new(Vec::new(), far);
        let passed = wire.passed();
        wire.write_all(b"hello").await.unwrap();
        wire.flush().await.unwrap();
        assert_eq!((passed.reads(), passed.writes()), (0, 1));
        drop(peer);
        assert_eq!(wire.read(&mut [0; 8]).await.unwrap(), 0);
        assert_eq!(passed.reads(), 0, "the end is no byte");
    }
}
