//! `harness send --spool`: kills, what is left over, and folders that can't be used.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::command::harness;
use crate::send::{Folder, outcomes, track};
use crate::serve::Serving;

/// How often the process is killed.
const KILLS: u64 = 200;

/// `harness send` with a spool, to this address.
fn sending(address: &str, spool: &str, options: &[&str]) -> Command {
    let mut command = harness();
    command
        .args([
            "send",
            "--project-id",
            "demo-project",
            "--to",
            &format!("http://{address}"),
        ])
        .args(["--spool", spool])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What such a process prints that reads this and ends by itself.
fn printed(mut command: Command, input: &str) -> (Option<i32>, String, String) {
    let mut child = command.spawn().expect("the binary starts");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn interrupt(child: &Child) {
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// Interrupts it, and once it has said what a second time would do, a second time. What it has said by then. One that can't
/// go on may have ended by itself.
fn interrupt_twice(child: &mut Child) -> String {
    interrupt(child);
    let mut said = String::new();
    let stderr = child.stderr.as_mut().unwrap();
    // Byte by byte, so that nothing after the line is taken.
    while !(said.contains("stopping: ") && said.ends_with('\n')) {
        let mut byte = [0];
        if stderr.read(&mut byte).unwrap() == 0 {
            return said;
        }
        said.push(char::from(byte[0]));
    }
    interrupt(child);
    said
}

/// The numbers of the conversions that the server has recorded, by round.
fn recorded(server: &Serving) -> BTreeMap<u64, Vec<u64>> {
    let mut rounds: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut next = Some(0);
    while let Some(after) = next {
        let answer = server.ask("GET", &format!("/__admin/conversions?limit=10000&after={after}"), "");
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let answer: Value = serde_json::from_str(body).unwrap();
        for row in answer["conversions"].as_array().unwrap() {
            let number = |key: &str| row["properties"][key].as_u64().unwrap();
            rounds.entry(number("round")).or_default().push(number("n"));
        }
        next = answer["next"].as_u64();
    }
    rounds
}

/// How long it takes such a process here and now to tell its first outcome.
fn until_the_first_outcome(address: &str, folder: &Folder) -> Duration {
    let out = folder.file("calibration.ndjson");
    let mut child = sending(address, &folder.file("calibration"), &["--dialect", "import"])
        .stdout(File::create(&out).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let page = r#"{"type":"page","userId":"calibration"}"#;
    writeln!(stdin, "{page}").unwrap();
    let pause = Duration::from_millis(1);
    let mut waited = pause;
    while fs::metadata(&out).unwrap().len() == 0 {
        thread::sleep(pause);
        waited += pause;
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    waited
}

/// Whatever the moment of the kill: the events of each round that were accepted are the first so many of it, all of
/// those are delivered in the end, and each one counts once.
#[test]
fn after_any_kill_every_accepted_event_is_delivered_and_counts_once() {
    let (server, folder) = (Serving::start(&[]), Folder::new("kills"));
    let [spool, out] = ["spool", "out.ndjson"].map(|name| folder.file(name));
    let mut begins = until_the_first_outcome(&server.address, &folder);
    let mut told: BTreeMap<u64, u64> = BTreeMap::new();
    for round in 0..KILLS {
        let mut child = sending(&server.address, &spool, &["--dialect", "import", "--batch", "10"])
            .stdout(File::create(&out).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let feeding = thread::spawn(move || {
            for number in 0..400 {
                let user = number % 7;
                // It fails as soon as the process is gone.
                let _ = writeln!(
                    stdin,
                    r#"{{"type":"track","userId":"user-{user}","event":"Tried","properties":{{"round":{round},"n":{number}}}}}"#
                );
            }
        });
        // From half of the time until its first outcome to three times as long, in no particular order.
        let thousandths = u32::try_from(500 + round * 7_919 % 2_500).unwrap();
        thread::sleep(begins * thousandths / 1_000);
        child.kill().unwrap();
        child.wait().unwrap();
        feeding.join().unwrap();
        let complete = fs::read_to_string(&out).unwrap();
        let complete = &complete[..complete.rfind('\n').map_or(0, |end| end + 1)];
        let last = outcomes(complete)
            .iter()
            .filter(|outcome| outcome["resumed"] != true)
            .map(|outcome| outcome["line"].as_u64().unwrap())
            .max();
        told.extend(last.map(|line| (round, line)));
        // The machine is now quicker and now slower: rounds in which nothing was told yet are to be about one of four.
        begins = if last.is_none() {
            begins * 110 / 100
        } else {
            begins * 97 / 100
        };
    }
    let (code, _, stderr) = printed(sending(&server.address, &spool, &["--dialect", "import"]), "");
    assert_eq!(code, Some(0), "{stderr}");
    let recorded = recorded(&server);
    for (round, mut numbers) in recorded.clone() {
        numbers.sort_unstable();
        let accepted = numbers.len() as u64;
        assert!(
            numbers.into_iter().eq(0..accepted),
            "round {round}: lost, or counted twice"
        );
        assert!(told.get(&round).is_none_or(|line| *line <= accepted), "round {round}");
    }
    assert!(told.keys().all(|round| recorded.contains_key(round)));
    assert!(
        recorded.len() as u64 > KILLS / 3,
        "most were killed before they had accepted anything"
    );
}

#[test]
fn what_an_endpoint_did_not_take_is_kept_and_sent_by_the_next_process() {
    let folder = Folder::new("resumed");
    let spool = folder.file("spool");
    // Connections are taken by the system, and nobody ever answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = sending(&silent.local_addr().unwrap().to_string(), &spool, &["--timeout", "1m"])
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    writeln!(
        stdin,
        "{}\n{}\nno event",
        track("user-1", "first"),
        track("user-1", "second")
    )
    .unwrap();
    let _stream = silent.accept().unwrap();
    // What is no event is told at once, so those before it have been read.
    let mut told = BufReader::new(child.stdout.take().unwrap());
    let mut invalid = String::new();
    told.read_line(&mut invalid).unwrap();
    assert_eq!(outcomes(&invalid)[0]["line"], 3);
    let said = interrupt_twice(&mut child);
    let output = child.wait_with_output().unwrap();
    let stderr = said + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("Ctrl-C again gives them up, the spool keeps the rest"),
        "{stderr}"
    );
    assert!(
        stderr.ends_with("2 kept in the spool: the next send with it goes on with them\n"),
        "{stderr}"
    );
    drop(stdin);

    let server = Serving::start(&[]);
    let third = track("user-1", "third") + "\n";
    let (code, stdout, stderr) = printed(sending(&server.address, &spool, &[]), &third);
    assert_eq!(code, Some(0), "{stderr}");
    let told: Vec<_> = outcomes(&stdout)
        .into_iter()
        .map(|outcome| {
            (
                outcome["line"].clone(),
                outcome["resumed"].clone(),
                outcome["result"].clone(),
            )
        })
        .collect();
    let delivered = || Value::from("delivered");
    assert_eq!(
        told,
        [
            (1.into(), true.into(), delivered()),
            (2.into(), true.into(), delivered()),
            (1.into(), Value::Null, delivered()),
        ]
    );
    let (code, stdout, _) = printed(sending(&server.address, &spool, &[]), "");
    assert_eq!((code, stdout.as_str()), (Some(0), ""), "nothing is sent twice");
}

#[test]
fn what_is_rejected_leaves_the_spool_as_a_dead_letter() {
    let (server, folder) = (Serving::start(&[]), Folder::new("spooled-dead"));
    let [spool, dead] = ["spool", "dead.ndjson"].map(|name| folder.file(name));
    server.ask("POST", "/__admin/faults", r#"{"respond":400,"times":1}"#);
    let event = track("user-1", "sign up");
    let sent = printed(
        sending(&server.address, &spool, &["--dead-letters", &dead]),
        &format!("{event}\n"),
    );
    assert_eq!(sent.0, Some(1), "{}", sent.2);
    assert_eq!(fs::read_to_string(&dead).unwrap(), format!("{event}\n"));
    let (code, stdout, _) = printed(sending(&server.address, &spool, &[]), "");
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
}

#[test]
fn a_folder_that_can_not_be_used_is_named_before_anything_is_read() {
    let folder = Folder::new("unusable");
    let file = folder.file("a-file");
    fs::write(&file, "not a folder").unwrap();
    let below = format!("{file}/spool");
    let (code, stdout, stderr) = printed(sending("127.0.0.1:1", &below, &[]), "");
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.starts_with("error: ") && stderr.contains(&file), "{stderr}");
}

#[test]
fn a_spool_that_another_process_uses_is_not_touched() {
    let (server, folder) = (Serving::start(&[]), Folder::new("locked"));
    let spool = folder.file("spool");
    let mut first = sending(&server.address, &spool, &[]).spawn().unwrap();
    let mut stdin = first.stdin.take().unwrap();
    while !Path::new(&spool).join("format").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    // The lock comes before the file that was waited for.
    let (code, _, stderr) = printed(sending(&server.address, &spool, &[]), "");
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains(&spool), "{stderr}");
    writeln!(stdin, "{}", track("user-1", "sign up")).unwrap();
    drop(stdin);
    let output = first.wait_with_output().unwrap();
    assert_eq!(outcomes(&String::from_utf8(output.stdout).unwrap()).len(), 1);
}

/// A disk of a few megabytes, where this process may mount one.
#[cfg(target_os = "linux")]
struct SmallDisk(String);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mounted(at: String) -> Option<Self> {
        fs::create_dir_all(&at).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs", &at])
            .stderr(Stdio::null())
            .status();
        mount.is_ok_and(|status| status.success()).then_some(Self(at))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What can't be unmounted is the system's to unmount.
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_at_once_and_what_was_kept_is_sent_later() {
    let folder = Folder::new("full-disk");
    let Some(disk) = SmallDisk::mounted(folder.file("disk")) else {
        eprintln!("skipped: this process may not mount a small disk");
        return;
    };
    let spool = format!("{}/spool", disk.0);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = sending(&silent.local_addr().unwrap().to_string(), &spool, &["--timeout", "1m"])
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let padding = "x".repeat(10_000);
    let feeding = thread::spawn(move || {
        let mut number = 0;
        let event = |n| {
            format!(
                r#"{{"type":"track","userId":"u{}","event":"Tried","properties":{{"round":0,"n":{n},"p":"{padding}"}}}}"#,
                n % 3
            )
        };
        while number < 5_000 && writeln!(stdin, "{}", event(number)).is_ok() {
            number += 1;
        }
    });
    let mut said = String::new();
    BufReader::with_capacity(1, child.stderr.as_mut().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert!(
        said.starts_with("can't keep the events: ") && said.contains(&spool),
        "{said}"
    );
    interrupt_twice(&mut child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    feeding.join().unwrap();

    let server = Serving::start(&[]);
    let (code, stdout, stderr) = printed(sending(&server.address, &spool, &[]), "");
    assert_eq!(code, Some(0), "{stderr}");
    let delivered = outcomes(&stdout).len() as u64;
    let mut numbers = recorded(&server).remove(&0).unwrap();
    numbers.sort_unstable();
    assert!(delivered > 0 && numbers.into_iter().eq(0..delivered), "{delivered}");
}
