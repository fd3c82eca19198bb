/// What stands between two requests of one input. It is text, so that inputs can be read, and long enough that a body seldom
/// has it by chance.
const BETWEEN: &[u8] = b"\n--\n";

/// So many are looked at; more of them find no more, but take longer.
const MOST: usize = 12;

/// The requests that an input is made of.
pub(crate) fn parts(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(input);
    let next = move || {
        let bytes = rest?;
        let end = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN);
        rest = end.map(|end| &bytes[end + BETWEEN.len()..]);
        Some(&bytes[..end.unwrap_or(bytes.len())])
    };
    std::iter::from_fn(next).take(MOST)
}

/// A first line and what follows it.
pub(crate) fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_cut_where_its_separator_stands() {
        let cut = |input: &'static [u8]| parts(input).collect::<Vec<_>>();
        assert_eq!(cut(b"a\nb\n--\n\n--\nc"), [&b"a\nb"[..], b"", b"c"]);
        assert_eq!(cut(b""), [b""]);
    }

    #[test]
    fn a_line_is_without_its_end() {
        assert_eq!(line(b"a\nb\nc"), (&b"a"[..], &b"b\nc"[..]));
        assert_eq!(line(b"a"), (&b"a"[..], &b""[..]));
    }
}
