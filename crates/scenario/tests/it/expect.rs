use std::collections::BTreeMap;

use scenario::Observed;
use serde_json::{Value, json};

use crate::language::read;

/// Holds an `expect` against three visits and some deliveries, and shows what does not hold, with its place.
fn failures(expect: &str) -> String {
    let text = format!("steps: [{{ page: {{}} }}]\nexpect:\n{expect}\n");
    let scenario = read(&text);
    let observed = Observed {
        sections: BTreeMap::from([("visits", visits()), ("merges", Vec::new())]),
        deliveries: json!({"events": 3, "delivered": 2, "attempts": 7})
            .as_object()
            .cloned()
            .unwrap_or_default(),
        resolve: &|id| matches!(id, "anon-1" | "ada").then(|| "ada".to_owned()),
    };
    let found = scenario.expect.expect("the text has one").check(&observed);
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
