use json_tree::Object;
use url::form_urlencoded;

use super::Subject;
use crate::decode::{PageKind, text_property};

/// What the context calls a campaign's parts, and what a url calls them.
const PARTS: [(&str, &str); 5] = [
    ("source", "utm_source"),
    ("medium", "utm_medium"),
    ("name", "utm_campaign"),
    ("term", "utm_term"),
    ("content", "utm_content"),
];

/// A page view that has both a campaign in its context and a url.
#[derive(Debug)]
pub(super) struct CampaignOfPage<'a> {
    campaign: &'a Object<'a>,
    query: Vec<(String, String)>,
}

/// One part of the campaign and all that the url says about it.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    /// `source`
    pub(super) key: &'static str,
    /// `utm_source`
    pub(super) name: &'static str,
    pub(super) in_context: &'a str,
    /// Every value that is not empty, in the order of the url.
    pub(super) in_url: Vec<String>,
}

impl<'a> CampaignOfPage<'a> {
    pub(super) fn of(subject: &Subject<'a>) -> Option<Self> {
        let Some((PageKind::Page, Some(properties))) = subject.page() else {
            return None;
        };
        let campaign = subject.fields.get("context")?.get("campaign")?.as_object()?;
        let url = text_property(properties, "url")?;
        Some(Self {
            campaign,
            query: query(url),
        })
    }

    /// The parts that the context names.
    pub(super) fn parameters(&self) -> impl Iterator<Item = Parameter<'a>> {
        PARTS.into_iter().filter_map(|(key, name)| {
            let in_context = text_property(self.campaign, key)?;
            let values = self
                .query
                .iter()
                .filter(|(found, value)| found.eq_ignore_ascii_case(name) && !value.is_empty());
            Some(Parameter {
                key,
                name,
                in_context,
                in_url: values.map(|(_, value)| value.clone()).collect(),
            })
        })
    }
}

impl Parameter<'_> {
    /// Whether the url names another value and not this one.
    pub(super) fn is_contradicted(&self) -> bool {
        // What is not UTF-8 in the url is undone by no two readers alike.
        let same = |value: &String| value.contains('\u{fffd}') || alike(value) == alike(self.in_context);
        !self.in_url.is_empty() && !self.in_url.iter().any(same)
    }
}

/// The parameters of a url. A second `?` separates two of them as `&` does, as it does for analytics.js.
fn query(url: &str) -> Vec<(String, String)> {
    let without_fragment = url.split_once('#').map_or(url, |(before, _fragment)| before);
    let query = without_fragment.split_once('?').map_or("", |(_page, query)| query);
    form_urlencoded::parse(query.replace('?', "&").as_bytes())
        .into_owned()
        .collect()
}

/// A value without what makes no difference: case, blanks around it, and the `+` of one that was not decoded.
fn alike(value: &str) -> String {
    value.replace('+', " ").trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Parameter, query};

    fn contradicted(in_context: &str, in_url: &[&str]) -> bool {
        let (key, name) = ("source", "utm_source");
        let in_url = in_url.iter().map(|&value| value.to_owned()).collect();
        Parameter {
            key,
            name,
            in_context,
            in_url,
        }
        .is_contradicted()
    }

    #[test]
    fn another_value_is_a_contradiction_and_another_spelling_is_not() {
        assert!(contradicted("google", &["bing"]));
        assert!(contradicted("google", &["bing", "yahoo"]));
        assert!(!contradicted("google", &[]));
        assert!(!contradicted("google", &["bing", "Google"]));
        assert!(!contradicted("Spring+Sale", &["spring sale"]));
    }

    #[test]
    fn a_value_that_could_not_be_decoded_contradicts_nothing() {
        assert!(!contradicted("caf%E9", &["caf\u{fffd}"]));
    }

    #[test]
    fn a_second_question_mark_separates_as_an_ampersand_does() {
        let found = query("https://a.example/?q=1?utm_source=x#?utm_source=y");
        assert_eq!(
            found,
            [
                ("q".to_owned(), "1".to_owned()),
                ("utm_source".to_owned(), "x".to_owned())
            ]
        );
    }
}
