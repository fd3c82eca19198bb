//! Where `harness serve` listens, and how others find out.

use std::fs;
use std::net::TcpListener;

use crate::command::run;
use crate::send::Folder;
use crate::serve::Serving;

/// Asks for the server's health under a host's name.
fn health(server: &Serving, host: &str) -> String {
    let answer = server.ask_as(host, "GET", "/__admin/health", "");
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn the_admin_api_answers_to_this_machine_and_to_the_names_it_is_given() {
    let server = Serving::start(&["--admin-host", "attribution", "--admin-host", "10.1.2.3"]);
    for host in ["localhost", "127.0.0.1:7070", "attribution:7070", "10.1.2.3"] {
        assert_eq!(health(&server, host), "HTTP/1.1 200 OK", "{host}");
    }
    assert_eq!(health(&server, "rebound.example"), "HTTP/1.1 403 Forbidden");
    assert_eq!(
        health(&Serving::start(&[]), "attribution:7070"),
        "HTTP/1.1 403 Forbidden"
    );
}

#[test]
fn listening_for_other_machines_is_said_and_so_is_what_it_means() {
    let mut open = Serving::start_told(&["--listen", "0.0.0.0", "--admin-host", "attribution"]);
    assert!(open.url.starts_with("http://127.0.0.1:"), "{}", open.url);
    assert_eq!(health(&open, "localhost"), "HTTP/1.1 200 OK");
    let told = open.told();
    assert!(told.contains("warning: on 0.0.0.0:"), "{told}");
    assert!(told.contains("127.0.0.1, [::1], attribution only"), "{told}");
    let mut closed = Serving::start_told(&[]);
    let told = closed.told();
    assert!(
        told.contains("/__admin/inspector") && !told.contains("warning"),
        "{told}"
    );
}

#[test]
fn ipv6_is_listened_on_where_there_is_any() {
    if TcpListener::bind("[::1]:0").is_err() {
        println!("skipped: this machine has no IPv6");
        return;
    }
    let server = Serving::start(&["--listen", "[::1]"]);
    assert!(server.url.starts_with("http://[::1]:"), "{}", server.url);
    assert_eq!(health(&server, "[::1]"), "HTTP/1.1 200 OK");
}

#[test]
fn what_is_no_address_or_no_host_is_exit_code_two_and_says_what_to_write() {
    for (option, given, said) in [
        ("--listen", "localhost", "as in 127.0.0.1, 0.0.0.0 or ::1"),
        ("--listen", "0.0.0.0:7070", "without a port"),
        ("--admin-host", "http://attribution:7070", "as in attribution"),
    ] {
        let printed = run(&["serve", "--project-id", "demo-project", "--port", "0", option, given]);
        assert_eq!(printed.code, Some(2), "{given}");
        assert!(printed.stderr.contains(said), "{}", printed.stderr);
    }
    // An address for documentation, which no machine has.
    let printed = run(&[
        "serve",
        "--project-id",
        "demo-project",
        "--port",
        "0",
        "--listen",
        "192.0.2.1",
    ]);
    assert_eq!(printed.code, Some(3));
    assert!(
        printed.stderr.contains("has this machine the address 192.0.2.1"),
        "{}",
        printed.stderr
    );
}

#[cfg(unix)]
#[test]
fn the_ready_file_has_the_address_until_a_good_end() {
    let folder = Folder::new("ready");
    let ready = folder.file("ready");
    fs::write(&ready, "http://127.0.0.1:1\n").unwrap();
    let mut server = Serving::start(&["--ready-file", &ready]);
    assert_eq!(fs::read_to_string(&ready).unwrap(), format!("{}\n", server.url));
    let mut other = Serving::start(&["--ready-file", &ready]);
    assert_eq!(fs::read_to_string(&ready).unwrap(), format!("{}\n", other.url));
    assert_eq!(server.interrupt(), Some(0));
    assert!(fs::exists(&ready).unwrap(), "it is the other's by now");
    assert_eq!(other.interrupt(), Some(0));
    let left: Vec<_> = fs::read_dir(folder.file("")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_ready_file_that_can_not_be_written_is_exit_code_three() {
    let folder = Folder::new("unwritable");
    for file in [folder.file("none/ready"), folder.file("")] {
        let printed = run(&[
            "serve",
            "--project-id",
            "demo-project",
            "--port",
            "0",
            "--ready-file",
            &file,
        ]);
        assert_eq!(printed.code, Some(3), "{file}");
        assert!(printed.stderr.contains("can't write"), "{}", printed.stderr);
    }
}
