//! The Tracking API in front: every message is somewhere, whatever becomes of it on the way.

use std::collections::BTreeSet;
use std::time::Duration;

use attribution_destination::deliver::Sender;
use attribution_destination::{ProjectId, Settings};
use attribution_mock::{Fault, Mock, MockConfig};
use axum::Router;
use axum::body::{Body, to_bytes};
use clock::{Clock, Seed};
use http::Request;
use jiff::Timestamp;
use pipeline::{Front, Funnel, Lane, Link};
use proptest::prelude::*;
use segment_source::{AdminApi, Source, SourceConfig};
use serde_json::{Value, json};
use test_support::Document;
use tower_service::Service as _;

/// All events go by this sender into the double.
pub(crate) fn into(double: &Mock, settings: Settings, sender: Sender<Link>) -> Lane<Link> {
    Lane {
        project: "demo-project".to_owned(),
        settings,
        sender,
        mock: Some(double.clone()),
    }
}

struct Whole {
    source: Source,
    front: Front,
    mock: Mock,
    router: Router,
}

impl Whole {
    fn start() -> Self {
        let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
        let (source, accepted) = Source::new(SourceConfig::new(clock.clone()));
        let mock = Mock::new(MockConfig::new(clock.clone()));
        let settings = Settings::new(ProjectId::new("demo-project").unwrap());
        let sender = Sender::builder(settings.clone())
            .connector(Link::memory(&mock, clock.clone(), Duration::ZERO))
            .clock(clock)
            .seed(Seed::from(1))
            .build()
            .unwrap();
        let front = Front::start(source.clone(), accepted, vec![into(&mock, settings, sender)]);
        let router = source.router(front.admin());
        Self {
            source,
            front,
            mock,
            router,
        }
    }

    async fn post(&mut self, body: &Value) {
        let request = Request::post("/v1/batch").header("authorization", "Basic d2stMTo=");
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answered = self.router.call(request).await.unwrap_or_else(|never| match never {});
        assert_eq!(answered.status(), 200);
    }
}

fn in_virtual_time<T>(test: impl AsyncFnOnce() -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(test())
}

fn sum(funnel: &Funnel) -> u64 {
    funnel.duplicates
        + funnel.failed_on_ingest
        + funnel.filtered_at_source
        + funnel.filtered_at_destination
        + funnel.pending
        + funnel.failed_delivery
        + funnel.successful_delivery
}

fn message() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..3_u8).prop_map(|user| json!({"type": "track", "userId": format!("u{user}"), "event": "e"})),
        (0..3_u8).prop_map(|user| json!({"type": "identify", "userId": format!("u{user}")})),
        (0..4_u8).prop_map(|id| json!({"type": "page", "anonymousId": "a", "messageId": format!("m{id}")})),
        Just(json!({"type": "group", "userId": "u", "groupId": "g"})),
        Just(json!({"type": "track", "userId": "u"})),
        Just(json!({"type": "track", "userId": "u", "event": "e", "integrations": {"All": false}})),
        Just(json!({"type": "track", "userId": "u", "event": "e", "timestamp": "yesterday"})),
    ]
}

proptest! {
    #[test]
    fn every_message_is_in_one_part_of_the_funnel(
        batches in prop::collection::vec(prop::collection::vec(message(), 1..10), 1..4),
        statuses in prop::collection::vec(prop::sample::select(vec![200, 400, 429, 500, 503]), 0..6),
    ) {
        in_virtual_time(async || {
            let mut whole = Whole::start();
            for status in statuses {
                whole.mock.add_fault(Fault::respond(status).times(1)).unwrap();
            }
            let mut sent = 0;
            for batch in batches {
                sent += batch.len() as u64;
                whole.post(&json!({"batch": batch})).await;
                let funnel = whole.front.funnel();
                prop_assert_eq!((funnel.received, sum(&funnel)), (sent, sent));
            }
            let day = Duration::from_secs(24 * 60 * 60);
            let funnel = whole.front.finish(day).await;
            prop_assert_eq!((funnel.received, sum(&funnel), funnel.pending), (sent, sent, 0));
            prop_assert!(funnel.recorded <= funnel.mapped);
            let counted = whole.mock.requests().into_iter().filter(|request| request.recorded).count();
            prop_assert_eq!(funnel.recorded, counted as u64, "each request that counts is one event's");
            Ok(())
        })?;
    }
}

#[test]
fn what_is_tried_again_is_seen_while_it_waits_and_a_reset_confuses_nobody() {
    in_virtual_time(async || {
        let mut whole = Whole::start();
        whole.mock.add_fault(Fault::respond(503)).unwrap();
        let call = json!({"batch": [{"type": "identify", "userId": "u"}]});
        whole.post(&call).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let funnel = whole.front.funnel();
        assert_eq!((funnel.pending, funnel.pending_retry, funnel.recorded), (1, 1, 0));
        whole.mock.reset();
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let funnel = whole.front.funnel();
        assert_eq!((funnel.pending, funnel.successful_delivery, funnel.recorded), (0, 1, 1));
    });
}

/// The body of the answer to a read.
async fn read(router: &mut Router, path: &str) -> String {
    let request = Request::get(path).header("host", "localhost");
    let answered = router.call(request.body(Body::empty()).unwrap()).await;
    let body = answered.unwrap_or_else(|never| match never {}).into_body();
    String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().into()).unwrap()
}

async fn document(router: &mut Router) -> Document {
    Document::new(serde_json::from_str(&read(router, "/__admin/openapi.json").await).unwrap())
}

#[test]
fn the_document_has_the_pipeline_where_there_is_one_and_nowhere_else() {
    in_virtual_time(async || {
        let mut whole = Whole::start();
        let alone = document(&mut whole.source.router(AdminApi::default()))
            .await
            .operations();
        let with = document(&mut whole.router).await.operations();
        let added: BTreeSet<(String, String)> = with.difference(&alone).cloned().collect();
        let routes = whole.front.admin();
        let routes = routes.paths().map(|path| (path.to_owned(), "GET".to_owned()));
        assert_eq!(added, routes.collect());
        assert!(alone.is_subset(&with));
    });
}

/// One message for each way that a message can end, and the statuses of the double that bring it about.
#[test]
fn what_is_read_of_the_pipeline_is_described() {
    in_virtual_time(async || {
        let mut whole = Whole::start();
        let document = document(&mut whole.router).await;
        let messages = json!({"batch": [
            {"type": "track", "userId": "fine", "event": "e", "messageId": "m-1"},
            {"type": "track", "userId": "again", "event": "e", "messageId": "m-1"},
            {"type": "track", "userId": "nameless"},
            {"type": "group", "userId": "u", "groupId": "g"},
            {"type": "track", "userId": "late", "event": "e", "timestamp": "yesterday"},
            {"type": "page", "userId": "flagged"},
            {"type": "track", "userId": "refused", "event": "e"},
            {"type": "track", "userId": "retried", "event": "e"},
        ]});
        for (user, status) in [("refused", 403), ("retried", 503)] {
            whole.mock.add_fault(Fault::respond(status).visitor(user)).unwrap();
        }
        whole.post(&messages).await;
        let mut stages = BTreeSet::new();
        for seconds in [0, 60] {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            for query in ["", "?after=3&limit=2"] {
                let body = read(&mut whole.router, &format!("/__admin/pipeline{query}")).await;
                document.check("GET", "/__admin/pipeline", 200, Some("application/json"), &body);
                let listed: Value = serde_json::from_str(&body).unwrap();
                let rows = listed["events"].as_array().unwrap().iter();
                stages.extend(rows.map(|row| row["stage"].as_str().unwrap().to_owned()));
            }
        }
        let seen: Vec<&str> = stages.iter().map(String::as_str).collect();
        let all = [
            "delivered",
            "duplicate",
            "failed",
            "invalid",
            "pending",
            "pending_retry",
            "rejected",
            "skipped",
        ];
        assert_eq!(seen, all);
        let bad = read(&mut whole.router, "/__admin/pipeline?limit=0").await;
        document.check("GET", "/__admin/pipeline", 400, Some("application/json"), &bad);
    });
}
