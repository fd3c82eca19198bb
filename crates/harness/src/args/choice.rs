//! How scenarios are chosen: by text, tag and share.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::str::FromStr;

use scenario::expect::Regex;

/// A text or a regular expression that a name or path must hold.
#[derive(Clone, Debug)]
pub enum Filter {
    /// The text, in small letters.
    Text(String),
    /// The regular expression.
    Regex(Regex),
}

impl Filter {
    /// Whether it is found in this.
    pub fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Text(part) => text.to_lowercase().contains(part),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        match inner.filter(|inner| !inner.is_empty()) {
            Some(regex) => Regex::new(regex).map(Self::Regex).map_err(|error| error.to_string()),
            None if text.trim().is_empty() => Err("write a part of the name or path".to_owned()),
            None => Ok(Self::Text(text.to_lowercase())),
        }
    }
}

/// Tags that must be there, and tags that must not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagRule {
    /// Those that must be there.
    pub with: BTreeSet<String>,
    /// Those that must not.
    pub without: BTreeSet<String>,
}

impl TagRule {
    /// Whether these tags are as the rule says.
    pub fn admits(&self, tags: &[String]) -> bool {
        self.with.iter().all(|tag| tags.contains(tag)) && !self.without.iter().any(|tag| tags.contains(tag))
    }
}

impl FromStr for TagRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut rule = Self::default();
        for word in text.split(',').map(str::trim) {
            let (tags, tag) = match word.strip_prefix('!') {
                Some(tag) => (&mut rule.without, tag.trim()),
                None => (&mut rule.with, word),
            };
            if tag.is_empty() {
                return Err("write tags with commas between them, such as smoke,!slow".to_owned());
            }
            tags.insert(tag.to_owned());
        }
        match rule.with.intersection(&rule.without).next() {
            Some(both) => Err(format!("nothing has the tag {both} and has it not")),
            None => Ok(rule),
        }
    }
}

/// One of several equal parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 0.
    pub index: usize,
    /// Of how many.
    pub of: NonZeroUsize,
}

impl Shard {
    /// Whether what stands at this place, from 0, belongs to it. Every place belongs to exactly one of the parts.
    pub fn has(self, place: usize) -> bool {
        place % self.of == self.index
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write which of how many, such as 1/4 for the first of four".to_owned();
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let number: NonZeroUsize = number.trim().parse().map_err(|_| wrong())?;
        let of: NonZeroUsize = of.trim().parse().map_err(|_| wrong())?;
        if number > of {
            return Err(format!("there is no part {number} of {of}: the last is {of}/{of}"));
        }
        Ok(Self {
            index: number.get() - 1,
            of,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_filter_is_text_or_an_expression_between_slashes() {
        assert!("CHECKout".parse::<Filter>().unwrap().is_in("a/Checkout.yaml"));
        assert!("/^a.*[0-9]$/".parse::<Filter>().unwrap().is_in("abc1"));
        assert!(!"/^A/".parse::<Filter>().unwrap().is_in("abc1"));
        assert!("a/b".parse::<Filter>().unwrap().is_in("x/a/b/c"));
        assert!("/".parse::<Filter>().unwrap().is_in("a/b"));
        assert!("/(/".parse::<Filter>().unwrap_err().contains("unclosed group"));
        assert!(" ".parse::<Filter>().is_err());
    }

    #[test]
    fn all_tags_of_a_rule_must_hold() {
        let rule: TagRule = "a, !b".parse().unwrap();
        assert!(rule.admits(&tags(&["a", "c"])));
        assert!(!rule.admits(&tags(&["a", "b"])));
        assert!(!rule.admits(&tags(&[])));
        for bad in ["", "a,", "!", "a,!a"] {
            assert!(bad.parse::<TagRule>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_place_is_in_exactly_one_shard() {
        for of in 1..6 {
            let shards: Vec<Shard> = (1..=of).map(|k| format!("{k}/{of}").parse().unwrap()).collect();
            for place in 0..20 {
                assert_eq!(shards.iter().filter(|shard| shard.has(place)).count(), 1);
            }
        }
        for bad in ["0/4", "5/4", "1", "1/0", "a/b", "-1/4"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
