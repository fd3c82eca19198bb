use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use http_body_util::BodyExt as _;
use hyper::body::Frame;

use crate::upstream::WireRequest;

/// A request whose body was listened to before anyone else reads it.
pub(super) enum Heard {
    /// The request for the double, and all of it once more.
    Whole(Request, WireRequest),
    /// It is longer than anyone takes. It goes to the double alone, which says so.
    TooLong(Request),
    /// The sender went away, and there is nobody to answer.
    Gone,
}

impl Heard {
    /// Reads a body up to a limit in bytes.
    pub(super) async fn of(request: Request, limit: usize) -> Self {
        let (parts, mut body) = request.into_parts();
        // Whoever asks before sending so much must not be invited to go on.
        if body.size_hint().lower() > limit as u64 {
            return Self::TooLong(Request::from_parts(parts, body));
        }
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return Self::Gone };
            read.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
            if read.len() > limit {
                let begun = Some(Bytes::from(read));
                let body = Body::new(Resumed { begun, rest: body });
                return Self::TooLong(Request::from_parts(parts, body));
            }
        }
        let body = Bytes::from(read);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let copy = WireRequest {
            method: parts.method.clone(),
            path: path.to_owned(),
            headers: parts.headers.clone(),
            body: body.clone(),
        };
        Self::Whole(Request::from_parts(parts, Body::from(body)), copy)
    }
}

/// A body of which the beginning was read already.
struct Resumed {
    begun: Option<Bytes>,
    rest: Body,
}

impl HttpBody for Resumed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.begun.take() {
            Some(begun) => Poll::Ready(Some(Ok(Frame::data(begun)))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }
}
