//! The spool as its users see it.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod damage;
mod folders;
mod full_disk;
mod kill;
mod laws;
mod memory;
mod queue;

use std::path::Path;

use spool::{RecordId, Spool, SpoolOptions};
use tempfile::TempDir;

/// A folder in memory where there is one, for tests that open a spool many times. What a process wrote outlives it there
/// too; only a power cut would tell the difference.
fn quick_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

fn open(folder: &Path) -> Spool {
    Spool::open(folder, SpoolOptions::default()).unwrap()
}

fn all(spool: &Spool) -> Vec<(RecordId, Vec<u8>)> {
    spool.first(None, usize::MAX, usize::MAX).unwrap()
}

/// Numbers that look random and are the same in every run.
fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |sides| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) % sides
    }
}
