use std::collections::{BTreeMap, BTreeSet};

use scenario::expect::Section;
use scenario::{Observed, RunOptions, run};
use serde_json::{Value, json};

use crate::language::{expectations, read};

/// Holds an `expect` against three visits and some deliveries, and shows what does not hold, with its place.
fn failures(expect: &str) -> String {
    let text = format!("steps: [{{ page: {{}} }}]\nexpect:\n{expect}\n");
    let scenario = read(&text);
    let observed = Observed {
        sections: BTreeMap::from([
            ("visits", visits()),
            ("merges", Vec::new()),
            (
                "page_views",
                (0..30).map(|name| json!({"name": name.to_string()})).collect(),
            ),
        ]),
        deliveries: json!({"events": 3, "delivered": 2, "attempts": 7})
            .as_object()
            .cloned()
            .unwrap_or_default(),
        resolve: &|id| matches!(id, "anon-1" | "ada").then(|| "ada".to_owned()),
    };
    let found = expectations(&scenario).check(&observed);
    let shown = found.iter().map(|failure| {
        let at = scenario.source.position(failure.at.start);
        format!(
            "{}:{} `{}`\n{failure}\n",
            at.line,
            at.column,
            scenario.source.slice(failure.at)
        )
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn visits() -> Vec<Value> {
    vec![
        json!({"visitor": "ada", "page": "/pricing", "source": "google", "medium": "cpc", "page_views": 2}),
        json!({"visitor": "ada", "page": "/docs", "page_views": 1}),
        json!({"visitor": "bob", "page": "/", "source": "newsletter", "page_views": 5}),
    ]
}

macro_rules! shows {
    ($($(#[$meta:meta])* $name:ident: $expect:expr;)*) => {$(
        $(#[$meta])*
        #[test]
        fn $name() {
            let _guard = test_support::snapshots("scenario");
            insta::assert_snapshot!(concat!("expect_", stringify!($name)), failures($expect));
        }
    )*};
}

#[test]
fn nothing_is_said_about_what_holds() {
    let holds = "  visits:
    - { visitor: anon-1, source: google, page_views: { $gte: 2 } }
    - { visitor: ada, source: { $absent: true } }
    - { visitor: bob }
  merges: []
  conversions: { count: 0 }
  deliveries: { delivered: 2, attempts: { $gt: 3 } }";
    assert_eq!(failures(holds), "");
    let holds = "  visits: { contains: [{ visitor: bob }, { visitor: ada }, { page: /pricing }], count: 3 }";
    assert_eq!(failures(holds), "");
}

/// Makes a row of every section, each with all that such a row can have.
const EVERYTHING: &str = "
report: { by: [channel, filter, campaign, day] }
steps:
  - page:
      anonymousId: a
      name: Home
      properties:
        url: 'https://shop.example/?utm_source=s&utm_medium=m&utm_campaign=c&utm_term=t&utm_content=c&gclid=g&fbaid=f'
        referrer: https://search.example/
  - identify: { anonymousId: a, userId: u, traits: { name: Ada, email: ada@example.com } }
  - track: { userId: u, event: Viewed Home Page, properties: { revenue: 5, currency: EUR } }
  - track: { userId: u, event: Order Completed, properties: { revenue: 5, currency: EUR } }
  - alias: { userId: v, previousId: u }
  - group: { userId: v, groupId: g }
  - track: { userId: v }
expect:
";

#[test]
fn the_rows_of_each_section_have_exactly_its_keys() {
    let sections = Section::ALL
        .into_iter()
        .filter(|section| *section != Section::Deliveries);
    for section in sections {
        let scenario = read(&format!("{EVERYTHING}  {section}: []\n"));
        let outcome = run(&scenario, &RunOptions::default()).unwrap();
        let rows = outcome.failures.iter().map(|failure| &failure.actual);
        let found: BTreeSet<String> = rows
            .filter_map(|row| serde_json::from_str::<BTreeMap<String, Value>>(row).ok())
            .flat_map(BTreeMap::into_keys)
            .collect();
        let known: BTreeSet<String> = section.keys().iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(found, known, "{section}");
    }
}

#[test]
fn of_many_unexpected_rows_the_first_are_told_and_the_rest_counted() {
    let told = failures("  page_views: [{ name: '3' }]");
    assert_eq!(told.matches("is not expected").count(), 20);
    let rest = "page_views: 9 more rows are not expected\n  expected: 1 row\n  actual:   30 rows\n";
    assert!(told.ends_with(rest), "{told}");
}

shows! {
    one_field_differs: "  visits: [{ source: google }, { source: bing }, { visitor: bob }]";
    several_fields_differ: "  visits: [{ source: google }, { page: /docs }, { visitor: ada, page: /home, source: newsletter }]";
    rows_stand_in_another_order: "  visits: [{ page: /docs }, { page: /pricing }, { page: / }]";
    a_row_too_many: "  visits: [{ page: /pricing }, { page: / }]";
    a_row_too_few: "  visits: [{ page: /pricing }, { page: /docs }, { page: /about }, { page: / }]";
    a_row_where_there_are_none: "  merges: [{ from: a, into: b }]";
    none_expected_but_some_there: "  visits: []";
    contains_what_is_not_there: "  visits: { contains: [{ page: /docs, page_views: 3 }, { visitor: ada }] }";
    contains_a_row_twice: "  visits: { contains: [{ visitor: bob }, { page: / }] }";
    another_count: "  visits: { count: { $lt: 3 } }";
    deliveries_differ: "  deliveries: { delivered: 3, attempts: 7, expired: 1 }";
    all_failures_in_file_order: "  deliveries: { delivered: 3 }\n  visits: { count: 1, contains: [{ visitor: eve }] }";
}
