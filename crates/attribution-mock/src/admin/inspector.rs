//! A page that shows what was received, as it comes. It asks this API and nothing else: no other host, and nothing of what
//! it shows is ever read as markup or as a script.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};

use super::ask::{Ask, Nothing};
use crate::exchange::Problem;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

const PAGE: &str = include_str!("inspector/page.html");

/// What the page is made of, each with its type.
const FILES: [(&str, &str, &str); 10] = [
    ("style.css", CSS, include_str!("inspector/style.css")),
    ("main.js", JS, include_str!("inspector/main.js")),
    ("api.js", JS, include_str!("inspector/api.js")),
    ("dom.js", JS, include_str!("inspector/dom.js")),
    ("json.js", JS, include_str!("inspector/json.js")),
    ("lists.js", JS, include_str!("inspector/lists.js")),
    ("request.js", JS, include_str!("inspector/request.js")),
    ("rule.js", JS, include_str!("inspector/rule.js")),
    ("search.js", JS, include_str!("inspector/search.js")),
    ("visitor.js", JS, include_str!("inspector/visitor.js")),
];

/// Only what is served here is loaded and asked, no text becomes markup, and no other page frames this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

pub(crate) async fn page(Ask(Nothing): Ask<Nothing>) -> Response {
    file(HTML, PAGE)
}

pub(crate) async fn part(Path(name): Path<String>, Ask(Nothing): Ask<Nothing>) -> Result<Response, Problem> {
    let found = FILES.into_iter().find(|(known, ..)| *known == name);
    let (_, media_type, content) = found.ok_or_else(|| Problem::UnknownPath {
        path: format!("/__admin/inspector/{name}"),
    })?;
    Ok(file(media_type, content))
}

fn file(media_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Another version may listen here tomorrow.
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in quotes after this word.
    fn named<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
        let after = text.split(word).skip(1);
        after.filter_map(|rest| rest.split(['"', '\'']).next())
    }

    #[test]
    fn whatever_the_page_and_its_scripts_load_is_served() {
        let mut loaded: Vec<&str> = named(PAGE, "\"inspector/").collect();
        for (_, _, content) in FILES {
            loaded.extend(named(content, "from './"));
        }
        let served = |name: &&str| FILES.iter().any(|(known, ..)| known == name);
        assert_eq!(loaded.iter().find(|name| !served(name)), None);
        let unused = FILES.iter().find(|(known, ..)| !loaded.contains(known));
        assert_eq!(unused, None);
    }

    #[test]
    fn no_text_becomes_markup() {
        for (name, _, content) in FILES {
            for sink in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ] {
                assert!(!content.contains(sink), "{name}: {sink}");
            }
        }
    }
}
