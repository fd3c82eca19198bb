//! How much memory a double takes that received far more than it is to keep.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use attribution_mock::{Keep, Mock, MockConfig};

use crate::peer::in_virtual_time;
use crate::peer::{config, join, post};

/// Receives 15,000 events of 8 KB, which is 120 MB, each of another visitor, and says how much memory it had at most.
#[test]
#[ignore = "the test below starts it as a process of its own"]
fn keeping_a_megabyte_of_a_hundred() {
    let keep = Some(Keep::bytes(1_000_000));
    let mock = Mock::new(MockConfig { keep, ..config() });
    let long = "x".repeat(8000);
    in_virtual_time(async {
        let mut peer = join(&mock);
        for number in 0..15_000 {
            let body = format!(
                r#"{{"user_id":"u-{number}","cookie_id":"c-{number}","event":"x","properties":{{"a":"{long}"}}}}"#
            );
            assert_eq!(peer.answer(&post("/track", &body)).await.status, 200);
        }
    });
    let kept = mock.entries();
    assert_eq!(kept.last().map(|entry| entry.seq), Some(15_000));
    assert_eq!(mock.dropped() + kept.len() as u64, 15_000);
    assert_eq!(
        (mock.visitors().len(), mock.conversions().len()),
        (kept.len(), kept.len())
    );
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("\npeak {}", peak.trim().trim_end_matches(" kB"));
}

#[test]
fn a_double_that_keeps_a_megabyte_takes_less_than_forty_whatever_it_receives() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "memory::keeping_a_megabyte_of_a_hundred",
            "--ignored",
            "--nocapture",
        ])
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
