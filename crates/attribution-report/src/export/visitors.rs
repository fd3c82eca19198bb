use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::Value;

use super::record::{ExportRecord, Identity, text, time};
use super::rows::RowWriter;

pub(super) const COLUMNS: [&str; 11] = [
    "id",
    "name",
    "email",
    "user_ids",
    "browser_ids",
    "first_seen",
    "last_seen",
    "page_views",
    "visits",
    "conversions",
    "traits",
];

/// In the order of the record. The id is the canonical name, which the other tables call `user_id`.
pub(super) fn write<W: Write>(record: &ExportRecord, rows: &mut RowWriter<'_, W>) -> io::Result<()> {
    let identities = record.identities.iter();
    let identities: BTreeMap<&str, &Identity> = identities.map(|one| (one.visitor.as_str(), one)).collect();
    for visitor in &record.visitors {
        let identity = identities.get(visitor.id.as_str());
        rows.row([
            text(Some(&visitor.id)),
            text(identity.and_then(|one| one.name.as_deref())),
            text(identity.and_then(|one| one.email.as_deref())),
            visitor.user_ids.clone().into(),
            visitor.cookie_ids.clone().into(),
            time(visitor.first_seen),
            time(visitor.last_seen),
            visitor.page_views.into(),
            visitor.visits.into(),
            visitor.conversions.into(),
            identity.map_or(Value::Null, |one| Value::Object(one.traits.clone())),
        ])?;
    }
    rows.finish()
}
