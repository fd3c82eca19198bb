use std::fs;
use std::path::{Path, PathBuf};

use attribution_ledger::{AttributionReport, Entry};
use attribution_mock::{
    JournalFileError, JournalOptions, JournalSync, Keep, Mock, MockConfig, Projects, ReadBack, Torn,
};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::peer::in_virtual_time;
use crate::peer::{AUTHORIZATION, Answer, CONVERSION, DENIED, config, get, join, post, post_text, request};

const JSON: &str = "Content-Type: application/json";

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.ndjson");
    (folder, path)
}

fn try_open(config: MockConfig, path: &Path) -> Result<(Mock, ReadBack), JournalFileError> {
    let options = JournalOptions {
        path: path.to_owned(),
        sync: JournalSync::Never,
    };
    Mock::with_journal(config, &options)
}

fn open(path: &Path) -> Mock {
    try_open(config(), path).expect("a journal").0
}

/// Its answer, on a connection that is gone when it is there.
fn ask(mock: &Mock, request: &str) -> Answer {
    in_virtual_time(async { join(mock).answer(request).await })
}

/// Whose it is, what was received, how much was dropped and what is made of it.
type Seen = (Option<String>, Option<String>, Vec<Entry>, u64, AttributionReport);

/// Everything that a mock knows of whoever sent something.
fn state(mock: &Mock) -> Vec<Seen> {
    let heard = mock.everyone().into_iter().filter(|mock| !mock.entries().is_empty());
    let seen = |mock: Mock| {
        let (project, namespace) = mock.whose();
        let (project, namespace) = (
            project.map(|id| id.expose().to_owned()),
            namespace.map(ToString::to_string),
        );
        (project, namespace, mock.entries(), mock.dropped(), mock.report())
    };
    let mut all: Vec<Seen> = heard.map(seen).collect();
    // Where any project may send, the first is the first that was heard of; whoever only looks is not in the file.
    all.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    all
}

#[test]
fn what_is_told_of_the_journal_is_what_a_file_of_it_has() {
    let (_folder, path) = folder();
    let mock = open(&path);
    let headers = [AUTHORIZATION, JSON, "Cookie: secret", "X-Odd: \u{e9}"];
    for body in [CONVERSION, DENIED, "{"] {
        ask(&mock, &request("POST /track", &headers, body));
    }
    let told = mock.journal();
    assert_eq!(told.lines().count(), 3);
    assert_eq!(fs::read_to_string(&path).expect("a journal"), told);
}

#[test]
fn what_was_received_is_there_after_a_restart_and_numbers_go_on() {
    let (_folder, path) = folder();
    let before = {
        let mock = open(&path);
        let headers = [
            AUTHORIZATION,
            JSON,
            "User-Agent: Segment.io/1.0",
            "Cookie: secret",
            "X-Odd: \u{e9}",
        ];
        ask(&mock, &request("POST /track", &headers, CONVERSION));
        ask(&mock, &post("/identify", DENIED));
        ask(&mock, &request("POST /track", &[JSON, "X-Stranger: 1"], CONVERSION));
        ask(
            &mock,
            &post_text(
                "/v1/t?project_id=demo-project",
                r#"{"userId":"u","type":"track","event":"x"}"#,
            ),
        );
        state(&mock)
    };
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 4);
    assert!(
        !text.contains("secret") && !text.contains("ZGVtby1wcm9qZWN0Og"),
        "{text}"
    );
    let (mock, found) = try_open(config(), &path).unwrap();
    assert_eq!(
        found,
        ReadBack {
            requests: 4,
            torn: None
        }
    );
    assert_eq!(state(&mock), before);
    let entries = mock.entries();
    assert_eq!(entries[0].request.headers.get("user-agent"), Some("Segment.io/1.0"));
    assert_eq!(entries[0].request.headers.get("x-odd"), Some("\u{e9}"));
    assert_eq!(entries[0].request.headers.get("cookie"), Some("[redacted]"));
    assert!(entries[2].request.headers.is_empty(), "a stranger's are not kept");
    ask(&mock, &post("/track", CONVERSION));
    assert_eq!(mock.entries()[4].seq, 5);
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_s_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_folder, path) = folder();
    let _mock = open(&path);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_was_forgotten_stays_forgotten() {
    let (_folder, path) = folder();
    {
        let mock = open(&path);
        let test = mock.namespace("demo-project", &"test".parse().unwrap());
        for _ in 0..2 {
            ask(&mock, &post("/track", CONVERSION));
            let headers = [AUTHORIZATION, JSON, "Harness-Namespace: test"];
            ask(&mock, &request("POST /track", &headers, CONVERSION));
        }
        mock.reset();
        ask(&mock, &post("/track", CONVERSION));
        assert_eq!((mock.entries().len(), test.entries().len()), (1, 2));
    }
    {
        let mock = open(&path);
        let test = mock.namespace("demo-project", &"test".parse().unwrap());
        assert_eq!((mock.entries().len(), test.entries().len()), (1, 2));
        mock.reset_all();
    }
    assert!(state(&open(&path)).is_empty());
}

#[test]
fn a_project_that_may_send_no_more_can_still_be_looked_at() {
    let (_folder, path) = folder();
    {
        let any = MockConfig {
            projects: Projects::any(),
            ..config()
        };
        let mock = try_open(any, &path).unwrap().0;
        ask(&mock, &request("POST /track", &[JSON], CONVERSION));
        ask(&mock, &post("/track", CONVERSION));
    }
    let shop = MockConfig {
        projects: Projects::only("shop"),
        ..config()
    };
    let mock = try_open(shop, &path).unwrap().0;
    let answer = ask(&mock, &get("/__admin/requests?project=demo-project"));
    assert_eq!(answer.json()["requests"][0]["seq"], 2, "{}", answer.raw);
    assert_eq!(
        mock.entries()[0].seq,
        1,
        "what nobody sent is the first project's to know of"
    );
    assert_eq!(ask(&mock, &post("/track", CONVERSION)).status, 401);
}

#[test]
fn a_torn_line_is_cut_off_and_told() {
    let (_folder, path) = folder();
    ask(&open(&path), &post("/track", CONVERSION));
    let whole = fs::read(&path).unwrap();
    for tail in [r#"{"version":1,"project":"demo"#.as_bytes(), b"{", &[0; 100]] {
        fs::write(&path, [&whole, tail].concat()).unwrap();
        let (mock, found) = try_open(config(), &path).unwrap();
        let torn = Torn {
            line: 2,
            bytes: tail.len(),
        };
        assert_eq!(
            found,
            ReadBack {
                requests: 1,
                torn: Some(torn)
            }
        );
        assert_eq!(fs::read(&path).unwrap(), whole);
        ask(&mock, &post("/track", CONVERSION));
        assert_eq!(mock.entries().len(), 2);
    }
    // A line that lacks nothing but its line feed is whole.
    fs::write(&path, whole.trim_ascii_end()).unwrap();
    let (mock, found) = try_open(config(), &path).unwrap();
    assert_eq!(
        found,
        ReadBack {
            requests: 1,
            torn: None
        }
    );
    assert_eq!((mock.entries().len(), fs::read(&path).unwrap()), (1, whole));
}

#[test]
fn any_other_bad_line_is_named_and_the_file_left_as_it_is() {
    let (_folder, path) = folder();
    ask(&open(&path), &post("/track", CONVERSION));
    let line = fs::read_to_string(&path).unwrap();
    for (text, said) in [
        (format!("{line}\n{line}"), "line 2 of the journal is no entry"),
        (
            format!("{line}{line}"),
            "line 2 of the journal is entry 1, which can't follow entry 1",
        ),
        ("a diary".to_owned(), "line 1 of the journal is no entry"),
        (
            line.replace("\"version\":1", "\"version\":7"),
            "line 1 of the journal is no entry",
        ),
        (
            line.replace("\"seq\":1", "\"seq\":0").trim_end().to_owned(),
            "line 1 of the journal is no entry",
        ),
        (
            line.replace("\"seq\"", "\"namespace\":\"a b\",\"seq\""),
            "line 1 of the journal is no entry",
        ),
    ] {
        fs::write(&path, &text).unwrap();
        let error = try_open(config(), &path).unwrap_err();
        let JournalFileError::Damaged { source, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(source.to_string(), said, "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_file_in_use_and_what_is_no_file_are_errors() {
    let (folder, path) = folder();
    let first = open(&path);
    let error = try_open(config(), &path).unwrap_err();
    assert!(matches!(error, JournalFileError::Locked { .. }), "{error:?}");
    drop(first);
    open(&path);
    for path in [folder.path(), Path::new("/dev/full")] {
        let error = try_open(config(), path).unwrap_err();
        assert!(matches!(error, JournalFileError::NotAFile { .. }), "{error:?}");
    }
    let error = try_open(config(), &folder.path().join("no/such/folder")).unwrap_err();
    assert!(matches!(error, JournalFileError::Io { .. }), "{error:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_event_that_does_not_fit_on_the_disk_is_answered_so_and_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mounted(folder.path()) else {
        return; // The same is tested with a disk that the log's own tests make up.
    };
    let path = disk.0.join("journal.ndjson");
    let filler = disk.0.join("filler");
    let mock = open(&path);
    ask(&mock, &post("/track", CONVERSION));
    fs::write(&filler, vec![0; 2 * 1024 * 1024]).unwrap_err();
    let padded = format!("{{\"user_id\":\"u\",\"event\":\"{}\"}}", "x".repeat(9000));
    let answer = ask(&mock, &post("/track", &padded));
    assert_eq!((answer.status, &*answer.code()), (507, "journal_full"));
    let stranger = ask(&mock, &request("POST /track", &[JSON], ""));
    assert!(stranger.status == 401 || stranger.status == 507);
    let state_then = state(&mock);
    assert_eq!(mock.conversions().len(), 1);
    fs::remove_file(filler).unwrap();
    assert_eq!(ask(&mock, &post("/track", &padded)).status, 200);
    assert_eq!(mock.entries().len(), state_then[0].2.len() + 1);
    let last = state(&mock);
    drop(mock);
    assert_eq!(state(&open(&path)), last);
}

/// A small disk in memory, until it is dropped.
#[cfg(target_os = "linux")]
struct SmallDisk<'a>(&'a Path);

#[cfg(target_os = "linux")]
impl<'a> SmallDisk<'a> {
    /// Nothing where this process may not mount.
    fn mounted(at: &'a Path) -> Option<Self> {
        let mut mount = std::process::Command::new("mount");
        let mount = mount
            .args(["-t", "tmpfs", "-o", "size=1m", "journal-test"])
            .arg(at)
            .output();
        mount.ok()?.status.success().then_some(Self(at))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        // Lazily, because the journal in it may still be open.
        std::process::Command::new("umount")
            .arg("-l")
            .arg(self.0)
            .status()
            .expect("what was mounted is unmounted");
    }
}

/// One thing that is written.
#[derive(Clone, Debug)]
enum Event {
    /// From this project in this namespace, or from nobody.
    Request(Option<&'static str>, Option<&'static str>, &'static str),
    Reset(&'static str, Option<&'static str>),
}

/// `a:` and `b:` in base64.
const PROJECTS: [(&str, &str); 2] = [("a", "YTo="), ("b", "Yjo=")];

fn event() -> impl Strategy<Value = Event> {
    let project = || prop::sample::select(PROJECTS.map(|(id, _)| id).to_vec());
    let namespace = || prop::sample::select(vec![None, Some("x"), Some("y")]);
    let body = prop::sample::select(vec![
        CONVERSION,
        DENIED,
        r#"{"cookie_id":"c-1","event":"Viewed é Page","properties":{"url":"https://shop.example/?utm_source=x"}}"#,
        r#"{"cookie_id":"c-1","user_id":"user-1","event":"Order Completed","properties":{"revenue":"9.90"}}"#,
    ]);
    prop_oneof![
        8 => (prop::option::weighted(0.9, project()), namespace(), body)
            .prop_map(|(project, namespace, body)| Event::Request(project, namespace, body)),
        1 => (project(), namespace()).prop_map(|(project, namespace)| Event::Reset(project, namespace)),
    ]
}

fn play(mock: &Mock, event: &Event) {
    match event {
        Event::Request(project, namespace, body) => {
            let known = PROJECTS.iter().find(|(id, _)| Some(*id) == *project);
            let known = known.map(|(_, encoded)| format!("Authorization: Basic {encoded}"));
            let namespace = namespace.map(|name| format!("Harness-Namespace: {name}"));
            let headers = known.iter().chain(&namespace).map(String::as_str).chain([JSON]);
            ask(mock, &request("POST /track", &headers.collect::<Vec<_>>(), body));
        }
        Event::Reset(project, Some(namespace)) => mock
            .namespace(*project, &namespace.parse().expect("a namespace"))
            .reset(),
        Event::Reset(project, None) => mock.project(*project).reset(),
    }
}

fn serving(any: bool, keep: Option<u64>) -> MockConfig {
    MockConfig {
        projects: if any {
            Projects::any()
        } else {
            Projects::only("b").and("a")
        },
        keep: keep.map(Keep::requests),
        ..config()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn reading_the_file_back_is_what_was_there_and_any_cut_is_what_was_there_once(
        events in prop::collection::vec(event(), 0..16),
        any in any::<bool>(),
        keep in prop::option::of(1..8_u64),
        cut in any::<prop::sample::Index>(),
    ) {
        let (_folder, path) = folder();
        // What was there when the file had so many lines.
        let mut states = vec![Vec::new()];
        {
            let mock = try_open(serving(any, keep), &path).unwrap().0;
            for event in &events {
                play(&mock, event);
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                states.truncate(lines);
                states.push(state(&mock));
                prop_assert_eq!(states.len(), lines + 1);
            }
        }
        let reread = |path: &Path| try_open(serving(any, keep), path).map(|(mock, found)| (state(&mock), found));
        prop_assert_eq!(&reread(&path).unwrap().0, states.last().unwrap());

        let whole = fs::read(&path).unwrap();
        let cut = cut.index(whole.len() + 1);
        fs::write(&path, &whole[..cut]).unwrap();
        let lines = whole[..cut].split(|byte| *byte == b'\n').count() - 1;
        let (found, told) = reread(&path).unwrap();
        // A line that lacks nothing but its line feed is there.
        let lines = lines + usize::from(whole.get(cut) == Some(&b'\n'));
        prop_assert_eq!(&found, &states[lines]);
        prop_assert_eq!(told.torn.is_some(), cut > 0 && whole[cut - 1] != b'\n' && whole.get(cut) != Some(&b'\n'));
    }
}
