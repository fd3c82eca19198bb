use std::io::{self, ErrorKind, Read};

use crate::commands::lines::{LONGEST, READ_BYTES};

/// Reads whole lines, as many at a time as one read brings.
pub(super) struct Blocks<R> {
    input: R,
    /// The beginning of a line of which the end is not read yet.
    begun: Vec<u8>,
    spent: Vec<Vec<u8>>,
    is_at_end: bool,
}

/// Some lines.
pub(super) struct Block {
    buffer: Vec<u8>,
    length: usize,
}

impl Block {
    /// The lines, each with its end, which only the last of the input may lack.
    pub(super) fn lines(&self) -> &[u8] {
        &self.buffer[..self.length]
    }
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            begun: Vec::new(),
            spent: Vec::new(),
            is_at_end: false,
        }
    }

    /// Takes back the memory of a block that is done with.
    pub(super) fn give_back(&mut self, block: Block) {
        self.spent.push(block.buffer);
    }

    /// The lines of the next read that ends one; `None` at the end of the input. Of a line that is longer than any that is
    /// looked at, only so much is kept that this shows.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        let mut buffer = self.spent.pop().unwrap_or_default();
        let mut filled = self.begun.len();
        grow(&mut buffer, filled + READ_BYTES);
        buffer[..filled].copy_from_slice(&self.begun);
        self.begun.clear();
        while !self.is_at_end {
            grow(&mut buffer, filled + READ_BYTES);
            let read = self.read(&mut buffer[filled..])?;
            self.is_at_end = read == 0;
            let new = &buffer[filled..filled + read];
            if let Some(last_end) = memchr::memrchr(b'\n', new) {
                self.begun.extend_from_slice(&new[last_end + 1..]);
                let length = filled + last_end + 1;
                return Ok(Some(Block { buffer, length }));
            }
            filled = (filled + read).min(LONGEST + 1);
        }
        Ok((filled > 0).then_some(Block { buffer, length: filled }))
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.input.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }
}

fn grow(buffer: &mut Vec<u8>, length: usize) {
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An input that brings these pieces, one a read.
    struct Pieces(Vec<Vec<u8>>);

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let piece = self.0.remove(0);
            buffer[..piece.len()].copy_from_slice(&piece);
            Ok(piece.len())
        }
    }

    fn blocks(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut blocks = Blocks::new(Pieces(pieces.iter().map(|piece| piece.to_vec()).collect()));
        let mut all = Vec::new();
        while let Some(block) = blocks.next().unwrap() {
            all.push(block.lines().to_vec());
            blocks.give_back(block);
        }
        all
    }

    #[test]
    fn a_block_is_what_a_read_brings_up_to_its_last_line_end() {
        let read = blocks(&[b"a\nb\nc", b"d", b"e\n", b"\n", b"f"]);
        assert_eq!(read, [&b"a\nb\n"[..], b"cde\n", b"\n", b"f"]);
        assert_eq!(blocks(&[]), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn of_a_line_that_is_too_long_only_the_beginning_is_kept() {
        let piece = vec![b'x'; READ_BYTES];
        let mut pieces = vec![&piece[..]; 20];
        pieces.push(b"\nnext\n");
        let read = blocks(&pieces);
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].len(), LONGEST + 1 + b"\nnext\n".len());
        assert!(read[0].ends_with(b"x\nnext\n"));
    }
}
