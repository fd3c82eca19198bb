use std::fmt;

use super::{Call, Dialect};

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
}

impl Route {
    /// Every route, in the order of the dialects' contracts.
    pub const ALL: [Self; 10] = [
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
        }
    }

    /// The dialect that is spoken there.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Track | Self::Identify | Self::Alias => Dialect::Classic,
            Self::Actions(_) => Dialect::Actions,
            Self::Import => Dialect::Import,
        }
    }

    /// The route of a request path, by exact text and without its query.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = path.split_once('?').map_or(path, |(path, _query)| path);
        Self::ALL.into_iter().find(|route| route.path() == path)
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Route};

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
    }
}
