//! From YAML to [`Channels`].

use std::collections::BTreeMap;

use super::built_in::BuiltIn;
use super::filter::{Channels, Filter, Param, narrow};
use super::pattern::{Domain, Glob};
use super::yaml::{self, Node, Shape, at};
use crate::mistake::{Mistake, Mistakes, help, quoted};

/// The keys of a `channels.yaml`.
pub const TOP_KEYS: [&str; 2] = ["channels", "own_domains"];

/// The keys of a channel.
pub const CHANNEL_KEYS: [&str; 2] = ["name", "filters"];

/// The keys of a filter.
pub const FILTER_KEYS: [&str; 6] = ["name", "auto_tag", "params", "without", "referrer", "path"];

impl Channels {
    /// Reads a `channels.yaml`, which `name` is the name of in mistakes.
    ///
    /// ```yml
    /// own_domains: [pay.example]           # referrers from there are as good as none
    /// channels:
    ///   - name: Paid search
    ///     filters:
    ///       - name: Google Ads
    ///         auto_tag: true               # comes before every filter without it, wherever it stands
    ///         params: { gclid: "*" }
    ///       - name: Tagged search ads
    ///         params: { utm_source: [google, bing], utm_medium: [cpc, "paid*"] }
    ///         referrer: ["google.*", bing.com]
    ///         path: /lp/*
    ///         without: [fbaid]
    /// ```
    ///
    /// All that a filter gives must hold; of a list, one. Texts are compared without letter case but for the value of
    /// `gclid`, and `*` stands for any characters. A domain means all below it, too, and `google.*` means it in every
    /// country.
    ///
    /// # Errors
    ///
    /// Every mistake in it, each with its place and what to write instead.
    pub fn parse(name: &str, text: &str) -> Result<Self, Mistakes> {
        let mut reader = Reader::default();
        let read = match yaml::read(text) {
            Ok(node) => reader.file(&node),
            Err(mistake) => {
                reader.mistakes.push(mistake);
                None
            }
        };
        match read {
            Some(channels) if reader.mistakes.is_empty() => Ok(channels),
            _ => {
                reader.mistakes.sort();
                Err(Mistakes {
                    name: name.to_owned(),
                    all: reader.mistakes,
                })
            }
        }
    }
}

#[derive(Default)]
struct Reader {
    mistakes: Vec<Mistake>,
}

type Fields<'a> = BTreeMap<&'a str, &'a Node>;

impl Reader {
    fn file(&mut self, node: &Node) -> Option<Channels> {
        let fields = self.fields(node, "the file", &TOP_KEYS)?;
        let own = fields.get("own_domains").map(|node| self.domains(node, "own_domains"));
        let Some(list) = fields.get("channels") else {
            let help = "write `channels:` with a list of at least one";
            self.mistakes.push(at(node, "the file has no `channels`", help));
            return None;
        };
        let (mut names, mut filters) = (Vec::new(), Vec::new());
        for channel in self.items(list, "channels")? {
            self.channel(channel, &mut names, &mut filters);
        }
        if filters.len() + BuiltIn::ALL.len() > Channels::MOST {
            let most = Channels::MOST - BuiltIn::ALL.len();
            self.mistakes.push(at(
                list,
                format!("there are {} filters", filters.len()),
                format!("write at most {most}: one filter can have many values"),
            ));
        }
        Some(Channels::new(names, filters, own.unwrap_or_default()))
    }

    fn channel(&mut self, node: &Node, names: &mut Vec<Box<str>>, filters: &mut Vec<Filter>) {
        let Some(fields) = self.fields(node, "a channel", &CHANNEL_KEYS) else {
            return;
        };
        let name = self.name(node, &fields, "channel");
        if let Some((place, name)) = name {
            self.new_name(place, name, names);
            names.push(name.into());
        }
        let Some(list) = fields.get("filters") else {
            let help = "write `filters:` with a list of at least one";
            self.mistakes.push(at(node, "the channel has no `filters`", help));
            return;
        };
        let first = filters.len();
        for item in self.items(list, "filters").unwrap_or_default() {
            let channel = names.len().saturating_sub(1);
            let Some((place, filter)) = self.filter(item, channel) else {
                continue;
            };
            if filters[first..].iter().any(|other| same(&other.name, &filter.name)) {
                let message = format!("the channel has a filter {} already", quoted(&filter.name));
                self.mistakes.push(at(place, message, "give it another name"));
            }
            filters.push(filter);
        }
    }

    /// A name that no other channel has.
    fn new_name(&mut self, node: &Node, name: &str, names: &[Box<str>]) {
        let is_taken = |taken: &str| same(taken, name);
        if names.iter().any(|taken| is_taken(taken)) {
            let message = format!("there is a channel {} already", quoted(name));
            self.mistakes.push(at(
                node,
                message,
                "put the filters into the first one, or give it another name",
            ));
        }
        let always = BuiltIn::ALL.iter().map(|built_in| built_in.name());
        if always.chain([crate::UNATTRIBUTED]).any(is_taken) {
            let message = format!("{} is the name of a channel that is always there", quoted(name));
            self.mistakes.push(at(node, message, "give it another name"));
        }
    }

    fn filter<'a>(&mut self, node: &'a Node, channel: usize) -> Option<(&'a Node, Filter)> {
        let fields = self.fields(node, "a filter", &FILTER_KEYS)?;
        let name = self.name(node, &fields, "filter");
        let filter = Filter {
            channel: narrow(channel),
            name: name.map_or("", |(_, name)| name).into(),
            auto_tag: fields.get("auto_tag").is_some_and(|node| self.flag(node, "auto_tag")),
            params: fields.get("params").map_or_else(Vec::new, |node| self.params(node)),
            without: fields.get("without").map_or_else(Vec::new, |node| self.keys(node)),
            referrer: fields
                .get("referrer")
                .map_or_else(Vec::new, |node| self.domains(node, "referrer")),
            path: fields.get("path").map_or_else(Vec::new, |node| self.paths(node)),
        };
        let asks = ["params", "without", "referrer", "path"];
        if !asks.iter().any(|key| fields.contains_key(key)) {
            let help = "write `params: { utm_source: … }`, `referrer: …` or `path: …`";
            self.mistakes.push(at(node, "the filter asks for nothing", help));
        }
        Some((name.map_or(node, |(place, _)| place), filter))
    }

    fn params(&mut self, node: &Node) -> Vec<Param> {
        let Shape::Entries(entries) = &node.value else {
            let message = format!("`params` must be a mapping, not {}", node.value.what());
            self.mistakes
                .push(at(node, message, "write `params: { utm_source: google }`"));
            return Vec::new();
        };
        if entries.is_empty() {
            self.mistakes
                .push(at(node, "`params` is empty", "name a parameter, or leave `params` out"));
        }
        let mut params: Vec<Param> = Vec::new();
        for (key, value) in entries {
            let Some(key_text) = self.text(key, "a parameter's name") else {
                continue;
            };
            let lower = key_text.to_lowercase();
            if params.iter().any(|param| *param.key == *lower) {
                let message = format!("the parameter {} is written twice", quoted(key_text));
                self.mistakes.push(at(key, message, "write one list of values"));
            }
            let glob = if lower == "gclid" { Glob::with_case } else { Glob::new };
            let values = self.texts(value, &format!("the value of {}", quoted(key_text)));
            params.push(Param {
                key: lower.into(),
                values: values.into_iter().map(|(_, text)| glob(text)).collect(),
            });
        }
        params
    }

    fn keys(&mut self, node: &Node) -> Vec<Box<str>> {
        let keys = self.texts(node, "`without`").into_iter();
        keys.map(|(_, key)| key.to_lowercase().into()).collect()
    }

    fn paths(&mut self, node: &Node) -> Vec<Glob> {
        let mut paths = Vec::new();
        for (node, path) in self.texts(node, "`path`") {
            if !path.starts_with(['/', '*']) {
                let message = format!("the path {} can't be any url's", quoted(path));
                self.mistakes
                    .push(at(node, message, "begin it with `/`, or with `*` for any beginning"));
            }
            paths.push(Glob::new(path));
        }
        paths
    }

    fn domains(&mut self, node: &Node, key: &str) -> Vec<Domain> {
        let mut domains = Vec::new();
        for (node, text) in self.texts(node, &format!("`{key}`")) {
            match Domain::new(text) {
                Some(domain) => domains.push(domain),
                None => self.mistakes.push(at(
                    node,
                    format!("{} is no domain", quoted(text)),
                    "write `google.com` (with all below it), `google.*` (in every country) or `*` (any)",
                )),
            }
        }
        domains
    }

    /// The name of a channel or a filter.
    fn name<'a>(&mut self, node: &'a Node, fields: &Fields<'a>, what: &str) -> Option<(&'a Node, &'a str)> {
        let Some(name) = fields.get("name") else {
            self.mistakes
                .push(at(node, format!("the {what} has no `name`"), "write `name: …`"));
            return None;
        };
        self.text(name, "`name`").map(|text| (*name, text))
    }

    /// The values of a mapping by its keys, all of which are legal.
    fn fields<'a>(&mut self, node: &'a Node, what: &str, legal: &[&str]) -> Option<Fields<'a>> {
        let Shape::Entries(entries) = &node.value else {
            let message = format!("{what} must be a mapping, not {}", node.value.what());
            self.mistakes
                .push(at(node, message, format!("write `{}: …`", legal[0])));
            return None;
        };
        let mut fields = Fields::new();
        for (key, value) in entries {
            let Some(name) = self.text(key, "a key") else { continue };
            if !legal.contains(&name) {
                let message = format!("{what} has no key {}", quoted(name));
                self.mistakes.push(at(key, message, help(name, legal.iter().copied())));
            } else if fields.insert(name, value).is_some() {
                self.mistakes.push(at(
                    key,
                    format!("the key `{name}` is written twice"),
                    "keep one of the two",
                ));
            }
        }
        Some(fields)
    }

    fn items<'a>(&mut self, node: &'a Node, key: &str) -> Option<&'a [Node]> {
        match &node.value {
            Shape::Items(items) if !items.is_empty() => Some(items),
            Shape::Items(_) => {
                self.mistakes.push(at(
                    node,
                    format!("`{key}` is empty"),
                    "write at least one item, `- name: …`",
                ));
                None
            }
            other => {
                let message = format!("`{key}` must be a list, not {}", other.what());
                self.mistakes
                    .push(at(node, message, "write its items below it, each after `- `"));
                None
            }
        }
    }

    /// One text, or a list of them.
    fn texts<'a>(&mut self, node: &'a Node, what: &str) -> Vec<(&'a Node, &'a str)> {
        match &node.value {
            Shape::Items(items) if items.is_empty() => {
                self.mistakes.push(at(
                    node,
                    format!("{what} is an empty list"),
                    "write at least one text, or leave it out",
                ));
                Vec::new()
            }
            Shape::Items(items) => items
                .iter()
                .filter_map(|item| Some((item, self.text(item, what)?)))
                .collect(),
            _ => self.text(node, what).map(|text| (node, text)).into_iter().collect(),
        }
    }

    fn text<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        let help = match &node.value {
            Shape::Text(text) if !text.trim().is_empty() => return Some(text),
            Shape::Number(number) => format!("quote it: `\"{number}\"`"),
            Shape::Bool(value) => format!("quote it: `\"{value}\"`"),
            Shape::Text(_) | Shape::Null => "write some text".to_owned(),
            Shape::Items(_) | Shape::Entries(_) => "write it in one word or in quotes".to_owned(),
        };
        let found = match &node.value {
            Shape::Text(_) => "blank",
            other => other.what(),
        };
        self.mistakes
            .push(at(node, format!("{what} must be text, not {found}"), help));
        None
    }

    fn flag(&mut self, node: &Node, key: &str) -> bool {
        if let Shape::Bool(value) = node.value {
            return value;
        }
        let message = format!("`{key}` must be true or false, not {}", node.value.what());
        self.mistakes.push(at(node, message, "write `true`, without quotes"));
        false
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests;
