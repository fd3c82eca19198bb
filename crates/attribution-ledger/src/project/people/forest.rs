use super::members::Members;

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
    joined: Vec<Person>,
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

    /// What that person consists of today.
    pub(super) fn members(&self, person: Person) -> &Members {
        match &self.nodes[self.today(person).0] {
            Node::Root { members, .. } => members,
            Node::Child { .. } => unreachable!("today's person is a root"),
        }
    }

    /// The same, to change it.
    pub(super) fn members_mut(&mut self, person: Person) -> &mut Members {
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
        self.joined.push(Person(child));
        let moved = std::mem::replace(&mut self.nodes[child], Node::Child { parent: root });
        if let (
            Node::Root { size, members },
            Node::Root {
                size: more,
                members: joined,
            },
        ) = (&mut self.nodes[root], moved)
        {
            *size += more;
            members.absorb(joined);
        }
    }

    /// Everyone who has become someone else, in the order in which that was so.
    pub(super) fn joined(&self) -> &[Person] {
        &self.joined
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
