use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, Response};
use http_body_util::BodyExt as _;
use hyper::body::Body;
use outbound::{Credentials, Reason};

use crate::settings::ProjectId;

/// How much of an answer is read. What is longer is cut off and its connection given up; the status decides all the same.
const READ_AT_MOST: usize = 64 * 1024;
/// How much of that is kept for the outcome.
const KEPT_AT_MOST: usize = 1024;

/// Reads an answer's body to its end, or to as much of it as is read.
///
/// An answer that breaks off is no answer: whether its head was meant can't be known, and the original, too, treats it
/// like one that never came.
pub(super) async fn read<B>(answer: Response<B>) -> Result<Vec<u8>, Reason>
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut body = answer.into_body();
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|_| Reason::BrokenOff)?.into_data() {
            read.extend_from_slice(&data[..data.len().min(READ_AT_MOST - read.len())]);
        }
        if read.len() == READ_AT_MOST {
            break;
        }
    }
    Ok(read)
}

/// The beginning of an answer's body for people to read, without the project id and the proxy's credentials should the
/// answer repeat them.
pub(super) fn excerpt(headers: &HeaderMap, body: &[u8], project: &ProjectId, proxy: Option<&Credentials>) -> String {
    if is_compressed(headers) {
        return format!("({} compressed bytes)", body.len());
    }
    let mut text = project.redact(&String::from_utf8_lossy(body));
    if let Some(credentials) = proxy {
        text = credentials.redact(&text);
    }
    if text.len() <= KEPT_AT_MOST {
        return text;
    }
    // Cut only now: a secret that the cut went through would not have been found.
    let end = (0..=KEPT_AT_MOST)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or_default();
    format!("{}…", &text[..end])
}

/// The request accepts compressed answers, as the original's does, but nobody decides anything by the body.
fn is_compressed(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http::HeaderValue;
    use http_body_util::Full;
    use hyper::body::Frame;

    use super::*;

    fn project() -> ProjectId {
        ProjectId::new("demo-project").unwrap()
    }

    fn shown(body: &str) -> String {
        excerpt(&HeaderMap::new(), body.as_bytes(), &project(), None)
    }

    /// A body of these chunks, which fails at `None`.
    struct Chunks(VecDeque<Option<Bytes>>);

    impl Body for Chunks {
        type Data = Bytes;
        type Error = ();

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, ()>>> {
            Poll::Ready(self.0.pop_front().map(|chunk| chunk.map(Frame::data).ok_or(())))
        }
    }

    /// A body without end.
    struct Endless;

    impl Body for Endless {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1000])))))
        }
    }

    #[tokio::test]
    async fn a_body_is_read_whole_or_to_its_bound() {
        assert_eq!(read(Response::new(Full::from("{}"))).await, Ok(b"{}".to_vec()));
        assert_eq!(
            read(Response::new(Endless)).await.map(|body| body.len()),
            Ok(READ_AT_MOST)
        );
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_no_answer() {
        let chunks = Chunks(VecDeque::from([Some(Bytes::from_static(b"{")), None]));
        assert_eq!(read(Response::new(chunks)).await, Err(Reason::BrokenOff));
    }

    #[test]
    fn an_excerpt_is_cut_between_characters() {
        assert_eq!(shown("short"), "short");
        let long = shown(&"é".repeat(2_000));
        assert_eq!(long, format!("{}…", "é".repeat(KEPT_AT_MOST / 2)));
        assert_eq!(excerpt(&HeaderMap::new(), &[b'a', 0xff], &project(), None), "a\u{fffd}");
    }

    #[test]
    fn an_answer_that_repeats_the_credentials_does_not_show_them() {
        let body = r#"{"error": "unknown project demo-project", "got": "Basic ZGVtby1wcm9qZWN0Og=="}"#;
        assert_eq!(
            shown(body),
            r#"{"error": "unknown project [redacted]", "got": "Basic [redacted]"}"#
        );
        let at_the_cut = shown(&format!("{}demo-project", "x".repeat(KEPT_AT_MOST - 4)));
        assert!(!at_the_cut.contains("demo"), "{at_the_cut}");
    }

    #[test]
    fn a_compressed_body_is_only_counted() {
        let headers = |encoding| HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static(encoding))]);
        assert_eq!(
            excerpt(&headers("gzip"), &[1, 2, 3], &project(), None),
            "(3 compressed bytes)"
        );
        assert_eq!(excerpt(&headers("Identity"), b"text", &project(), None), "text");
    }
}
