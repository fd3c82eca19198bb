use bytes::Bytes;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serde_json::value::RawValue;

use super::outcome::Delivery;
use crate::request::WireRequest;

/// An event that did not arrive, with all that is needed to find out why and to send it again.
///
/// It is written as JSON with `event`, `request` and `reason`, and where Attribution answered with `answer`; the event is the
/// message as it was submitted, with what the sender filled in, so that sending it again makes the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The whole message as JSON, in one line.
    pub event: Bytes,
    /// The request that was sent, or would have been.
    pub request: WireRequest,
    /// Why it did not arrive.
    pub reason: Delivery,
}

impl Serialize for DeadLetter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Request<'a> {
            method: &'a str,
            path: &'a str,
            body: &'a RawValue,
        }

        let raw = |json: &'_ Bytes| {
            let text = std::str::from_utf8(json).map_err(serde::ser::Error::custom)?;
            serde_json::from_str::<Box<RawValue>>(text).map_err(serde::ser::Error::custom)
        };
        let body = raw(&self.request.body)?;
        let answer = match &self.reason {
            Delivery::Rejected { body, .. } => Some(body),
            _ => None,
        };
        let mut letter = serializer.serialize_struct("DeadLetter", 3 + usize::from(answer.is_some()))?;
        letter.serialize_field("event", &raw(&self.event)?)?;
        letter.serialize_field(
            "request",
            &Request {
                method: self.request.method().as_str(),
                path: self.request.path,
                body: &body,
            },
        )?;
        letter.serialize_field("reason", &self.reason.to_string())?;
        if let Some(answer) = answer {
            letter.serialize_field("answer", answer)?;
        }
        letter.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::Reason;
    use crate::settings::{Dialect, ProjectId};

    #[test]
    fn it_is_written_with_event_request_and_reason_and_without_the_project() {
        let project = ProjectId::new("demo-project").unwrap();
        let letter = DeadLetter {
            event: Bytes::from_static(br#"{"type":"track","n":1.0}"#),
            request: WireRequest::new(Dialect::Classic, &project, "/track", br#"{"n":1.0}"#.to_vec()),
            reason: Delivery::Rejected {
                reason: Reason::Status(400),
                body: "no\n".to_owned(),
            },
        };
        assert_eq!(
            serde_json::to_string(&letter).unwrap(),
            concat!(
                r#"{"event":{"type":"track","n":1.0},"request":{"method":"POST","path":"/track","body":{"n":1.0}},"#,
                r#""reason":"rejected: answered 400 Bad Request","answer":"no\n"}"#
            )
        );
        assert!(!format!("{letter:?}").contains("demo-project"));
    }
}
