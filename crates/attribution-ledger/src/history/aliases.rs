use super::Fact;
use crate::decode::AliasHit;
use crate::hash::HashMap;

/// So many aliases are followed from one id to the next.
const FARTHEST: usize = 100;

/// Every id that was the previous id of an alias, the id that it joined last, and the number of the request that said so.
#[derive(Clone, Debug, Default)]
pub(super) struct Aliases {
    moved: HashMap<Box<str>, (Box<str>, u64)>,
}

impl Aliases {
    /// Remembers an alias with both ids, and tells what earlier ones have to do with it. One onto itself says nothing.
    pub(super) fn note(&mut self, alias: &AliasHit, request: u64) -> Vec<Fact> {
        let target = alias.user.as_deref().or(alias.cookie.as_deref());
        let (Some(previous), Some(target)) = (alias.previous.as_deref(), target) else {
            return Vec::new();
        };
        if previous == target {
            return Vec::new();
        }
        let before = self.moved.get(previous).map(|(into, request)| Fact::MergedBefore {
            into: into.as_ref().to_owned(),
            request: *request,
            again: **into == *target,
        });
        let back = self.leads_to(target, previous);
        let onto = if back { Some(cycle(target)) } else { self.former(target) };
        if !back {
            self.moved.insert(previous.into(), (target.into(), request));
        }
        before.into_iter().chain(onto).collect()
    }

    fn former(&self, target: &str) -> Option<Fact> {
        self.moved.get(target).map(|(into, request)| Fact::OntoFormer {
            into: into.as_ref().to_owned(),
            request: *request,
        })
    }

    /// Whether the aliases from an id on arrive at another. They never go round: one that would is not remembered.
    fn leads_to(&self, from: &str, to: &str) -> bool {
        let mut id = from;
        for _ in 0..FARTHEST {
            match self.moved.get(id) {
                Some((into, _)) if **into == *to => return true,
                Some((into, _)) => id = into,
                None => return false,
            }
        }
        false
    }
}

fn cycle(target: &str) -> Fact {
    Fact::Cycle {
        target: target.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Aliases, Fact};
    use crate::decode::AliasHit;

    /// What is told of the last of these aliases, each from one id onto another, numbered from 1.
    fn told(aliases: &[(&str, &str)]) -> Vec<Fact> {
        let mut history = Aliases::default();
        let mut note = |(request, &(previous, user)): (u64, &(&str, &str))| {
            let (previous, user) = (Some(previous.to_owned()), Some(user.to_owned()));
            let (at, cookie) = (None, None);
            history.note(
                &AliasHit {
                    at,
                    previous,
                    user,
                    cookie,
                },
                request,
            )
        };
        (1..).zip(aliases).map(&mut note).last().unwrap_or_default()
    }

    fn merged(into: &str, request: u64, again: bool) -> Fact {
        let into = into.to_owned();
        Fact::MergedBefore { into, request, again }
    }

    #[test]
    fn a_chain_in_the_order_of_its_links_is_fine() {
        assert_eq!(told(&[("anon-1", "user-1"), ("user-1", "customer-1")]), []);
        assert_eq!(told(&[("a", "c"), ("b", "c")]), []);
        assert_eq!(told(&[("a", "a"), ("a", "a")]), []);
    }

    #[test]
    fn an_id_that_was_merged_before_is_told_with_where_it_went() {
        assert_eq!(told(&[("a", "b"), ("a", "b")]), [merged("b", 1, true)]);
        assert_eq!(told(&[("a", "b"), ("a", "c")]), [merged("b", 1, false)]);
    }

    #[test]
    fn an_alias_onto_an_id_that_was_left_is_told() {
        let former = Fact::OntoFormer {
            into: "c".to_owned(),
            request: 1,
        };
        assert_eq!(told(&[("b", "c"), ("a", "b")]), [former]);
    }

    #[test]
    fn an_alias_back_to_where_it_begins_is_a_cycle_of_any_length() {
        let cycle = |target: &str| Fact::Cycle {
            target: target.to_owned(),
        };
        assert_eq!(told(&[("a", "b"), ("b", "a")]), [cycle("a")]);
        assert_eq!(told(&[("a", "b"), ("b", "c"), ("c", "a")]), [cycle("a")]);
        let again = told(&[("a", "b"), ("b", "a"), ("b", "a")]);
        assert_eq!(again, [cycle("a")], "nothing was remembered of the cycle");
    }

    #[test]
    fn no_cycle_holds_it_up() {
        let around = [("a", "b"), ("b", "c"), ("c", "a"), ("b", "a"), ("a", "c"), ("x", "a")];
        assert_eq!(told(&around).len(), 1);
    }
}
