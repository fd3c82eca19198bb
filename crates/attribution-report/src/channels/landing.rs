use memchr::{memchr, memchr2};

use super::host::{Host, after_scheme, host};

/// What a visit shows of where it came from, read into memory that is used again for the next one.
///
/// Parameters are read as Attribution's early ingest read them (event-processor, 2015): of the query alone, keys and values
/// in small letters but for the value of `gclid`, empty values dropped, every value of a repeated key kept, and bad
/// percent-encoding left as it is.
#[derive(Clone, Debug)]
pub(super) struct Landing {
    text: String,
    /// Where key and value of each parameter stand in `text`.
    parameters: Vec<[[u32; 2]; 2]>,
    path: [u32; 2],
    host: [u32; 2],
    pub(super) url: Reading,
    pub(super) referrer: Reading,
}

/// What could be made of a url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// There is none.
    None,
    /// It was read. A referrer is from elsewhere.
    Read,
    /// A referrer of the site itself: as good as none.
    Own,
    /// It can't be read.
    Unreadable,
}

impl Default for Landing {
    fn default() -> Self {
        Self {
            text: String::new(),
            parameters: Vec::new(),
            path: [0; 2],
            host: [0; 2],
            url: Reading::None,
            referrer: Reading::None,
        }
    }
}

impl Landing {
    /// Reads the landing url and the referrer of a visit.
    pub(super) fn read(&mut self, url: Option<&str>, referrer: Option<&str>, is_own: impl Fn(&str) -> bool) {
        self.text.clear();
        self.parameters.clear();
        let mut site = 0..0;
        self.url = match url.map(|url| host(url, &mut self.text)) {
            None => Reading::None,
            Some(Host::There | Host::Relative) => Reading::Read,
            Some(Host::Unreadable) => Reading::Unreadable,
        };
        site.end = self.text.len();
        self.referrer = match referrer.map(|referrer| host(referrer, &mut self.text)) {
            None => Reading::None,
            Some(Host::There) => Reading::Read,
            Some(Host::Relative) => Reading::Own,
            Some(Host::Unreadable) => Reading::Unreadable,
        };
        self.host = span(site.end, self.text.len());
        if self.referrer == Reading::Read {
            let (site, host) = (&self.text[site], self.host());
            if without_www(site) == without_www(host) || is_own(host) {
                self.referrer = Reading::Own;
            }
        }
        match url {
            Some(url) if self.url == Reading::Read => self.read_url(url.trim()),
            _ => self.path = [0; 2],
        }
    }

    fn read_url(&mut self, url: &str) {
        let (page, query) = match memchr2(b'?', b'#', url.as_bytes()) {
            Some(mark) if url.as_bytes()[mark] == b'?' => (&url[..mark], without_fragment(&url[mark + 1..])),
            Some(mark) => (&url[..mark], ""),
            None => (url, ""),
        };
        let path = after_scheme(page).map_or(page, |rest| {
            let start = memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
            &rest[start..]
        });
        self.path = self.append(if path.is_empty() { "/" } else { path }, true, false);
        self.read_query(query);
    }

    fn read_query(&mut self, query: &str) {
        // Nearly every query says what it says as it is written, and is taken over in one piece.
        let is_plain = query.is_ascii() && memchr2(b'%', b'+', query.as_bytes()).is_none();
        let start = self.text.len();
        if is_plain {
            self.text.push_str(query);
            self.text[start..].make_ascii_lowercase();
        }
        let mut from = 0;
        while let Some(rest) = query.get(from..) {
            let pair = &rest[..memchr(b'&', rest.as_bytes()).unwrap_or(rest.len())];
            let middle = memchr(b'=', pair.as_bytes()).unwrap_or(pair.len());
            let (key, value) = (&pair[..middle], pair.get(middle + 1..).unwrap_or_default());
            if !key.is_empty() && !value.is_empty() {
                let taken = is_plain.then_some(start + from);
                self.parameter(key, value, taken);
            }
            from += pair.len() + 1;
        }
    }

    /// Takes a parameter in. Where it has been `taken` over already, it stands there in small letters.
    fn parameter(&mut self, key: &str, value: &str, taken: Option<usize>) {
        let key_place = match taken {
            Some(start) => span(start, start + key.len()),
            None => self.append(key, true, true),
        };
        let keeps_case = self.slice(key_place) == "gclid";
        let value_place = match taken.map(|start| start + key.len() + 1) {
            Some(start) if !keeps_case => span(start, start + value.len()),
            _ => self.append(value, !keeps_case, true),
        };
        self.parameters.push([key_place, value_place]);
    }

    /// Appends what a piece of a url says, and tells where that stands.
    fn append(&mut self, piece: &str, lower: bool, is_query: bool) -> [u32; 2] {
        let start = self.text.len();
        let blank = if is_query { b'+' } else { b'%' };
        if memchr2(b'%', blank, piece.as_bytes()).is_some() {
            self.text.push_str(&decoded(piece, is_query));
        } else {
            self.text.push_str(piece);
        }
        if !lower {
        } else if self.text[start..].is_ascii() {
            self.text[start..].make_ascii_lowercase();
        } else {
            let lower = self.text[start..].to_lowercase();
            self.text.truncate(start);
            self.text.push_str(&lower);
        }
        span(start, self.text.len())
    }

    /// Keys and values that aren't empty, in order.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters
            .iter()
            .map(|&[key, value]| (self.slice(key), self.slice(value)))
    }

    /// Whether there are none.
    pub(super) fn is_without_parameters(&self) -> bool {
        self.parameters.is_empty()
    }

    /// The landing url's path in small letters, `/` where it has none; empty where there is no url.
    pub(super) fn path(&self) -> &str {
        self.slice(self.path)
    }

    /// The referrer's host; empty where there is none.
    pub(super) fn host(&self) -> &str {
        self.slice(self.host)
    }

    fn slice(&self, [from, to]: [u32; 2]) -> &str {
        &self.text[from as usize..to as usize]
    }
}

fn span(from: usize, to: usize) -> [u32; 2] {
    [from, to].map(|at| u32::try_from(at).unwrap_or(u32::MAX))
}

fn without_fragment(query: &str) -> &str {
    memchr(b'#', query.as_bytes()).map_or(query, |end| &query[..end])
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

fn decoded(piece: &str, is_query: bool) -> String {
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (byte, length) = match (first, after) {
            (b'+', _) if is_query => (b' ', 1),
            (b'%', [high, low, ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, 3),
                _ => (b'%', 1),
            },
            (byte, _) => (*byte, 1),
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn landing(url: &str, referrer: &str) -> Landing {
        let mut landing = Landing::default();
        let given = |text: &'static str| (!text.is_empty()).then_some(text);
        let (url, referrer): (&'static str, &'static str) = (url.to_owned().leak(), referrer.to_owned().leak());
        landing.read(given(url), given(referrer), |host| host == "pay.example");
        landing
    }

    fn parameters(url: &str) -> Vec<(String, String)> {
        let landing = landing(url, "");
        let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        landing.parameters().map(owned).collect()
    }

    #[test]
    fn parameters_are_read_as_the_early_ingest_read_them() {
        let read =
            parameters("https://a.example/?UTM_Source=Goo%67le+Ads&GCLID=Ab%43&empty=&none&x=1&x=2&bad=50%#utm=no");
        let read: Vec<(&str, &str)> = read.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(
            read,
            [
                ("utm_source", "google ads"),
                ("gclid", "AbC"),
                ("x", "1"),
                ("x", "2"),
                ("bad", "50%")
            ]
        );
    }

    #[test]
    fn a_referrer_of_the_site_itself_is_none() {
        for (url, referrer, reading) in [
            ("https://shop.example/", "https://www.google.com/", Reading::Read),
            ("https://www.shop.example/", "https://shop.example/cart", Reading::Own),
            ("https://shop.example/", "https://pay.example/", Reading::Own),
            ("https://shop.example/", "/cart", Reading::Own),
            ("/pricing", "https://google.com", Reading::Read),
            ("", "https://google.com", Reading::Read),
            ("https://shop.example/", "", Reading::None),
            ("https://shop.example/", "google", Reading::Unreadable),
        ] {
            assert_eq!(landing(url, referrer).referrer, reading, "{url} {referrer}");
        }
    }

    #[test]
    fn a_path_is_in_small_letters_and_never_empty() {
        for (url, path) in [
            ("https://a.example", "/"),
            ("https://a.example?x=/y", "/"),
            ("https://a.example/LP/a%20b?x", "/lp/a b"),
            ("/Pricing#/x", "/pricing"),
            ("?x=1", "/"),
            ("", ""),
        ] {
            assert_eq!(landing(url, "").path(), path, "{url}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn parameters_are_those_that_the_url_parser_reads(query in "[a-zA-Z0-9%+&=_é ]{0,40}") {
            let mut landing = Landing::default();
            landing.read(Some(&format!("/?{query}")), None, |_| false);
            let expected = url::form_urlencoded::parse(query.trim_end().as_bytes())
                .filter(|(key, value)| !key.is_empty() && !value.is_empty())
                .map(|(key, value)| {
                    let key = key.to_lowercase();
                    let value = if key == "gclid" { value.into_owned() } else { value.to_lowercase() };
                    (key, value)
                });
            let expected: Vec<(String, String)> = expected.collect();
            let read: Vec<(String, String)> =
                landing.parameters().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn no_text_makes_it_panic(url in any::<Option<String>>(), referrer in any::<Option<String>>()) {
            let mut landing = Landing::default();
            landing.read(url.as_deref(), referrer.as_deref(), |_| false);
            let _ = (landing.path().len(), landing.host().len(), landing.parameters().count());
        }
    }
}
