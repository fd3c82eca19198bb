use jiff::Timestamp;
use serde::Serialize;

use super::OneVisitor;

/// One person, known or anonymous.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visitor {
    /// The canonical name.
    pub visitor: String,
    /// Every user id of the person, the one that stands for the person first.
    pub user_ids: Vec<String>,
    /// Every cookie that the person holds now. A cookie that has passed on to another user is that one's.
    pub cookie_ids: Vec<String>,
    /// How many page views.
    pub page_views: u64,
    /// How many visits.
    pub visits: u64,
    /// How many conversions.
    pub conversions: u64,
    /// The earliest time of anything that the person did, by the sender's clock where it says, else by the time of receipt.
    pub first_seen: Timestamp,
    /// The latest such time.
    pub last_seen: Timestamp,
}

/// Everyone there is; by the time they were first seen, then by name.
pub(crate) fn visitors<'a>(everyone: impl Iterator<Item = OneVisitor<'a>>) -> Vec<Visitor> {
    let mut visitors: Vec<Visitor> = everyone.filter_map(|one| one.row()).collect();
    visitors.sort_by(|a, b| (a.first_seen, &a.visitor).cmp(&(b.first_seen, &b.visitor)));
    visitors
}
