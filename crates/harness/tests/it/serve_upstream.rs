//! `harness serve` in front of another server, and what it keeps.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::command::{deaf_port, harness, run};
use crate::conformance::play;
use crate::send::Folder;
use crate::send_proxy::proxy;
use crate::send_tls;
use crate::serve::Serving;

const TRACK: &str = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","event":"sign up"}"#;

/// A file for standard error.
fn open(path: &str) -> Stdio {
    fs::File::create(path).unwrap().into()
}

/// The names of the files in a folder.
fn names(folder: &str) -> Vec<String> {
    let listed = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = listed
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_sender_gets_the_upstream_s_answer_and_standard_error_the_difference_once() {
    let folder = Folder::new("upstream");
    let (told, recorded) = (folder.file("stderr"), folder.file("recorded"));
    let upstream = Serving::start(&["--lenient"]);
    let url = format!("http://{}", upstream.address);
    let passing = Serving::telling(&["--upstream", &url, "--record-to", &recorded], open(&told));
    assert!(passing.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 200"));
    let odd = TRACK.replace('}', r#","properties":[]}"#);
    for _ in 0..2 {
        assert!(passing.ask("POST", "/track", &odd).starts_with("HTTP/1.1 200"));
    }
    assert!(passing.ask("GET", "/__admin/requests", "").contains(r#""status":400"#));
    assert_eq!(
        upstream
            .ask("GET", "/__admin/conversions", "")
            .matches("sign up")
            .count(),
        3
    );

    let told = fs::read_to_string(told).unwrap();
    assert!(told.contains(&format!("passing every event on to {url}")), "{told}");
    assert!(
        told.contains(&format!("recording into {recorded}, without project ids")),
        "{told}"
    );
    let difference = "the upstream answers 200 to /track where the double says 400";
    assert_eq!(told.matches(difference).count(), 1, "{told}");
    assert_eq!(names(&recorded).len(), 3);
}

#[test]
fn what_was_recorded_can_be_played_against_another_server() {
    let folder = Folder::new("recorded");
    let recorded = folder.file("recorded");
    let recording = Serving::start(&["--record-to", &recorded]);
    for (path, body) in [
        ("/track", TRACK),
        ("/track", "[]"),
        ("/nowhere", TRACK),
        ("/check_auth", ""),
    ] {
        recording.ask("POST", path, body);
    }
    drop(recording);
    let kept = names(&recorded);
    let ends: Vec<&str> = kept
        .iter()
        .map(|name| &name[..name.len() - "-00000000.json".len()])
        .collect();
    assert_eq!(
        ends,
        [
            "000001-classic-track",
            "000002-classic-track",
            "000003-actions-check_auth"
        ]
    );
    for name in &kept {
        let text = fs::read_to_string(format!("{recorded}/{name}")).unwrap();
        assert!(
            !text.contains("demo-project") && !text.contains("ZGVtby1wcm9qZWN0Og=="),
            "{text}"
        );
    }

    let third = Serving::start(&[]);
    let printed = play(&format!("http://{}", third.address), &["--cases", &recorded]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    assert!(printed.stdout.ends_with("\n3 cases: 3 same\n"), "{}", printed.stdout);
    assert!(third.ask("GET", "/__admin/conversions", "").contains("sign up"));
}

#[test]
fn an_upstream_that_is_not_there_is_a_bad_gateway_and_the_event_is_recorded() {
    let (_deaf, address) = deaf_port();
    let passing = Serving::start(&["--upstream", &format!("http://{address}")]);
    let answer = passing.ask("POST", "/track", TRACK);
    assert!(
        answer.starts_with("HTTP/1.1 502") && answer.contains("upstream_unreachable"),
        "{answer}"
    );
    assert!(passing.ask("GET", "/__admin/conversions", "").contains("sign up"));
}

#[test]
fn an_upstream_is_reached_through_the_environment_s_proxy_and_trusted_by_a_named_issuer() {
    let folder = Folder::new("upstream-proxy");
    let root = folder.file("root.pem");
    let (port, pem) = send_tls::serve();
    fs::write(&root, pem).unwrap();
    let (address, asked) = proxy();
    let passing = |upstream: &str, options: &[&str], variable: &str| {
        let mut command = harness();
        command.args([
            "serve",
            "--port",
            "0",
            "--project-id",
            "demo-project",
            "--upstream",
            upstream,
        ]);
        Serving::of(command.args(options).env(variable, &address).stderr(Stdio::null()))
    };
    let behind_tls = passing(
        &format!("https://127.0.0.1:{port}"),
        &["--ca-file", &root],
        "HTTPS_PROXY",
    );
    let answer = behind_tls.ask("POST", "/track", TRACK);
    assert!(
        answer.starts_with("HTTP/1.1 200") && !answer.contains("success"),
        "it is the upstream's: {answer}"
    );
    let head = asked.recv().unwrap();
    assert!(head.starts_with(&format!("CONNECT 127.0.0.1:{port} ")), "{head}");

    let upstream = Serving::start(&[]);
    let in_plain = passing(&format!("http://{}", upstream.address), &[], "http_proxy");
    assert!(in_plain.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 200"));
    let head = asked.recv().unwrap();
    assert!(
        head.starts_with(&format!("POST http://{}/track HTTP/1.1\r\n", upstream.address)),
        "{head}"
    );
    assert!(upstream.ask("GET", "/__admin/conversions", "").contains("sign up"));
}

#[test]
fn an_upstream_that_is_not_trusted_gets_nothing() {
    let (port, _) = send_tls::serve();
    let passing = Serving::start(&["--upstream", &format!("https://127.0.0.1:{port}")]);
    let answer = passing.ask("POST", "/track", TRACK);
    assert!(
        answer.starts_with("HTTP/1.1 502") && answer.contains("from an issuer that is not trusted here"),
        "{answer}"
    );
}

#[test]
fn what_can_not_be_used_is_told_before_anything_is_served() {
    let file = Folder::new("record-to-file");
    fs::write(file.file("file"), "").unwrap();
    let in_the_way = file.file("file");
    for (options, code, said) in [
        (
            ["--upstream", "https://secret-1:@host"],
            2,
            "--upstream can't be used: leave out what stands before the @",
        ),
        (["--upstream-timeout", "5s"], 2, "--upstream <URL>"),
        (["--ca-file", "ca.pem"], 2, "--upstream <URL>|--forward-to <URL>"),
        (["--record-to", in_the_way.as_str()], 3, "can't record into "),
    ] {
        let serve = ["serve", "--project-id", "demo-project", "--port", "0"];
        let printed = run(&[&serve[..], &options].concat());
        assert_eq!(
            (printed.code, printed.stdout.as_str()),
            (Some(code), ""),
            "{options:?} {}",
            printed.stderr
        );
        assert!(
            printed.stderr.contains(said) && !printed.stderr.contains("secret-1"),
            "{}",
            printed.stderr
        );
    }
}

#[test]
fn a_folder_that_went_away_stops_nothing() {
    let folder = Folder::new("record-gone");
    let (told, recorded) = (folder.file("stderr"), folder.file("recorded"));
    let serving = Serving::telling(&["--record-to", &recorded], open(&told));
    fs::remove_dir(&recorded).unwrap();
    fs::write(&recorded, "in the way").unwrap();
    for _ in 0..2 {
        assert!(serving.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 200"));
    }
    let told = fs::read_to_string(told).unwrap();
    assert_eq!(
        told.matches(&format!("can't record into {recorded}: ")).count(),
        1,
        "{told}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_stops_nothing() {
    let folder = Folder::new("record-full");
    let recorded = folder.file("recorded");
    let (mut told, stderr) = std::io::pipe().unwrap();
    // To a process that may write no file larger than nothing, every disk is full.
    let mut command = Command::new("sh");
    let serve = r#"trap '' XFSZ; ulimit -f 0; exec "$0" serve --port 0 --project-id demo-project --record-to "$1""#;
    command
        .args(["-c", serve, env!("CARGO_BIN_EXE_harness"), &recorded])
        .stderr(stderr);
    let serving = Serving::of(&mut command);
    for _ in 0..2 {
        assert!(serving.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 200"));
    }
    drop((serving, command));
    let mut text = String::new();
    told.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("can't record into ").count(), 1, "{text}");
    assert!(
        text.contains("serving goes on") && names(&recorded).is_empty(),
        "{text}"
    );
}
