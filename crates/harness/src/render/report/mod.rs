//! The report files, one file per format, all of one [`Run`](crate::commands::run::report::Run).

pub(crate) mod github;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod problems;
pub(crate) mod tap;
pub(crate) mod timeline;
pub(crate) mod value;

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use clock::Seed;
    use jiff::Timestamp;
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::{github, html, json, junit, tap};
    use crate::commands::files::LoadError;
    use crate::commands::run::report::{Ended, Report, Run, Stale, Title};

    /// A run of one scenario that was skipped and one that could not be read and is kept, with this text wherever there may
    /// be any.
    fn run(text: &str) -> Run {
        let report = |ended, bundle| Report {
            title: Title {
                path: PathBuf::from(text),
                name: Some(text.to_owned()),
                seed: Seed::from(0),
                repetition: None,
            },
            ended,
            real: Duration::ZERO,
            bundle,
        };
        let error = io::Error::other(text.to_owned());
        Run {
            reports: vec![
                report(Ended::Skipped(text.to_owned()), None),
                report(
                    Ended::Unusable(LoadError::Unreadable(PathBuf::from(text), error)),
                    Some(PathBuf::from(text)),
                ),
            ],
            not_selected: 0,
            not_played: 0,
            stale_snapshots: Stale::default(),
            coverage: None,
            started: Timestamp::UNIX_EPOCH,
            elapsed: Duration::ZERO,
        }
    }

    /// How many elements of this name an XML text has.
    fn elements(xml: &str, name: &str) -> usize {
        let mut reader = Reader::from_str(xml);
        let mut found = 0;
        loop {
            match reader.read_event().expect("it is XML") {
                Event::Start(start) | Event::Empty(start) => {
                    found += usize::from(start.name().as_ref() == name.as_bytes());
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_place_in_any_format(text in "([<>&'\"#|`:%,\\\\\\]\\[\n\r\t\u{0}\u{1b}\u{85}\u{2028}\u{202e}\u{fffe}é東-]|ok|SKIP|::error|\\.\\.\\.|PC){0,20}") {
            let run = run(&text);
            let annotations = github::annotations(&run);
            prop_assert_eq!(annotations.lines().count(), 1, "{}", annotations);
            prop_assert!(annotations.starts_with("::error file="));
            prop_assert_eq!(annotations.matches(['\r', '\u{85}', '\u{2028}', '\u{1b}']).count(), 0);
            let summary = github::summary(&run);
            prop_assert_eq!(summary.lines().filter(|line| line.starts_with("| ")).count(), 4, "{}", summary);
            prop_assert!(!summary.contains('<'));
            let tap = tap::render(&run);
            let inside = |line: &&str| line.starts_with("  ");
            prop_assert_eq!(tap.lines().filter(|line| !inside(line)).count(), 4, "{}", tap);
            prop_assert_eq!(tap.lines().filter(inside).count(), 13, "{}", tap);
            prop_assert_eq!(tap.matches(" # SKIP ").count(), 1);
            let junit = junit::render(&run).unwrap();
            prop_assert_eq!(elements(&junit, "testcase"), 2, "{}", junit);
            let page = html::render(&run, Path::new("report.html"));
            let html = page.split_once("</style>").map(|(_, body)| body).unwrap_or_default();
            prop_assert_eq!(html.matches("<details").count(), 2);
            prop_assert_eq!(html.matches('<').count(), html.matches('>').count());
            let json: serde_json::Value = serde_json::from_str(&json::render(&run).unwrap()).unwrap();
            prop_assert_eq!(json["scenarios"][0]["reason"].as_str(), Some(text.as_str()));
        }
    }
}
