use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::wire::Wire;

/// What every client of HTTP/2 says first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The first byte of every TLS handshake, which no HTTP request begins with.
const HANDSHAKE: u8 = 0x16;

/// So much is read at once: most requests whole.
const AT_ONCE: usize = 4096;

/// What a peer speaks, by its first bytes. Whatever is neither TLS nor HTTP/2 is left to HTTP/1.1 to complain about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    Http1,
    Http2,
    Tls,
}

/// A stream whose peer is listened to for the first time.
#[derive(Debug)]
pub(super) struct Opening<I> {
    io: I,
    heard: Vec<u8>,
}

/// A stream whose peer has begun to speak.
#[derive(Debug)]
pub(super) struct Opened<I> {
    pub(super) spoken: Spoken,
    pub(super) wire: Wire<I>,
}

impl<I: AsyncRead + Unpin> Opening<I> {
    pub(super) fn new(io: I) -> Self {
        let heard = Vec::with_capacity(AT_ONCE);
        Self { io, heard }
    }

    /// Waits for as many bytes as tell what is spoken; nothing when the peer went away before.
    pub(super) async fn listen(&mut self) -> Option<Spoken> {
        loop {
            if self.io.read_buf(&mut self.heard).await.ok()? == 0 {
                return None;
            }
            if let Some(spoken) = spoken(&self.heard) {
                return Some(spoken);
            }
        }
    }

    /// The stream as one on which this is spoken; nothing where not a byte was.
    pub(super) fn opened(self, spoken: Spoken) -> Option<Opened<I>> {
        let has_begun = !self.heard.is_empty();
        has_begun.then(|| Opened {
            spoken,
            wire: Wire::new(self.heard, self.io),
        })
    }
}

/// None where more has to be heard.
fn spoken(heard: &[u8]) -> Option<Spoken> {
    if heard.starts_with(PREFACE) {
        Some(Spoken::Http2)
    } else if PREFACE.starts_with(heard) {
        None
    } else if heard.first() == Some(&HANDSHAKE) {
        Some(Spoken::Tls)
    } else {
        Some(Spoken::Http1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_what_is_spoken() {
        let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        assert_eq!(spoken(format!("{preface}more").as_bytes()), Some(Spoken::Http2));
        for end in 0..preface.len() {
            assert_eq!(spoken(&preface.as_bytes()[..end]), None, "{end}");
        }
        for head in ["GET / HTTP/1.1", "PO", "PRI / HTTP/1.1", "\0", "\r\n"] {
            assert_eq!(spoken(head.as_bytes()), Some(Spoken::Http1), "{head:?}");
        }
        assert_eq!(spoken(&[0x16]), Some(Spoken::Tls));
    }
}
