//! When the file is worth making smaller.

/// Files up to this size stay as they are.
const SMALL: u64 = 16 * 1024 * 1024;

/// How many times larger than its records a file may be.
const SPACIOUS: u64 = 4;

/// What the last shrinking left, so that the next one comes only when there is again something to gain.
#[derive(Debug, Default)]
pub(crate) struct Shrink {
    last: Option<Size>,
}

#[derive(Debug)]
struct Size {
    live: u64,
    file: u64,
}

impl Shrink {
    /// Whether a file with so many bytes of records in it is to be shrunk. Each time either the records have halved or
    /// the file has doubled, so all shrinking together costs no more than writing the records did.
    pub(crate) fn is_due(&self, live: u64, file: u64) -> bool {
        let has_changed = |last: &Size| live <= last.live / 2 || file >= last.file.saturating_mul(2);
        file > SMALL && file / SPACIOUS > live && self.last.as_ref().is_none_or(has_changed)
    }

    /// Notes what a shrinking left.
    pub(crate) fn done(&mut self, live: u64, file: u64) {
        self.last = Some(Size { live, file });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1 << 30;

    #[test]
    fn a_small_or_well_filled_file_stays_as_it_is() {
        let shrink = Shrink::default();
        assert!(!shrink.is_due(0, SMALL));
        assert!(!shrink.is_due(GB / 2, GB));
    }

    #[test]
    fn a_large_file_that_is_mostly_free_is_shrunk() {
        let shrink = Shrink::default();
        assert!(shrink.is_due(0, SMALL + SPACIOUS));
        assert!(shrink.is_due(GB / 5, GB));
    }

    #[test]
    fn a_file_that_would_not_get_smaller_is_left_alone_until_something_changes() {
        let mut shrink = Shrink::default();
        shrink.done(GB / 5, GB);
        assert!(!shrink.is_due(GB / 5, GB));
        assert!(!shrink.is_due(GB / 6, GB));
        assert!(shrink.is_due(GB / 10, GB));
        assert!(shrink.is_due(GB / 5, 2 * GB));
    }
}
