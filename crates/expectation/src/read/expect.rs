//! A whole `expect`.

use super::fields::{Fields, unknown};
use super::operator;
use super::pattern::{pattern, row};
use super::scalar::count;
use super::suggest::{help, quoted};
use crate::diagnostic::{Diagnostic, Sink};
use crate::expect::{Expectations, ListExpectation, Pattern, PatternKind, Section};
use crate::tree::{Entry, Node, Shape};

impl Expectations {
    /// Reads an `expect` that may speak of the sections in `known`; what is mistaken in it is left out.
    ///
    /// Nothing only where a mistake was told.
    pub fn read(node: &Node, known: &[Section], sink: &mut Sink) -> Option<Self> {
        let fields = Fields::any(node, "expect", sink)?;
        if fields.entries.is_empty() {
            let mistake = Diagnostic::new(fields.at, "`expect` expects nothing");
            let example = sink.syntax().example("conversions: []");
            sink.push(mistake.help(format!("write what there must be, such as {example} for none")));
        }
        let mut found = Self {
            at: fields.at,
            lists: Vec::new(),
            deliveries: None,
        };
        for entry in fields.entries {
            match section(entry, known, sink) {
                Some(Section::Deliveries) => found.deliveries = deliveries(&entry.value, sink),
                Some(section) => found.lists.extend(list(section, &entry.value, sink)),
                None => {}
            }
        }
        Some(found)
    }
}

/// The section that a key names, if it can be looked at.
fn section(entry: &Entry, known: &[Section], sink: &mut Sink) -> Option<Section> {
    let names: Vec<&str> = known.iter().map(|section| section.as_str()).collect();
    match Section::ALL.into_iter().find(|section| section.as_str() == entry.key) {
        Some(section) if known.contains(&section) => return Some(section),
        Some(section) => {
            let mistake = Diagnostic::new(entry.at, format!("`{section}` can't be expected here"));
            sink.push(mistake.help(format!("expect it in a scenario; here {}", help("", &names))));
        }
        None => sink.push(unknown(entry, "`expect`", &names)),
    }
    None
}

fn deliveries(node: &Node, sink: &mut Sink) -> Option<Pattern> {
    if let Shape::Entries(_) = node.shape {
        return row(Section::Deliveries, node, sink);
    }
    let what = node.what(sink.syntax());
    let mistake = Diagnostic::new(node.at, format!("`deliveries` must be a mapping of counts, not {what}"));
    let example = sink.syntax().example("{ delivered: 4, attempts: 6 }");
    sink.push(mistake.help(format!("write one such as {example}")));
    None
}

fn list(section: Section, node: &Node, sink: &mut Sink) -> Option<ListExpectation> {
    let mut found = ListExpectation {
        section,
        at: node.at,
        exactly: None,
        contains: None,
        ordered: None,
        never: None,
        count: None,
    };
    match &node.shape {
        Shape::Items(items) => found.exactly = Some(rows(section, items, sink)),
        Shape::Entries(entries) if entries.is_empty() => {
            let mistake = Diagnostic::new(node.at, format!("`{section}` expects nothing of its rows"));
            let example = sink.syntax().example(&format!("{section}: []"));
            sink.push(mistake.help(format!(
                "write {example} for none, or one of `contains`, `ordered`, `never` and `count`"
            )));
            return None;
        }
        Shape::Entries(entries) if !is_row(section, entries) => {
            for entry in entries {
                part(&mut found, entry, sink);
            }
            always_true(entries, sink);
        }
        _ => {
            let message = format!(
                "`{section}` must be a list of rows, or a mapping of `contains`, `ordered`, `never` and `count`"
            );
            let example = |rows: &str| sink.syntax().example(&format!("{section}: {rows}"));
            let (rows, empty) = (example("[{ … }]"), example("[]"));
            let mistake = Diagnostic::new(node.at, message).label(format!("not {}", node.what(sink.syntax())));
            sink.push(mistake.help(format!("write {rows} for exactly these rows, {empty} for none")));
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
    if PARTS.contains(&only.key.as_str()) && matches!(&only.value.shape, Shape::Items(items) if items.is_empty()) {
        let none = sink.syntax().example("count: 0");
        let message = format!("`{}: []` holds whatever the rows are", only.key);
        let wanted = match only.key.as_str() {
            "never" => "name a row that there must not be",
            _ => "name a row that there must be",
        };
        sink.push(Diagnostic::new(only.value.at, message).help(format!("{wanted}, or write {none} for none")));
    }
}

/// What a section may hold instead of a plain list of rows.
const PARTS: &[&str] = &["contains", "ordered", "never", "count"];

/// The same of a report, where the plain list has a key: so there is room for what is asked beside it.
pub const REPORT_PARTS: &[&str] = &["rows", "contains", "ordered", "never", "count"];

fn parts(section: Section) -> &'static [&'static str] {
    match section {
        Section::Report => REPORT_PARTS,
        _ => PARTS,
    }
}

/// One key of `{ contains, count }`.
fn part(found: &mut ListExpectation, entry: &Entry, sink: &mut Sink) {
    let section = found.section;
    match (entry.key.as_str(), &entry.value.shape) {
        ("rows", Shape::Items(items)) if section == Section::Report => {
            found.exactly = Some(rows(section, items, sink));
        }
        ("contains", Shape::Items(items)) => found.contains = Some(rows(section, items, sink)),
        ("ordered", Shape::Items(items)) => found.ordered = Some(rows(section, items, sink)),
        ("never", Shape::Items(items)) => found.never = Some(rows(section, items, sink)),
        (key, _) if key != "count" && parts(section).contains(&key) => {
            let what = entry.value.what(sink.syntax());
            let mistake = Diagnostic::new(entry.value.at, format!("`{key}` must be a list of rows, not {what}"));
            let example = sink.syntax().example(&format!("{section}: {{ {key}: [{{ … }}] }}"));
            sink.push(mistake.help(format!("write {example}")));
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
            let mut help = help(key, parts(section));
            if section == Section::Report {
                // A scenario takes out what it is asked for, and knows nothing else that is legal.
                help.push_str(
                    "; here the report is by channel and of the model linear, and only a scenario asks for more",
                );
            }
            sink.push(Diagnostic::new(entry.at, message).help(help));
        }
    }
}

fn rows(section: Section, items: &[Node], sink: &mut Sink) -> Vec<Pattern> {
    items.iter().filter_map(|item| row(section, item, sink)).collect()
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Sink;
    use crate::expect::{Expectations, Section};
    use crate::read::testing::{good, helps, mistakes};
    use crate::tree::Node;

    fn expect(node: &Node, sink: &mut Sink) -> Option<Expectations> {
        Expectations::read(node, &Section::ALL, sink)
    }

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
            list(r#"{"visits": [{"visitor": "a", "page_views": 2}, {}]}"#),
            [expected, None, None]
        );
        assert_eq!(list(r#"{"merges": []}"#), [Some(String::new()), None, None]);
    }

    #[test]
    fn contains_and_count_go_together() {
        let contains = Some("{ event: \"A\" }".to_owned());
        let count = Some("{ $gte: 2, $lt: 9 }".to_owned());
        assert_eq!(
            list(r#"{"conversions": {"contains": [{"event": "A"}], "count": {"$gte": 2, "$lt": 9}}}"#),
            [None, contains, count]
        );
        assert_eq!(list(r#"{"visits": {"count": 0}}"#), [None, None, Some("0".to_owned())]);
    }

    #[test]
    fn keys_of_a_section_are_told_apart_from_those_of_a_row() {
        let told = |text: &str| mistakes(&format!("{{\"visits\": {text}}}"), expect);
        assert_eq!(
            told(r#"{"contain": [{"page": "a"}]}"#),
            ["`visits` has no key `contain`"]
        );
        assert_eq!(told(r#"{"coun": 1}"#), ["`visits` has no key `coun`"]);
        assert_eq!(told("{}"), ["`visits` expects nothing of its rows"]);
        assert!(told(r#"{"page": "a"}"#)[0].starts_with("`visits` must be a list of rows"));
    }

    #[test]
    fn to_contain_nothing_is_a_mistake_unless_rows_are_counted() {
        let told = mistakes(r#"{"visits": {"contains": []}}"#, expect);
        assert_eq!(told, ["`contains: []` holds whatever the rows are"]);
        assert_eq!(
            list(r#"{"visits": {"contains": [], "count": 1}}"#)[1].as_deref(),
            Some("")
        );
    }

    #[test]
    fn an_order_and_what_never_is_are_lists_of_rows() {
        let found = read(r#"{"visits": {"ordered": [{"page": "a"}, {}], "never": [{"page": "b"}]}}"#).lists;
        let shown = |rows: &Option<Vec<crate::expect::Pattern>>| rows.as_ref().map(Vec::len);
        assert_eq!((shown(&found[0].ordered), shown(&found[0].never)), (Some(2), Some(1)));
        assert_eq!(
            mistakes(
                r#"{"visits": {"never": []}, "merges": {"ordered": {"from": "a"}}}"#,
                expect
            ),
            [
                "`never: []` holds whatever the rows are",
                "`ordered` must be a list of rows, not a mapping"
            ]
        );
    }

    #[test]
    fn the_exact_rows_of_a_report_may_stand_at_a_key() {
        let [rows, ..] = list(r#"{"report": {"rows": [{"channel": "Direct", "revenue": 5}]}}"#);
        assert_eq!(rows.as_deref(), Some("{ channel: \"Direct\", revenue: 5 }"));
        assert_eq!(list(r#"{"report": {"rows": []}}"#)[0].as_deref(), Some(""));
        let told = mistakes(
            r#"{"visits": {"rows": []}, "report": {"rows": 5, "by": "day"}}"#,
            expect,
        );
        assert_eq!(
            told,
            [
                "`visits` has no key `rows`",
                "`rows` must be a list of rows, not a number",
                "`report` has no key `by`"
            ]
        );
    }

    #[test]
    fn deliveries_are_one_mapping() {
        let found = read(r#"{"deliveries": {"delivered": 4, "attempts": {"$gte": 4}}}"#);
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
                let text = format!(r#"{{"{section}": [{{"{key}": {{"$any": true}}}}]}}"#);
                assert_eq!(read(&text).lists.len(), 1);
            }
        }
    }

    #[test]
    fn operators_read_as_they_are_written() {
        for (written, shown) in [
            (r#"{"$regex": "^a+$"}"#, r#"{ $regex: "^a+$" }"#),
            (r#"{"$any": true}"#, "{ $any: true }"),
            (r#"{"$absent": true}"#, "{ $absent: true }"),
            (
                r#"{"$gt": "2024-01-15T10:00:00Z"}"#,
                r#"{ $gt: "2024-01-15T10:00:00Z" }"#,
            ),
            (
                r#"{"$approx": {"value": 99.90, "within": 0.5}}"#,
                "{ $approx: { value: 99.90, within: 0.5 } }",
            ),
            (
                r#"{"$not": {"$in": ["a", 1, null]}}"#,
                r#"{ $not: { $in: ["a", 1, null] } }"#,
            ),
            (
                r#"{"$exactly": {"$a": [1.50, {}]}}"#,
                r#"{ $exactly: {"$a":[1.50,{}]} }"#,
            ),
            (
                r#"{"plan": "pro", "odd key": [1, {"$lte": 2}]}"#,
                r#"{ plan: "pro", "odd key": [1, { $lte: 2 }] }"#,
            ),
        ] {
            let text = format!(r#"{{"conversions": [{{"properties": {written}}}]}}"#);
            let shown = format!("{{ properties: {shown} }}");
            assert_eq!(list(&text)[0].as_deref(), Some(&*shown));
        }
    }

    #[test]
    fn keys_are_checked_in_rows_and_in_operators_on_rows_but_not_below() {
        assert_eq!(list(r#"{"identities": [{"traits": {"whatever": 1}}]}"#)[1], None);
        let text = r#"{"identities": [{"$not": {"nmae": "Ada"}}, {"$in": [{"mail": "a"}]}]}"#;
        let found = mistakes(text, expect);
        assert_eq!(
            found,
            [
                "a row of `identities` has no key `nmae`",
                "a row of `identities` has no key `mail`"
            ]
        );
    }

    #[test]
    fn a_section_that_can_not_be_looked_at_is_told_from_one_that_is_not_known() {
        let recorded = |node: &Node, sink: &mut Sink| Expectations::read(node, &Section::RECORDED, sink);
        let text = r#"{"skips": [], "visit": [], "requests": []}"#;
        assert_eq!(
            mistakes(text, recorded),
            ["`skips` can't be expected here", "`expect` has no key `visit`"]
        );
        let helps = helps(text, recorded);
        assert!(
            helps[0].starts_with("expect it in a scenario; here there are `visits`, "),
            "{helps:?}"
        );
        assert_eq!(helps[1], "did you mean `visits`?");
    }

    #[test]
    fn sections_are_named_once_and_in_order() {
        let found = read(r#"{"deliveries": {"events": 1}, "requests": [], "visits": {"count": 1}}"#);
        let sections: Vec<Section> = found.sections().collect();
        assert_eq!(sections, [Section::Visits, Section::Requests, Section::Deliveries]);
    }

    #[test]
    fn a_row_is_a_mapping() {
        assert_eq!(
            mistakes(r#"{"visits": ["a"]}"#, expect),
            ["a row is a mapping, not text"]
        );
    }
}
