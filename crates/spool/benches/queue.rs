//! The spool beside its ceiling: a bare file that records are written to the end of, synced after each group, in the
//! same run on the same disk. The file knows no removal, no check and no order; it is what the disk can do.
//!
//! Appends are medians of turns that alternate between the two, so that a busy moment of the disk hits both. The
//! memory is the most that this process ever had, with the bench's own groups in it.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::time::Duration;

use spool::{Spool, SpoolOptions};

/// A track call of an online shop, about.
const RECORD_BYTES: usize = 850;

/// How many records one read hands over, and one removal takes out.
const BATCH: usize = 256;

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written");
    for (group, turns) in [(1, 401), (16, 401), (256, 201)] {
        append(&folder.path().join(group.to_string()), group, turns);
    }
    fill_and_drain(&folder.path().join("many"), 100_000);
    fill_and_drain(&folder.path().join("very-many"), 1_000_000);
    println!("memory of this process at its peak: {}", peak_memory());
}

fn append(folder: &Path, group: usize, turns: usize) {
    let spool = opened(folder);
    let mut log = Log::create(&folder.with_extension("log"));
    let records = records(group);
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..turns {
        times[0].push(timed(|| log.append(&records)).0);
        times[1].push(timed(|| spool.append_all(&records).expect("the disk has space")).0);
    }
    let [log, spool] = times.map(|mut times| {
        times.sort();
        times[turns / 2]
    });
    println!(
        "append {group}: file {log:.2?}, spool {spool:.2?}, {}",
        ratio(log, spool)
    );
}

fn fill_and_drain(folder: &Path, records: usize) {
    const GROUP: usize = 1000;
    println!("{records} records of {RECORD_BYTES} bytes:");
    let group = self::records(GROUP);
    let path = folder.with_extension("log");
    let (log, ()) = timed(|| {
        let mut log = Log::create(&path);
        (0..records / GROUP).for_each(|_| log.append(&group));
    });
    let (filling, spool) = timed(|| {
        let spool = opened(folder);
        for _ in 0..records / GROUP {
            spool.append_all(&group).expect("the disk has space");
        }
        spool
    });
    println!(
        "  append {GROUP} each: file {log:.2?}, spool {filling:.2?}, {}",
        ratio(log, filling)
    );
    println!("  on disk: {}", on_disk(&spool));
    spool.close().expect("the disk works");

    let (log, ()) = timed(|| Log::read_through(&path));
    let (opening, spool) = timed(|| opened(folder));
    println!(
        "  open and check all: file {log:.2?}, spool {opening:.2?}, {}",
        ratio(log, opening)
    );

    let (draining, drained) = timed(|| drain(&spool));
    assert_eq!(drained, records);
    println!(
        "  read and remove {BATCH} each: {draining:.2?}, {:.0} records/s",
        per_second(records, draining)
    );
    println!("  on disk when all are removed: {}", on_disk(&spool));
}

fn drain(spool: &Spool) -> usize {
    let mut drained = 0;
    loop {
        let waiting = spool.first(None, BATCH, usize::MAX).expect("the records are whole");
        if waiting.is_empty() {
            spool.flush().expect("the disk works");
            return drained;
        }
        drained += waiting.len();
        let ids: Vec<_> = black_box(waiting).into_iter().map(|(id, _)| id).collect();
        spool.remove(&ids).expect("the disk works");
    }
}

fn opened(folder: &Path) -> Spool {
    Spool::open(folder, SpoolOptions::default()).expect("the folder is a spool's or new")
}

/// Records that no disk could make smaller.
fn records(count: usize) -> Vec<Vec<u8>> {
    let mut state = 1_u64;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..count)
        .map(|_| (0..RECORD_BYTES).map(|_| byte()).collect())
        .collect()
}

/// The ceiling.
struct Log(File);

impl Log {
    fn create(path: &Path) -> Self {
        Self(File::create(path).expect("the folder can be written"))
    }

    fn append(&mut self, records: &[Vec<u8>]) {
        let mut bytes = Vec::with_capacity(records.len() * (RECORD_BYTES + 4));
        for record in records {
            bytes.extend(u32::try_from(record.len()).expect("records are short").to_le_bytes());
            bytes.extend(record);
        }
        self.0.write_all(&bytes).expect("the disk has space");
        self.0.sync_data().expect("the disk works");
    }

    fn read_through(path: &Path) {
        let mut log = BufReader::with_capacity(1 << 16, File::open(path).expect("the file is there"));
        let mut chunk = vec![0; 1 << 16];
        while log.read(&mut chunk).expect("the disk works") > 0 {
            black_box(&chunk);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn timed<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    let start = std::time::Instant::now();
    let result = act();
    (start.elapsed(), result)
}

fn ratio(ceiling: Duration, spool: Duration) -> String {
    format!("{:.2} of the ceiling", ceiling.as_secs_f64() / spool.as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

fn on_disk(spool: &Spool) -> String {
    format!("{} kB", spool.bytes_on_disk().expect("the file is there") / 1024)
}

/// As Linux counts it; other systems are not asked.
fn peak_memory() -> String {
    let status: io::Result<String> = fs::read_to_string("/proc/self/status");
    let status = status.unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}
