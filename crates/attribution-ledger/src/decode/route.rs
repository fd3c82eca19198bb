use std::fmt;

use super::{BrowserRoute, Call, Dialect};

/// Where events are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `/track` of the classic wire: tracks, page views and screens.
    Track,
    /// `/identify` of the classic wire.
    Identify,
    /// `/alias` of the classic wire.
    Alias,
    /// `/v1/` and the first letter of the call, of the actions wire.
    Actions(Call),
    /// `/v1/import` of the import wire: a batch, whose messages say themselves what they are.
    Import,
    /// What attribution.js posts from a page.
    Browser(BrowserRoute),
}

impl Route {
    /// Each path that takes events, once, in the order of the dialects' contracts. A path that attribution.js shares with
    /// another dialect is that one's here.
    pub const ALL: [Self; 15] = [
        Self::Track,
        Self::Identify,
        Self::Alias,
        Self::Actions(Call::Track),
        Self::Actions(Call::Page),
        Self::Actions(Call::Screen),
        Self::Actions(Call::Identify),
        Self::Actions(Call::Group),
        Self::Actions(Call::Alias),
        Self::Import,
        Self::Browser(BrowserRoute::OWN[0]),
        Self::Browser(BrowserRoute::OWN[1]),
        Self::Browser(BrowserRoute::OWN[2]),
        Self::Browser(BrowserRoute::OWN[3]),
        Self::Browser(BrowserRoute::OWN[4]),
    ];

    /// The request path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Track => "/track",
            Self::Identify => "/identify",
            Self::Alias => "/alias",
            Self::Actions(Call::Track) => "/v1/t",
            Self::Actions(Call::Page) => "/v1/p",
            Self::Actions(Call::Screen) => "/v1/s",
            Self::Actions(Call::Identify) => "/v1/i",
            Self::Actions(Call::Group) => "/v1/g",
            Self::Actions(Call::Alias) => "/v1/a",
            Self::Import => "/v1/import",
            Self::Browser(route) => route.path(),
        }
    }

    /// The dialect that is spoken there.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Track | Self::Identify | Self::Alias => Dialect::Classic,
            Self::Actions(_) => Dialect::Actions,
            Self::Import => Dialect::Import,
            Self::Browser(_) => Dialect::Browser,
        }
    }

    /// The route of a request path, by exact text and without its query.
    pub fn of_path(path: &str) -> Option<Self> {
        let of = |path| Self::ALL.iter().copied().find(|route| route.path() == path);
        // Hardly any path has a query, and that is seldom asked.
        of(path).or_else(|| of(without_query(path)))
    }

    /// The route of a request path for whoever speaks as attribution.js does, by exact text and without its query.
    pub fn of_browser(path: &str) -> Option<Self> {
        let path = without_query(path);
        let found = BrowserRoute::ALL.iter().copied().find(|route| route.path() == path);
        found.map(Self::Browser)
    }
}

fn without_query(path: &str) -> &str {
    let end = path.bytes().position(|byte| byte == b'?');
    &path[..end.unwrap_or(path.len())]
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::{BrowserRoute, Call, Dialect, Route};

    #[test]
    fn a_path_is_a_route_by_its_exact_text() {
        assert_eq!(Route::of_path("/track"), Some(Route::Track));
        assert_eq!(Route::of_path("/track?debug=1"), Some(Route::Track));
        assert_eq!(Route::of_path("/v1/t"), Some(Route::Actions(Call::Track)));
        assert_eq!(Route::of_path("/v1/import"), Some(Route::Import));
        for other in [
            "/track/",
            "/Track",
            "track",
            "/v1/track",
            "/v1/x",
            "/v1/",
            "/import",
            "",
        ] {
            assert_eq!(Route::of_path(other), None, "{other}");
        }
    }

    #[test]
    fn every_route_is_found_by_its_path() {
        for route in Route::ALL {
            assert_eq!(Route::of_path(route.path()), Some(route));
        }
        for route in BrowserRoute::ALL {
            assert_eq!(Route::of_browser(route.path()), Some(Route::Browser(route)));
        }
    }

    #[test]
    fn a_shared_path_is_another_dialect_s_unless_a_browser_speaks() {
        let dialects = |path| {
            let [plain, browser] = [Route::of_path(path), Route::of_browser(path)];
            [plain.map(Route::dialect), browser.map(Route::dialect)]
        };
        assert_eq!(dialects("/v1/t"), [Some(Dialect::Actions), Some(Dialect::Browser)]);
        assert_eq!(
            dialects("/track?project_id=x"),
            [Some(Dialect::Classic), Some(Dialect::Browser)]
        );
        assert_eq!(dialects("/t"), [Some(Dialect::Browser); 2]);
        assert_eq!(dialects("/v1/s"), [Some(Dialect::Actions), None]);
        assert_eq!(dialects("/v1/import"), [Some(Dialect::Import), None]);
        assert_eq!(dialects("/s"), [None, None]);
    }
}
