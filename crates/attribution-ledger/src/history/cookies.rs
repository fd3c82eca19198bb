use jiff::{SignedDuration, Timestamp};

use super::{Fact, fingerprint};
use crate::decode::Ids;
use crate::hash::HashMap;

/// So many of one for the other are too many.
const MANY: usize = 5;

/// For so long a cookie counts as one that a user has just come with.
const SHORT_TIME: SignedDuration = SignedDuration::from_hours(1);

/// Which cookies and users have come together: for each user and each cookie the fingerprints of fewer than [`MANY`]
/// others.
#[derive(Clone, Debug, Default)]
pub(super) struct Cookies {
    of_user: HashMap<u64, Vec<(u64, Timestamp)>>,
    users_of: HashMap<u64, Users>,
}

/// The users of a cookie.
#[derive(Clone, Debug)]
enum Users {
    Some(Vec<u64>),
    /// It has been told that they are too many, and they are no longer counted.
    Many,
}

impl Cookies {
    /// Remembers who came with which cookie, and tells when it is one too many.
    pub(super) fn note(&mut self, ids: &Ids, at: Timestamp) -> Vec<Fact> {
        let Ids::Both { user, cookie } = ids else {
            return Vec::new();
        };
        let (user_mark, cookie_mark) = (fingerprint::of(user), fingerprint::of(cookie));
        let rotated = self.rotated(user_mark, cookie_mark, at).then(|| Fact::ManyCookies {
            user: user.clone(),
            count: MANY,
        });
        let shared = self.shared(user_mark, cookie_mark).then(|| Fact::ManyUsers {
            cookie: cookie.clone(),
            count: MANY,
        });
        rotated.into_iter().chain(shared).collect()
    }

    /// Whether this is a user's fifth cookie within the short time. The next to be told is the fifth after it.
    fn rotated(&mut self, user: u64, cookie: u64, at: Timestamp) -> bool {
        let cookies = self.of_user.entry(user).or_default();
        cookies.retain(|&(found, seen)| found != cookie && at.duration_since(seen).abs() < SHORT_TIME);
        cookies.push((cookie, at));
        let many = cookies.len() == MANY;
        if many {
            cookies.clear();
        }
        many
    }

    /// Whether this is the fifth user of a cookie.
    fn shared(&mut self, user: u64, cookie: u64) -> bool {
        let users = self.users_of.entry(cookie).or_insert(Users::Some(Vec::new()));
        let Users::Some(known) = users else { return false };
        if !known.contains(&user) {
            known.push(user);
        }
        let many = known.len() == MANY;
        if many {
            *users = Users::Many;
        }
        many
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Cookies, Fact};
    use crate::decode::Ids;

    /// Whether each of these, a user, a cookie and a minute, is told to be one too many cookies or users.
    fn told(all: &[(&str, &str, i64)]) -> Vec<(bool, bool)> {
        let mut cookies = Cookies::default();
        let note = |&(user, cookie, minute): &(&str, &str, i64)| {
            let ids = Ids::new(Some(user.to_owned()), Some(cookie.to_owned())).unwrap();
            let facts = cookies.note(&ids, Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute));
            (
                facts.iter().any(|fact| matches!(fact, Fact::ManyCookies { .. })),
                facts.iter().any(|fact| matches!(fact, Fact::ManyUsers { .. })),
            )
        };
        all.iter().map(note).collect()
    }

    #[test]
    fn every_fifth_new_cookie_of_a_user_is_told() {
        let many: Vec<(String, i64)> = (0..10).map(|minute| (format!("c{minute}"), minute)).collect();
        let all: Vec<_> = many
            .iter()
            .map(|(cookie, minute)| ("u", cookie.as_str(), *minute))
            .collect();
        let rotated: Vec<bool> = told(&all).into_iter().map(|(rotated, _)| rotated).collect();
        let fifths: Vec<usize> = (0..10).filter(|&index| rotated[index]).collect();
        assert_eq!(fifths, [4, 9]);
    }

    #[test]
    fn four_devices_are_not_too_many_however_often_they_come() {
        let all: Vec<_> = (0..50)
            .map(|minute| ("u", ["a", "b", "c", "d"][minute % 4], 5))
            .collect();
        assert!(told(&all).iter().all(|&told| told == (false, false)));
    }

    #[test]
    fn cookies_that_come_slowly_are_not_too_many() {
        let all = [
            ("u", "a", 0),
            ("u", "b", 20),
            ("u", "c", 40),
            ("u", "d", 60),
            ("u", "e", 80),
            ("u", "f", 100),
        ];
        assert!(told(&all).iter().all(|&told| told == (false, false)));
    }

    #[test]
    fn the_fifth_user_of_a_cookie_is_told_once() {
        let users = ["a", "b", "a", "c", "d", "e", "f", "g"];
        let all: Vec<_> = users.iter().map(|&user| (user, "cookie", 0)).collect();
        let shared: Vec<bool> = told(&all).into_iter().map(|(_, shared)| shared).collect();
        assert_eq!(shared, [false, false, false, false, false, true, false, false]);
    }
}
