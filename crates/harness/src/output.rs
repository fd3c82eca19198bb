//! Standard output that may be closed at the other end.

use std::io::{self, Write};

/// Standard output whose reader may go away, as in `harness run … | head`. From then on everything is dropped, so that
/// a command comes to its end, and its exit code says what it always would have.
#[derive(Debug)]
pub(crate) struct Output<W> {
    inner: W,
    closed: bool,
}

impl<W: Write> Output<W> {
    /// Passes on to this.
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, closed: false }
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    fn tolerate<T>(&mut self, result: io::Result<T>, dropped: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(dropped)
            }
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("can't write to standard output: {error}"),
            )),
            done => done,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.tolerate(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.tolerate(flushed, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A writer whose reader is gone, or whose disk is full.
    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        let mut output = Output::new(Failing(io::ErrorKind::BrokenPipe));
        assert!(!output.is_closed());
        output.write_all(b"text").unwrap();
        output.flush().unwrap();
        assert!(output.is_closed());
    }

    #[test]
    fn a_full_disk_is_one_and_says_where() {
        let error = Output::new(Failing(io::ErrorKind::StorageFull))
            .write_all(b"text")
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(
            error.to_string().starts_with("can't write to standard output"),
            "{error}"
        );
    }
}
