use std::time::Duration;

use clock::{Clock, Seed};

use crate::write_keys::WriteKeys;

/// How a [`Source`](crate::Source) behaves.
///
/// ```
/// use segment_source::SourceConfig;
///
/// let config = SourceConfig { strict: true, ..SourceConfig::new(clock::Clock::system()) };
/// assert_eq!(config.limits.batch_events, 2_500);
/// ```
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// Who may send. Default anybody with any key, as route 0.
    pub write_keys: WriteKeys,
    /// Whether a rejection is answered 400 and not, as Segment does, 200. Default no.
    pub strict: bool,
    /// Where the times of receipt and the window of deduplication come from.
    pub clock: Clock,
    /// What the `messageId`s are made of that messages without get. Default unforeseeable: the same ones would be
    /// duplicates after a restart.
    pub seed: Seed,
    /// What a call, a peer, or all of them together may use up.
    pub limits: Limits,
    /// By what names, besides those of this machine, the admin API may be asked. Default none.
    pub admin_hosts: Vec<String>,
    /// How long the exchanges in flight may take to finish once the server is told to stop. Default 5 s.
    pub grace: Duration,
}

impl SourceConfig {
    /// The defaults, with this clock.
    pub fn new(clock: Clock) -> Self {
        Self {
            write_keys: WriteKeys::any(0),
            strict: false,
            clock,
            seed: Seed::from_entropy(),
            limits: Limits::default(),
            admin_hosts: Vec::new(),
            grace: Duration::from_secs(5),
        }
    }
}

/// What may be used up. The first three are the HTTP Tracking API's, whose kilobytes are taken for 1,024 bytes, as its Node SDK
/// takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest single call, and the longest item of a batch as JSON without blanks, in bytes. Default 32 KB.
    pub call_bytes: usize,
    /// The longest batch, in bytes. Default 500 KB.
    pub batch_bytes: usize,
    /// How many items a batch has at most. Default 2,500.
    pub batch_events: usize,
    /// How many accepted events wait to be taken; at least as many as a batch may have. Default 10,000.
    pub queue_events: usize,
    /// How many bytes of accepted bodies wait to be taken; at least as many as a batch may have. Default 16 MiB.
    pub queue_bytes: usize,
    /// How many of the latest receipts are kept. Default 10,000.
    pub receipts: usize,
    /// How many bytes of the bodies that these are for are kept, so that a message can be looked at again. Default 16 MiB.
    pub message_bytes: usize,
    /// How many `messageId`s are remembered; at one more, the oldest is forgotten. Default 500,000.
    pub remembered_ids: usize,
    /// For how long. Default 24 h: Segment promises at least that (documentation, "Handling duplicate data").
    pub remembered_for: Duration,
    /// How many connections are served at once; more wait in the backlog. Default 1,000.
    pub connections: usize,
    /// How long a peer may take for a request's head, and how long it may say nothing between two requests. Default 30 s.
    pub header_time: Duration,
    /// How long a body may take to be complete. Default 30 s.
    pub body_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let half_a_minute = Duration::from_secs(30);
        Self {
            call_bytes: 32 * 1024,
            batch_bytes: 500 * 1024,
            batch_events: 2_500,
            queue_events: 10_000,
            queue_bytes: 16 * 1024 * 1024,
            receipts: 10_000,
            message_bytes: 16 * 1024 * 1024,
            remembered_ids: 500_000,
            remembered_for: Duration::from_secs(24 * 60 * 60),
            connections: 1_000,
            header_time: half_a_minute,
            body_time: half_a_minute,
        }
    }
}
