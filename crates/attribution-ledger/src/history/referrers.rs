use std::time::Duration;

use jiff::Timestamp;

use super::{Fact, fingerprint};
use crate::decode::{PageHit, PageKind, text_property};
use crate::hash::HashMap;
use crate::project::campaign_of;

/// The last page view of every browser, by the fingerprint of the browser (a cookie, or a user without one), where it says
/// that it was reached from another site.
#[derive(Clone, Debug, Default)]
pub(super) struct Referrers {
    last: HashMap<u64, Landing>,
}

/// A page view that says it was reached from another site, as fingerprints.
#[derive(Clone, Copy, Debug)]
struct Landing {
    referrer: u64,
    page: u64,
    /// That of the visit; none where it has none.
    campaign: Option<u64>,
    at: Timestamp,
    /// The number of the request that made it.
    request: u64,
    /// Whether it has been told of this visit.
    is_told: bool,
}

impl Referrers {
    /// Remembers a page view, and tells when it is the first of a visit that says it was reached from where the one before
    /// it was.
    pub(super) fn note(
        &mut self,
        page: &PageHit<'_>,
        request: u64,
        received_at: Timestamp,
        gap: Duration,
    ) -> Option<Fact> {
        if page.kind != PageKind::Page {
            return None;
        }
        let Some((url, referrer)) = from_elsewhere(page) else {
            if !self.last.is_empty() {
                self.last.remove(&fingerprint::of_browser(&page.ids));
            }
            return None;
        };
        let mut now = Landing {
            referrer: fingerprint::of(referrer),
            page: fingerprint::of((url, &page.name)),
            campaign: campaign_of(url).map(fingerprint::of),
            at: page.at.unwrap_or(received_at),
            request,
            is_told: false,
        };
        let browser = fingerprint::of_browser(&page.ids);
        let before = self.last.get(&browser).filter(|before| now.goes_on(before, gap));
        let mut told = None;
        if let Some(before) = before {
            now.campaign = before.campaign;
            now.is_told = before.is_told;
            if before.page != now.page && !before.is_told {
                now.is_told = true;
                told = Some(Fact::SameReferrer {
                    referrer: referrer.to_owned(),
                    request: before.request,
                });
            }
        }
        self.last.insert(browser, now);
        told
    }
}

impl Landing {
    /// Whether it is of the same visit as the one before it, and was reached from the same place.
    fn goes_on(&self, before: &Self, gap: Duration) -> bool {
        let is_another_campaign = self.campaign.is_some() && self.campaign != before.campaign;
        let idle = before.at.duration_until(self.at).unsigned_abs();
        self.referrer == before.referrer && idle < gap && !is_another_campaign
    }
}

/// The url and the referrer of a page view, where they are of two sites.
fn from_elsewhere<'a>(page: &'a PageHit<'a>) -> Option<(&'a str, &'a str)> {
    let referrer = text_property(&page.properties, "referrer")?;
    let url = text_property(&page.properties, "url")?;
    (!is_one_site(host(url)?, host(referrer)?)).then_some((url, referrer))
}

/// Whether two hosts are the same but for `www.`, or one is below the other.
fn is_one_site(one: &str, other: &str) -> bool {
    let (one, other) = (without_www(one), without_www(other));
    is_within(one, other) || is_within(other, one)
}

fn without_www(host: &str) -> &str {
    match host.split_at_checked(4) {
        Some((www, rest)) if www.eq_ignore_ascii_case("www.") => rest,
        _ => host,
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    let below = host.len().checked_sub(domain.len());
    let Some((below, rest)) = below.and_then(|below| host.split_at_checked(below)) else {
        return false;
    };
    rest.eq_ignore_ascii_case(domain) && (below.is_empty() || below.ends_with('.'))
}

/// The host of an absolute url as it is written, without user and port.
fn host(url: &str) -> Option<&str> {
    let scheme = url.as_bytes().windows(3).position(|three| three == b"://")?;
    let rest = url.get(scheme + 3..)?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    let authority = &rest[..end.unwrap_or(rest.len())];
    let user = authority.bytes().rposition(|byte| byte == b'@');
    let host = user.map_or(authority, |end| &authority[end + 1..]);
    let digits = host.bytes().rev().take_while(u8::is_ascii_digit).count();
    let host = host[..host.len() - digits].strip_suffix(':').unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};
    use json_tree::{Object, Value};

    use super::super::testing::page;
    use super::{Fact, Referrers, host, is_one_site};
    use crate::decode::PageKind;

    const GAP: Duration = Duration::from_secs(1800);
    const SEARCH: &str = "https://www.google.com/";

    /// Which of these page views of one cookie are told, each with its minute, url and referrer.
    fn told(views: &[(i64, &str, &str)]) -> Vec<usize> {
        let mut referrers = Referrers::default();
        let mut note = |(minute, url, referrer): (i64, &str, &str)| {
            referrers.note(&page("c", minute, url, referrer), 1, Timestamp::UNIX_EPOCH, GAP)
        };
        let told = views.iter().map(|&view| note(view).is_some()).enumerate();
        told.filter(|(_, told)| *told).map(|(index, _)| index).collect()
    }

    #[test]
    fn the_first_page_of_a_visit_that_repeats_where_it_is_from_is_told_and_no_other() {
        let stuck = ["/", "/pricing", "/cart", "/paid"].map(|path| format!("https://shop.example{path}"));
        let stuck: Vec<_> = (0..)
            .zip(&stuck)
            .map(|(minute, url)| (minute, url.as_str(), SEARCH))
            .collect();
        assert_eq!(told(&stuck), [1]);
    }

    #[test]
    fn it_is_told_with_what_it_is_and_with_the_request_before_it() {
        let mut referrers = Referrers::default();
        let mut note = |request, url| referrers.note(&page("c", 0, url, SEARCH), request, Timestamp::UNIX_EPOCH, GAP);
        assert_eq!(note(7, "https://shop.example/"), None);
        let told = Fact::SameReferrer {
            referrer: SEARCH.to_owned(),
            request: 7,
        };
        assert_eq!(note(9, "https://shop.example/pricing"), Some(told));
    }

    #[test]
    fn another_visit_is_told_anew() {
        let (home, pricing) = ("https://shop.example/", "https://shop.example/pricing");
        let pause = [
            (0, home, SEARCH),
            (1, pricing, SEARCH),
            (31, home, SEARCH),
            (32, pricing, SEARCH),
        ];
        assert_eq!(told(&pause), [1, 3], "half an hour without a page ends a visit");
        let (ad, again) = ("https://shop.example/?gclid=A", "https://shop.example/?gclid=a");
        assert_eq!(
            told(&[(0, ad, SEARCH), (1, again, SEARCH)]),
            [0; 0],
            "and so does another campaign"
        );
        let (ad, cased) = (
            "https://shop.example/?utm_source=X",
            "https://shop.example/p?UTM_source=x",
        );
        assert_eq!(
            told(&[(0, ad, SEARCH), (1, cased, SEARCH)]),
            [1],
            "the same campaign does not"
        );
        assert_eq!(told(&[(0, ad, SEARCH), (1, pricing, SEARCH), (2, cased, SEARCH)]), [1]);
    }

    #[test]
    fn a_site_of_pages_that_were_loaded_is_not_told() {
        let (home, pricing) = ("https://shop.example/", "https://shop.example/pricing");
        assert_eq!(
            told(&[(0, home, SEARCH), (1, home, SEARCH)]),
            [0; 0],
            "a page may be loaded again"
        );
        assert_eq!(
            told(&[
                (0, home, SEARCH),
                (1, pricing, home),
                (2, "https://shop.example/x", SEARCH)
            ]),
            [0; 0],
            "and a search asked again"
        );
        assert_eq!(
            told(&[(0, home, SEARCH), (1, pricing, "https://www.bing.com/")]),
            [0; 0]
        );
        assert_eq!(told(&[(0, home, ""), (1, pricing, "")]), [0; 0]);
        assert_eq!(
            told(&[(0, "/", SEARCH), (1, "/pricing", SEARCH)]),
            [0; 0],
            "whose site that is isn't said"
        );
        let own = "https://WWW.shop.example/blog";
        assert_eq!(told(&[(0, home, own), (1, pricing, own)]), [0; 0]);
    }

    #[test]
    fn browsers_and_screens_are_apart() {
        let mut referrers = Referrers::default();
        let mut note = |cookie, kind, url| {
            let mut hit = page(cookie, 0, url, SEARCH);
            hit.kind = kind;
            referrers.note(&hit, 1, Timestamp::UNIX_EPOCH, GAP)
        };
        assert_eq!(note("a", PageKind::Page, "https://shop.example/"), None);
        assert_eq!(note("b", PageKind::Page, "https://shop.example/pricing"), None);
        assert_eq!(note("a", PageKind::Screen, "https://shop.example/pricing"), None);
    }

    #[test]
    fn a_time_of_receipt_stands_in_for_one_that_is_missing() {
        let mut referrers = Referrers::default();
        let mut note = |minute, url| {
            let mut hit = page("c", 0, url, SEARCH);
            hit.at = None;
            let received = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
            referrers.note(&hit, 1, received, GAP).is_some()
        };
        assert!(!note(0, "https://shop.example/"));
        assert!(!note(30, "https://shop.example/pricing"));
        assert!(note(31, "https://shop.example/cart"));
    }

    #[test]
    fn nothing_is_kept_of_who_comes_from_nowhere_else() {
        let mut referrers = Referrers::default();
        for (url, referrer, kept) in [
            ("https://shop.example/", "", 0),
            ("https://shop.example/", SEARCH, 1),
            ("https://shop.example/pricing", "https://shop.example/", 0),
        ] {
            referrers.note(&page("c", 0, url, referrer), 1, Timestamp::UNIX_EPOCH, GAP);
            assert_eq!(referrers.last.len(), kept);
        }
    }

    #[test]
    fn properties_of_other_kinds_are_no_places() {
        let mut hit = page("c", 0, "", "");
        hit.properties = Object::from_iter([("referrer".into(), Value::Bool(true)), ("url".into(), Value::Null)]);
        assert_eq!(Referrers::default().note(&hit, 1, Timestamp::UNIX_EPOCH, GAP), None);
    }

    #[test]
    fn a_host_stands_between_the_scheme_and_the_path() {
        for (url, expected) in [
            ("https://a.example", Some("a.example")),
            ("https://ada:pw@a.example:8080/x@y", Some("a.example")),
            ("http://[::1]:8080?q", Some("[::1]")),
            ("android-app://com.google.android.gm/", Some("com.google.android.gm")),
            ("//a.example", None),
            ("a.example", None),
            ("https:///x", None),
            ("", None),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn a_site_has_hosts_below_it() {
        for (one, other, same) in [
            ("a.example", "A.example", true),
            ("www.a.example", "a.example", true),
            ("www.a.example", "blog.a.example", true),
            ("a.example", "b.example", false),
            ("ba.example", "a.example", false),
            ("äa.example", "ba.example", false),
        ] {
            assert_eq!(
                (is_one_site(one, other), is_one_site(other, one)),
                (same, same),
                "{one} {other}"
            );
        }
    }
}
