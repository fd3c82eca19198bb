//! One message's way through everything, stage by stage, for whoever asks why.

use std::fmt;

use attribution_destination::{Change, Prepared, Settings, changes, prepare};
use attribution_ledger::{AttributionReport, Conversion, Identity, Ledger, Merge, PageView, RecordedViolation, Visit};
use bytes::Bytes;
use segment_event::{Event, MessageId, Rejection};
use serde::Serialize;
use serde_json::Value;

use crate::config::Config;
use crate::pipeline::{Pipeline, StartError};

/// Walks messages through the pipeline one after the other, and notes what each stage makes of each.
///
/// ```
/// use pipeline::{Config, Walker};
/// use serde_json::json;
///
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
/// runtime.block_on(async {
///     let mut walker = Walker::start(Config::simulated("2024-01-15T10:00:00Z".parse()?)).await?;
///     let walk = walker
///         .walk(json!({ "type": "track", "userId": "user-1", "event": "sign up" }))
///         .await;
///     let arrival = walk.arrival.expect("it reaches Attribution");
///     assert_eq!((arrival.status, arrival.effect.conversions.len()), (200, 1));
///     Ok::<_, Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct Walker {
    pipeline: Pipeline,
    settings: Settings,
    ingest: bool,
    walked: u64,
    before: AttributionReport,
}

/// How far one message came, and what each stage on the way made of it.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The message, with the id that it was assigned.
    pub message: Value,
    /// The id that Segment's ingest would have assigned, where the message has none and the dialect carries it.
    pub assigned_id: Option<MessageId>,
    /// Why Segment's ingest refuses it; nothing where it goes on.
    pub rejections: Vec<Rejection>,
    /// What filter and mapping make of it; none where the ingest refused it.
    pub prepared: Option<Prepared>,
    /// What reached the double; none where nothing was sent.
    pub arrival: Option<Arrival>,
}

/// What reached Attribution's double of a message, and what that made of it.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The number of its request: rows of that number are its own, and others have changed.
    pub request: u64,
    /// The body as received.
    pub body: Bytes,
    /// What is delivered otherwise than the message says it.
    pub changes: Vec<Change>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The rules that it breaks.
    pub violations: Vec<RecordedViolation>,
    /// What the record shows since then.
    pub effect: Effect,
}

/// The rows of Attribution's record that were not there before, or not so.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Effect {
    /// Page views.
    pub page_views: Vec<PageView>,
    /// Visits that began, went on, or passed on to another visitor.
    pub visits: Vec<Visit>,
    /// Identities that are new, or say more.
    pub identities: Vec<Identity>,
    /// Conversions.
    pub conversions: Vec<Conversion>,
    /// Merges.
    pub merges: Vec<Merge>,
}

impl Walker {
    /// Starts the pipeline that the messages walk through.
    ///
    /// # Errors
    ///
    /// As [`Pipeline::start`].
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let (settings, ingest) = (config.settings.clone(), config.ingest);
        let pipeline = Pipeline::start(config).await?;
        let before = pipeline.mock().with_ledger(Ledger::report);
        Ok(Self {
            pipeline,
            settings,
            ingest,
            walked: 0,
            before,
        })
    }

    /// Walks one message to its end. What the walks before it made of Attribution's record is still there.
    pub async fn walk(&mut self, message: Value) -> Walk {
        self.walked += 1;
        let event = if self.ingest {
            Event::ingest(message.clone())
        } else {
            Event::unchecked(message.clone())
        };
        let event = match event {
            Ok(event) => event,
            Err(rejections) => {
                return Walk {
                    message,
                    assigned_id: None,
                    rejections,
                    prepared: None,
                    arrival: None,
                };
            }
        };
        let (event, assigned_id) = self.with_id(event);
        let prepared = prepare(&event, &self.settings, self.pipeline.clock().now());
        let message = Value::Object(event.into_message());
        let arrival = match &prepared {
            Prepared::Send(_) => self.arrival(&message).await,
            Prepared::Skip(_) | Prepared::Invalid(_) => None,
        };
        Walk {
            message,
            assigned_id,
            rejections: Vec::new(),
            prepared: Some(prepared),
            arrival,
        }
    }

    /// Segment assigns an id to a message that has none.
    fn with_id(&self, event: Event) -> (Event, Option<MessageId>) {
        if event.message_id().is_some() || !self.settings.dialect.carries_message_id() {
            return (event, None);
        }
        let id = MessageId::numbered(self.walked);
        (event.with_message_id(id.clone()), Some(id))
    }

    async fn arrival(&mut self, message: &Value) -> Option<Arrival> {
        self.pipeline.accept(message).await;
        self.pipeline.settle().await;
        let entry = self.pipeline.mock().entries().pop()?;
        let after = self.pipeline.mock().with_ledger(Ledger::report);
        let violations = after
            .violations
            .iter()
            .filter(|violation| violation.request == entry.seq);
        let body = Bytes::copy_from_slice(&entry.request.body);
        let arrival = Arrival {
            request: entry.seq,
            changes: differences(message, &body),
            body,
            status: entry.status,
            violations: violations.cloned().collect(),
            effect: Effect::between(&self.before, &after),
        };
        self.before = after;
        Some(arrival)
    }
}

fn differences(message: &Value, body: &[u8]) -> Vec<Change> {
    let body = json_value::from_slice(body).unwrap_or_default();
    // In the import dialect the message is the one item of a batch.
    let item = body.pointer("/batch/0").unwrap_or(&body);
    message
        .as_object()
        .map_or_else(Vec::new, |message| changes(message, item))
}

impl fmt::Debug for Walker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walker")
            .field("walked", &self.walked)
            .finish_non_exhaustive()
    }
}

impl Effect {
    fn between(before: &AttributionReport, after: &AttributionReport) -> Self {
        Self {
            page_views: new(&before.page_views, &after.page_views),
            visits: new(&before.visits, &after.visits),
            identities: new(&before.identities, &after.identities),
            conversions: new(&before.conversions, &after.conversions),
            merges: new(&before.merges, &after.merges),
        }
    }

    /// Whether the record shows nothing new.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn new<T: PartialEq + Clone>(before: &[T], after: &[T]) -> Vec<T> {
    after.iter().filter(|row| !before.contains(row)).cloned().collect()
}
