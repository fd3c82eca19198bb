use super::super::test_disk::TestDisk;
use super::*;

fn log(disk: &TestDisk, sync: JournalSync) -> Log {
    Log::new(Box::new(disk.clone()), 0, sync).unwrap()
}

#[test]
fn a_line_that_does_not_fit_leaves_nothing_behind_and_the_next_may_fit() {
    let disk = TestDisk::new(10);
    let log = log(&disk, JournalSync::Never);
    log.append("one").unwrap();
    assert_eq!(log.append("two and more").unwrap_err(), Failure::Full);
    assert_eq!(disk.text(), "one\n");
    log.append("two").unwrap();
    assert_eq!(disk.text(), "one\ntwo\n");
}

#[test]
fn nothing_comes_after_half_a_line_that_can_not_be_cut_off() {
    let disk = TestDisk::new(10);
    disk.content().keeps_all = true;
    let log = log(&disk, JournalSync::Never);
    assert_eq!(log.append("one and more").unwrap_err(), Failure::Full);
    let room = "one and mo".len() + 100;
    disk.content().room = room;
    let broken = Failure::Other("it does not shrink".to_owned());
    assert_eq!(log.append("two").unwrap_err(), broken);
    assert_eq!(disk.text(), "one and mo");
}

#[test]
fn what_has_to_be_written_is_written_before_anything_else() {
    let disk = TestDisk::new(6);
    let log = log(&disk, JournalSync::Never);
    log.append("one").unwrap();
    log.append_at_last("reset");
    assert_eq!(log.append("a").unwrap_err(), Failure::Full);
    assert_eq!(disk.text(), "one\n");
    disk.content().room = 100;
    log.append("a").unwrap();
    assert_eq!(disk.text(), "one\nreset\na\n");
}

#[tokio::test]
async fn always_waits_until_the_line_is_on_the_disk() {
    let disk = TestDisk::new(1000);
    let log = log(&disk, JournalSync::Always);
    for _ in 0..20 {
        let kept = log.append("line").unwrap();
        let length = disk.content().bytes.len();
        kept.wait().await.unwrap();
        assert!(disk.content().synced >= length);
    }
}

#[tokio::test]
async fn a_disk_that_fails_to_sync_is_told_to_whoever_waits_and_takes_nothing_more() {
    let disk = TestDisk::new(1000);
    disk.content().fails_to_sync = true;
    let log = log(&disk, JournalSync::Always);
    let broken = Failure::Other("it is broken".to_owned());
    assert_eq!(log.append("one").unwrap().wait().await, Err(broken.clone()));
    disk.content().fails_to_sync = false;
    assert_eq!(log.append("two").unwrap_err(), broken);
}

#[test]
fn what_is_left_is_on_the_disk_when_the_log_is_closed() {
    let disk = TestDisk::new(1000);
    let log = log(&disk, JournalSync::Interval);
    log.append("one").unwrap();
    drop(log);
    assert_eq!(disk.content().synced, 4);
}
