use serde::Serialize;

use super::classify::Classifier;
use super::filter::{Channels, Filter};
use super::landing::{Landing, Reading};

/// Why a visit belongs where it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The channel.
    pub channel: String,
    /// Its filter.
    pub filter: String,
    /// Whether that is one of the channels that are always there.
    pub built_in: bool,
    /// Why, as a sentence without its end.
    pub reason: String,
    /// What the filter asks for; nothing where it is a built-in one.
    pub parts: Vec<Part>,
    /// The parameters of the landing url as they are compared.
    pub parameters: Vec<[String; 2]>,
    /// The host of the referrer, where it is from elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// Other filters of which at least a part holds, the nearest first and five at most.
    pub close: Vec<Close>,
}

/// A filter that was close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Close {
    /// The channel.
    pub channel: String,
    /// Its filter.
    pub filter: String,
    /// What it asks for. Where all of it holds, the filter only comes later.
    pub parts: Vec<Part>,
}

/// One thing that a filter asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What, as `utm_source is google or bing`.
    pub asks: String,
    /// Whether it is so.
    pub holds: bool,
    /// What is there instead, where it isn't so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// So many filters that came close are told.
const CLOSE: usize = 5;

impl Channels {
    /// Which filter a visit with this landing url and this referrer belongs to, why, and which others came close.
    pub fn explain(&self, url: Option<&str>, referrer: Option<&str>) -> Explained {
        let chosen = Classifier::new(self).classify(url, referrer);
        let mut landing = Landing::default();
        landing.read(url, referrer, |host| self.owns(host));
        let place = usize::from(chosen.0);
        let built_in = (place >= self.given()).then(|| landing.built_in());
        let filter = &self.filters[place];
        let reason = match built_in {
            Some(built_in) => built_in.reason(),
            None if filter.auto_tag => {
                "it is the topmost auto-tag filter that matches, and auto-tags come before all others"
            }
            None => "it is the topmost filter that matches",
        };
        let text = |text: &str| text.to_owned();
        Explained {
            channel: text(self.channel_name(chosen)),
            filter: text(self.filter_name(chosen)),
            built_in: built_in.is_some(),
            reason: text(reason),
            parts: filter.parts(&landing),
            parameters: landing
                .parameters()
                .map(|(key, value)| [text(key), text(value)])
                .collect(),
            referrer: (landing.referrer == Reading::Read).then(|| text(landing.host())),
            close: self.close(place, &landing),
        }
    }

    fn close(&self, chosen: usize, landing: &Landing) -> Vec<Close> {
        let others = self.in_order().into_iter().filter(|place| *place != chosen);
        let mut close: Vec<(usize, Close)> = others
            .filter_map(|place| {
                let filter = &self.filters[place];
                let parts = filter.parts(landing);
                let missing = parts.iter().filter(|part| !part.holds).count();
                // That something isn't there holds of nearly every visit, and makes no filter a close one.
                let says = |part: &&Part| part.holds && !part.asks.starts_with(WITHOUT);
                let counts = parts.iter().any(|part| says(&part)) || filter.nearly(landing);
                counts.then(|| {
                    let (channel, filter) = (&self.names[usize::from(filter.channel)], &filter.name);
                    let (channel, filter) = (channel.to_string(), filter.to_string());
                    (missing, Close { channel, filter, parts })
                })
            })
            .collect();
        // The sort is stable: of equals, the order in which they are tried counts.
        close.sort_by_key(|(missing, _)| *missing);
        close.into_iter().take(CLOSE).map(|(_, close)| close).collect()
    }
}

/// How a part begins that says what must not be there.
const WITHOUT: &str = "without ";

impl Filter {
    /// What it asks for, in the order in which it is written.
    fn parts(&self, landing: &Landing) -> Vec<Part> {
        let mut parts: Vec<Part> = self
            .params
            .iter()
            .map(|param| {
                let values = param.values.iter().map(|glob| &*glob.written);
                let there = landing.parameters().filter(|(key, _)| *key == &*param.key);
                let there: Vec<&str> = there.map(|(_, value)| value).collect();
                let fits = |value: &&str| param.values.iter().any(|glob| glob.matches(value));
                let holds = there.iter().any(fits);
                let found = if there.is_empty() {
                    "it is not there".to_owned()
                } else {
                    format!("it is {}", there.join(" and "))
                };
                part(format!("{} is {}", param.key, any_of(values)), holds, found)
            })
            .collect();
        for without in &self.without {
            let holds = !landing.parameters().any(|(key, _)| *key == **without);
            parts.push(part(format!("{WITHOUT}{without}"), holds, "it is there".to_owned()));
        }
        if !self.referrer.is_empty() {
            let names = self.referrer.iter().map(|domain| &*domain.written);
            let is_read = landing.referrer == Reading::Read;
            let holds = is_read && self.referrer.iter().any(|domain| domain.matches(landing.host()));
            let found = match landing.referrer {
                Reading::Read => format!("it is {}", landing.host()),
                Reading::None => "there is none".to_owned(),
                Reading::Own => "it is the site itself".to_owned(),
                Reading::Unreadable => "it can't be read".to_owned(),
            };
            parts.push(part(format!("the referrer is {}", any_of(names)), holds, found));
        }
        if !self.path.is_empty() {
            let globs = self.path.iter().map(|glob| &*glob.written);
            let holds = self.path.iter().any(|glob| glob.matches(landing.path()));
            let found = if landing.path().is_empty() {
                "there is none".to_owned()
            } else {
                format!("it is {}", landing.path())
            };
            parts.push(part(format!("the path is {}", any_of(globs)), holds, found));
        }
        parts
    }

    /// Whether a parameter that it asks for is there, but with another value that looks like one of those.
    fn nearly(&self, landing: &Landing) -> bool {
        self.params.iter().any(|param| {
            let values: Vec<&str> = param.values.iter().map(|glob| &*glob.written).collect();
            let mut there = landing.parameters().filter(|(key, _)| *key == &*param.key);
            there.any(|(_, value)| crate::mistake::nearest(value, &values).is_some())
        })
    }
}

fn part(asks: String, holds: bool, found: String) -> Part {
    let found = (!holds).then_some(found);
    Part { asks, holds, found }
}

/// The texts with `or` between the last two; of many, the first.
fn any_of<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 4;
    let texts: Vec<&str> = texts.map(|text| if text == "*" { "anything" } else { text }).collect();
    match &*texts {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        many if many.len() > MOST => {
            format!("{} or {} more", many[..MOST].join(", "), many.len() - MOST)
        }
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::preset::Preset;
    use super::*;

    #[test]
    fn what_matched_and_what_came_close_is_told() {
        let channels = Channels::preset(Preset::Analytics);
        let found = channels.explain(Some("https://a.example/?utm_source=googel&utm_medium=cpc"), None);
        assert_eq!(found.filter, "Anything with a source");
        let close = found
            .close
            .iter()
            .find(|close| close.filter == "Tagged search ads")
            .unwrap();
        assert_eq!(
            close.parts,
            [
                Part {
                    asks: "utm_source is google, bing, yahoo, duckduckgo or 8 more".into(),
                    holds: false,
                    found: Some("it is googel".into()),
                },
                Part {
                    asks: "utm_medium is cpc, ppc, paid, paid-search or 5 more".into(),
                    holds: true,
                    found: None,
                },
            ]
        );
    }

    /// Filters that ask for everything there is to ask for.
    const EVERYTHING: &str = "
own_domains: [pay.example]
channels:
  - name: A
    filters:
      - { name: all, params: { utm_source: [google, 'x*'], utm_medium: '*' }, without: [page], referrer: 'google.*', path: '/lp/*' }
      - { name: two, params: { utm_medium: [cpc, 'paid*'], utm_source: [facebook, é] } }
      - { name: tagged and referred, params: { utm_campaign: '*' }, referrer: [t.co, b.example] }
      - { name: case, auto_tag: true, params: { gclid: [Cpc, 'x*'] }, without: [fbaid, fbclid] }
      - { name: referred, referrer: t.co, without: [page] }
      - { name: path, path: [/buy, '*/x'] }
      - { name: one, params: { utm_source: google } }
      - { name: without, without: [utm_source, utm_medium, utm_campaign, gclid, page] }
";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn what_is_explained_is_what_is_classified(
            text in prop::sample::select(vec![Preset::Attribution.text(), Preset::Analytics.text(), EVERYTHING]),
            params in prop::collection::vec(
                (
                    "(utm_source|UTM_Medium|utm_campaign|gclid|fbaid|fbclid|page)",
                    "(google|facebook|Cpc|cp%63|paid-x|email|organic|x|é)?",
                ),
                0..4,
            ),
            referrer in prop::option::of("(https://(www.google.de|t.co|a.example|b.example|pay.example)/|mail|)"),
            path in "(|/|/LP/x|/buy)",
            has_url in any::<bool>(),
        ) {
            let channels = Channels::parse("c.yaml", text).unwrap();
            let query: Vec<String> = params.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let url = format!("https://a.example{path}?{}", query.join("&"));
            let url = has_url.then_some(url.as_str());
            let explained = channels.explain(url, referrer.as_deref());
            // Found without the shortcuts that the classifier takes.
            let mut landing = Landing::default();
            landing.read(url, referrer.as_deref(), |host| channels.owns(host));
            let plain = channels.in_order().into_iter().find(|place| {
                channels.filters[*place].parts(&landing).iter().all(|part| part.holds)
            });
            let plain = plain.map_or(landing.built_in().name(), |place| &channels.filters[place].name);
            prop_assert_eq!(&explained.filter, plain);
            prop_assert!(explained.parts.iter().all(|part| part.holds));
            prop_assert!(explained.close.len() <= CLOSE);
        }
    }
}
