//! `expect:`, closing or as a step.

use super::Sink;
use super::fields::Fields;
use super::operator;
use super::pattern::{pattern, row};
use super::scalar::count;
use super::suggest::{help, quoted};
use crate::diagnostic::Diagnostic;
use crate::expect::{Expectations, ListExpectation, Pattern, PatternKind, Section};
use crate::syntax::{Entry, Node, Shape};

/// What is expected; sections that are mistaken are left out.
pub(super) fn expect(node: &Node, sink: &mut Sink) -> Option<Expectations> {
    let names = Section::ALL.map(Section::as_str);
    let fields = Fields::of(node, "expect", &names, sink)?;
    if fields.entries.is_empty() {
        let mistake = Diagnostic::new(fields.at, "`expect` expects nothing");
        sink.push(mistake.help("write what there must be, such as `conversions: []` for none"));
    }
    let mut found = Expectations {
        at: fields.at,
        lists: Vec::new(),
        deliveries: None,
    };
    for entry in fields.entries {
        match Section::ALL.into_iter().find(|section| section.as_str() == entry.key) {
            Some(Section::Deliveries) => found.deliveries = deliveries(&entry.value, sink),
            Some(section) => found.lists.extend(list(section, &entry.value, sink)),
            None => {}
        }
    }
    Some(found)
}

fn deliveries(node: &Node, sink: &mut Sink) -> Option<Pattern> {
    if let Shape::Entries(_) = node.shape {
        return row(Section::Deliveries, node, sink);
    }
    let mistake = Diagnostic::new(
        node.at,
        format!("`deliveries` must be a mapping of counts, not {}", node.what()),
    );
    sink.push(mistake.help("write one such as `{ delivered: 4, attempts: 6 }`"));
    None
}

fn list(section: Section, node: &Node, sink: &mut Sink) -> Option<ListExpectation> {
    let mut found = ListExpectation {
        section,
        at: node.at,
        exactly: None,
        contains: None,
        count: None,
    };
    match &node.shape {
        Shape::Items(items) => found.exactly = Some(rows(section, items, sink)),
        Shape::Entries(entries) if entries.is_empty() => {
            let mistake = Diagnostic::new(node.at, format!("`{section}` expects nothing of its rows"));
            sink.push(mistake.help(format!("write `{section}: []` for none, or `contains` or `count`")));
            return None;
        }
        Shape::Entries(entries) if !is_row(section, entries) => {
            for entry in entries {
                part(&mut found, entry, sink);
            }
            always_true(entries, sink);
        }
        _ => {
            let message = format!("`{section}` must be a list of rows, or a mapping of `contains` and `count`");
            let help = format!("write `{section}: [{{ … }}]` for exactly these rows, `{section}: []` for none");
            let mistake = Diagnostic::new(node.at, message).label(format!("not {}", node.what()));
            sink.push(mistake.help(help));
            return None;
        }
    }
    Some(found)
}

/// Whether these are the fields of a row that was to stand in a list.
fn is_row(section: Section, entries: &[Entry]) -> bool {
    entries.iter().all(|entry| section.keys().contains(&entry.key.as_str()))
}

/// Whatever the rows, they contain none of nothing.
fn always_true(entries: &[Entry], sink: &mut Sink) {
    let [only] = entries else { return };
    if only.key == "contains" && matches!(&only.value.shape, Shape::Items(items) if items.is_empty()) {
        let mistake = Diagnostic::new(only.value.at, "`contains: []` holds whatever the rows are");
        sink.push(mistake.help("name a row that there must be, or write `count: 0` for none"));
    }
}

/// One key of `{ contains, count }`.
fn part(found: &mut ListExpectation, entry: &Entry, sink: &mut Sink) {
    let section = found.section;
    match (entry.key.as_str(), &entry.value.shape) {
        ("contains", Shape::Items(items)) => found.contains = Some(rows(section, items, sink)),
        ("contains", _) => {
            let message = format!("`contains` must be a list of rows, not {}", entry.value.what());
            sink.push(
                Diagnostic::new(entry.value.at, message).help(format!("write `{section}: {{ contains: [{{ … }}] }}`")),
            );
        }
        ("count", Shape::Entries(entries)) if operator::is_one(entries) => found.count = pattern(&entry.value, sink),
        ("count", _) => {
            if count(&entry.value, "count", sink).is_some() {
                let kind = PatternKind::Literal(entry.value.to_value());
                found.count = Some(Pattern {
                    at: entry.value.at,
                    kind,
                });
            }
        }
        (key, _) => {
            let message = format!("`{section}` has no key {}", quoted(key));
            sink.push(Diagnostic::new(entry.at, message).help(help(key, &["contains", "count"])));
        }
    }
}

fn rows(section: Section, items: &[Node], sink: &mut Sink) -> Vec<Pattern> {
    items.iter().filter_map(|item| row(section, item, sink)).collect()
}

#[cfg(test)]
mod tests {
    use super::expect;
    use crate::expect::{Expectations, Section};
    use crate::parse::testing::{good, mistakes};

    fn read(text: &str) -> Expectations {
        good(text, expect).expect("an expectation without mistakes")
    }

    /// The one list of an expectation, in its own notation.
    fn list(text: &str) -> [Option<String>; 3] {
        let list = read(text).lists.pop().expect("a section");
        let rows = |rows: Option<Vec<crate::expect::Pattern>>| {
            rows.map(|rows| rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        };
        [
            rows(list.exactly),
            rows(list.contains),
            list.count.map(|count| count.to_string()),
        ]
    }

    #[test]
    fn a_list_is_exactly_these_rows() {
        let expected = Some("{ visitor: \"a\", page_views: 2 }; {}".to_owned());
        assert_eq!(
            list("visits: [{ visitor: a, page_views: 2 }, {}]"),
            [expected, None, None]
        );
        assert_eq!(list("merges: []"), [Some(String::new()), None, None]);
    }

    #[test]
    fn contains_and_count_go_together() {
        let contains = Some("{ event: \"A\" }".to_owned());
        let count = Some("{ $gte: 2, $lt: 9 }".to_owned());
        assert_eq!(
            list("conversions: { contains: [{ event: A }], count: { $gte: 2, $lt: 9 } }"),
            [None, contains, count]
        );
        assert_eq!(list("visits: { count: 0 }"), [None, None, Some("0".to_owned())]);
    }

    #[test]
    fn keys_of_a_section_are_told_apart_from_those_of_a_row() {
        let told = |text: &str| mistakes(&format!("visits: {text}"), expect);
        assert_eq!(told("{ contain: [{ page: a }] }"), ["`visits` has no key `contain`"]);
        assert_eq!(told("{ coun: 1 }"), ["`visits` has no key `coun`"]);
        assert_eq!(told("{}"), ["`visits` expects nothing of its rows"]);
        assert!(told("{ page: a }")[0].starts_with("`visits` must be a list of rows"));
    }

    #[test]
    fn to_contain_nothing_is_a_mistake_unless_rows_are_counted() {
        let told = mistakes("visits: { contains: [] }", expect);
        assert_eq!(told, ["`contains: []` holds whatever the rows are"]);
        assert_eq!(list("visits: { contains: [], count: 1 }")[1].as_deref(), Some(""));
    }

    #[test]
    fn deliveries_are_one_mapping() {
        let found = read("deliveries: { delivered: 4, attempts: { $gte: 4 } }");
        assert_eq!(
            found.deliveries.map(|pattern| pattern.to_string()).unwrap(),
            "{ delivered: 4, attempts: { $gte: 4 } }"
        );
    }

    #[test]
    fn every_section_and_every_key_of_it_is_known() {
        for section in Section::ALL
            .into_iter()
            .filter(|section| *section != Section::Deliveries)
        {
            for key in section.keys() {
                assert_eq!(
                    read(&format!("{section}: [{{ {key}: {{ $any: true }} }}]")).lists.len(),
                    1
                );
            }
        }
    }

    #[test]
    fn operators_read_as_they_are_written() {
        for operator in [
            "{ $regex: \"^a+$\" }",
            "{ $any: true }",
            "{ $absent: true }",
            "{ $gt: \"2024-01-15T10:00:00Z\" }",
            "{ $approx: { value: 99.90, within: 0.5 } }",
            "{ $not: { $in: [\"a\", 1, null] } }",
            "{ $exactly: {\"$a\":[1.50,{}]} }",
            "{ plan: \"pro\", \"odd key\": [1, { $lte: 2 }] }",
        ] {
            let text = format!("conversions: [{{ properties: {operator} }}]");
            assert_eq!(
                list(&text)[0].as_deref(),
                Some(&*format!("{{ properties: {operator} }}"))
            );
        }
    }

    #[test]
    fn keys_are_checked_in_rows_and_in_operators_on_rows_but_not_below() {
        assert_eq!(list("identities: [{ traits: { whatever: 1 } }]")[1], None);
        let found = mistakes("identities: [{ $not: { nmae: Ada } }, { $in: [{ mail: a }] }]", expect);
        assert_eq!(
            found,
            [
                "a row of `identities` has no key `nmae`",
                "a row of `identities` has no key `mail`"
            ]
        );
    }

    #[test]
    fn a_row_is_a_mapping() {
        assert_eq!(mistakes("visits: [a]", expect), ["a row is a mapping, not text"]);
    }
}
