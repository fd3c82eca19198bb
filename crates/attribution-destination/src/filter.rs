use std::fmt;

use segment_event::integrations::{Enablement, enablement, near_misses};
use segment_event::json::quote;
use segment_event::{Event, Kind};

use crate::settings::{Dialect, Settings};

/// The destination's name in the integrations object, matched exactly: to Segment its two are different destinations,
/// and one's name says nothing about the other.
pub(crate) const fn name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Classic => "Attribution",
        Dialect::Actions => "Attribution (Actions)",
        Dialect::Import => "ATTRIBUTION",
    }
}

/// Whether a message is for this destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is to be mapped and sent.
    Send,
    /// It isn't.
    Skip(Skip),
}

/// Why a message is not for this destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The reason in Segment's vocabulary.
    pub reason: SkipReason,
    /// The same in terms of the message and the settings.
    pub detail: String,
}

/// The codes of Segment's Delivery Overview, "Filtered at destination", that this destination can cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SkipReason {
    /// `FILTERED_BY_INTEGRATIONS_OBJECT`: the message itself switches the destination off.
    FilteredByIntegrationsObject,
    /// `UNSUPPORTED_EVENT_TYPE`: the destination takes no calls of this type.
    UnsupportedEventType,
}

impl SkipReason {
    /// Both.
    pub const ALL: [Self; 2] = [Self::FilteredByIntegrationsObject, Self::UnsupportedEventType];

    /// The code as Segment writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FilteredByIntegrationsObject => "FILTERED_BY_INTEGRATIONS_OBJECT",
            Self::UnsupportedEventType => "UNSUPPORTED_EVENT_TYPE",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Decides as Segment does: first whether the destination takes the type at all, which nothing in a message can
/// change, then what the message's integrations object says. How RudderStack reads that object is not public enough to
/// rely on, so for the import dialect it is read as Segment reads it, by RudderStack's name of the destination.
pub fn filter(event: &Event, settings: &Settings) -> Verdict {
    if let Some(detail) = unsupported(event.kind(), settings) {
        return skip(SkipReason::UnsupportedEventType, detail.to_owned());
    }
    let name = name(settings.dialect);
    match enablement(event.message(), name) {
        Enablement::Enabled => Verdict::Send,
        Enablement::Disabled { detail, .. } => {
            skip(SkipReason::FilteredByIntegrationsObject, detail + &hint(event, name))
        }
    }
}

fn skip(reason: SkipReason, detail: String) -> Verdict {
    Verdict::Skip(Skip { reason, detail })
}

/// Where the message has a name that only looks like the destination's, its author wonders why that doesn't help.
fn hint(event: &Event, name: &str) -> String {
    let near = near_misses(event.message(), name).into_iter().next();
    near.map(|near| format!("; {} is not its name", quote(&near.key)))
        .unwrap_or_default()
}

/// The classic destination's affair: the others take all six calls.
fn unsupported(kind: Kind, settings: &Settings) -> Option<&'static str> {
    match (settings.dialect, kind) {
        (dialect, kind) if !dialect.has_request_for(kind) => {
            Some("group calls are never sent: Attribution has no request for them")
        }
        (Dialect::Classic, Kind::Screen) if !settings.screens => {
            Some("screen calls are not sent unless the setting `screens` is on")
        }
        _ => None,
    }
}
