use attribution_ledger::{EntryVerdict, Ledger};
use attribution_mock::{Keep, Mock, MockConfig};
use proptest::prelude::*;
use serde_json::json;

use crate::peer::in_virtual_time;
use crate::peer::{config, get, join, post};

fn keeping(keep: Keep) -> Mock {
    Mock::new(MockConfig {
        keep: Some(keep),
        ..config()
    })
}

fn page(visitor: &str) -> String {
    json!({ "cookie_id": visitor, "timestamp": "2024-01-15T10:00:00Z", "event": "Loaded a Page",
        "properties": { "url": "https://shop.example/" } })
    .to_string()
}

async fn send(mock: &Mock, bodies: impl IntoIterator<Item = String>) {
    let mut peer = join(mock);
    for body in bodies {
        peer.answer(&post("/track", &body)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_oldest_go_and_every_answer_says_how_many() {
    let mock = keeping(Keep::requests(3));
    send(&mock, ["a", "b", "c"].map(page)).await;
    assert_eq!(
        join(&mock).answer(&get("/__admin/visitors")).await.json()["dropped"],
        json!(null)
    );
    send(&mock, ["d", "e"].map(page)).await;
    assert_eq!((mock.dropped(), mock.requests().len()), (2, 3));
    assert_eq!(
        mock.visitors().iter().map(|row| &*row.visitor).collect::<Vec<_>>(),
        ["c", "d", "e"]
    );
    for path in ["health", "requests", "visits", "violations", "report"] {
        let answer = join(&mock).answer(&get(&format!("/__admin/{path}"))).await;
        assert_eq!(answer.json()["dropped"], 2, "{}", answer.raw);
    }
    let projects = join(&mock).answer(&get("/__admin/projects")).await;
    assert_eq!(projects.json()["projects"][0]["dropped"], 2);
    assert_eq!(mock.entries()[0].seq, 3, "numbers stay");
    mock.reset();
    assert_eq!(mock.dropped(), 0);
}

#[tokio::test(start_paused = true)]
async fn bytes_are_counted_with_bodies_and_headers() {
    let mock = keeping(Keep::bytes(20_000));
    let long = |number: usize| format!(r#"{{"user_id":"user-{number}","event":"{}"}}"#, "x".repeat(4000));
    send(&mock, (0..40).map(long)).await;
    let kept = mock.entries();
    let bytes: usize = kept.iter().map(|entry| entry.request.body.len() + 512).sum();
    assert!((15_000..=25_000).contains(&bytes), "{bytes}");
    assert_eq!(mock.dropped() + kept.len() as u64, 40);
    // One that is larger than all that is to be kept is kept all the same, and alone.
    let huge = format!(r#"{{"user_id":"user-1","event":"{}"}}"#, "x".repeat(30_000));
    send(&mock, [huge]).await;
    assert_eq!((mock.entries().len(), mock.dropped()), (1, 40));
}

#[tokio::test(start_paused = true)]
async fn namespaces_are_kept_apart() {
    let mock = keeping(Keep::requests(1));
    let test = mock.namespace("demo-project", &"test".parse().unwrap());
    send(&mock, ["a", "b"].map(page)).await;
    assert_eq!((mock.dropped(), test.dropped()), (1, 0));
}

proptest! {
    #[test]
    fn what_is_kept_is_the_last_and_everything_is_made_of_it_alone(
        most in 1..20_usize,
        visitors in prop::collection::vec("[abc]", 0..60),
    ) {
        in_virtual_time(async {
            let (all, mock) = (Mock::new(config()), keeping(Keep::requests(most as u64)));
            for mock in [&all, &mock] {
                send(mock, visitors.iter().map(|visitor| page(visitor))).await;
            }
            let (all, kept) = (all.entries(), mock.entries());
            prop_assert_eq!(&kept, &all[all.len() - kept.len()..]);
            prop_assert_eq!(mock.dropped(), (all.len() - kept.len()) as u64);
            let (least, most) = (all.len().min(most), most + most / 4);
            prop_assert!((least..=most).contains(&kept.len()), "{} are kept", kept.len());
            prop_assert!(kept.iter().all(|entry| entry.verdict == EntryVerdict::Recorded));
            prop_assert_eq!(Ledger::replay(mock.config().ledger, &kept).report(), mock.report());
            Ok(())
        })?;
    }
}
