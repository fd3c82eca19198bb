//! From text to the tree.

use expectation::tree::Node;
use expectation::{Diagnostic, Sink};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Options, Spanned};

use super::mistake::mistake;
use super::raw::Raw;
use super::short_way;
use super::tree::Tree;

/// How deep mappings and lists may lie in each other; JSON readers commonly stop at the same depth.
pub(super) const MAX_DEPTH: usize = 128;

/// How many nodes a file may have.
pub(super) const MAX_NODES: usize = 1_000_000;

/// How many nodes aliases may stand for, all together: the bound of an alias bomb.
const MAX_ALIASED: usize = 100_000;

/// Reads one YAML document. Mistakes that leave a tree standing (a key twice, say) are added to `sink`.
///
/// # Errors
///
/// The first place at which the text is not YAML, or is too much of it.
pub(crate) fn read(text: &str, sink: &mut Sink) -> Result<Node, Diagnostic> {
    short_way::read(text).map_or_else(|| by_specification(text, sink), Ok)
}

/// The same without the short way.
pub(super) fn by_specification(text: &str, sink: &mut Sink) -> Result<Node, Diagnostic> {
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => Ok(Tree::new(text, sink).node(raw)),
        Err(error) => Err(mistake(text, &error)),
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        // Passed through so that the tree can name both places.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        // `country: no` is Norway, `007` an agent and `1_000` an id, as in YAML 1.2.
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        reject_unsupported_tags: true,
        with_snippet: false,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_ALIASED },
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
        },
    }
}
