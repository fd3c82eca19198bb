//! HTTP/2 frames, written and read by hand where a client would be too well-behaved.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::peer::AUTHORIZATION;

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// One frame that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// The error code of a reset, or of a good-bye.
    pub(crate) fn error_code(&self) -> u32 {
        let at = if self.kind == GOAWAY { 4 } else { 0 };
        let code = self.payload.get(at..at + 4).expect("the frame has an error code");
        u32::from_be_bytes(code.try_into().expect("four bytes"))
    }
}

/// One frame to send.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a frame is short").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// What every client begins with.
pub(crate) fn hello() -> Vec<u8> {
    [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()
}

/// The head of an authenticated event.
pub(crate) fn post_head(path: &str) -> Vec<u8> {
    let (_, credentials) = AUTHORIZATION.split_once(": ").expect("a header line");
    let mut head = vec![0x83, 0x86];
    for (name, value) in [
        (":path", path),
        (":authority", "localhost"),
        ("authorization", credentials),
        ("content-type", "application/json"),
    ] {
        head.extend(field(name, value));
    }
    head
}

/// One header as HPACK has it where nothing is to be remembered.
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0];
    for text in [name, value] {
        let length = u8::try_from(text.len()).expect("a short text");
        assert!(length < 127, "longer texts have longer lengths");
        field.push(length);
        field.extend(text.as_bytes());
    }
    field
}

/// A whole event.
pub(crate) fn post(stream: u32, path: &str, body: &str) -> Vec<u8> {
    let head = frame(HEADERS, END_HEADERS, stream, &post_head(path));
    [head, frame(DATA, END_STREAM, stream, body.as_bytes())].concat()
}

/// A reset.
pub(crate) fn reset(stream: u32) -> Vec<u8> {
    const CANCEL: u32 = 8;
    frame(RST_STREAM, 0, stream, &CANCEL.to_be_bytes())
}

/// The other end of a connection of HTTP/2.
pub(crate) struct RawPeer<S>(pub(crate) S);

impl<S: AsyncRead + AsyncWrite + Unpin> RawPeer<S> {
    /// Sends as much of this as the server takes.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// The next frame; none when the connection was closed instead.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await.ok()?;
        let [a, b, c, kind, _flags, stream @ ..] = head;
        let mut payload = vec![0; usize::try_from(u32::from_be_bytes([0, a, b, c])).expect("a length")];
        self.0.read_exact(&mut payload).await.ok()?;
        let stream = u32::from_be_bytes(stream);
        Some(Frame { kind, stream, payload })
    }

    /// The next frame of one of these kinds, whatever comes before; none when the connection was closed instead.
    pub(crate) async fn next_of(&mut self, kinds: &[u8]) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if kinds.contains(&frame.kind) {
                return Some(frame);
            }
        }
    }
}
