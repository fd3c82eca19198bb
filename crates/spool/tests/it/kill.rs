//! Really killing a process that uses a spool.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use spool::{RecordId, Spool, SpoolError, SpoolOptions};

use crate::{all, dice, open, quick_folder};

const FOLDER: &str = "SPOOL_TEST_FOLDER";

/// The record that is the so-many-th that is ever appended, of a length that varies.
fn numbered(number: u64) -> Vec<u8> {
    let text = format!("record {number} ");
    text.repeat(1 + usize::try_from(number * 7919 % 200).unwrap())
        .into_bytes()
}

/// Appends and removes, and says what is done once it is, until it is killed. Records are numbered by their ids.
#[test]
#[ignore = "the tests below start it as a process of its own"]
fn user_until_killed() {
    let folder = env::var_os(FOLDER).expect("the folder to use is in the environment");
    let spool = Spool::open(
        Path::new(&folder),
        SpoolOptions {
            removals_per_sync: 8,
            ..SpoolOptions::default()
        },
    )
    .unwrap();
    println!("\nopened");
    let mut dice = dice(u64::from(std::process::id()));
    let mut next = 1 + newest(&spool);
    loop {
        let group: Vec<Vec<u8>> = (next..=next + dice(5)).map(numbered).collect();
        let ids = spool.append_all(&group).unwrap();
        next += group.len() as u64;
        println!("appended {} to {}", ids[0], ids[ids.len() - 1]);
        if dice(2) == 0 {
            let waiting = spool.first(None, usize::try_from(dice(6)).unwrap(), 100_000).unwrap();
            let ids: Vec<RecordId> = waiting.into_iter().map(|(id, _)| id).collect();
            if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
                println!("removing {first} to {last}");
                spool.remove(&ids).unwrap();
            }
        }
    }
}

/// The last id that was given: that of a record appended to find out, which is removed again.
fn newest(spool: &Spool) -> u64 {
    let probe = spool.append(b"probe").unwrap();
    spool.remove(&[probe]).unwrap();
    spool.flush().unwrap();
    probe.get()
}

fn started(folder: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        "--exact",
        "kill::user_until_killed",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// What a process said before it was killed.
#[derive(Debug, Default)]
struct Said {
    appended: BTreeSet<u64>,
    removing: BTreeSet<u64>,
}

impl Said {
    fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let [what @ ("appended" | "removing"), first, "to", last] = words[..] else {
            return;
        };
        let ids = first.parse::<u64>().unwrap()..=last.parse().unwrap();
        match what {
            "appended" => self.appended.extend(ids),
            _ => self.removing.extend(ids),
        }
    }
}

/// Lets a process use the folder and kills it after so many lines and then so long.
fn killed(folder: &Path, lines: usize, delay: Duration, said: &mut Said) {
    let mut child = started(folder);
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for line in output.by_ref().lines().take(lines) {
        said.hear(&line.unwrap());
    }
    thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said between the last line read and its end. A line that is cut off it has not said.
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    let whole = rest.rfind('\n').map_or("", |end| &rest[..end]);
    whole.lines().for_each(|line| said.hear(line));
}

#[test]
fn nothing_is_lost_when_the_process_is_killed_at_any_moment() {
    let folder = quick_folder();
    let mut dice = dice(1);
    let mut said = Said::default();
    let mut crashes = 0;
    for round in 0..300 {
        let lines = usize::try_from(dice(40)).unwrap();
        killed(folder.path(), lines, Duration::from_micros(dice(6000)), &mut said);
        if round % 3 > 0 {
            continue; // The next process finds what this one left.
        }
        let spool = open(folder.path());
        crashes += u32::from(spool.opened().after_crash);
        let found = all(&spool);
        let there: BTreeSet<u64> = found.iter().map(|(id, _)| id.get()).collect();
        let lost: Vec<&u64> = said
            .appended
            .difference(&said.removing)
            .filter(|id| !there.contains(id))
            .collect();
        assert!(lost.is_empty(), "round {round}: {lost:?} are lost");
        for (id, record) in &found {
            assert!(
                *record == numbered(id.get()) || record == b"probe",
                "round {round}: {id} is another record"
            );
        }
        assert!(
            newest(&spool) > said.appended.last().copied().unwrap_or_default(),
            "round {round}: ids started again"
        );
        // So that it does not grow for ever.
        let served: Vec<RecordId> = found.iter().rev().skip(20).map(|(id, _)| *id).collect();
        said.removing.extend(served.iter().map(|id| id.get()));
        spool.remove(&served).unwrap();
    }
    assert!(crashes > 50, "{crashes} of 100 openings came after a crash");
    assert!(
        said.appended.len() > 2000,
        "{} records were appended",
        said.appended.len()
    );
    assert!(
        said.removing.len() > 500,
        "{} records were removed",
        said.removing.len()
    );
}

#[test]
fn a_folder_that_is_being_made_when_the_process_is_killed_can_be_used() {
    for round in 0..60 {
        let parent = quick_folder();
        let folder = parent.path().join("spool");
        let mut said = Said::default();
        killed(&folder, 0, Duration::from_micros(round * 150), &mut said);
        let spool = open(&folder);
        let waiting = said.appended.difference(&said.removing).count();
        assert!(spool.len() >= waiting as u64, "round {round}");
        spool.append(b"probe").unwrap();
        spool.close().unwrap();
    }
}

#[test]
fn a_second_process_is_told_that_the_folder_is_in_use_until_the_first_is_killed() {
    let folder = quick_folder();
    let mut child = started(folder.path());
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(output.any(|line| line.unwrap() == "opened"));
    let error = Spool::open(folder.path(), SpoolOptions::default()).unwrap_err();
    assert!(matches!(error, SpoolError::Locked { .. }), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(open(folder.path()).opened().after_crash);
}
