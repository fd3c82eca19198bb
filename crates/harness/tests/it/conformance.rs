//! `harness conformance`.

use std::fs;

use serde_json::Value;
use test_support::snapshots;

use crate::command::{Printed, deaf_port, feed, harness, run};
use crate::send::{Folder, outcomes};
use crate::send_proxy::proxy;
use crate::send_tls;
use crate::serve::Serving;

/// Plays cases against this target, as the project that `Serving` expects.
pub(crate) fn play(target: &str, options: &[&str]) -> Printed {
    let arguments = ["conformance", "--project-id", "demo-project", "--target", target];
    let printed = run(&[&arguments, options].concat());
    assert!(!printed.stdout.contains("demo-project") && !printed.stderr.contains("demo-project"));
    printed
}

fn url(server: &Serving) -> String {
    format!("http://{}", server.address)
}

#[test]
fn the_double_answers_as_the_double() {
    let server = Serving::start(&[]);
    let printed = play(&url(&server), &[]);
    assert_eq!(
        (printed.code, printed.stderr.as_str()),
        (Some(0), ""),
        "{}",
        printed.stdout
    );
    let cases = printed.stdout.lines().count() - 2;
    assert!(
        printed.stdout.ends_with(&format!("\n\n{cases} cases: {cases} same\n")),
        "{}",
        printed.stdout
    );
}

#[test]
fn where_a_server_differs_is_told_case_by_case() {
    let server = Serving::start(&["--lenient"]);
    let printed = play(&url(&server), &["--dialect", "classic", "--case", "*propert*"]);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(1), ""));
    let _guard = snapshots("conformance");
    insta::assert_snapshot!("differs", printed.stdout);
    let printed = play(
        &url(&server),
        &["--case", "classic/rejected/properties_*", "--format", "json"],
    );
    assert_eq!(printed.code, Some(1));
    insta::assert_snapshot!("differs_json", printed.stdout);
}

#[test]
fn a_target_that_is_not_there_is_exit_code_three() {
    let (_deaf, address) = deaf_port();
    let printed = play(&format!("http://{address}"), &["--dialect", "browser"]);
    assert_eq!(printed.code, Some(3));
    assert!(
        printed.stdout.starts_with("NO ANSWER  browser/accepted/"),
        "{}",
        printed.stdout
    );
    assert!(printed.stdout.contains("it can't be reached: "), "{}", printed.stdout);
    assert!(
        printed.stdout.contains("0 same, 3 without an answer, "),
        "{}",
        printed.stdout
    );
    assert!(printed.stdout.ends_with(" not played\n"), "{}", printed.stdout);
}

#[test]
fn another_machine_s_project_is_only_written_to_by_who_says_so() {
    let server = Serving::start(&[]);
    // This machine under a name that is none of loopback's.
    let target = url(&server).replace("127.0.0.1", "0.0.0.0");
    let one = ["--case", "classic/protocol/sound"];
    let printed = play(&target, &one);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert!(
        printed.stderr.contains("error: the project at http://0.0.0.0:"),
        "{}",
        printed.stderr
    );
    assert!(
        printed.stderr.contains("--yes-write-to-this-project"),
        "{}",
        printed.stderr
    );
    assert!(!server.ask("GET", "/__admin/requests", "").contains("sign up"));

    let printed = play(&target, &[&one[..], &["--yes-write-to-this-project"]].concat());
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    assert!(
        printed.stderr.starts_with("warning: sending 1 case to http://0.0.0.0:"),
        "{}",
        printed.stderr
    );
    assert!(server.ask("GET", "/__admin/requests", "").contains("sign up"));
}

#[test]
fn what_can_not_be_used_is_exit_code_two_and_never_repeated() {
    for (options, said) in [
        (&["--project-id", "secret-1"][..], "--target <URL>"),
        (
            &["--target", "http://127.0.0.1:1"],
            "--project-id ID or set ATTRIBUTION_PROJECT_ID",
        ),
        (
            &["--project-id", "secret-1", "--target", "https://secret-1:@host"],
            "leave out what stands before the @",
        ),
        (
            &["--project-id", "secret-1", "--target", "http://host/v1?a=secret-1"],
            "leave out the path",
        ),
        (
            &["--project-id", "secret-1", "--target", "secret-1"],
            "--target can't be used: it is no address: write https://",
        ),
        (
            &["--list", "--case", "no-such-case"],
            "`harness conformance --list` lists all",
        ),
        (
            &["--list", "--dialect", "gopher"],
            "a dialect is `classic`, `actions`, `import` or `browser`",
        ),
        (&["--list", "--rate", "0"], "write how many a second"),
        (&["--list", "--timeout", "10"], "write a number with a unit"),
    ] {
        let printed = run(&[&["conformance"], options].concat());
        assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""), "{options:?}");
        assert!(printed.stderr.contains(said), "{options:?}: {}", printed.stderr);
        assert!(!printed.stderr.contains("secret-1"), "{}", printed.stderr);
    }
}

#[test]
fn cases_are_listed_without_a_target() {
    let printed = run(&["conformance", "--list", "--case", "protocol/*", "--dialect", "browser"]);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    let _guard = snapshots("conformance");
    insta::assert_snapshot!("list", printed.stdout);
    let printed = run(&["conformance", "--list", "--format", "json"]);
    let all = outcomes(&printed.stdout);
    assert!(all.len() > 300 && all.iter().all(|case| case["about"].as_str().unwrap().ends_with('.')));
}

#[test]
fn the_cases_of_a_folder_take_the_place_of_the_golden_ones() {
    let names = |options: &[&str]| -> Vec<Value> {
        let printed = run(&[&["conformance", "--list", "--format", "json"], options].concat());
        assert_eq!(printed.code, Some(0), "{}", printed.stderr);
        outcomes(&printed.stdout)
            .into_iter()
            .map(|case| case["name"].clone())
            .collect()
    };
    let accepted = names(&["--case", "classic/accepted/*"]);
    assert_eq!(names(&["--cases", "fixtures/wire/classic/accepted"]), accepted);
    assert!(names(&["--cases", "fixtures/wire"]).len() > accepted.len());
}

#[test]
fn every_file_of_a_folder_that_is_no_case_is_named_with_its_reason() {
    let folder = Folder::new("conformance-mistakes");
    for (name, text) in [
        ("b.json", "{}"),
        ("a.json", "{"),
        ("c.txt", "no case"),
        (".d.json", "hidden"),
    ] {
        fs::write(folder.file(name), text).unwrap();
    }
    let printed = run(&["conformance", "--list", "--cases", &folder.file("")]);
    assert_eq!(printed.code, Some(2));
    let lines: Vec<&str> = printed.stderr.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "error: not every file can be played:"));
    assert!(lines[1].contains("a.json: it is not JSON"), "{}", printed.stderr);
    assert!(lines[2].contains("b.json: it is no recording"), "{}", printed.stderr);

    let printed = run(&["conformance", "--list", "--cases", &folder.file("missing")]);
    assert_eq!(printed.code, Some(3));
    assert!(printed.stderr.starts_with("error: can't read "), "{}", printed.stderr);
}

#[test]
fn a_target_s_certificate_is_checked() {
    let folder = Folder::new("conformance-tls");
    let root = folder.file("root.pem");
    let (port, pem) = send_tls::serve();
    fs::write(&root, pem).unwrap();
    let target = format!("https://127.0.0.1:{port}");
    let arguments = [
        "conformance",
        "--project-id",
        "x",
        "--case",
        "classic/protocol/sound",
        "--target",
        &target,
    ];
    let trusting = feed(harness().args(arguments).env("SSL_CERT_FILE", &root), "");
    assert_eq!(trusting.code, Some(1), "{}{}", trusting.stdout, trusting.stderr);
    assert!(trusting.stdout.contains("content type none"), "{}", trusting.stdout);

    let status_only = feed(
        harness()
            .args(arguments)
            .arg("--status-only")
            .env("SSL_CERT_FILE", &root),
        "",
    );
    assert_eq!(
        status_only.code,
        Some(0),
        "it answers 200 and nothing else: {}",
        status_only.stdout
    );

    let (_, another) = send_tls::serve();
    fs::write(&root, another).unwrap();
    let wary = feed(harness().args(arguments).env("SSL_CERT_FILE", &root), "");
    assert_eq!(wary.code, Some(3), "{}{}", wary.stdout, wary.stderr);
    // The other issuer has the same name, and another key.
    let unusable = "it can't be reached: the endpoint's certificate can't be used";
    assert!(wary.stdout.contains(unusable), "{}", wary.stdout);
}

#[test]
fn a_target_s_issuer_can_be_named() {
    let folder = Folder::new("conformance-ca");
    let [root, nothing, missing] = ["root.pem", "nothing.pem", "missing.pem"].map(|name| folder.file(name));
    let (port, pem) = send_tls::serve();
    fs::write(&root, pem).unwrap();
    fs::write(&nothing, "no certificate").unwrap();
    let target = format!("https://127.0.0.1:{port}");
    let one = |file: &str| {
        play(
            &target,
            &["--status-only", "--case", "classic/protocol/sound", "--ca-file", file],
        )
    };
    let trusting = one(&root);
    assert_eq!(trusting.code, Some(0), "{}{}", trusting.stdout, trusting.stderr);
    for (file, code, said) in [
        (&nothing, 2, "there is no certificate in it: give PEM"),
        (&missing, 3, "can't read "),
    ] {
        let printed = one(file);
        assert_eq!((printed.code, printed.stdout.as_str()), (Some(code), ""));
        assert!(
            printed.stderr.contains(said) && printed.stderr.contains(file),
            "{}",
            printed.stderr
        );
    }
}

/// Plays one case in an environment that names proxies.
fn play_within(target: &str, options: &[&str], environment: &[(&str, &str)]) -> Printed {
    let one = ["--case", "classic/protocol/sound", "--status-only"];
    let arguments = ["conformance", "--project-id", "demo-project", "--target", target];
    let mut command = harness();
    command.args(arguments).args(one).args(options);
    feed(command.envs(environment.iter().copied()), "")
}

#[test]
fn a_target_is_asked_through_the_environment_s_proxy_and_is_another_machine_then() {
    let server = Serving::start(&[]);
    let (address, asked) = proxy();
    let proxy = format!("http://ada:opensesame@{address}");
    let write = ["--yes-write-to-this-project"];
    let unsure = play_within(&url(&server), &[], &[("HTTP_PROXY", &proxy)]);
    assert_eq!(unsure.code, Some(2), "whose loopback that is, only the proxy knows");

    let printed = play_within(&url(&server), &write, &[("HTTP_PROXY", &proxy)]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    let head = asked.recv().unwrap();
    assert!(
        head.starts_with(&format!("POST {}/track HTTP/1.1\r\n", url(&server))),
        "{head}"
    );
    let lower = head.to_lowercase();
    assert!(
        lower.contains("proxy-authorization: basic ywrhom9wzw5zzxnhbwu="),
        "{head}"
    );
    assert!(lower.contains(&format!("host: {}\r\n", server.address)), "{head}");

    let straight = play_within(&url(&server), &[], &[("HTTP_PROXY", &proxy), ("NO_PROXY", "127.0.0.1")]);
    assert_eq!(straight.code, Some(0), "{}{}", straight.stdout, straight.stderr);
    assert!(asked.try_recv().is_err(), "an exception goes straight");
}

#[test]
fn an_https_target_is_reached_by_a_tunnel() {
    let folder = Folder::new("conformance-tunnel");
    let root = folder.file("root.pem");
    let (port, pem) = send_tls::serve();
    fs::write(&root, pem).unwrap();
    let (address, asked) = proxy();
    let target = format!("https://127.0.0.1:{port}");
    let options = ["--yes-write-to-this-project", "--ca-file", &root];
    let printed = play_within(&target, &options, &[("HTTPS_PROXY", &address)]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.stdout, printed.stderr);
    let head = asked.recv().unwrap();
    assert!(
        head.starts_with(&format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\n")),
        "{head}"
    );
}

#[test]
fn a_proxy_that_lets_nothing_through_is_told_from_the_target_and_without_its_credentials() {
    let write = ["--yes-write-to-this-project"];
    let socks = [("ALL_PROXY", "socks5://ada:opensesame@127.0.0.1:1080")];
    let printed = play_within("http://127.0.0.1:1", &write, &socks);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    let told = "--target can't be used: ALL_PROXY is a SOCKS proxy";
    assert!(
        printed.stderr.contains(told) && !printed.stderr.contains("opensesame"),
        "{}",
        printed.stderr
    );

    let (_held, nobody) = deaf_port();
    let printed = play_within("http://127.0.0.1:1", &write, &[("http_proxy", &nobody.to_string())]);
    assert_eq!(printed.code, Some(3));
    let told = "it can't be reached: connection refused: nothing listens at the proxy";
    assert!(printed.stdout.contains(told), "{}", printed.stdout);

    // What is no proxy refuses to be one: to the double, it is a path that there is not.
    let double = Serving::start(&[]);
    let printed = play_within("https://127.0.0.1:1", &write, &[("https_proxy", &double.address)]);
    assert_eq!(printed.code, Some(3));
    assert!(
        printed.stdout.contains("it can't be reached: the proxy answered 4"),
        "{}",
        printed.stdout
    );
}
