//! What the unit tests of this crate share.

use expectation::tree::Node;
use expectation::{Diagnostic, Sink, Syntax};

use crate::syntax::read;

/// Reads a construct that has no mistake.
pub(crate) fn good<T>(text: &str, parse: impl FnOnce(&Node, &mut Sink) -> T) -> T {
    let (found, sink) = both(text, parse);
    assert_eq!(sink, [], "{text}");
    found
}

/// The messages of the mistakes in a construct, in the order of their places.
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
    let mut sink = Sink::new(Syntax::Yaml);
    let node = read(text, &mut sink).expect("the test is YAML");
    let found = parse(&node, &mut sink);
    (found, sink.into_first().0)
}
