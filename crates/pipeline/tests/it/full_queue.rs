//! A double that doesn't answer, and a Tracking API that says so instead of growing: over sockets, in real time.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use attribution_destination::deliver::{Limits as SenderLimits, RetryPolicy, Sender};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::{Fault, FaultAction, Mock, MockConfig};
use clock::Clock;
use pipeline::{Front, Link};
use segment_source::{Limits, Source, SourceConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, yield_now};

use crate::front::into;

/// What waits to be taken by the sender.
const QUEUE: usize = 3;

/// What the sender has taken.
const SENDER: usize = 4;

/// All that there is room for: the one that has left the queue and waits for room in the sender, too.
const ROOM: usize = QUEUE + 1 + SENDER;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Everything that `harness serve --source` wires, with little room.
struct Whole {
    source: Source,
    front: Front,
    mock: Mock,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Whole {
    async fn start() -> Self {
        let clock = Clock::system();
        let limits = Limits {
            queue_events: QUEUE,
            batch_events: QUEUE,
            ..Limits::default()
        };
        let (source, accepted) = Source::new(SourceConfig {
            limits,
            ..SourceConfig::new(clock.clone())
        });
        let mock = Mock::new(MockConfig::new(clock.clone()));
        let settings = Settings::new(ProjectId::new("demo-project").unwrap());
        let sender = Sender::builder(settings.clone())
            .connector(Link::memory(&mock, clock, Duration::ZERO))
            // Whoever waits for an answer waits until it comes.
            .retry(RetryPolicy {
                timeout: DAY,
                ..RetryPolicy::default()
            })
            .limits(SenderLimits {
                queue: SENDER,
                ..SenderLimits::default()
            })
            .build()
            .unwrap();
        let front = Front::start(source.clone(), accepted, vec![into(&mock, settings, sender)]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let (serving, admin) = (source.clone(), front.admin());
        let serving = tokio::spawn(async move {
            serving.serve(listener, admin, async { drop(stopped.await) }).await;
        });
        Self {
            source,
            front,
            mock,
            address,
            stop,
            serving,
        }
    }

    /// The head of the answer to an event, in small letters.
    async fn post(&self, event: &str) -> String {
        let body = format!(r#"{{"userId":"{event}","event":"{event}","messageId":"{event}"}}"#);
        let request = format!(
            "POST /v1/track HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic d2stMTo=\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        head.to_ascii_lowercase()
    }

    /// Sends an event until it is accepted. What is refused meanwhile is an event that the sender hasn't taken yet.
    async fn insist(&self, event: &str) {
        while !self.post(event).await.starts_with("http/1.1 200 ") {
            yield_now().await;
        }
    }
}

/// Every conversion, by name.
fn recorded(mock: &Mock) -> Vec<String> {
    let mut recorded: Vec<String> = mock.conversions().into_iter().map(|row| row.event).collect();
    recorded.sort();
    recorded
}

#[tokio::test]
async fn a_double_that_hangs_fills_the_queue_and_no_more_and_nothing_accepted_is_lost_or_doubled() {
    let whole = Whole::start().await;
    let hang = whole.mock.install(Fault::new(FaultAction::Hang)).unwrap();
    let accepted: BTreeSet<String> = (0..ROOM).map(|number| format!("accepted {number}")).collect();
    for event in &accepted {
        whole.insist(event).await;
    }
    let throttled = whole.source.counts().throttled;
    let refused: BTreeSet<String> = (0..50).map(|number| format!("refused {number}")).collect();
    for event in &refused {
        let head = whole.post(event).await;
        assert!(head.starts_with("http/1.1 429 "), "{head}");
        assert!(head.contains("\r\nretry-after: 1\r\n"), "{head}");
    }
    let funnel = whole.front.funnel();
    assert_eq!(whole.source.queued(), QUEUE);
    assert_eq!((funnel.received, funnel.pending), (ROOM as u64, ROOM as u64));
    assert_eq!(whole.source.receipts(None, 1_000).rows.len(), ROOM);
    assert_eq!(funnel.throttled - throttled, refused.len() as u64);
    assert!(recorded(&whole.mock).len() <= SENDER, "nothing else was sent");

    drop(hang);
    for event in &refused {
        whole.insist(event).await;
    }
    drop(whole.stop);
    whole.serving.await.unwrap();
    let funnel = whole.front.finish(DAY).await;
    let all: Vec<&String> = accepted.union(&refused).collect();
    assert_eq!(funnel.successful_delivery, all.len() as u64);
    assert_eq!(
        (funnel.received, funnel.pending, funnel.duplicates),
        (all.len() as u64, 0, 0)
    );
    assert_eq!(recorded(&whole.mock).iter().collect::<Vec<_>>(), all);
}
