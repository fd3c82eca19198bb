use std::fmt;

use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use segment_event::json::quote;

use crate::answer::failure;

/// Which part of a list of the admin API is asked for: `?after=NUMBER&limit=N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Only what comes after this; without it, the newest.
    pub after: Option<u64>,
    /// At most so many rows.
    pub limit: usize,
}

impl Listing {
    /// How many rows there are where nothing else is asked for.
    pub const ROWS: usize = 100;

    /// How many can be asked for.
    pub const MOST_ROWS: usize = 10_000;

    fn read(pairs: Vec<(String, String)>) -> Result<Self, BadListing> {
        let (mut after, mut limit) = (None, None);
        for (name, value) in pairs {
            let (known, least, most) = match &*name {
                "after" => (&mut after, 0, u64::MAX - 1),
                "limit" => (&mut limit, 1, Self::MOST_ROWS as u64),
                _ => return Err(BadListing::Unknown(name)),
            };
            let is_plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            let number = value
                .parse()
                .ok()
                .filter(|number| is_plain && (least..=most).contains(number));
            let number = number.ok_or(BadListing::Value {
                name: name.clone(),
                value,
                least,
                most,
            })?;
            if known.replace(number).is_some() {
                return Err(BadListing::Twice(name));
            }
        }
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        Ok(Self {
            after,
            limit: limit.unwrap_or(Self::ROWS),
        })
    }
}

/// Which part is meant can't be read. `Display` says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadListing {
    /// There is no such parameter.
    Unknown(String),
    /// It is there more than once.
    Twice(String),
    /// It has a value that it can't have.
    Value {
        /// Which parameter.
        name: String,
        /// As it was written.
        value: String,
        /// The least number that it can be.
        least: u64,
        /// The largest.
        most: u64,
    },
}

impl fmt::Display for BadListing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(
                f,
                "there is no parameter {} here: there are `after` and `limit`",
                quote(name)
            ),
            Self::Twice(name) => write!(f, "`{name}` is given twice"),
            Self::Value {
                name,
                value,
                least,
                most,
            } if *most < u64::MAX - 1 => {
                write!(
                    f,
                    "`{name}` must be a number from {least} to {most}, not {}",
                    quote(value)
                )
            }
            Self::Value { name, value, least, .. } => {
                write!(f, "`{name}` must be a number from {least} on, not {}", quote(value))
            }
        }
    }
}

impl std::error::Error for BadListing {}

impl IntoResponse for BadListing {
    fn into_response(self) -> Response {
        failure(StatusCode::BAD_REQUEST, "bad_query", &self.to_string(), &[])
    }
}

impl<S: Sync> FromRequestParts<S> for Listing {
    type Rejection = BadListing;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, BadListing> {
        // Any text is a query: what is no parameter in it is one without a value.
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        Self::read(query.map_or_else(|_| Vec::new(), |query| query.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<(Option<u64>, usize), String> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let listing = Listing::read(pairs.collect()).map_err(|error| error.to_string())?;
        Ok((listing.after, listing.limit))
    }

    #[test]
    fn a_part_is_asked_for_by_a_number_to_go_on_after_and_how_many() {
        assert_eq!(read(&[]), Ok((None, 100)));
        assert_eq!(read(&[("limit", "5"), ("after", "0")]), Ok((Some(0), 5)));
    }

    #[test]
    fn what_is_wrong_is_said_with_what_to_write() {
        let said = |pairs: &[(&str, &str)]| read(pairs).unwrap_err();
        assert_eq!(
            said(&[("cursor", "5")]),
            r#"there is no parameter "cursor" here: there are `after` and `limit`"#
        );
        assert_eq!(
            said(&[("limit", "0")]),
            r#"`limit` must be a number from 1 to 10000, not "0""#
        );
        assert_eq!(
            said(&[("after", "+1")]),
            r#"`after` must be a number from 0 on, not "+1""#
        );
        assert_eq!(said(&[("after", "1"), ("after", "1")]), "`after` is given twice");
    }
}
