//! What holds of every path.

use std::collections::BTreeMap;

use attribution_report::money::{Rounding, minor_units};
use attribution_report::record::{FactsBuilder, PathRecord};
use attribution_report::report::What;
use attribution_report::{Channels, Model, Preset, Report, Settings, Spend, Trace};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::at;

fn cents(text: &str) -> i128 {
    minor_units(text, 2, Rounding::Refused).unwrap().into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn credit_adds_up_to_the_revenue_and_is_the_reports(
        visits in prop::collection::vec(("[a-c]", 0..9000_i64, "(\\?utm_medium=email|\\?gclid=1)?"), 0..15),
        conversions in prop::collection::vec(("[a-d]", 0..9000_i64, -9999..99999_i64), 0..8),
    ) {
        let visits: Vec<Value> = visits.iter().map(|(visitor, minute, query)| json!({
            "visitor": visitor, "started_at": at(*minute), "url": format!("https://a.example/{query}"),
        })).collect();
        let conversions: Vec<Value> = conversions.iter().map(|(visitor, minute, units)| json!({
            "visitor": visitor, "at": at(*minute), "event": "Order",
            "revenue": serde_json::from_str::<Value>(&attribution_report::money::decimal((*units).into(), 2)).unwrap(),
        })).collect();
        let people = ["a", "b", "c", "d"];
        let visitors: Vec<Value> = people.iter()
            .map(|name| json!({"visitor": name, "user_ids": [name], "cookie_ids": []})).collect();
        let text = json!({"visitors": visitors, "visits": visits, "conversions": conversions}).to_string();
        let record = PathRecord::parse(text.as_bytes()).unwrap();
        let channels = Channels::preset(Preset::Analytics);
        let settings = Settings { models: Model::all().to_vec(), ..Settings::default() };
        let mut facts = FactsBuilder::new(&channels, &settings);
        record.rows.fill(&mut facts, false);
        let report = Report::new(&facts.finish(), &Spend::default(), &channels, &settings);

        let mut sums: BTreeMap<(String, String), (i128, i128)> = BTreeMap::new();
        for name in people {
            for step in Trace::new(&record, name, &channels, &settings).unwrap().steps {
                let What::Conversion { revenue, credits, .. } = step.what else { continue };
                for model in &settings.models {
                    let own = credits.iter().filter(|share| share.model == model.to_string());
                    let sum: i128 = own.map(|share| cents(&share.revenue)).sum();
                    prop_assert_eq!(Some(sum), revenue.as_deref().map(cents));
                }
                for share in credits {
                    let sum = sums.entry((share.channel, share.model)).or_default();
                    *sum = (sum.0 + cents(&share.revenue), sum.1 + i128::from(share.billionths));
                }
            }
        }
        for row in &report.rows {
            for (model, figures) in settings.models.iter().zip(&row.figures.models) {
                let key = (row.group.channel.clone().unwrap(), model.to_string());
                let sum = sums.remove(&key).unwrap_or_default();
                prop_assert_eq!(sum, (figures.revenue, figures.conversions));
            }
        }
        prop_assert!(sums.is_empty(), "{sums:?}");
    }
}
