//! A sender with a spool between accepting an event and its outcome: what is accepted is delivered, whatever becomes of
//! the process.
//!
//! ```text
//! accept ─▶ spool, on disk ─▶ feed: submit in order ─▶ sender ─▶ Settlements ─▶ acknowledge: out of the spool
//! ```
//!
//! An event leaves the spool only when its outcome was acknowledged, so after `kill -9` at any moment it is delivered
//! again: at least once. Before it is accepted it gets what the sender would have filled in, its `messageId` and the time at
//! which it was taken in, so that both requests are the same, and count once where the wire carries the `messageId`.

mod accepted;
mod feed;
mod settlements;

use std::path::Path;
use std::sync::Arc;

use outbound::HttpsConnector;
use segment_event::Event;
use spool::{RecordId, Spool, SpoolError, SpoolOptions};
use tokio::sync::{Notify, watch};

use self::accepted::Accepted;
use self::feed::{Feed, Flow};
pub use self::settlements::{Receipt, Settled, Settlements};
use super::connect::Connect;
use super::sender::Sender;

/// A [`Sender`] with a [`Spool`] before it.
///
/// ```
/// use attribution_destination::deliver::{Sender, SpooledSender};
/// use attribution_destination::{ProjectId, Settings};
/// use spool::SpoolOptions;
///
/// # async fn example(event: segment_event::Event) -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::new(ProjectId::new("demo-project")?);
/// let sender = Sender::builder(settings).endpoint("http://127.0.0.1:7070".parse()?).build()?;
/// let (spooled, mut settlements) = SpooledSender::open(sender, "spool".as_ref(), SpoolOptions::default()).await?;
/// spooled.accept(vec![(event, 1)]).await?; // from here on it survives
/// spooled.finish();
/// while let Some(settled) = settlements.next().await {
///     spooled.acknowledge(settled?.receipt().into_iter().collect()).await?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct SpooledSender<C = HttpsConnector> {
    sender: Sender<C>,
    spool: Arc<Spool>,
    more: Arc<Notify>,
    flow: watch::Sender<Flow>,
}

impl<C: Connect> SpooledSender<C> {
    /// Opens the spool in a folder, which is made where there is none, and begins to deliver what is in it.
    ///
    /// # Errors
    ///
    /// [`SpoolError`], when the folder can't be used, another process uses it, or it is damaged.
    pub async fn open(
        sender: Sender<C>,
        folder: &Path,
        options: SpoolOptions,
    ) -> Result<(Self, Settlements), SpoolError> {
        let path = folder.to_owned();
        let spool = Arc::new(on_disk(move || Spool::open(&path, options)).await?);
        let more = Arc::new(Notify::new());
        let (flow, watched) = watch::channel(Flow::Open);
        let feed = Feed {
            sender: sender.clone(),
            spool: Arc::clone(&spool),
            folder: folder.to_owned(),
            more: Arc::clone(&more),
            flow: watched,
        };
        let settlements = feed.start(spool.opened().records);
        let spooled = Self {
            sender,
            spool,
            more,
            flow,
        };
        Ok((spooled, settlements))
    }

    /// Takes events in, each with a number of the caller's own that comes back with its outcome, such as a line's. They
    /// are on disk when this returns, all of them or none, and are delivered in this order after those before them.
    ///
    /// # Errors
    ///
    /// [`SpoolError`], when they could not be kept: none of them is promised to be delivered.
    pub async fn accept(&self, events: Vec<(Event, u64)>) -> Result<(), SpoolError> {
        let at = self.sender.now();
        let records: Vec<Vec<u8>> = events
            .into_iter()
            .map(|(event, number)| {
                Accepted {
                    at,
                    number,
                    event: self.sender.complete(event, at),
                }
                .to_record()
            })
            .collect();
        let spool = Arc::clone(&self.spool);
        on_disk(move || spool.append_all(&records)).await?;
        self.more.notify_one();
        Ok(())
    }

    /// Takes events out of the spool whose outcomes are known and need not be told again.
    ///
    /// # Errors
    ///
    /// [`SpoolError`], when the spool can't be written; they may be delivered again.
    pub async fn acknowledge(&self, receipts: Vec<Receipt>) -> Result<(), SpoolError> {
        let over: Vec<RecordId> = receipts.into_iter().map(|Receipt(record)| record).collect();
        if over.is_empty() {
            return Ok(());
        }
        let spool = Arc::clone(&self.spool);
        on_disk(move || spool.remove(&over)).await
    }

    /// Says that no more events are accepted: [`Settlements`] ends when all have their outcome.
    pub fn finish(&self) {
        self.flow.send_modify(|flow| *flow = Flow::Finished.max(*flow));
    }

    /// Takes no more events out of the spool: [`Settlements`] ends when those that are under way have their outcome.
    pub fn stop(&self) {
        self.flow.send_replace(Flow::Stopped);
    }

    /// How many events are in the spool: accepted, and not acknowledged.
    pub fn kept(&self) -> u64 {
        self.spool.len()
    }

    /// Makes every acknowledgement durable. Without it, the next process may deliver the last few again.
    ///
    /// # Errors
    ///
    /// [`SpoolError`], when the spool can't be written.
    pub async fn flush(&self) -> Result<(), SpoolError> {
        let spool = Arc::clone(&self.spool);
        on_disk(move || spool.flush()).await
    }
}

impl<C> std::fmt::Debug for SpooledSender<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpooledSender")
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}

/// Does what waits for the disk on a thread where it keeps nobody else waiting.
async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // It is never aborted, so it panicked.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
