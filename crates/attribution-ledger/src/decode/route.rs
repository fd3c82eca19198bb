use std::fmt;

/// Where a classic sender posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `/track`: tracks, page views and screens.
    Track,
    /// `/identify`.
    Identify,
    /// `/alias`.
    Alias,
}

impl Route {
    /// Every route of the classic wire, in the order of its contract.
    pub const ALL: [Self; 3] = [Self::Track, Self::Identify, Self::Alias];

    /// The request path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Track => "/track",
            Self::Identify => "/identify",
            Self::Alias => "/alias",
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
    use super::Route;

    #[test]
    fn a_path_is_a_route_by_its_exact_text() {
        assert_eq!(Route::of_path("/track"), Some(Route::Track));
        assert_eq!(Route::of_path("/track?debug=1"), Some(Route::Track));
        for other in ["/track/", "/Track", "track", "/v1/t", ""] {
            assert_eq!(Route::of_path(other), None, "{other}");
        }
    }
}
