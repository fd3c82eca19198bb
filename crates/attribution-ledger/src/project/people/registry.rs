use std::sync::Arc;

use jiff::Timestamp;

use super::alteration::Alteration;
use super::deeds::{Deed, DeedKind};
use super::forest::{Forest, Person};
use super::members::Rank;
use crate::decode::{AliasHit, Ids};
use crate::hash::HashMap;

/// What tells the name of an anonymous visitor from a user of the same name.
const COOKIE_MARK: &str = " (cookie)";

/// What a hit came from: visits are sessions of one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Browser {
    /// A cookie, by the order in which cookies were first seen.
    Cookie(usize),
    /// A user without a cookie, so from a server.
    User(Person),
}

/// A cookie and who holds it.
#[derive(Clone, Debug)]
struct Cookie {
    id: Arc<str>,
    holder: Person,
}

/// Every id that was ever seen, and whom it belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    forest: Forest,
    users: HashMap<Arc<str>, Person>,
    cookies: Vec<Cookie>,
    cookies_by_id: HashMap<Arc<str>, usize>,
    /// Every previous id of an alias, and the person that all its bearers are.
    aliased: HashMap<Arc<str>, Person>,
}

impl People {
    /// Whom a request is about, who did this. With both ids, the user comes to hold the cookie.
    pub(crate) fn arrive(&mut self, ids: &Ids, deed: Deed, at: Timestamp) -> (Person, Browser) {
        let (person, browser) = match ids {
            Ids::User(user) => {
                let user = self.user(user);
                (user, Browser::User(user))
            }
            Ids::Cookie(cookie) => {
                let cookie = self.cookie(cookie);
                (self.cookies[cookie].holder, Browser::Cookie(cookie))
            }
            Ids::Both { user, cookie } => {
                let (user, cookie) = (self.user(user), self.cookie(cookie));
                self.hand_over(cookie, user);
                (user, Browser::Cookie(cookie))
            }
        };
        self.forest.arrive(person, deed, at);
        (person, browser)
    }

    /// Takes an alias in.
    pub(crate) fn alias(&mut self, alias: &AliasHit, at: Timestamp) {
        let target = match (&alias.user, &alias.cookie) {
            (Some(user), _) => Some((user, self.user(user))),
            (None, Some(cookie)) => {
                let index = self.cookie(cookie);
                Some((cookie, self.cookies[index].holder))
            }
            (None, None) => None,
        };
        let Some((name, target)) = target else { return };
        self.forest.touch(target, at);
        if let Some(previous) = alias.previous.as_ref().filter(|&previous| previous != name) {
            let bearer = self.move_on(previous);
            self.forest.unite(bearer, target);
        }
    }

    /// Who that is today.
    pub(crate) fn today(&self, person: Person) -> Person {
        self.forest.today(person)
    }

    /// The person of this number, as of today.
    pub(crate) fn of_number(&self, number: u64) -> Option<Person> {
        self.forest.of_number(number)
    }

    /// All that became of persons beside what they did, in that order.
    pub(crate) fn alterations(&self) -> &[Alteration] {
        self.forest.alterations()
    }

    /// The places of all that a person did of a kind, in the order of arrival.
    pub(crate) fn deeds(&self, person: Person, kind: DeedKind) -> Vec<usize> {
        let mut places: Vec<usize> = self.forest.members(person).deeds(kind).collect();
        places.sort_unstable();
        places
    }

    /// Whether a person did anything of a kind.
    pub(crate) fn did(&self, person: Person, kind: DeedKind) -> bool {
        self.forest.members(person).did(kind)
    }

    /// The earliest and the latest time at which a person did something; none who did nothing.
    pub(crate) fn seen(&self, person: Person) -> Option<(Timestamp, Timestamp)> {
        self.forest.members(person).seen()
    }

    /// Whether that is this person of today; anybody is where nobody is given.
    pub(crate) fn is(&self, person: Person, only: Option<Person>) -> bool {
        only.is_none_or(|only| self.today(person) == only)
    }

    /// The canonical name of a person.
    ///
    /// It is the first of the user ids that no alias has moved on from, by text, or else the first user id; for an anonymous
    /// visitor the same of the cookies, marked ` (cookie)` where a user has the very same id.
    pub(crate) fn name(&self, person: Person) -> String {
        let Some(first) = self.forest.members(person).first() else {
            return String::new();
        };
        let taken = !first.rank.is_user() && self.users.contains_key(&first.id);
        if taken {
            format!("{}{COOKIE_MARK}", first.id)
        } else {
            first.id.as_ref().to_owned()
        }
    }

    /// The person who has this id: a user, else a cookie, else a name known from an alias only. A canonical name, too.
    pub(crate) fn find(&self, id: &str) -> Option<Person> {
        let cookie = |id: &str| self.cookies_by_id.get(id).map(|&index| self.cookies[index].holder);
        let found = self
            .users
            .get(id)
            .copied()
            .or_else(|| cookie(id))
            .or_else(|| self.aliased.get(id).copied());
        found
            .or_else(|| cookie(id.strip_suffix(COOKIE_MARK)?))
            .map(|person| self.today(person))
    }

    /// Whether one of these ids was ever seen.
    pub(crate) fn know(&self, ids: &Ids) -> bool {
        let mut named = ids.user().into_iter().chain(ids.cookie());
        named.any(|id| self.find(id).is_some())
    }

    /// Whether a person ever held a cookie, now another's or not.
    pub(crate) fn had_cookie(&self, person: Person) -> bool {
        self.forest.members(person).had_cookie()
    }

    /// Every user id of a person, the one that names the person first.
    pub(crate) fn user_ids(&self, person: Person) -> Vec<String> {
        self.forest.members(person).user_ids().map(str::to_owned).collect()
    }

    /// Every cookie that a person holds.
    pub(crate) fn cookie_ids(&self, person: Person) -> Vec<String> {
        self.forest.members(person).cookie_ids().map(str::to_owned).collect()
    }

    /// Every id that someone has, by the order in which persons were first heard of.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        let members = self.forest.everyone().map(|(_, members)| members);
        members.flat_map(|members| members.user_ids().chain(members.cookie_ids()))
    }

    /// Everyone there is today who did something.
    pub(crate) fn everyone(&self) -> impl Iterator<Item = Person> {
        let everyone = self.forest.everyone();
        everyone.filter_map(|(person, members)| members.seen().map(|_| person))
    }

    /// The user of that id, known or new.
    fn user(&mut self, id: &str) -> Person {
        if let Some(&user) = self.users.get(id) {
            return user;
        }
        let id: Arc<str> = id.into();
        let user = self.forest.person();
        let aliased = self.aliased.get(&id).copied();
        let rank = if aliased.is_some() {
            Rank::PreviousUser
        } else {
            Rank::User
        };
        self.forest.insert(user, rank, Arc::clone(&id));
        // Whoever was called by that cookie is marked from now on.
        if let Some(&cookie) = self.cookies_by_id.get(&id) {
            self.forest.rename(self.cookies[cookie].holder);
        }
        self.users.insert(id, user);
        if let Some(bearer) = aliased {
            self.forest.unite(bearer, user);
        }
        user
    }

    /// The cookie of that id, known or new and held by someone anonymous.
    fn cookie(&mut self, id: &str) -> usize {
        if let Some(&index) = self.cookies_by_id.get(id) {
            return index;
        }
        let id: Arc<str> = id.into();
        let holder = self.forest.person();
        let rank = self.cookie_rank(&id);
        self.forest.insert(holder, rank, Arc::clone(&id));
        if let Some(&bearer) = self.aliased.get(&id) {
            self.forest.unite(bearer, holder);
        }
        let index = self.cookies.len();
        self.cookies_by_id.insert(Arc::clone(&id), index);
        self.cookies.push(Cookie { id, holder });
        index
    }

    fn cookie_rank(&self, id: &str) -> Rank {
        if self.aliased.contains_key(id) {
            Rank::PreviousCookie
        } else {
            Rank::Cookie
        }
    }

    /// Makes a user the holder of a cookie. An anonymous holder becomes the user; another user is left alone.
    fn hand_over(&mut self, cookie: usize, user: Person) {
        let Cookie { id, holder } = self.cookies[cookie].clone();
        if !self.forest.members(holder).has_user() {
            self.forest.unite(holder, user);
        } else if self.today(holder) != self.today(user) {
            let rank = self.cookie_rank(&id);
            self.forest.remove(holder, rank, Arc::clone(&id));
            self.forest.insert(user, rank, id);
        }
        self.cookies[cookie].holder = user;
    }

    /// The person whom all bearers of a previous id are: the user, the cookie's holder, and whoever comes by that name.
    fn move_on(&mut self, previous: &str) -> Person {
        let user = self.users.get(previous).copied();
        let holder = self
            .cookies_by_id
            .get(previous)
            .map(|&index| self.cookies[index].holder);
        let bearer = match self.aliased.get(previous) {
            Some(&bearer) => bearer,
            None => self.first_move(previous, user, holder),
        };
        for person in user.into_iter().chain(holder) {
            self.forest.unite(bearer, person);
        }
        bearer
    }

    /// What changes when an id is moved on from for the first time.
    fn first_move(&mut self, previous: &str, user: Option<Person>, holder: Option<Person>) -> Person {
        let id: Arc<str> = previous.into();
        let bearer = self.forest.person();
        self.aliased.insert(Arc::clone(&id), bearer);
        if let Some(user) = user {
            self.forest.remove(user, Rank::User, Arc::clone(&id));
            self.forest.insert(user, Rank::PreviousUser, Arc::clone(&id));
        }
        if let Some(holder) = holder {
            self.forest.remove(holder, Rank::Cookie, Arc::clone(&id));
            self.forest.insert(holder, Rank::PreviousCookie, id);
        }
        bearer
    }
}

#[cfg(test)]
mod tests;
