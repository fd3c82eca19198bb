use std::sync::Arc;

use jiff::Timestamp;

use super::alteration::Alteration;
use super::deeds::{Deed, DeedKind};
use super::members::{Members, Rank};

/// A person as a hit knew them when it arrived. Who that has become since, the [`Forest`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Person(usize);

impl Person {
    /// The person's number, in the order in which persons were first heard of.
    pub(crate) fn number(self) -> u64 {
        self.0 as u64
    }
}

/// Persons, and who has become whom.
#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    alterations: Vec<Alteration>,
}

#[derive(Clone, Debug)]
enum Node {
    /// A person of today, made of so many nodes.
    Root { size: usize, members: Members },
    /// Someone who has become someone else.
    Child { parent: usize },
}

impl Forest {
    /// A new person, with nothing to their name.
    pub(super) fn person(&mut self) -> Person {
        self.nodes.push(Node::Root {
            size: 1,
            members: Members::default(),
        });
        Person(self.nodes.len() - 1)
    }

    /// Who that is today. As small trees are hung under large ones, the way up is short.
    pub(super) fn today(&self, person: Person) -> Person {
        let mut index = person.0;
        while let Node::Child { parent } = self.nodes[index] {
            index = parent;
        }
        Person(index)
    }

    /// Who the person of this number is today.
    pub(super) fn of_number(&self, number: u64) -> Option<Person> {
        let place = usize::try_from(number).ok()?;
        (place < self.nodes.len()).then(|| self.today(Person(place)))
    }

    /// What that person consists of today.
    pub(super) fn members(&self, person: Person) -> &Members {
        match &self.nodes[self.today(person).0] {
            Node::Root { members, .. } => members,
            Node::Child { .. } => unreachable!("today's person is a root"),
        }
    }

    /// Notes that a person did this. It is no alteration: whoever reads the rows finds it there.
    pub(super) fn arrive(&mut self, person: Person, deed: Deed, at: Timestamp) {
        self.members_mut(person).arrive(deed, at);
    }

    /// Notes that a person did something of which there is no row.
    pub(super) fn touch(&mut self, person: Person, at: Timestamp) {
        self.alter(person, |members| members.touch(at));
    }

    /// Gives a person an id.
    pub(super) fn insert(&mut self, person: Person, rank: Rank, id: Arc<str>) {
        self.alter(person, |members| members.insert(rank, id));
    }

    /// Takes an id from a person.
    pub(super) fn remove(&mut self, person: Person, rank: Rank, id: Arc<str>) {
        self.alter(person, |members| members.remove(rank, id));
    }

    /// Notes that a person goes by another name, though the ids are the same.
    pub(super) fn rename(&mut self, person: Person) {
        let person = self.today(person);
        self.alterations.push(Alteration::Changed {
            person,
            is_renamed: true,
        });
    }

    /// The one place where what a person consists of changes, but for what they do.
    fn alter(&mut self, person: Person, change: impl FnOnce(&mut Members)) {
        let members = self.members_mut(person);
        let name = members.first().cloned();
        change(members);
        let is_renamed = members.first() != name.as_ref();
        let person = self.today(person);
        self.alterations.push(Alteration::Changed { person, is_renamed });
    }

    fn members_mut(&mut self, person: Person) -> &mut Members {
        let Person(root) = self.today(person);
        match &mut self.nodes[root] {
            Node::Root { members, .. } => members,
            Node::Child { .. } => unreachable!("today's person is a root"),
        }
    }

    /// Makes one person of two.
    pub(super) fn unite(&mut self, one: Person, other: Person) {
        let (Person(one), Person(other)) = (self.today(one), self.today(other));
        if one == other {
            return;
        }
        let (root, child) = if self.size(one) >= self.size(other) {
            (one, other)
        } else {
            (other, one)
        };
        let moved = std::mem::replace(&mut self.nodes[child], Node::Child { parent: root });
        if let Node::Root { size: more, members } = moved {
            if members.seen().is_some() {
                self.alterations.push(Alteration::Joined {
                    gone: Person(child),
                    has_views: members.did(DeedKind::View),
                    is_identified: members.did(DeedKind::Identify),
                });
            }
            if let Node::Root { size, .. } = &mut self.nodes[root] {
                *size += more;
            }
            self.alter(Person(root), |kept| kept.absorb(members));
        }
    }

    /// All that became of persons, in that order.
    pub(super) fn alterations(&self) -> &[Alteration] {
        &self.alterations
    }

    /// Everyone there is today, in the order in which they were first heard of.
    pub(super) fn everyone(&self) -> impl Iterator<Item = (Person, &Members)> {
        self.nodes.iter().enumerate().filter_map(|(index, node)| match node {
            Node::Root { members, .. } => Some((Person(index), members)),
            Node::Child { .. } => None,
        })
    }

    fn size(&self, root: usize) -> usize {
        match self.nodes[root] {
            Node::Root { size, .. } => size,
            Node::Child { .. } => 0,
        }
    }
}
