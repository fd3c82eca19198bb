use super::built_in::BuiltIn;
use super::pattern::{Domain, Glob};

/// Channels and their filters, in order, with the [`BuiltIn`] ones at the end.
#[derive(Clone, Debug)]
pub struct Channels {
    pub(super) names: Vec<Box<str>>,
    pub(super) filters: Vec<Filter>,
    /// Referrers from there are as good as none.
    pub(super) own_domains: Vec<Domain>,
}

/// Which filter of [`Channels`]: its place among all, channel by channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilterId(pub(crate) u16);

/// What a visit must show to belong to a channel: all that is given here.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) channel: u16,
    pub(super) name: Box<str>,
    /// Comes before all filters without it.
    pub(super) auto_tag: bool,
    /// Each is there with one of its values.
    pub(super) params: Vec<Param>,
    /// None of these parameters is there.
    pub(super) without: Vec<Box<str>>,
    /// The referrer is at one of these, where any are given.
    pub(super) referrer: Vec<Domain>,
    /// The landing url's path is one of these, where any are given.
    pub(super) path: Vec<Glob>,
}

/// A parameter that must be there.
#[derive(Clone, Debug)]
pub(super) struct Param {
    /// In small letters.
    pub(super) key: Box<str>,
    pub(super) values: Vec<Glob>,
}

impl Channels {
    /// As many filters as there may be, the built-in ones among them.
    pub(super) const MOST: usize = 10_000;

    /// Completes what a file says with the built-in channels.
    pub(super) fn new(mut names: Vec<Box<str>>, mut filters: Vec<Filter>, own_domains: Vec<Domain>) -> Self {
        for built_in in BuiltIn::ALL {
            filters.push(Filter {
                channel: narrow(names.len()),
                name: built_in.name().into(),
                auto_tag: false,
                params: Vec::new(),
                without: Vec::new(),
                referrer: Vec::new(),
                path: Vec::new(),
            });
            names.push(built_in.name().into());
        }
        Self {
            names,
            filters,
            own_domains,
        }
    }

    /// How many filters a file gave: the built-in ones come after these.
    pub(super) fn given(&self) -> usize {
        self.filters.len() - BuiltIn::ALL.len()
    }

    /// The filter of a built-in channel.
    pub fn built_in(&self, built_in: BuiltIn) -> FilterId {
        let place = BuiltIn::ALL.iter().position(|known| *known == built_in);
        FilterId(narrow(self.given() + place.unwrap_or_default()))
    }

    /// Whether visits of this filter are direct ones.
    pub fn is_direct(&self, filter: FilterId) -> bool {
        filter == self.built_in(BuiltIn::Direct)
    }

    /// Every filter, in order.
    pub fn filters(&self) -> impl Iterator<Item = FilterId> {
        (0..self.filters.len()).map(|index| FilterId(narrow(index)))
    }

    /// What a filter is called.
    pub fn filter_name(&self, filter: FilterId) -> &str {
        &self.filters[usize::from(filter.0)].name
    }

    /// What a filter's channel is called.
    pub fn channel_name(&self, filter: FilterId) -> &str {
        &self.names[usize::from(self.channel(filter))]
    }

    /// Every channel, in order.
    pub fn channel_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    pub(crate) fn channel(&self, filter: FilterId) -> u16 {
        self.filters[usize::from(filter.0)].channel
    }
}

/// There are at most [`Channels::MOST`] filters, and no more channels than that.
pub(super) fn narrow(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}
