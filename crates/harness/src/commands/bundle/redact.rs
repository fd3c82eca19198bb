//! Requests without what authenticates them.

/// The header whose value is nobody's business; the project id is in it.
const SECRET: &[u8] = b"authorization:";

/// The bytes of a request with `[redacted]` in the place of what `Authorization` says, however much of the request there is.
pub(super) fn redacted(request: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(request.len());
    let mut in_head = true;
    for line in request.split_inclusive(|byte| *byte == b'\n') {
        let is_secret = in_head
            && line
                .get(..SECRET.len())
                .is_some_and(|name| name.eq_ignore_ascii_case(SECRET));
        if is_secret {
            out.extend_from_slice(&line[..SECRET.len()]);
            out.extend_from_slice(b" [redacted]");
            out.extend_from_slice(end(line));
        } else {
            out.extend_from_slice(line);
        }
        in_head &= !matches!(line, b"\r\n" | b"\n");
    }
    out
}

/// How a line ends.
fn end(line: &[u8]) -> &[u8] {
    let ends: [&[u8]; 2] = [b"\r\n", b"\n"];
    ends.into_iter().find(|end| line.ends_with(end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn what_authenticates_is_left_out_however_much_there_is_of_it() {
        let whole = "POST / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\nhost: a\r\n\r\nauthorization: body";
        for end in 0..=whole.len() {
            let text = String::from_utf8(redacted(&whole.as_bytes()[..end])).unwrap();
            assert!(!text.contains("Basic") && !text.contains("c2Vj"), "{text}");
        }
        assert_eq!(
            String::from_utf8(redacted(whole.as_bytes())).unwrap(),
            "POST / HTTP/1.1\r\nAuthorization: [redacted]\r\nhost: a\r\n\r\nauthorization: body"
        );
    }
}
