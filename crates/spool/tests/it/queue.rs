//! Appending, reading and removing when nothing goes wrong.

use std::sync::Arc;
use std::thread;

use spool::{MAX_RECORD_BYTES, Opened, RecordId, Spool, SpoolError, SpoolOptions};

use crate::{all, open};

const MIB: u64 = 1024 * 1024;

fn ids(records: &[(RecordId, Vec<u8>)]) -> Vec<RecordId> {
    records.iter().map(|(id, _)| *id).collect()
}

#[test]
fn records_come_back_in_the_order_they_were_appended() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    assert!(spool.is_empty());
    let first = spool.append(b"a").unwrap();
    let rest = spool.append_all(&["b", "", "d"]).unwrap();
    let expected = [(first, "a"), (rest[0], "b"), (rest[1], ""), (rest[2], "d")];
    assert_eq!(all(&spool), expected.map(|(id, record)| (id, record.into())));
    assert_eq!(spool.len(), 4);
    assert!(!spool.is_empty());
}

#[test]
fn an_empty_group_and_an_empty_removal_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    assert_eq!(spool.append_all::<&str>(&[]).unwrap(), []);
    spool.remove(&[]).unwrap();
    assert_eq!(spool.len(), 0);
}

#[test]
fn reading_stops_at_either_limit_but_never_before_the_first_record() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let appended = spool.append_all(&["12345", "1234567", "123"]).unwrap();
    let read = |after, records, bytes| ids(&spool.first(after, records, bytes).unwrap());
    assert_eq!(read(None, 2, usize::MAX), appended[..2]);
    assert_eq!(read(None, 9, 12), appended[..2]);
    assert_eq!(read(None, 9, 11), appended[..1]);
    assert_eq!(read(None, 9, 0), appended[..1]);
    assert_eq!(read(None, 0, usize::MAX), []);
    assert_eq!(read(Some(appended[0]), 1, usize::MAX), appended[1..2]);
    assert_eq!(read(Some(appended[2]), 9, usize::MAX), []);
}

#[test]
fn what_is_removed_is_gone_at_once_and_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let appended = spool.append_all(&["a", "b", "c"]).unwrap();
    spool.remove(&[appended[1], appended[1]]).unwrap();
    spool.remove(&[appended[1]]).unwrap();
    assert_eq!(ids(&all(&spool)), [appended[0], appended[2]]);
    assert_eq!(
        ids(&spool.first(Some(appended[0]), 1, usize::MAX).unwrap()),
        [appended[2]]
    );
    assert_eq!(spool.len(), 2);
    spool.flush().unwrap();
    spool.remove(&[appended[1]]).unwrap();
    assert_eq!(spool.len(), 2);
}

#[test]
fn ids_go_on_growing_after_everything_was_removed_and_the_spool_reopened() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let before = spool.append_all(&["a", "b"]).unwrap();
    spool.remove(&before).unwrap();
    spool.close().unwrap();
    let spool = open(folder.path());
    assert_eq!(
        spool.opened(),
        Opened {
            records: 0,
            after_crash: false
        }
    );
    assert!(spool.append(b"c").unwrap() > before[1]);
}

#[test]
fn dropping_keeps_what_closing_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let appended = spool.append_all(&["a", "b"]).unwrap();
    spool.remove(&appended[..1]).unwrap();
    drop(spool);
    let spool = open(folder.path());
    assert_eq!(
        spool.opened(),
        Opened {
            records: 1,
            after_crash: false
        }
    );
    assert_eq!(all(&spool), [(appended[1], b"b".to_vec())]);
}

#[test]
fn the_longest_record_fits_and_a_longer_one_takes_its_whole_group_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let longest = vec![7; MAX_RECORD_BYTES];
    spool.append(&longest).unwrap();
    let error = spool.append_all(&[vec![1], vec![8; MAX_RECORD_BYTES + 1]]).unwrap_err();
    assert!(matches!(error, SpoolError::TooLarge { index: 1, bytes } if bytes == MAX_RECORD_BYTES + 1));
    assert_eq!(
        error.to_string(),
        "record 1 of the group has 16777217 bytes: give at most 16777216"
    );
    assert_eq!(all(&spool)[0].1, longest);
    assert_eq!(spool.len(), 1);
}

#[test]
fn threads_share_a_spool() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let spool = Arc::new(spool);
    let threads = (0..4).map(|_| {
        let spool = Arc::clone(&spool);
        thread::spawn(move || {
            for _ in 0..25 {
                let appended = spool.append_all(&["kept", "removed"]).unwrap();
                assert!(spool.first(None, 10, 1000).unwrap().len() >= 2);
                spool.remove(&appended[1..]).unwrap();
            }
        })
    });
    let threads: Vec<_> = threads.collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(spool.len(), 100);
    assert!(all(&spool).iter().all(|(_, record)| record == b"kept"));
}

#[test]
fn the_disk_gets_the_space_back_when_the_spool_is_drained() {
    let folder = tempfile::tempdir().unwrap();
    let spool = open(folder.path());
    let group = vec![[7; 850]; 8192];
    for _ in 0..6 {
        spool.append_all(&group).unwrap();
    }
    assert!(spool.bytes_on_disk().unwrap() > 40 * MIB);
    loop {
        let waiting = spool.first(None, 1000, usize::MAX).unwrap();
        if waiting.is_empty() {
            break;
        }
        spool.remove(&ids(&waiting)).unwrap();
    }
    assert!(spool.bytes_on_disk().unwrap() < 16 * MIB);
    spool.close().unwrap();
    let spool = open(folder.path());
    assert_eq!(spool.len(), 0);
}

#[test]
fn removals_can_be_durable_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let options = SpoolOptions {
        removals_per_sync: 0,
        ..SpoolOptions::default()
    };
    let spool = Spool::open(folder.path(), options).unwrap();
    let appended = spool.append_all(&["a", "b"]).unwrap();
    spool.remove(&appended[..1]).unwrap();
    let copy = crate::damage::copied(folder.path());
    assert_eq!(ids(&all(&open(copy.path()))), appended[1..]);
}
