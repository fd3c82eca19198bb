use std::collections::BTreeSet;

use super::members::Member;

/// The ids of a person, in order. Nearly everyone has one or two, for which a tree would take ten times their room.
#[derive(Clone, Debug)]
pub(super) enum IdSet {
    Few(Vec<Member>),
    Many(BTreeSet<Member>),
}

impl Default for IdSet {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl IdSet {
    /// More than these are no few.
    const FEW: usize = 8;

    pub(super) fn insert(&mut self, id: Member) {
        match self {
            Self::Few(few) => match few.binary_search(&id) {
                Ok(_) => {}
                Err(_) if few.len() == Self::FEW => {
                    let many = few.drain(..).chain([id]).collect();
                    *self = Self::Many(many);
                }
                Err(place) => {
                    few.reserve_exact(1);
                    few.insert(place, id);
                }
            },
            Self::Many(many) => {
                many.insert(id);
            }
        }
    }

    pub(super) fn remove(&mut self, id: &Member) {
        match self {
            Self::Few(few) => few.retain(|known| known != id),
            Self::Many(many) => {
                many.remove(id);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(few) => few.len(),
            Self::Many(many) => many.len(),
        }
    }

    pub(super) fn first(&self) -> Option<&Member> {
        self.iter().next()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Member> {
        let (few, many) = match self {
            Self::Few(few) => (Some(few), None),
            Self::Many(many) => (None, Some(many)),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten())
    }

    /// Takes all of another.
    pub(super) fn absorb(&mut self, other: Self) {
        match other {
            Self::Few(few) => few.into_iter().for_each(|id| self.insert(id)),
            Self::Many(many) => many.into_iter().for_each(|id| self.insert(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::members::Rank;
    use super::*;

    proptest! {
        #[test]
        fn few_or_many_they_are_a_set_in_order(steps in prop::collection::vec((any::<bool>(), 0..20_u8), 0..60)) {
            let (mut ids, mut model) = (IdSet::default(), BTreeSet::new());
            for (comes, id) in steps {
                let id = Member { rank: if id % 2 == 0 { Rank::User } else { Rank::Cookie }, id: id.to_string().into() };
                if comes {
                    ids.insert(id.clone());
                    model.insert(id);
                } else {
                    ids.remove(&id);
                    model.remove(&id);
                }
                prop_assert!(ids.iter().eq(&model));
                prop_assert_eq!((ids.len(), ids.first()), (model.len(), model.first()));
            }
            let mut twice = IdSet::default();
            twice.absorb(ids.clone());
            twice.absorb(ids);
            prop_assert!(twice.iter().eq(&model));
        }
    }
}
