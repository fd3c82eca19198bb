use std::collections::HashMap;

use super::built_in::BuiltIn;
use super::filter::{Channels, Filter, FilterId, narrow};
use super::landing::{Landing, Reading};
use super::pattern::Domain;

/// Says of one visit after the other which filter it belongs to. It makes no new memory for a visit, and remembers of each
/// referring host which filters ask for it.
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
    order: Vec<Compiled>,
    /// The parameters that any filter asks for.
    keys: Vec<&'a str>,
    landing: Landing,
    /// Of each host, which of `order` ask for it.
    hosts: HashMap<Box<str>, Box<[u64]>, foldhash::fast::RandomState>,
}

#[derive(Clone, Debug)]
struct Compiled {
    filter: u16,
    /// A bit for each parameter that must be there; of more than 64, some share theirs.
    needs: u64,
    /// Whether it asks for a referrer.
    asks_referrer: bool,
}

/// So many hosts are remembered; a site has far fewer.
const MOST_HOSTS: usize = 1 << 16;

impl<'a> Classifier<'a> {
    /// For these channels.
    pub fn new(channels: &'a Channels) -> Self {
        let mut keys: Vec<&str> = Vec::new();
        for filter in &channels.filters {
            for param in &filter.params {
                if !keys.contains(&&*param.key) {
                    keys.push(&param.key);
                }
            }
        }
        let compiled = |index: usize| {
            let filter = &channels.filters[index];
            let bits = filter.params.iter().filter_map(|param| bit(&keys, &param.key));
            Compiled {
                filter: narrow(index),
                needs: bits.fold(0, |needs, bit| needs | bit),
                asks_referrer: !filter.referrer.is_empty(),
            }
        };
        let order = channels.in_order().into_iter().map(compiled).collect();
        Self {
            channels,
            order,
            keys,
            landing: Landing::default(),
            hosts: HashMap::default(),
        }
    }

    /// The filter of a visit with this landing url and this referrer.
    pub fn classify(&mut self, url: Option<&str>, referrer: Option<&str>) -> FilterId {
        let Self {
            channels,
            order,
            keys,
            landing,
            hosts,
        } = self;
        landing.read(url, referrer, |host| channels.owns(host));
        let there = landing.parameters().filter_map(|(key, _)| bit(keys, key));
        let there = there.fold(0, |there, bit| there | bit);
        let asking = match landing.referrer {
            Reading::Read => Some(asking(hosts, order, channels, landing.host())),
            Reading::None | Reading::Own | Reading::Unreadable => None,
        };
        let matching = order.iter().enumerate().find(|(place, compiled)| {
            let needs = compiled.needs & !there == 0;
            let asks = || !compiled.asks_referrer || asking.is_some_and(|asking| is_set(asking, *place));
            needs && asks() && channels.filters[usize::from(compiled.filter)].fits_url(landing)
        });
        match matching {
            Some((_, compiled)) => FilterId(compiled.filter),
            None => channels.built_in(landing.built_in()),
        }
    }
}

/// The bit of a parameter that any filter asks for.
fn bit(keys: &[&str], key: &str) -> Option<u64> {
    let place = keys.iter().position(|known| *known == key)?;
    Some(1 << (place % 64))
}

fn is_set(bits: &[u64], place: usize) -> bool {
    bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
}

/// Which filters ask for a referrer from this host.
fn asking<'h>(
    hosts: &'h mut HashMap<Box<str>, Box<[u64]>, foldhash::fast::RandomState>,
    order: &[Compiled],
    channels: &Channels,
    host: &str,
) -> &'h [u64] {
    if !hosts.contains_key(host) {
        if hosts.len() >= MOST_HOSTS {
            hosts.clear();
        }
        let mut bits = vec![0; order.len().div_ceil(64)];
        for (place, compiled) in order.iter().enumerate() {
            let asked = &channels.filters[usize::from(compiled.filter)].referrer;
            if asked.iter().any(|domain| domain.matches(host)) {
                bits[place / 64] |= 1 << (place % 64);
            }
        }
        hosts.insert(host.into(), bits.into());
    }
    hosts.get(host).map_or(&[], |bits| bits)
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
    /// Whether everything that it asks of the landing url is so.
    pub(super) fn fits_url(&self, landing: &Landing) -> bool {
        self.params.iter().all(|param| param.fits(landing))
            && !landing
                .parameters()
                .any(|(key, _)| self.without.iter().any(|without| **without == *key))
            && (self.path.is_empty() || self.path.iter().any(|path| path.matches(landing.path())))
    }
}

impl super::filter::Param {
    /// Whether the parameter is there with one of its values.
    pub(super) fn fits(&self, landing: &Landing) -> bool {
        landing
            .parameters()
            .any(|(key, value)| *self.key == *key && self.values.iter().any(|glob| glob.matches(value)))
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
