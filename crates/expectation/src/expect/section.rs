//! What an `expect` can look at.

use std::fmt;

/// One thing an `expect` can look at: lists of rows, and the counts of `deliveries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Sessions of page views.
    Visits,
    /// Every page and screen event.
    PageViews,
    /// Who the visitors are.
    Identities,
    /// Events with what they are worth.
    Conversions,
    /// Which visitor became which.
    Merges,
    /// Every visitor with counts.
    Visitors,
    /// Which rules were broken by what arrived.
    Violations,
    /// What arrived.
    Requests,
    /// What each channel cost and brought in, as the dashboard shows it.
    Report,
    /// What the destination's filter held back.
    Skips,
    /// What ingest or the mapping refused.
    Rejections,
    /// Counts of what became of the events.
    Deliveries,
}

impl Section {
    /// All of them, in the order of the language's documentation.
    pub const ALL: [Self; 12] = [
        Self::Visits,
        Self::PageViews,
        Self::Identities,
        Self::Conversions,
        Self::Merges,
        Self::Visitors,
        Self::Violations,
        Self::Requests,
        Self::Report,
        Self::Skips,
        Self::Rejections,
        Self::Deliveries,
    ];

    /// What Attribution's double records.
    pub const RECORDED: [Self; 8] = [
        Self::Visits,
        Self::PageViews,
        Self::Identities,
        Self::Conversions,
        Self::Merges,
        Self::Visitors,
        Self::Violations,
        Self::Requests,
    ];

    /// The same, and the report that is made of it: all that can be expected of a double; the others only the sender knows.
    pub const SHOWN: [Self; 9] = [
        Self::Visits,
        Self::PageViews,
        Self::Identities,
        Self::Conversions,
        Self::Merges,
        Self::Visitors,
        Self::Violations,
        Self::Requests,
        Self::Report,
    ];

    /// The key under `expect`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Visits => "visits",
            Self::PageViews => "page_views",
            Self::Identities => "identities",
            Self::Conversions => "conversions",
            Self::Merges => "merges",
            Self::Visitors => "visitors",
            Self::Violations => "violations",
            Self::Requests => "requests",
            Self::Report => "report",
            Self::Skips => "skips",
            Self::Rejections => "rejections",
            Self::Deliveries => "deliveries",
        }
    }

    /// The keys a row has (for [`Section::Deliveries`]: the counts there are).
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Visits => VISIT,
            Self::PageViews => &["visitor", "at", "kind", "name", "url", "page", "referrer", "request"],
            Self::Identities => &[
                "visitor",
                "user_id",
                "user_ids",
                "cookie_ids",
                "name",
                "email",
                "traits",
                "history",
            ],
            Self::Conversions => &["visitor", "at", "event", "revenue", "currency", "properties", "request"],
            Self::Merges => &["from", "into", "at", "request"],
            Self::Visitors => VISITOR,
            Self::Violations => &["rule", "name", "severity", "pointer", "message", "request"],
            Self::Requests => &[
                "path", "dialect", "status", "recorded", "rules", "events", "at", "body", "seq",
            ],
            Self::Report => REPORT,
            Self::Skips => &["event", "kind", "reason", "detail", "message_id"],
            Self::Rejections => &["kind", "code", "pointer", "message", "message_id"],
            Self::Deliveries => DELIVERIES,
        }
    }

    /// Whether a row's value of this key is an exact number, which may also be written in quotes.
    pub fn is_figure(self, key: &str) -> bool {
        self == Self::Report && REPORT.iter().skip(LABELS).any(|figure| *figure == key)
    }

    /// Whether a row's value of this key may be a mapping, with whatever keys; all others are single values, lists or
    /// nothing.
    pub fn is_free_form(self, key: &str) -> bool {
        matches!(
            (self, key),
            (Self::Identities, "traits") | (Self::Conversions, "properties") | (Self::Requests, "body")
        )
    }
}

/// What a row is for, and behind the model its figures.
const REPORT: &[&str] = &[
    "channel",
    "filter",
    "campaign",
    "day",
    "model",
    "spend",
    "visits",
    "visitors",
    "cost_per_visit",
    "conversions",
    "revenue",
    "cost_per_conversion",
    "roas",
    "profit",
];

/// How many of them are no figures.
const LABELS: usize = 5;

const VISIT: &[&str] = &[
    "visitor",
    "started_at",
    "ended_at",
    "page",
    "url",
    "name",
    "referrer",
    "source",
    "medium",
    "campaign",
    "term",
    "content",
    "gclid",
    "fbaid",
    "page_views",
    "request",
];

const VISITOR: &[&str] = &[
    "visitor",
    "user_ids",
    "cookie_ids",
    "page_views",
    "visits",
    "conversions",
    "first_seen",
    "last_seen",
];

const DELIVERIES: &[&str] = &[
    "events",
    "delivered",
    "rejected",
    "expired",
    "skipped",
    "invalid",
    "interrupted",
    "pending",
    "attempts",
    "retries",
    "delivered_within",
];

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
