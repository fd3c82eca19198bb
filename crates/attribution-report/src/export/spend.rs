use std::io::{self, Write};

use serde_json::{Number, Value};

use super::record::text;
use super::rows::RowWriter;
use crate::channels::Channels;
use crate::money::Currency;
use crate::report::Spend;

pub(super) const COLUMNS: [&str; 6] = ["date", "channel", "filter", "campaign", "spend", "currency"];

/// In the order given, in the words of the channels. `harness report --spend` reads it as it is.
pub(super) fn write<W: Write>(
    spend: &Spend,
    channels: &Channels,
    currency: Currency,
    rows: &mut RowWriter<'_, W>,
) -> io::Result<()> {
    for row in spend.listed(channels, currency) {
        let amount = row
            .amount
            .parse()
            .map_or(Value::Null, |amount: Number| Value::Number(amount));
        rows.row([
            row.date.to_string().into(),
            row.channel.into(),
            text(row.filter),
            text(Some(row.campaign).filter(|campaign| !campaign.is_empty())),
            amount,
            currency.to_string().into(),
        ])?;
    }
    rows.finish()
}
