//! Channels: to which of them a visit belongs, and why.
//!
//! A channel is a list of filters, and each visit belongs to exactly one filter: the first that matches, but filters with
//! `auto_tag` come before all others (help.attributionapp.com, dashboard hierarchy). What no filter matches belongs to one of
//! five channels that are always there, [`BuiltIn`].
//!
//! ```
//! use attribution_report::{Channels, Preset};
//!
//! let channels = Channels::preset(Preset::Analytics);
//! let found = channels.explain(Some("https://shop.example/?q=shoes"), Some("https://www.google.com/"));
//! assert_eq!((found.channel.as_str(), found.filter.as_str()), ("Organic search", "Search engines"));
//! ```
//!
//! - `file`, `yaml`: from YAML to channels, with every mistake at once. `preset`: two such files that come along.
//! - `filter`, `pattern`: what is compared with what. `landing`, `host`: what a visit shows of where it came from.
//! - `classify`, with `demand` and `hosts`: which filter, fast; `explain`: the same in words.

mod built_in;
mod classify;
mod demand;
mod explain;
mod file;
mod filter;
mod host;
mod hosts;
mod landing;
mod pattern;
mod preset;
mod yaml;

pub use built_in::BuiltIn;
pub use classify::Classifier;
pub use explain::{Close, Explained, Part};
pub use file::{CHANNEL_KEYS, FILTER_KEYS, TOP_KEYS};
pub use filter::{Channels, FilterId};
pub(crate) use host::referring_host;
pub use preset::{Preset, UnknownPreset};
