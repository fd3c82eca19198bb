use std::time::Duration;

/// What one peer, or all of them together, may use up.
///
/// ```
/// use std::time::Duration;
///
/// use attribution_mock::{Limits, MockConfig};
///
/// let limits = Limits { idle_time: Duration::from_secs(5), ..Limits::default() };
/// let config = MockConfig { limits, ..MockConfig::new(clock::Clock::system()) };
/// assert_eq!(config.limits.header_time, Duration::from_secs(30));
/// ```
///
/// How long a body may be is [`MockConfig::body_limit`](crate::MockConfig::body_limit). JSON is read 127 levels deep;
/// what lies deeper is refused as no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many connections of one listener are served at once. Further ones are not refused: they wait in the system's
    /// backlog until another ends, which idle ones do after [`idle_time`](Self::idle_time). Default 1000, so that the
    /// usual 1024 open files of a process suffice.
    pub connections: usize,
    /// How long the head of a request may be, its first line included; a longer one is answered 431. Default 64 KiB.
    pub header_bytes: usize,
    /// How many headers a request may have; one with more is answered 431. Default 100.
    pub headers: usize,
    /// How long the head of a request may take from its first byte on, and the first one from the beginning of the
    /// connection on. Then the connection is closed; of HTTP/1.1 with a 408, where any of the head has come. One that begins
    /// together with the end of the request before has the [`idle_time`](Self::idle_time). Default 30 s.
    pub header_time: Duration,
    /// How long the body of a request may take once its head is there; a slower one is answered 408, and nothing is
    /// recorded. Default 30 s.
    pub body_time: Duration,
    /// How long a connection may lie without a request under way, or its peer may take nothing of an answer; then it is
    /// closed. Default 30 s.
    pub idle_time: Duration,
    /// How long a TLS handshake may take; then the connection is closed. Default 10 s.
    pub handshake_time: Duration,
    /// How many requests may be under way at once on a connection of HTTP/2; more are refused one by one, and can be sent
    /// again. Default 200.
    pub streams: u32,
    /// How many requests that were taken back before anyone saw them may pile up on a connection of HTTP/2; at one more it
    /// is closed. Default 20.
    pub resets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let half_a_minute = Duration::from_secs(30);
        Self {
            connections: 1000,
            header_bytes: 64 * 1024,
            headers: 100,
            header_time: half_a_minute,
            body_time: half_a_minute,
            idle_time: half_a_minute,
            handshake_time: Duration::from_secs(10),
            streams: 200,
            resets: 20,
        }
    }
}
