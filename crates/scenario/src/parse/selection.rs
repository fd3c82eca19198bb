//! `tags:`, `skip:` and `only:`: what a runner chooses by.

use expectation::read::{Fields, filled, flag, quoted, wrong};
use expectation::tree::{Node, Shape};
use expectation::{Diagnostic, Sink, Span};

/// What a scenario says of when it is to be played.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) tags: Vec<String>,
    pub(super) skip: Option<String>,
    pub(super) only: Option<Span>,
}

/// All three, from the top of a scenario.
pub(super) fn selection(fields: Fields<'_>, sink: &mut Sink) -> Selection {
    Selection {
        tags: fields.get("tags").map(|node| tags(node, sink)).unwrap_or_default(),
        skip: fields.get("skip").and_then(|node| skip(node, sink)),
        only: fields.get("only").and_then(|node| only(node, sink)),
    }
}

/// Words that can be written behind `--tag`, each once.
fn tags(node: &Node, sink: &mut Sink) -> Vec<String> {
    let Shape::Items(items) = &node.shape else {
        let mistake = wrong(node, "tags", "a list", sink);
        sink.push(mistake.help("write them in brackets, such as `tags: [smoke, checkout]`"));
        return Vec::new();
    };
    let mut tags = Vec::with_capacity(items.len());
    for item in items {
        if let Some(tag) = tag(item, sink) {
            if tags.contains(&tag) {
                let mistake = Diagnostic::new(item.at, format!("the tag {} is written twice", quoted(&tag)));
                sink.push(mistake.help("keep one of the two"));
            } else {
                tags.push(tag);
            }
        }
    }
    tags
}

fn tag(node: &Node, sink: &mut Sink) -> Option<String> {
    let tag = filled(node, "tags", sink)?;
    if tag.chars().all(is_of_a_tag) {
        return Some(tag.to_owned());
    }
    let mistake = Diagnostic::new(node.at, format!("{} can't be a tag", quoted(tag)));
    sink.push(
        mistake.help("use letters, digits, `-`, `_`, `.`, `:` and `/` only: a comma and `!` mean something to --tag"),
    );
    None
}

fn is_of_a_tag(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/')
}

/// Why the scenario is not to be played.
fn skip(node: &Node, sink: &mut Sink) -> Option<String> {
    if matches!(node.shape, Shape::Bool(_)) {
        let mistake = wrong(node, "skip", "the reason, as text", sink);
        sink.push(mistake.help("say why, such as `skip: waits for the new endpoint`, or leave the key out"));
        return None;
    }
    filled(node, "skip", sink).map(str::to_owned)
}

/// The place of an `only: true`.
fn only(node: &Node, sink: &mut Sink) -> Option<Span> {
    flag(node, "only", sink)?.then_some(node.at)
}

#[cfg(test)]
mod tests {
    use super::{only, skip, tags};
    use crate::parse::testing::{good, helps, mistakes};

    #[test]
    fn tags_are_words() {
        assert_eq!(
            good("[smoke, area:checkout, v1.2/eu_1]", tags),
            ["smoke", "area:checkout", "v1.2/eu_1"]
        );
        assert_eq!(mistakes("smoke", tags), ["`tags` must be a list, not text"]);
        for bad in ["['a,b']", "['!a']", "['a b']"] {
            assert!(helps(bad, tags)[0].contains("letters, digits"), "{bad}");
        }
        assert_eq!(mistakes("[a, b, a]", tags), ["the tag `a` is written twice"]);
        assert_eq!(mistakes("[7]", tags), ["`tags` must be text, not `7`"]);
    }

    #[test]
    fn a_skip_has_a_reason() {
        assert_eq!(good("later", skip).as_deref(), Some("later"));
        assert_eq!(
            mistakes("true", skip),
            ["`skip` must be the reason, as text, not true or false"]
        );
        assert!(helps("true", skip)[0].starts_with("say why"));
        assert_eq!(mistakes("' '", skip), ["`skip` is blank"]);
    }

    #[test]
    fn only_says_where_it_stands() {
        assert_eq!(good("true", only).map(|at| at.end), Some(4));
        assert_eq!(good("false", only), None);
        assert_eq!(mistakes("yes", only).len(), 1);
    }
}
