use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use url::form_urlencoded;

/// The campaign parameters of a url: `utm_…` and the click ids that Attribution knows, `gclid` and `fbaid`.
///
/// Keys are lower-cased, empty values dropped, and of a repeated key the first value counts. Percent-encoding is undone as
/// far as it can be and `+` is a blank. (Attribution's early ingest read parameters so: event-processor, 2015. It lower-cased
/// values as well; here they keep their case, but two that differ in case only are the same campaign.)
#[derive(Clone, Debug, Default)]
pub(crate) struct Campaign<'a> {
    /// By their keys.
    parameters: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Campaign<'a> {
    /// Reads the query of a url, absolute or not.
    pub(super) fn of_url(url: &'a str) -> Self {
        let without_fragment = url.split_once('#').map_or(url, |(before, _fragment)| before);
        let query = without_fragment.split_once('?').map_or("", |(_page, query)| query);
        let of_a_campaign = pairs(query).filter(|(key, value)| !value.is_empty() && is_campaign(key));
        let mut parameters: Vec<_> = of_a_campaign.map(|(key, value)| (lowered(key), value)).collect();
        // Stable, so that of a key the first value is the first.
        parameters.sort_by(|(one, _), (other, _)| one.cmp(other));
        parameters.dedup_by(|(later, _), (first, _)| later == first);
        Self { parameters }
    }

    /// The value of a parameter, by its name in lower case.
    pub(super) fn get(&self, key: &str) -> Option<String> {
        let found = self.parameters.iter().find(|(found, _)| found == key);
        found.map(|(_, value)| value.clone().into_owned())
    }

    /// Whether a page view with these parameters, seen during a visit with those of `visit`, comes from somewhere else.
    /// One without any is just the next page.
    pub(super) fn begins_another(&self, visit: &Campaign<'_>) -> bool {
        !self.parameters.is_empty() && !self.same(visit)
    }

    fn same(&self, other: &Campaign<'_>) -> bool {
        self.parameters == other.parameters || self.folded().eq(other.folded())
    }

    /// Its parameters, so that they are equal where the campaign is the same.
    fn folded(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.parameters.iter().map(|(key, value)| {
            // A Google click id is case-sensitive.
            let is_exact = key == "gclid";
            let value = Cow::Borrowed(&**value);
            (&**key, if is_exact { value } else { lowered(value) })
        })
    }
}

/// Equal where the campaign is the same.
impl Hash for Campaign<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|parameter| parameter.hash(state));
    }
}

/// The campaign of a url; none of one that has none.
pub(crate) fn campaign_of(url: &str) -> Option<Campaign<'_>> {
    let campaign = Campaign::of_url(url);
    (!campaign.parameters.is_empty()).then_some(campaign)
}

/// A url without its query and fragment, otherwise as written.
pub(super) fn page_of(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// The names and values of a query.
fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query.split('&').filter_map(pair)
}

/// A name and its value. Most are written without any encoding, and so as they are read.
fn pair(written: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    if written.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return form_urlencoded::parse(written.as_bytes()).next();
    }
    let (name, value) = written.split_once('=').unwrap_or((written, ""));
    (!written.is_empty()).then_some((name.into(), value.into()))
}

fn lowered(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return text;
    }
    Cow::Owned(text.to_lowercase())
}

/// Whatever its letter case. No other letter than those of ASCII is one of these in lower case.
fn is_campaign(key: &str) -> bool {
    let is_utm = key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_"));
    is_utm || ["gclid", "fbaid"].iter().any(|id| id.eq_ignore_ascii_case(key))
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher as _;

    use proptest::prelude::*;
    use url::form_urlencoded;

    use super::{Campaign, campaign_of, lowered, page_of, pairs};
    use crate::hash::Fingerprints;

    fn value(url: &str, key: &str) -> Option<String> {
        Campaign::of_url(url).get(key)
    }

    #[test]
    fn parameters_are_read_from_the_query_alone() {
        let url = "https://shop.example/?a=1&utm_source=google#utm_source=fragment";
        assert_eq!(value(url, "utm_source").as_deref(), Some("google"));
        assert_eq!(value(url, "a"), None);
        assert_eq!(value("https://shop.example/#?utm_source=google", "utm_source"), None);
        assert_eq!(value("/pricing?gclid=A%62", "gclid").as_deref(), Some("Ab"));
    }

    #[test]
    fn keys_are_lower_cased_and_values_are_not() {
        assert_eq!(value("?UTM_Source=Google", "utm_source").as_deref(), Some("Google"));
    }

    #[test]
    fn bad_percent_encoding_is_kept_as_it_is() {
        assert_eq!(
            value("?utm_campaign=50%+off%2", "utm_campaign").as_deref(),
            Some("50% off%2")
        );
        assert_eq!(value("?utm_campaign=%ff", "utm_campaign").as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn the_first_value_that_is_not_empty_counts() {
        assert_eq!(
            value("?utm_source=&utm_source=a&utm_source=b", "utm_source").as_deref(),
            Some("a")
        );
        assert_eq!(value("?utm_source", "utm_source"), None);
    }

    #[test]
    fn another_campaign_is_one_with_other_parameters() {
        let begins = |url: &str, visit: &str| Campaign::of_url(url).begins_another(&Campaign::of_url(visit));
        assert!(begins("?utm_source=b", "?utm_source=a"));
        assert!(begins("?utm_source=a&gclid=1", "?utm_source=a"));
        assert!(begins("?utm_source=a", ""));
        assert!(begins("?gclid=a", "?gclid=A"));
        assert!(!begins("?q=shoes", "?utm_source=a"));
        assert!(!begins(
            "?utm_medium=cpc&utm_source=A",
            "?utm_source=a&utm_medium=cpc&page=2"
        ));
    }

    #[test]
    fn a_campaign_has_one_fingerprint_however_it_is_written() {
        let hash = |url: &str| campaign_of(url).map(|campaign| fingerprint(&campaign));
        assert_eq!(
            hash("?utm_medium=CPC&UTM_source=a"),
            hash("/x?utm_source=A&utm_medium=cpc&page=2")
        );
        assert_ne!(hash("?utm_source=a"), hash("?utm_source=b"));
        assert_ne!(hash("?gclid=a"), hash("?gclid=A"));
        assert_eq!(hash("?q=shoes"), None);
    }

    fn fingerprint(campaign: &Campaign) -> u64 {
        Fingerprints::default().hash_one(campaign)
    }

    proptest! {
        #[test]
        fn a_query_is_read_as_a_form_is(query in "[a-c=&%+0-9äF]{0,24}") {
            let all: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
            prop_assert_eq!(pairs(&query).collect::<Vec<_>>(), all);
        }

        #[test]
        fn what_is_lowered_is_in_lower_case(text in "[a-cA-CäÄİß1]{0,8}") {
            let expected = text.to_lowercase();
            prop_assert_eq!(lowered(text.into()), expected);
        }
    }

    #[test]
    fn a_page_is_a_url_without_query_and_fragment() {
        for (url, page) in [
            ("https://shop.example/pricing?a#b", "https://shop.example/pricing"),
            ("https://shop.example/#/cart?x", "https://shop.example/"),
            ("/pricing", "/pricing"),
            ("", ""),
        ] {
            assert_eq!(page_of(url), page);
        }
    }
}
