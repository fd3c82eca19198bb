use std::collections::HashMap;
use std::fmt;

use segment_event::{AnonymousId, Event, Kind, UserId};

/// Who someone is, by one of the ids that a profile can have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExternalId {
    /// A `userId`.
    User(UserId),
    /// An `anonymousId`.
    Anonymous(AnonymousId),
}

impl ExternalId {
    /// The id as messages spell it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Anonymous(id) => id.as_str(),
        }
    }

    /// The member of a message that carries such an id.
    pub fn field(&self) -> &'static str {
        match self {
            Self::User(_) => "userId",
            Self::Anonymous(_) => "anonymousId",
        }
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What an alias does to the profiles of its two ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aliases {
    /// It makes them one, as the documentation of the Attribution destination promises.
    #[default]
    Join,
    /// Nothing, as in Unify, Segment's newer identity graph.
    Ignore,
}

impl Aliases {
    /// What it can be called.
    pub const NAMES: &[&str] = &["join", "ignore"];
}

/// An external id, by the order of first appearance.
pub(crate) type Id = u32;

/// A profile, by the order in which they were first made. One that was joined to another is left without ids.
pub(crate) type Person = u32;

/// Which external ids are one person.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    aliases: Aliases,
    users: HashMap<UserId, Id>,
    anonymous: HashMap<AnonymousId, Id>,
    ids: Vec<ExternalId>,
    owners: Vec<Person>,
    ids_of: Vec<Vec<Id>>,
    /// Whether there is a user id among a person's ids.
    is_user: Vec<bool>,
}

/// For whom a message counts, and what it says about who is who.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) person: Person,
    /// The profile that has become part of this person's.
    pub(crate) joined: Option<Person>,
    /// Whether the person has an id more than before.
    pub(crate) is_new: bool,
}

impl People {
    pub(crate) fn set_aliases(&mut self, aliases: Aliases) {
        self.aliases = aliases;
    }

    /// For whom a message counts; nobody where it names nobody. An alias of nobody to a user counts for nobody, too.
    pub(crate) fn resolve(&mut self, event: &Event) -> Option<Resolved> {
        let known = self.ids.len();
        let (person, joined) = match (event.kind(), event.user_id(), event.anonymous_id()) {
            (Kind::Alias, Some(user), _) if self.aliases == Aliases::Join => {
                let previous = event.previous_id().and_then(|id| self.known(id));
                let person = self.user(user);
                previous.map_or((person, None), |previous| self.join(person, previous))
            }
            (Kind::Alias, ..) | (_, None, None) => return None,
            (_, Some(user), None) => (self.user(user), None),
            (_, None, Some(anonymous)) => (self.anonymous(anonymous), None),
            (_, Some(user), Some(anonymous)) => self.both(user, anonymous),
        };
        Some(Resolved {
            person,
            joined,
            is_new: self.ids.len() > known,
        })
    }

    /// A user with an anonymous id, which becomes that user's unless it is another's.
    fn both(&mut self, user: UserId, anonymous: AnonymousId) -> (Person, Option<Person>) {
        let person = self.user(user);
        match self.anonymous.get(&anonymous).map(|id| self.owner(*id)) {
            None => {
                let id = self.add(ExternalId::Anonymous(anonymous.clone()), person);
                self.anonymous.insert(anonymous, id);
                (person, None)
            }
            Some(other) if self.is_user[other as usize] => (person, None),
            Some(visitor) => self.join(person, visitor),
        }
    }

    fn user(&mut self, user: UserId) -> Person {
        if let Some(id) = self.users.get(&user) {
            return self.owner(*id);
        }
        let person = self.new_person(true);
        let id = self.add(ExternalId::User(user.clone()), person);
        self.users.insert(user, id);
        person
    }

    fn anonymous(&mut self, anonymous: AnonymousId) -> Person {
        if let Some(id) = self.anonymous.get(&anonymous) {
            return self.owner(*id);
        }
        let person = self.new_person(false);
        let id = self.add(ExternalId::Anonymous(anonymous.clone()), person);
        self.anonymous.insert(anonymous, id);
        person
    }

    /// The person whose user id this is, or else whose anonymous id.
    fn known(&self, id: &str) -> Option<Person> {
        let user = UserId::new(id).and_then(|user| self.users.get(&user));
        let id = user.or_else(|| AnonymousId::new(id).and_then(|anonymous| self.anonymous.get(&anonymous)))?;
        Some(self.owner(*id))
    }

    /// Makes two profiles one: the one with fewer ids becomes part of the other.
    fn join(&mut self, one: Person, other: Person) -> (Person, Option<Person>) {
        if one == other {
            return (one, None);
        }
        let ids = |person: Person| self.ids_of[person as usize].len();
        let (person, joined) = if ids(other) > ids(one) {
            (other, one)
        } else {
            (one, other)
        };
        let moved = std::mem::take(&mut self.ids_of[joined as usize]);
        for id in &moved {
            self.owners[*id as usize] = person;
        }
        self.ids_of[person as usize].extend(moved);
        self.is_user[person as usize] |= self.is_user[joined as usize];
        (person, Some(joined))
    }

    fn new_person(&mut self, is_user: bool) -> Person {
        let person = number(self.ids_of.len());
        self.ids_of.push(Vec::with_capacity(1));
        self.is_user.push(is_user);
        person
    }

    fn add(&mut self, external: ExternalId, person: Person) -> Id {
        let id = number(self.ids.len());
        self.ids.push(external);
        self.owners.push(person);
        self.ids_of[person as usize].push(id);
        id
    }

    fn owner(&self, id: Id) -> Person {
        self.owners[id as usize]
    }

    /// A person's ids; none of one that was joined to another.
    pub(crate) fn ids_of(&self, person: Person) -> &[Id] {
        &self.ids_of[person as usize]
    }

    /// Every external id, by its number.
    pub(crate) fn ids(&self) -> &[ExternalId] {
        &self.ids
    }

    /// How many profiles were ever made.
    pub(crate) fn len(&self) -> usize {
        self.ids_of.len()
    }

    /// Whose id this is.
    pub(crate) fn owner_of(&self, id: Id) -> Person {
        self.owner(id)
    }
}

/// Four thousand million ids are more than memory holds.
fn number(length: usize) -> u32 {
    u32::try_from(length).expect("fewer than 2³² external ids fit into memory")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The ids of each person after these messages, in the order of first appearance.
    fn people(messages: &[Value]) -> Vec<Vec<String>> {
        let mut people = People::default();
        for message in messages {
            people.resolve(&Event::unchecked(message.clone()).unwrap());
        }
        let names = |person| {
            let mut ids = people.ids_of(person).to_vec();
            ids.sort_unstable();
            let names: Vec<String> = ids.iter().map(|id| people.ids()[*id as usize].to_string()).collect();
            names
        };
        (0..number(people.len()))
            .map(names)
            .filter(|ids| !ids.is_empty())
            .collect()
    }

    fn page(user: Option<&str>, anonymous: Option<&str>) -> Value {
        json!({"type": "page", "userId": user, "anonymousId": anonymous})
    }

    fn alias(previous: &str, user: &str) -> Value {
        json!({"type": "alias", "previousId": previous, "userId": user})
    }

    #[test]
    fn both_ids_in_a_message_join_whoever_has_no_user_yet() {
        let joined = people(&[page(None, Some("a")), page(Some("u"), None), page(Some("u"), Some("a"))]);
        assert_eq!(joined, [["a", "u"]]);
        let at_once = people(&[page(Some("u"), Some("a")), page(Some("u"), Some("b"))]);
        assert_eq!(at_once, [["u", "a", "b"]]);
    }

    #[test]
    fn a_shared_device_fuses_nobody() {
        let shared = people(&[page(Some("ada"), Some("a")), page(Some("bob"), Some("a"))]);
        assert_eq!(shared, [vec!["ada", "a"], vec!["bob"]]);
    }

    #[test]
    fn an_alias_joins_users_and_visitors_that_are_known() {
        assert_eq!(
            people(&[page(Some("old"), Some("a")), alias("old", "new")]),
            [["old", "a", "new"]]
        );
        assert_eq!(people(&[page(None, Some("a")), alias("a", "u")]), [["a", "u"]]);
        assert_eq!(
            people(&[alias("nobody", "u"), page(Some("nobody"), None)]),
            [["u"], ["nobody"]]
        );
        assert_eq!(people(&[page(Some("u"), None), alias("u", "u")]), [["u"]]);
        let by_cookie = [page(Some("ada"), Some("a")), page(Some("bob"), None), alias("a", "bob")];
        assert_eq!(people(&by_cookie), [["ada", "a", "bob"]]);
    }

    #[test]
    fn an_alias_that_is_ignored_names_nobody() {
        let mut people = People::default();
        people.set_aliases(Aliases::Ignore);
        let mut resolve = |message| people.resolve(&Event::unchecked(message).unwrap());
        assert!(resolve(page(None, Some("a"))).is_some());
        assert_eq!(resolve(alias("a", "u")), None);
        assert_eq!(people.ids().len(), 1);
    }

    #[test]
    fn who_is_not_named_is_nobody() {
        let nobody = [
            page(None, None),
            json!({"type": "alias", "previousId": "a", "anonymousId": "a"}),
        ];
        assert_eq!(people(&nobody), Vec::<Vec<String>>::new());
    }
}
