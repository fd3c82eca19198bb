use std::fs;
use std::time::Duration;

use attribution_mock::{MockConfig, MockServer, Recorder, Tap, Upstream};
use clock::Clock;
use conformance::{Case, Player, Verdict, golden};

use crate::{player, reports};

#[tokio::test]
async fn what_one_double_recorded_of_another_a_third_answers_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let second = MockServer::start().await.unwrap();
    let upstream = Upstream::new(&second.uri(), Duration::from_secs(20), &Clock::system()).unwrap();
    let into_folder = Recorder::into_folder(folder.path()).unwrap();
    let config = MockConfig {
        tap: Tap::default().forwarding_to(upstream).recording_to(into_folder),
        ..MockConfig::new(Clock::system())
    };
    let first = MockServer::builder().config(config).start().await.unwrap();
    let through = reports(&player(&first.uri()), &golden()).await;
    assert!(
        through.iter().all(|report| report.verdict == Verdict::Same),
        "{through:#?}"
    );

    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert!(
        texts
            .iter()
            .all(|text| !text.contains("demo-project") && !text.contains("ZGVtby1wcm9qZWN0Og=="))
    );
    let read = files
        .iter()
        .zip(&texts)
        .map(|(file, text)| Case::read(file, text).unwrap().unwrap());
    let recorded: Vec<Case> = read.collect();
    assert_eq!(
        recorded.len(),
        first.mock().entries().len() + 2,
        "all that were journaled, and both /check_auth"
    );

    let third = MockServer::builder().projects("other-project").start().await.unwrap();
    let target = Upstream::new(&third.uri(), Duration::from_secs(20), &Clock::system()).unwrap();
    let other = Player::new(target, "other-project".into(), Clock::system());
    let again = reports(&other, &recorded).await;
    assert!(again.iter().all(|report| report.verdict == Verdict::Same), "{again:#?}");
    assert_eq!(third.conversions().len(), second.conversions().len());
    assert_eq!(third.page_views().len(), second.page_views().len());
    assert_eq!(third.merges().len(), second.merges().len());
}
