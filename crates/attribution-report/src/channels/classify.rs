use super::built_in::BuiltIn;
use super::demand::Demands;
use super::filter::{Channels, Filter, FilterId, narrow};
use super::hosts::Hosts;
use super::landing::{Landing, Reading};
use super::pattern::Domain;

/// Says of one visit after the other which filter it belongs to. It makes no new memory for a visit, and tries no filter that
/// asks for something which isn't there.
///
/// It remembers of each referring host which filters ask for it, in so much room at most; of urls, it remembers nothing.
///
/// ```
/// use attribution_report::{Channels, Classifier, Preset};
///
/// let channels = Channels::preset(Preset::Attribution);
/// let mut classifier = Classifier::new(&channels);
/// let filter = classifier.classify(Some("https://shop.example/?gclid=Cj0K"), None);
/// assert_eq!(channels.filter_name(filter), "Google auto-tag");
/// ```
#[derive(Clone, Debug)]
pub struct Classifier<'a> {
    channels: &'a Channels,
    /// Every filter given, in the order in which they are tried.
    order: Vec<(FilterId, &'a Filter)>,
    demands: Demands<'a>,
    /// Which of `order` ask for no parameter and no referrer.
    bare: Vec<usize>,
    landing: Landing,
    hosts: Hosts,
}

impl<'a> Classifier<'a> {
    /// For these channels.
    pub fn new(channels: &'a Channels) -> Self {
        let filter = |place: usize| (FilterId(narrow(place)), &channels.filters[place]);
        let order: Vec<(FilterId, &Filter)> = channels.in_order().into_iter().map(filter).collect();
        let is_bare = |(_, filter): (_, &Filter)| filter.params.is_empty() && filter.referrer.is_empty();
        Self {
            channels,
            demands: Demands::new(order.iter().map(|(_, filter)| *filter)),
            bare: (0..order.len()).filter(|place| is_bare(order[*place])).collect(),
            order,
            landing: Landing::default(),
            hosts: Hosts::default(),
        }
    }

    /// The filter of a visit with this landing url and this referrer.
    pub fn classify(&mut self, url: Option<&str>, referrer: Option<&str>) -> FilterId {
        let Self {
            channels,
            order,
            demands,
            bare,
            landing,
            hosts,
        } = self;
        landing.read(url, referrer, |host| channels.owns(host));
        demands.meet(landing.parameters());
        let asking = match landing.referrer {
            Reading::Read => hosts.asking(landing.host(), order.len(), |place| order[place].1.asks(landing.host())),
            Reading::None | Reading::Own | Reading::Unreadable => &[],
        };
        let asking = asking.iter().map(|place| usize::from(*place));
        let untagged = asking.clone().filter(|place| order[*place].1.params.is_empty());
        let mut found: Option<usize> = None;
        for place in demands.begun().chain(untagged).chain(bare.iter().copied()) {
            let (_, filter) = order[place];
            let is_earlier = found.is_none_or(|found| place < found);
            let is_asked = || filter.referrer.is_empty() || asking.clone().any(|asking| asking == place);
            if is_earlier && demands.are_met(place) && is_asked() && filter.fits_url(landing) {
                found = Some(place);
            }
        }
        found.map_or_else(|| channels.built_in(landing.built_in()), |place| order[place].0)
    }
}

impl Channels {
    /// The places of the filters given, in the order in which they are tried.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.given()).collect();
        // The sort is stable: among each kind the order of the file counts.
        order.sort_by_key(|index| !self.filters[*index].auto_tag);
        order
    }

    /// Whether a referrer from this host is one of the site itself.
    pub(super) fn owns(&self, host: &str) -> bool {
        self.own_domains.iter().any(|domain: &Domain| domain.matches(host))
    }
}

impl Filter {
    /// Whether it asks for a referrer from this host.
    fn asks(&self, host: &str) -> bool {
        self.referrer.iter().any(|domain| domain.matches(host))
    }

    /// Whether all that it asks of the landing url is so, besides parameters that must be there.
    fn fits_url(&self, landing: &Landing) -> bool {
        let is_without = |key: &str| !self.without.iter().any(|without| **without == *key);
        (self.without.is_empty() || landing.parameters().all(|(key, _)| is_without(key)))
            && (self.path.is_empty() || self.path.iter().any(|path| path.matches(landing.path())))
    }
}

impl Landing {
    /// Where a visit belongs that no filter matches.
    pub(super) fn built_in(&self) -> BuiltIn {
        match (self.url, self.referrer) {
            (Reading::Unreadable, _) | (_, Reading::Unreadable) => BuiltIn::Unknown,
            (Reading::None, _) => BuiltIn::Raw,
            (_, Reading::None | Reading::Own) => BuiltIn::Direct,
            (_, Reading::Read) if self.is_without_parameters() => BuiltIn::Organic,
            (_, Reading::Read) => BuiltIn::Unsegmented,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::preset::Preset;
    use super::*;

    fn found(channels: &Channels, url: &str, referrer: &str) -> String {
        let given = |text| Some(text).filter(|text: &&str| !text.is_empty());
        let filter = Classifier::new(channels).classify(given(url), given(referrer));
        format!("{} / {}", channels.channel_name(filter), channels.filter_name(filter))
    }

    #[test]
    fn the_vendor_s_rules_hold_in_the_default_preset() {
        let channels = Channels::preset(Preset::default());
        for (url, referrer, expected) in [
            (
                "https://a.example/?utm_source=facebook&gclid=x",
                "",
                "Google Ads / Google auto-tag",
            ),
            (
                "https://a.example/?utm_source=bing&fbaid=1",
                "",
                "Facebook / Facebook auto-tag",
            ),
            ("https://a.example/?gclid=1&fbaid=1", "", "Google Ads / Google auto-tag"),
            (
                "https://a.example/?utm_source=Google",
                "",
                "Google Ads / Google by utm_source",
            ),
            ("https://a.example/", "", "direct / direct"),
            ("https://a.example/?utm_source=mum", "", "direct / direct"),
            ("https://a.example/", "https://blog.example/", "organic / organic"),
            (
                "https://a.example/?page=2",
                "https://blog.example/",
                "unsegmented / unsegmented",
            ),
            ("https://a.example/?page=2", "https://www.a.example/", "direct / direct"),
            ("", "", "raw / raw"),
            ("", "https://blog.example/", "raw / raw"),
            ("not a url", "", "unknown source / unknown source"),
            ("https://a.example/", "not a url", "unknown source / unknown source"),
            (
                "https://a.example/?gclid=1",
                "not a url",
                "Google Ads / Google auto-tag",
            ),
        ] {
            assert_eq!(found(&channels, url, referrer), expected, "{url} {referrer}");
        }
    }

    #[test]
    fn the_second_preset_groups_as_analytics_tools_do() {
        let channels = Channels::preset(Preset::Analytics);
        for (query, referrer, expected) in [
            ("?gclid=x", "https://www.google.com/", "Paid search / Search click ids"),
            (
                "?utm_source=google&utm_medium=cpc",
                "",
                "Paid search / Tagged search ads",
            ),
            (
                "?utm_source=google&utm_medium=organic",
                "",
                "Organic search / Search by medium",
            ),
            ("", "https://www.google.co.uk/", "Organic search / Search engines"),
            (
                "?utm_source=facebook&utm_medium=paid",
                "",
                "Paid social / Tagged social ads",
            ),
            ("?fbclid=1", "https://l.facebook.com/", "Social / Facebook click ids"),
            ("", "https://t.co/abc", "Social / Social networks"),
            ("?utm_medium=email", "", "Email / Email by medium"),
            ("", "https://mail.google.com/", "Email / Webmail"),
            ("?utm_source=mum", "", "Other campaigns / Anything with a source"),
            ("?page=2", "https://blog.example/", "Referral / Any referrer"),
            ("", "", "direct / direct"),
            ("?page=2", "", "direct / direct"),
        ] {
            let url = format!("https://a.example/{query}");
            assert_eq!(found(&channels, &url, referrer), expected, "{query} {referrer}");
        }
    }

    #[test]
    fn a_filter_asks_for_everything_it_gives() {
        let text = "
own_domains: [pay.example]
channels:
  - name: A
    filters:
      - name: all
        params: { x: ['1', 'two*'], y: '*' }
        without: [z]
        referrer: partner.example
        path: /lp/*
      - { name: path, path: [/pricing, '*/buy'] }
      - { name: case, params: { gclid: 'Abc' } }
";
        let channels = Channels::parse("c.yaml", text).unwrap();
        let partner = "https://www.partner.example/x";
        for (url, referrer, expected) in [
            ("https://a.example/LP/1?x=1&y=2", partner, "A / all"),
            ("https://a.example/lp/1?x=0&x=Two-b&y=2", partner, "A / all"),
            ("https://a.example/lp/1?x=1", partner, "unsegmented / unsegmented"),
            (
                "https://a.example/lp/1?x=1&y=2&z=3",
                partner,
                "unsegmented / unsegmented",
            ),
            (
                "https://a.example/lp/1?x=1&y=2",
                "https://pay.example/",
                "direct / direct",
            ),
            ("https://a.example/x?x=1&y=2", partner, "unsegmented / unsegmented"),
            ("/pricing", "", "A / path"),
            ("/eu/buy", "", "A / path"),
            ("/?gclid=Abc", "", "A / case"),
            ("/?gclid=abc", "", "direct / direct"),
        ] {
            assert_eq!(found(&channels, url, referrer), expected, "{url} {referrer}");
        }
    }
}
