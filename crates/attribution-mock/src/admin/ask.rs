//! What a request to the admin API asks for in its query. Everything that is wrong with it is told at once, and nothing is
//! passed over: a filter that is misspelt would otherwise show all.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;

use super::mistake::{Mistake, excerpt, listed, nearest_word};
use crate::exchange::Problem;

/// Something that can be asked for by parameters.
pub(crate) trait Asks: Sized {
    /// What the parameters are called.
    fn names() -> Vec<&'static str>;

    /// Takes its parameters out of the given ones.
    fn read(given: &mut Given) -> Self;
}

/// What is asked for, without a mistake.
#[derive(Debug)]
pub(crate) struct Ask<T>(pub(crate) T);

/// Nothing but who is meant.
#[derive(Debug)]
pub(crate) struct Nothing;

/// Who is meant: parameters that every path takes, and that [`Place`](crate::exchange::Place) reads.
const WHO: [&str; 2] = ["project", "namespace"];

/// The parameters of a query, as far as there are such.
#[derive(Debug)]
pub(crate) struct Given {
    values: Vec<(String, String)>,
    mistakes: Vec<Mistake>,
}

impl Asks for Nothing {
    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    fn read(_: &mut Given) -> Self {
        Self
    }
}

impl<T: Asks, S: Sync> FromRequestParts<S> for Ask<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Any text is a query: what is no parameter in it is one without a value.
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let mut given = Given::new(query.map_or_else(|_| Vec::new(), |query| query.0), &T::names());
        let asked = T::read(&mut given);
        given.finish().map(|()| Self(asked))
    }
}

impl Given {
    fn new(all: Vec<(String, String)>, names: &[&'static str]) -> Self {
        let (mut values, mut mistakes): (Vec<(String, String)>, _) = (Vec::new(), Vec::new());
        for (name, value) in all {
            if !names.contains(&&*name) && !WHO.contains(&&*name) {
                mistakes.push(Mistake::unknown(&name, names, &WHO));
            } else if values.iter().any(|(known, _)| *known == name) {
                mistakes.push(Mistake::Twice(name));
            } else {
                values.push((name, value));
            }
        }
        Self { values, mistakes }
    }

    /// The value of a parameter, if it is given and fit for it; why it isn't is said in the words that follow the name.
    pub(crate) fn read<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let (_, value) = self.values.iter().find(|(given, _)| given == name)?;
        match read(value) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.mistakes.push(Mistake::Value { name, reason });
                None
            }
        }
    }

    /// Any text.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.read(name, |value| match value {
            "" => Err("must not be empty".to_owned()),
            text => Ok(text.to_owned()),
        })
    }

    /// One of a few words.
    pub(crate) fn one_of<T: Copy>(&mut self, name: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        self.read(name, |value| {
            let found = words.iter().find(|(word, _)| *word == value);
            found.map(|(_, meaning)| *meaning).ok_or_else(|| {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                let must = format!("must be {}, not {}", listed(&words, "or"), excerpt(value));
                match nearest_word(value, &words) {
                    Some(meant) => format!("{must}: did you mean `{meant}`?"),
                    None => must,
                }
            })
        })
    }

    /// A number from this one to that.
    pub(crate) fn number(&mut self, name: &'static str, least: u64, most: u64) -> Option<u64> {
        self.read(name, |value| {
            let is_plain = value.bytes().all(|byte| byte.is_ascii_digit());
            let number = value
                .parse()
                .ok()
                .filter(|number| is_plain && (least..=most).contains(number));
            number.ok_or_else(|| match most {
                u64::MAX => format!("must be a number from {least} on, not {}", excerpt(value)),
                most => format!("must be a number from {least} to {most}, not {}", excerpt(value)),
            })
        })
    }

    fn finish(self) -> Result<(), Problem> {
        match self.mistakes {
            mistakes if mistakes.is_empty() => Ok(()),
            mistakes => Err(Problem::BadQuery { mistakes }),
        }
    }
}
