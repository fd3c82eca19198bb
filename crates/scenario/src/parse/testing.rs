//! What the unit tests of this crate share.

use super::Sink;
pub(crate) use super::pattern::{pattern, row};
use crate::diagnostic::Diagnostic;
use crate::syntax::{Node, read};

/// Reads a construct that has no mistake.
pub(crate) fn good<T>(text: &str, parse: impl FnOnce(&Node, &mut Sink) -> T) -> T {
    let (found, sink) = both(text, parse);
    assert_eq!(sink, [], "{text}");
    found
}

/// The messages of the mistakes in a construct, in the order in which they were found.
pub(crate) fn mistakes<T>(text: &str, parse: impl FnOnce(&Node, &mut Sink) -> T) -> Vec<String> {
    both(text, parse).1.into_iter().map(|mistake| mistake.message).collect()
}

/// The helps of the mistakes.
pub(crate) fn helps<T>(text: &str, parse: impl FnOnce(&Node, &mut Sink) -> T) -> Vec<String> {
    both(text, parse)
        .1
        .into_iter()
        .filter_map(|mistake| mistake.help)
        .collect()
}

fn both<T>(text: &str, parse: impl FnOnce(&Node, &mut Sink) -> T) -> (T, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let node = read(text, &mut sink).expect("the test is YAML");
    let found = parse(&node, &mut sink);
    (found, sink.into_found())
}
