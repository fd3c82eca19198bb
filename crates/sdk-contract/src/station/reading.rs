use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use inbound::{Encoding, encoding_of};
use segment_source::Call;
use serde_json::Value;

use super::LONGEST_BODY;

/// What a request with messages says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Read {
    pub(super) messages: Vec<Value>,
    pub(super) retry_count: Option<String>,
    pub(super) write_key: Option<String>,
}

/// Looks into a request. Of one that can't be read nothing is known, and ingest has its own word on it.
pub(super) fn read(call: Call, headers: &HeaderMap, body: &[u8]) -> Read {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let body = match encoding_of(headers) {
        Some(name) => Encoding::of_name(&name).and_then(|encoding| encoding.decode(body, LONGEST_BODY).ok()),
        None => Some(body.to_owned()),
    };
    let mut body: Value = body
        .and_then(|body| json_value::from_slice(&body).ok())
        .unwrap_or_default();
    let in_body = || Some(body.get("writeKey")?.as_str()?.to_owned());
    let write_key = headers.get(AUTHORIZATION).and_then(|header| basic(header.as_bytes()));
    Read {
        write_key: write_key.or_else(in_body),
        retry_count: text("x-retry-count"),
        messages: match call {
            Call::Batch => match body.get_mut("batch").map(Value::take) {
                Some(Value::Array(messages)) => messages,
                _ => Vec::new(),
            },
            Call::One(kind) => {
                if let Some(message) = body.as_object_mut() {
                    message.entry("type").or_insert_with(|| kind.as_str().into());
                }
                Some(body).filter(Value::is_object).into_iter().collect()
            }
            Call::Metrics => Vec::new(),
        },
    }
}

/// The user of a Basic header.
fn basic(header: &[u8]) -> Option<String> {
    let (scheme, credentials) = header.split_at_checked("basic ".len())?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let decoded = STANDARD.decode(credentials.trim_ascii()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    Some(text.split_once(':').map_or(&*text, |(user, _)| user).to_owned())
}

#[cfg(test)]
mod tests {
    use segment_source::Call;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_batch_has_its_messages_and_the_key_of_its_header_or_body() {
        let body = json!({"batch": [{"type": "track"}, {"type": "page"}], "writeKey": "in-body"}).to_string();
        let mut headers = HeaderMap::new();
        let found = read(Call::Batch, &headers, body.as_bytes());
        assert_eq!(found.messages, [json!({"type": "track"}), json!({"type": "page"})]);
        assert_eq!((found.write_key.as_deref(), found.retry_count), (Some("in-body"), None));

        headers.insert(AUTHORIZATION, "Basic d2stMTo=".parse().unwrap());
        headers.insert("x-retry-count", "2".parse().unwrap());
        let found = read(Call::Batch, &headers, body.as_bytes());
        assert_eq!(found.write_key.as_deref(), Some("wk-1"));
        assert_eq!(found.retry_count.as_deref(), Some("2"));
    }

    #[test]
    fn a_call_is_of_the_kind_of_its_path_and_garbage_has_no_messages() {
        let call = Call::of_path("/v1/t").unwrap();
        let found = read(call, &HeaderMap::new(), br#"{"event":"Sign Up"}"#);
        assert_eq!(found.messages, [json!({"event": "Sign Up", "type": "track"})]);
        assert_eq!(read(call, &HeaderMap::new(), b"[]"), Read::default());
        assert_eq!(read(Call::Batch, &HeaderMap::new(), b"{"), Read::default());
    }
}
