//! A store that was cut off or changed by something else: an error that names it, or all of its records. Never fewer,
//! never a changed one, never a panic.

use std::fs;
use std::path::Path;

use spool::{RecordId, Spool, SpoolError, SpoolOptions};
use tempfile::TempDir;

use crate::{all, dice, open, quick_folder};

type Records = Vec<(RecordId, Vec<u8>)>;

/// The folder as a crash would leave it now.
pub(crate) fn copied(folder: &Path) -> TempDir {
    let copy = quick_folder();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

/// A folder with a store in it, and its records.
struct Filled {
    folder: TempDir,
    records: Records,
    /// The records before the last write.
    previous: Records,
}

/// Both forms in which a store may lie on disk: as a crash leaves it, and as closing does.
fn crashed_and_closed() -> [Filled; 2] {
    let folder = quick_folder();
    let spool = open(folder.path());
    for number in 0..60_u8 {
        spool
            .append_all(&[vec![number; 40 * usize::from(number)], vec![]])
            .unwrap();
    }
    let previous = all(&spool);
    let some: Vec<RecordId> = previous.iter().step_by(3).map(|(id, _)| *id).collect();
    spool.remove(&some).unwrap();
    spool.flush().unwrap();
    let records = all(&spool);
    let crashed = copied(folder.path());
    spool.close().unwrap();
    [crashed, folder].map(|folder| Filled {
        folder,
        records: records.clone(),
        previous: previous.clone(),
    })
}

/// Opens the folder with other bytes for its records.
fn with_store(folder: &Path, store: &[u8]) -> Result<Records, SpoolError> {
    fs::write(folder.join("records.redb"), store).unwrap();
    let spool = Spool::open(folder, SpoolOptions::default())?;
    spool.first(None, usize::MAX, usize::MAX)
}

fn assert_whole_or_named(found: Result<Records, SpoolError>, records: &Records, what: &str) -> bool {
    match found {
        Ok(found) => {
            assert!(
                found == *records,
                "{what}: {} of {} records",
                found.len(),
                records.len()
            );
            false
        }
        Err(SpoolError::Corrupt { path, place }) => {
            assert!(path.ends_with("records.redb") && !place.is_empty(), "{what}");
            true
        }
        Err(other) => panic!("{what}: {other}"),
    }
}

#[test]
fn a_store_that_is_cut_off_anywhere_is_whole_or_named() {
    for Filled {
        folder,
        records,
        previous: _,
    } in crashed_and_closed()
    {
        let store = fs::read(folder.path().join("records.redb")).unwrap();
        let mut damaged = 0;
        for length in (1..64).chain((64..store.len()).step_by(1021)) {
            let found = with_store(folder.path(), &store[..length]);
            damaged += usize::from(assert_whole_or_named(found, &records, &format!("cut at {length}")));
        }
        assert!(damaged > 64, "{damaged}");
    }
}

/// The bit that says which of the two last commits is the current one. It is the only one that nothing in the store can
/// be compared with.
const CURRENT_COMMIT_BIT: usize = 9 * 8;

const HEADER_BYTES: usize = 320;

#[test]
fn a_store_with_any_bit_of_its_header_turned_is_whole_or_named() {
    for Filled {
        folder,
        records,
        previous,
    } in crashed_and_closed()
    {
        let store = fs::read(folder.path().join("records.redb")).unwrap();
        let mut damaged = 0;
        for bit in 0..HEADER_BYTES * 8 {
            let mut changed = store.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let found = with_store(folder.path(), &changed);
            if bit == CURRENT_COMMIT_BIT && matches!(&found, Ok(found) if *found == previous) {
                continue;
            }
            damaged += usize::from(assert_whole_or_named(found, &records, &format!("bit {bit}")));
        }
        assert!(damaged > 100, "{damaged}");
    }
}

/// Changes or clears some bytes, from one to a block, and says which.
fn change_some(store: &mut [u8], dice: &mut impl FnMut(u64) -> u64) -> String {
    let start = usize::try_from(dice(store.len() as u64)).unwrap();
    let is_aligned = dice(2) == 0;
    let start = if is_aligned { start / 4096 * 4096 } else { start };
    let end = store
        .len()
        .min(start + [1, 2, 512, 4096][usize::try_from(dice(4)).unwrap()]);
    let with = u8::try_from(dice(256)).unwrap();
    store[start..end].iter_mut().for_each(|byte| *byte ^= with);
    if dice(3) == 0 {
        store[start..end].fill(0);
    }
    format!("{start}..{end} ^ {with}")
}

#[test]
fn a_store_with_bytes_changed_anywhere_is_whole_or_named() {
    let mut dice = dice(7);
    for Filled {
        folder,
        records,
        previous: _,
    } in crashed_and_closed()
    {
        let store = fs::read(folder.path().join("records.redb")).unwrap();
        let mut damaged = 0;
        for _ in 0..1000 {
            let mut changed = store.clone();
            let what = change_some(&mut changed, &mut dice);
            let found = with_store(folder.path(), &changed);
            damaged += usize::from(assert_whole_or_named(found, &records, &what));
        }
        assert!(damaged > 100, "{damaged}");
    }
}

#[test]
fn a_file_that_is_no_store_is_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    for store in [b"".as_slice(), b"hello", &vec![0; 100_000], &vec![0xff; 100_000]] {
        let error = with_store(folder.path(), store).unwrap_err();
        assert!(matches!(error, SpoolError::Corrupt { .. }), "{error:?}");
    }
}

#[test]
fn records_that_change_while_the_spool_is_open_are_named_and_never_handed_out_changed() {
    let mut dice = dice(11);
    let mut damaged = 0;
    for case in 0..150 {
        let folder = quick_folder();
        let options = SpoolOptions {
            cache_bytes: 0,
            ..SpoolOptions::default()
        };
        let spool = Spool::open(folder.path(), options).unwrap();
        for number in 0..40_u8 {
            spool
                .append_all(&[vec![number; 40 * usize::from(number)], vec![]])
                .unwrap();
        }
        let records = all(&spool);
        let path = folder.path().join("records.redb");
        let mut store = fs::read(&path).unwrap();
        let changed = change_some(&mut store, &mut dice);
        fs::write(&path, store).unwrap();

        let what = format!("case {case}: {changed}");
        damaged += usize::from(assert_whole_or_named(
            spool.first(None, usize::MAX, usize::MAX),
            &records,
            &what,
        ));
        let removed = spool
            .remove(&[records[3].0])
            .and_then(|()| spool.flush())
            .and_then(|()| spool.close());
        assert!(
            matches!(removed, Ok(()) | Err(SpoolError::Corrupt { .. })),
            "{what}: {removed:?}"
        );
        let kept: Records = records[..3].iter().chain(&records[4..]).cloned().collect();
        let reopened = Spool::open(folder.path(), options).and_then(|spool| spool.first(None, usize::MAX, usize::MAX));
        // After an error the removal may be durable or not.
        let is_undone = removed.is_err() && matches!(&reopened, Ok(found) if *found == records);
        assert_whole_or_named(reopened, if is_undone { &records } else { &kept }, &what);
    }
    assert!(damaged > 30, "{damaged}");
}

#[test]
fn the_place_of_what_changed_under_an_open_spool_is_told() {
    let folder = quick_folder();
    let options = SpoolOptions {
        cache_bytes: 0,
        ..SpoolOptions::default()
    };
    let spool = Spool::open(folder.path(), options).unwrap();
    spool.append_all(&vec![b"a record that is easy to find"; 500]).unwrap();
    let path = folder.path().join("records.redb");
    let mut store = fs::read(&path).unwrap();
    let at = store
        .windows(29)
        .rposition(|bytes| bytes == b"a record that is easy to find")
        .unwrap();
    store[at] = b'A';
    fs::write(&path, store).unwrap();
    let error = spool.first(None, usize::MAX, usize::MAX).unwrap_err();
    let block = at / 4096 * 4096;
    let place = format!("records.redb` is damaged (bytes {block} to {})", block + 4095);
    assert!(error.to_string().contains(&place), "{error}");
}
