//! The store on a disk that fills up, fails and loses power.

use super::test_disk::TestDisk;
use super::*;

type Records = Vec<(RecordId, Vec<u8>)>;

fn options() -> SpoolOptions {
    SpoolOptions {
        cache_bytes: 64 * 1024,
        removals_per_sync: 4,
    }
}

fn file(disk: &TestDisk) -> StoreFile {
    let disk = disk.clone();
    let open = move |builder: &redb::Builder| builder.create_with_backend(Verified::new(disk.clone()));
    StoreFile::new(Path::new("records.redb"), options().cache_bytes, open)
}

fn opened(disk: &TestDisk) -> Result<Store, SpoolError> {
    Store::of(file(disk), options())
}

fn created(disk: &TestDisk) -> Store {
    file(disk).create(fill).unwrap();
    opened(disk).unwrap()
}

fn all(store: &Store) -> Records {
    store.first(None, usize::MAX, usize::MAX).unwrap()
}

/// What a reserve gives when it is released.
const RESERVE: usize = 2 * 1024 * 1024;

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

/// What was promised when the disk stopped.
#[derive(Default)]
struct Promised {
    kept: Records,
    removed: Vec<RecordId>,
    unanswered: Vec<Vec<u8>>,
}

/// Appends and removes until the disk stops.
fn use_until_it_stops(store: &Store, dice: &mut impl FnMut(u64) -> u64) -> Promised {
    let mut promised = Promised::default();
    loop {
        let group: Vec<Vec<u8>> = (0..=dice(5))
            .map(|_| vec![u8::try_from(dice(256)).unwrap(); usize::try_from(dice(3000)).unwrap()])
            .collect();
        let Ok(ids) = store.append(&group) else {
            promised.unanswered = group;
            return promised;
        };
        promised.kept.extend(ids.into_iter().zip(group));
        let served = promised.kept.len().min(usize::try_from(dice(3)).unwrap());
        let gone: Vec<RecordId> = promised.kept.drain(..served).map(|(id, _)| id).collect();
        promised.removed.extend(&gone);
        if store.remove(&gone).is_err() {
            return promised;
        }
    }
}

/// Everything promised is there, and besides at most what was removed lately and the group that got no answer.
fn assert_kept(found: Records, promised: &Promised, case: u64) {
    let highest = promised
        .kept
        .iter()
        .map(|(id, _)| *id)
        .chain(promised.removed.iter().copied())
        .max();
    let (later, found): (Records, Records) = found.into_iter().partition(|(id, _)| Some(*id) > highest);
    let found: Records = found
        .into_iter()
        .filter(|(id, _)| !promised.removed.contains(id))
        .collect();
    assert_eq!(found, promised.kept, "case {case}");
    let later: Vec<Vec<u8>> = later.into_iter().map(|(_, record)| record).collect();
    assert!(
        later.is_empty() || later == promised.unanswered,
        "case {case}: a group is there in part"
    );
}

#[test]
fn a_power_cut_at_any_write_loses_nothing_that_was_promised() {
    for case in 0..400 {
        let mut dice = dice(case);
        let disk = TestDisk::default();
        let store = created(&disk);
        disk.stop_after(usize::try_from(dice(200)).unwrap());
        let promised = use_until_it_stops(&store, &mut dice);
        let one_in = 1 + dice(4);
        let found = disk.after_power_cut(|| dice(one_in) == 0);
        assert_kept(all(&opened(&found).unwrap()), &promised, case);
    }
}

#[test]
fn a_kill_at_any_write_loses_nothing_that_was_promised() {
    for case in 0..400 {
        let mut dice = dice(case);
        let disk = TestDisk::default();
        let store = created(&disk);
        disk.stop_after(usize::try_from(dice(200)).unwrap());
        let promised = use_until_it_stops(&store, &mut dice);
        assert_kept(all(&opened(&disk.after_kill()).unwrap()), &promised, case);
    }
}

#[test]
fn a_full_disk_is_said_so_and_what_was_appended_stays() {
    for capacity in (96..400).step_by(3).map(|kib| kib * 1024) {
        let disk = TestDisk::default();
        let store = created(&disk);
        disk.limit(Some(capacity));
        let mut kept = Records::new();
        let error = loop {
            let record = vec![7; 1000];
            match store.append(&[&record]) {
                Ok(ids) => kept.push((ids[0], record)),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, SpoolError::DiskFull { .. }), "{capacity}: {error:?}");
        assert!(!kept.is_empty() && disk.used() <= capacity, "{capacity}");
        assert_eq!(all(&store), kept, "{capacity}");
        let (first, rest) = kept.split_at(kept.len() / 2);
        let ids: Vec<RecordId> = first.iter().map(|(id, _)| *id).collect();
        let removed = store.remove(&ids);
        assert_eq!(
            all(&store),
            rest,
            "{capacity}: removed for this process whatever became of it"
        );
        disk.limit(Some(capacity + RESERVE));
        store
            .flush()
            .unwrap_or_else(|error| panic!("{capacity}: {error:?} after {removed:?}"));
        assert_eq!(all(&opened(&disk.after_kill()).unwrap()), rest, "{capacity}");
        let next = store.append(&[b"there is space again"]).unwrap();
        assert!(kept.last().unwrap().0 < next[0], "{capacity}");
    }
}

#[test]
fn the_store_goes_on_after_a_write_that_failed_anywhere() {
    let mut failures = 0;
    for writes in 0..30 {
        let disk = TestDisk::default();
        let store = created(&disk);
        let ids = store.append(&vec![[7; 1000]; 10]).unwrap();
        store.remove(&ids[..3]).unwrap();
        disk.stop_after(writes);
        let appended = store.append(&[b"next"]);
        failures += usize::from(appended.is_err());
        disk.resume();
        // A write that failed at its very end is there all the same.
        let found: Vec<RecordId> = all(&store).into_iter().map(|(id, _)| id).collect();
        assert_eq!(found[..7], ids[3..], "{writes}");
        assert_eq!(store.len(), found.len() as u64, "{writes}");
        let later = store.append(&[b"later"]).unwrap();
        assert!(found.last() < later.first(), "{writes}");
        assert_eq!(store.len(), found.len() as u64 + 1, "{writes}");
    }
    assert!((5..30).contains(&failures), "{failures}");
}
