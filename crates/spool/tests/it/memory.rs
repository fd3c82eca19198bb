//! How much memory a spool takes that holds far more than that.
#![cfg(target_os = "linux")]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use spool::SpoolOptions;

use crate::open;

const FOLDER: &str = "SPOOL_TEST_FOLDER";

/// Appends 120,000 records of 850 bytes, which is 102 MB, reads and removes half of them, and says how much memory it had at most.
#[test]
#[ignore = "the test below starts it as a process of its own"]
fn user_of_many_records() {
    let folder = env::var_os(FOLDER).expect("the folder to use is in the environment");
    let spool = open(Path::new(&folder));
    for _ in 0..120 {
        spool.append_all(&vec![[7; 850]; 1000]).unwrap();
    }
    for _ in 0..60 {
        let waiting = spool.first(None, 1000, usize::MAX).unwrap();
        spool
            .remove(&waiting.into_iter().map(|(id, _)| id).collect::<Vec<_>>())
            .unwrap();
    }
    spool.close().unwrap();
    let spool = open(Path::new(&folder));
    assert_eq!(spool.len(), 60_000);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("\npeak {}", peak.trim().trim_end_matches(" kB"));
}

#[test]
fn a_spool_of_a_hundred_megabytes_takes_less_than_forty_of_memory() {
    assert_eq!(SpoolOptions::default().cache_bytes, 8 * 1024 * 1024);
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "memory::user_of_many_records", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let peak: u64 = said
        .lines()
        .find_map(|line| line.strip_prefix("peak "))
        .unwrap()
        .parse()
        .unwrap();
    assert!(peak < 40 * 1024, "{peak} kB");
}
