//! Every word.

/// The words of which there must be exactly one, and how they are written. `content_type` is one of them where there is
/// no `respond`, and else belongs to it.
pub(super) const ACTIONS: [(&str, &str); 12] = [
    ("respond", "respond: 503"),
    ("rate", "rate: { per_second: 10, burst: 20 }"),
    ("delay", "delay: 10s"),
    ("bandwidth", "bandwidth: 1KB/s"),
    ("hang", "hang: true"),
    ("close", "close: after"),
    ("reset", "reset: after"),
    ("truncate", "truncate: true"),
    ("garbage", "garbage: true"),
    ("content_length", "content_length: more"),
    ("content_type", "content_type: text/html"),
    ("connect", "connect: refuse"),
];

/// The first words of these.
pub(in crate::faults) fn actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.into_iter().map(|(word, _)| word)
}

/// The words that only an answer has.
pub(super) const OF_ANSWERS: [&str; 2] = ["retry_after", "body"];

/// The words that say which requests are struck.
pub(super) const MATCHES: [&str; 11] = [
    "path",
    "dialect",
    "visitor",
    "event",
    "type",
    "every",
    "probability",
    "seed",
    "after",
    "for",
    "times",
];

/// All of them.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    actions().chain(OF_ANSWERS).chain(MATCHES)
}
