use json_tree::Value;
use url::Url;

use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};
use crate::decode::{PageKind, property};

pub(super) const RULE: Rule = Rule {
    id: "ATT011",
    name: "page-without-url",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A page has an absolute url",
    doc: RuleDoc {
        what: "A page view carries `properties.url`, and it is absolute: `https://shop.example/pricing?utm_source=google`. \
               Screens need none.",
        why: "The landing page and every campaign parameter are read from this url, and from nothing else: \
              `context.page` and `context.campaign` are not consulted. Without it the visit has no source.",
        fix: "On the web, leave `url` to the library, which fills in the address bar. From a server, pass the full url \
              with its query in the page's properties.",
        source: "Attribution's early ingest took url and parameters from `properties.url` (event-processor, 2015, \
                 `lib/track.js`), and its browser library completes relative urls before sending.",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some((PageKind::Page, properties)) = subject.page() else {
        return Vec::new();
    };
    let message = match properties.and_then(|properties| property(properties, "url")) {
        Some(Value::String(url)) if is_absolute(url) => return Vec::new(),
        Some(Value::String(url)) if url.is_empty() => "is empty",
        Some(Value::String(_)) => "is not absolute, so the landing page is incomplete",
        Some(_) => "is not a string",
        None => "is missing, so the page view has no landing page and no source",
    };
    vec![Finding::at("/properties/url", message)]
}

/// Whether it names its scheme and its place. `localhost:3000/x` has a scheme to a parser, but nowhere to go.
fn is_absolute(url: &str) -> bool {
    is_ordinary(url) || Url::parse(url).is_ok_and(|url| !url.cannot_be_a_base())
}

/// Whether no parser is needed to know: it has a scheme of the web and a host of plain names, the last of them no number.
fn is_ordinary(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let host = &rest[..end.unwrap_or(rest.len())];
    let is_plain = |name: &str| {
        let letters = name.bytes();
        name.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
            && !name.starts_with("xn--")
            && letters.fold(true, |plain, byte| {
                plain & matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')
            })
    };
    host.split('.').all(is_plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::{is_absolute, is_ordinary};

    #[test]
    fn an_absolute_url_has_a_scheme_and_a_place() {
        for url in [
            "https://shop.example",
            "http://localhost:3000/a?b#c",
            "capacitor://localhost/",
            "file:///a.html",
        ] {
            assert!(is_absolute(url), "{url}");
        }
        for url in [
            "/pricing",
            "pricing",
            "shop.example/pricing",
            "localhost:3000/x",
            "//cdn.example/x",
            "https://",
            "",
        ] {
            assert!(!is_absolute(url), "{url}");
        }
    }

    #[test]
    fn an_ordinary_url_needs_no_parser() {
        for url in [
            "https://shop.example/pricing?a=b",
            "http://localhost",
            "https://a-1.b2.example#x",
        ] {
            assert!(is_ordinary(url), "{url}");
        }
        for url in [
            "https://127.0.0.1/",
            "https://xn--a.example",
            "https://a..example",
            "https://",
            "ftp://a.example",
        ] {
            assert!(!is_ordinary(url), "{url}");
        }
    }

    proptest! {
        #[test]
        fn what_is_ordinary_is_absolute_to_a_parser(host in "[a-z0-9.-]{0,12}|(xn--|[a-z]{1,3}|0x1|[0-9]{1,3}|[.-]){1,5}", rest in "([/?#].{0,8})?") {
            let url = format!("https://{host}{rest}");
            let is_absolute = Url::parse(&url).is_ok_and(|url| !url.cannot_be_a_base());
            prop_assert!(is_absolute || !is_ordinary(&url), "{url}");
        }
    }
}
