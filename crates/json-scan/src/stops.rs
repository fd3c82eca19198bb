use wide::u8x16;

/// How many bytes are looked at together: a bit for each fits into a word.
const BYTES: usize = 64;

/// The same as a difference of places.
const STEP: u32 = 64;

/// How many places are noted at a time.
const BATCH: usize = 8;

/// Every place of a source where the plain part of a string may end: quotes, backslashes, control characters.
///
/// All are found before anything is read. Where a string ends, and the next begins, is then a look-up instead of a search
/// that has to wait for the end of the search before it: most strings are so short that waiting is all it would do.
#[derive(Debug, Default)]
pub struct Stops {
    /// The places, and behind them whatever was left there.
    places: Vec<u32>,
    found: usize,
}

impl Stops {
    /// Finds all of them, and behind the last the end of the source. Returns whether all of it is ASCII; `None` where the
    /// source is so long that places don't fit.
    pub(super) fn find(&mut self, source: &[u8]) -> Option<bool> {
        let length = u32::try_from(source.len()).ok()?;
        self.found = 0;
        self.make_room(source.len());
        let mut high = u8x16::splat(0);
        let (chunks, rest) = source.as_chunks::<BYTES>();
        let mut start = 0;
        for chunk in chunks {
            self.note(start, stops(chunk, &mut high));
            start += STEP;
        }
        let mut last = [b' '; BYTES];
        last[..rest.len()].copy_from_slice(rest);
        self.note(start, stops(&last, &mut high));
        self.places[self.found] = length;
        self.found += 1;
        Some(high.to_bitmask() == 0)
    }

    /// The places, the end of the source last.
    pub(super) fn places(&self) -> &[u32] {
        &self.places[..self.found]
    }

    /// Every byte may be one, and a batch is written whole.
    fn make_room(&mut self, bytes: usize) {
        let most = bytes + 2 * BYTES;
        if self.places.len() < most {
            self.places.resize(most, 0);
        }
    }

    /// Notes the places of the bits. How many there are can't be foreseen, so a batch is written whether or not it gets full.
    #[inline]
    fn note(&mut self, start: u32, stops: u64) {
        let (mut stops, mut left) = (stops, stops.count_ones() as usize);
        let end = self.found + left;
        while let Some(batch) = self
            .places
            .get_mut(self.found..)
            .and_then(|rest| rest.first_chunk_mut::<BATCH>())
        {
            for place in batch {
                *place = start + stops.trailing_zeros();
                stops &= stops.wrapping_sub(1);
            }
            if left <= BATCH {
                break;
            }
            left -= BATCH;
            self.found += BATCH;
        }
        self.found = end;
    }
}

/// A bit for each byte that is a stop, the lowest for the first.
#[inline]
fn stops(chunk: &[u8; BYTES], high: &mut u8x16) -> u64 {
    let (quarters, _) = chunk.as_chunks::<16>();
    let mut stops = 0;
    for (index, quarter) in quarters.iter().enumerate() {
        let bytes = u8x16::from(*quarter);
        *high |= bytes;
        // Changing this bit makes the quote the next above the control characters, which stay among themselves.
        let changed = bytes ^ u8x16::splat(b'"' ^ b' ');
        let quotes_and_controls = changed.min(u8x16::splat(b' ')).simd_eq(changed);
        let backslashes = bytes.simd_eq(u8x16::splat(b'\\'));
        stops |= u64::from((quotes_and_controls | backslashes).to_bitmask()) << (index * 16);
    }
    stops
}
