//! What a `JUnit` report may look like: the elements and attributes that Jenkins' schema for `JUnit`
//! (`jenkinsci/xunit-plugin`, `junit-10.xsd`) and GitLab's parser have in common, as a table.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What an attribute must be.
#[derive(Clone, Copy)]
enum Is {
    Text,
    Count,
    Seconds,
    Moment,
}

/// An element: its attributes, which of them must be there, and what may stand in it.
struct Element {
    attributes: &'static [(&'static str, Is)],
    required: &'static [&'static str],
    children: &'static [&'static str],
    text: bool,
}

fn element(name: &str) -> Option<Element> {
    const COUNTS: &[(&str, Is)] = &[
        ("name", Is::Text),
        ("tests", Is::Count),
        ("failures", Is::Count),
        ("errors", Is::Count),
        ("skipped", Is::Count),
        ("disabled", Is::Count),
        ("time", Is::Seconds),
        ("timestamp", Is::Moment),
    ];
    const WHY: &[(&str, Is)] = &[("message", Is::Text), ("type", Is::Text)];
    let leaf = |required| Element {
        attributes: WHY,
        required,
        children: &[],
        text: true,
    };
    Some(match name {
        "testsuites" => Element {
            attributes: COUNTS,
            required: &["name", "tests", "failures", "errors"],
            children: &["testsuite"],
            text: false,
        },
        "testsuite" => Element {
            attributes: COUNTS,
            required: &["name", "tests", "failures", "errors"],
            children: &["properties", "testcase"],
            text: false,
        },
        "properties" => Element {
            attributes: &[],
            required: &[],
            children: &["property"],
            text: false,
        },
        "property" => Element {
            attributes: &[("name", Is::Text), ("value", Is::Text)],
            required: &["name", "value"],
            children: &[],
            text: false,
        },
        "testcase" => Element {
            attributes: &[
                ("name", Is::Text),
                ("classname", Is::Text),
                ("time", Is::Seconds),
                ("file", Is::Text),
                ("line", Is::Count),
            ],
            required: &["name", "classname", "time", "file"],
            children: &["failure", "error", "skipped"],
            text: false,
        },
        "failure" | "error" => leaf(&["message", "type"]),
        "skipped" => leaf(&["message"]),
        _ => return None,
    })
}

/// One element that is open: what may stand in it, what it said of itself, and how many cases ended how.
struct Open {
    name: String,
    element: Element,
    attributes: BTreeMap<String, String>,
    found: BTreeMap<String, usize>,
}

/// Fails where the text is not such a report, or where a count is not that of the cases.
pub(crate) fn check(text: &str) {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut roots = 0;
    loop {
        match reader.read_event().expect("it is XML") {
            Event::Start(start) => {
                let next = opened(&start, open.last_mut(), &mut roots);
                open.push(next);
            }
            Event::Empty(start) => {
                let only = opened(&start, open.last_mut(), &mut roots);
                close(&only, open.last_mut());
            }
            Event::End(_) => {
                let last = open.pop().expect("the reader checks that elements are closed in order");
                close(&last, open.last_mut());
            }
            Event::Text(text) => {
                let blank = text.iter().all(u8::is_ascii_whitespace);
                assert!(
                    blank || open.last().is_some_and(|open| open.element.text),
                    "text outside"
                );
            }
            Event::CData(_) | Event::GeneralRef(_) => {
                assert!(open.last().is_some_and(|open| open.element.text), "text outside");
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?} has no place in a report"),
        }
    }
    assert_eq!((roots, open.len()), (1, 0));
}

fn opened(start: &BytesStart<'_>, parent: Option<&mut Open>, roots: &mut usize) -> Open {
    let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
    match parent {
        None => {
            assert_eq!(name, "testsuites");
            *roots += 1;
        }
        Some(parent) => {
            assert!(
                parent.element.children.contains(&name.as_str()),
                "{name} in {}",
                parent.name
            );
            *parent.found.entry(name.clone()).or_default() += 1;
        }
    }
    let element = element(&name).unwrap_or_else(|| panic!("there is no element {name}"));
    let mut attributes = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.expect("it is XML");
        let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
        let value = String::from_utf8(attribute.value.to_vec()).unwrap();
        let kind = element.attributes.iter().find(|(legal, _)| *legal == key);
        let (_, kind) = kind.unwrap_or_else(|| panic!("{name} has no attribute {key}"));
        assert!(kind.is(&value), "{name} {key}={value:?}");
        attributes.insert(key, value);
    }
    for key in element.required {
        assert!(attributes.contains_key(*key), "{name} without {key}");
    }
    Open {
        name,
        element,
        attributes,
        found: BTreeMap::new(),
    }
}

impl Is {
    fn is(self, value: &str) -> bool {
        match self {
            Self::Text => !value.is_empty(),
            Self::Count => value.parse::<u64>().is_ok(),
            Self::Seconds => value.parse::<f64>().is_ok_and(|seconds| seconds >= 0.0),
            Self::Moment => value.parse::<jiff::Timestamp>().is_ok(),
        }
    }
}

/// Hands the counts of a case to its suite, and of a suite to all; each must be what is said of it.
fn close(closed: &Open, parent: Option<&mut Open>) {
    let of = |found: &BTreeMap<String, usize>, name: &str| found.get(name).copied().unwrap_or_default();
    if closed.name != "testcase" {
        for (attribute, name) in [
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ] {
            if let Some(said) = closed.attributes.get(attribute) {
                assert_eq!(
                    said,
                    &of(&closed.found, name).to_string(),
                    "{attribute} of {}",
                    closed.name
                );
            }
        }
    }
    let Some(parent) = parent else { return };
    for name in ["testcase", "failure", "error", "skipped"] {
        if closed.name == "testcase" || closed.name == "testsuite" {
            *parent.found.entry(name.to_owned()).or_default() += of(&closed.found, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::check;

    const GOOD: &str = "<testsuites name='a' tests='1' failures='1' errors='0'><testsuite name='b' tests='1' failures='1' \
                        errors='0'><testcase name='c' classname='d' time='0.1' file='e'><failure type='f' message='g'>h\
                        </failure></testcase></testsuite></testsuites>";

    #[test]
    fn what_jenkins_would_not_read_is_refused() {
        check(GOOD);
        for (good, bad) in [
            (
                "failures='1' errors='0'><testsuite",
                "failures='2' errors='0'><testsuite",
            ),
            ("classname='d' ", ""),
            ("time='0.1'", "time='soon'"),
            ("<failure", "<failed"),
            ("type='f'", "kind='f'"),
            ("</testsuite></testsuites>", "text</testsuite></testsuites>"),
        ] {
            let text = GOOD.replacen(good, bad, 1);
            assert_ne!(text, GOOD, "{good}");
            assert!(catch_unwind(|| check(&text)).is_err(), "{bad}");
        }
    }
}
