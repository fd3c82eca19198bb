//! Lines of any input, in constant memory.

use std::io::{self, BufRead, BufReader, Read};

use attribution_destination::MapError;

/// The longest line that is looked at. Segment takes 32 KB a call, so what is longer was never a Segment event.
pub(super) const LONGEST: usize = 1024 * 1024;

/// What some editors begin a file with.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How much is read at a time.
pub(super) const READ_BYTES: usize = 256 * 1024;

/// Reads lines one at a time into one buffer. Blank lines count but are not handed out.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    buffer: Vec<u8>,
    number: u64,
}

/// One line.
pub(super) struct Line<'a> {
    /// Its number in the input, from 1.
    pub(super) number: u64,
    /// Its bytes without the line end, or why they were not kept.
    pub(super) text: Result<&'a [u8], MapError>,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(READ_BYTES, input),
            buffer: Vec::new(),
            number: 0,
        }
    }

    /// The next line that is not blank; `None` at the end of the input.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            self.buffer.clear();
            let limit = u64::try_from(LONGEST + 1).unwrap_or(u64::MAX);
            let read = self.input.by_ref().take(limit).read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.number == 1 && self.buffer.starts_with(BYTE_ORDER_MARK) {
                self.buffer.drain(..BYTE_ORDER_MARK.len());
            }
            if read > LONGEST && !self.buffer.ends_with(b"\n") {
                self.input.skip_until(b'\n')?;
                return Ok(Some(Line {
                    number: self.number,
                    text: Err(too_long()),
                }));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        Ok(Some(Line {
            number: self.number,
            text: Ok(self.buffer.trim_ascii()),
        }))
    }
}

/// Why such a line is no event.
pub(super) fn too_long() -> MapError {
    MapError {
        code: "line_too_long",
        pointer: String::new(),
        message: format!("the line is longer than {LONGEST} bytes: write one event a line, each on a line of its own"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_and_texts(input: &[u8]) -> Vec<(u64, Result<Vec<u8>, &'static str>)> {
        let mut lines = Lines::new(input);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push((line.number, line.text.map(<[u8]>::to_vec).map_err(|error| error.code)));
        }
        all
    }

    #[test]
    fn blank_lines_count_but_are_not_handed_out() {
        let expected = vec![(1, Ok(b"a".to_vec())), (3, Ok(b"b".to_vec()))];
        assert_eq!(numbers_and_texts(b"\xEF\xBB\xBFa\r\n\n b"), expected);
    }

    #[test]
    fn a_line_that_is_too_long_does_not_stop_the_next() {
        let mut input = vec![b'x'; LONGEST + 10];
        input.extend(b"\nnext\n");
        assert_eq!(
            numbers_and_texts(&input),
            vec![(1, Err("line_too_long")), (2, Ok(b"next".to_vec()))]
        );
    }
}
