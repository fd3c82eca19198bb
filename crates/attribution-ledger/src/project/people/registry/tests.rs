use jiff::Timestamp;
use proptest::prelude::*;

use super::super::{Deed, DeedKind};
use super::People;
use crate::decode::{AliasHit, Ids};

/// One thing that people do.
#[derive(Clone, Debug)]
enum Step {
    Seen(Option<String>, Option<String>),
    Alias(String, String),
    CookieAlias(String, String),
}

fn seen(user: Option<&str>, cookie: Option<&str>) -> Step {
    Step::Seen(user.map(str::to_owned), cookie.map(str::to_owned))
}

fn alias(previous: &str, user: &str) -> Step {
    Step::Alias(previous.to_owned(), user.to_owned())
}

fn take(people: &mut People, step: &Step) {
    let at = Timestamp::UNIX_EPOCH;
    match step.clone() {
        Step::Seen(user, cookie) => {
            if let Some(ids) = Ids::new(user, cookie) {
                people.arrive(&ids, Deed::new(DeedKind::View, 0), at);
            }
        }
        Step::Alias(previous, user) => {
            people.alias(
                &AliasHit {
                    at: None,
                    previous: Some(previous),
                    user: Some(user),
                    cookie: None,
                },
                at,
            );
        }
        Step::CookieAlias(previous, cookie) => {
            people.alias(
                &AliasHit {
                    at: None,
                    previous: Some(previous),
                    user: None,
                    cookie: Some(cookie),
                },
                at,
            );
        }
    }
}

fn people(steps: &[Step]) -> People {
    let mut people = People::default();
    for step in steps {
        take(&mut people, step);
    }
    people
}

fn name(people: &People, id: &str) -> Option<String> {
    people.find(id).map(|person| people.name(person))
}

#[test]
fn an_anonymous_visitor_becomes_the_first_user_who_comes_with_the_cookie() {
    let people = people(&[seen(None, Some("c")), seen(Some("u"), Some("c")), seen(None, Some("c"))]);
    assert_eq!(name(&people, "c").as_deref(), Some("u"));
    assert_eq!(people.everyone().count(), 1);
}

#[test]
fn a_shared_device_does_not_fuse_its_users() {
    let people = people(&[seen(Some("u"), Some("c")), seen(Some("v"), Some("c"))]);
    assert_eq!(name(&people, "c").as_deref(), Some("v"));
    assert_eq!(name(&people, "u").as_deref(), Some("u"));
    let [u, v] = ["u", "v"].map(|id| people.cookie_ids(people.find(id).unwrap()));
    assert_eq!((u, v), (Vec::new(), vec!["c".to_owned()]));
}

#[test]
fn a_cookie_can_come_back_to_its_first_user() {
    let people = people(&[
        seen(Some("u"), Some("c")),
        seen(Some("v"), Some("c")),
        seen(Some("u"), Some("c")),
    ]);
    assert_eq!(name(&people, "c").as_deref(), Some("u"));
    assert_eq!(people.everyone().count(), 2);
}

#[test]
fn a_chain_of_aliases_ends_at_its_last_target() {
    let people = people(&[alias("anon-1", "user-1"), alias("user-1", "customer-1")]);
    for id in ["anon-1", "user-1", "customer-1"] {
        assert_eq!(name(&people, id).as_deref(), Some("customer-1"));
    }
    assert_eq!(
        people.user_ids(people.find("user-1").unwrap()),
        ["customer-1", "user-1"]
    );
}

#[test]
fn an_alias_of_a_cookie_moves_whoever_holds_it() {
    let held = people(&[seen(Some("v"), Some("c")), alias("c", "u")]);
    assert_eq!(name(&held, "v"), name(&held, "u"));
    let anonymous = people(&[seen(None, Some("c")), alias("c", "u"), seen(Some("w"), Some("c"))]);
    assert_eq!(name(&anonymous, "u").as_deref(), Some("u"));
    assert_eq!(
        name(&anonymous, "w").as_deref(),
        Some("w"),
        "the alias made the cookie u's, so w doesn't become u"
    );
}

#[test]
fn an_alias_waits_for_ids_that_were_never_seen() {
    let cookie = people(&[alias("x", "u"), seen(None, Some("x"))]);
    assert_eq!(cookie.cookie_ids(cookie.find("u").unwrap()), ["x"]);
    let user = people(&[alias("x", "u"), seen(Some("x"), None)]);
    assert_eq!(user.user_ids(user.find("u").unwrap()), ["u", "x"]);
    let nothing = people(&[alias("x", "u")]);
    assert_eq!(name(&nothing, "x").as_deref(), Some("u"));
    assert_eq!(nothing.user_ids(nothing.find("x").unwrap()), ["u"]);
}

#[test]
fn two_anonymous_visitors_become_the_one_user_who_comes_later() {
    let step = Step::CookieAlias("a".to_owned(), "b".to_owned());
    let people = people(&[seen(None, Some("a")), step, seen(Some("u"), Some("b"))]);
    for id in ["a", "b", "u"] {
        assert_eq!(name(&people, id).as_deref(), Some("u"));
    }
}

#[test]
fn an_anonymous_visitor_is_named_by_the_cookie() {
    let step = Step::CookieAlias("a".to_owned(), "b".to_owned());
    let people = people(&[step, seen(None, Some("a"))]);
    assert_eq!(name(&people, "a").as_deref(), Some("b"), "the alias moved on from a");
}

#[test]
fn a_user_and_a_cookie_of_the_same_name_are_two() {
    let people = people(&[seen(None, Some("x")), seen(Some("x"), None)]);
    assert_eq!(people.everyone().count(), 2);
    assert_eq!(name(&people, "x").as_deref(), Some("x"));
    assert_eq!(name(&people, "x (cookie)").as_deref(), Some("x (cookie)"));
    assert_ne!(people.find("x"), people.find("x (cookie)"));
}

#[test]
fn an_alias_onto_itself_merges_nobody() {
    let people = people(&[seen(None, Some("x")), alias("x", "x")]);
    assert_eq!(people.everyone().count(), 2);
    assert_eq!(name(&people, "x").as_deref(), Some("x"));
}

#[test]
fn a_circle_of_aliases_is_one_person() {
    let people = people(&[alias("b", "a"), alias("a", "b")]);
    assert_eq!(people.everyone().count(), 1);
    assert_eq!(name(&people, "b").as_deref(), Some("a"), "of equals the first by text");
}

const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn id() -> impl Strategy<Value = String> {
    proptest::sample::select(&IDS[..]).prop_map(str::to_owned)
}

fn visit() -> impl Strategy<Value = Step> {
    (proptest::option::of(id()), proptest::option::of(id())).prop_map(|(user, cookie)| Step::Seen(user, cookie))
}

fn any_alias() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (id(), id()).prop_map(|(previous, user)| Step::Alias(previous, user)),
        1 => (id(), id()).prop_map(|(previous, cookie)| Step::CookieAlias(previous, cookie)),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![visit(), any_alias()]
}

fn steps(one: impl Strategy<Value = Step>, most: usize) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(one, 0..most)
}

/// The user ids and the cookies of every person, and the name of each id's bearer.
#[derive(Debug, PartialEq)]
struct WhoIsWho {
    persons: Vec<(Vec<String>, Vec<String>)>,
    names: Vec<Option<String>>,
}

fn who_is_who(people: &People) -> WhoIsWho {
    let mut persons: Vec<_> = people
        .everyone()
        .map(|person| (people.user_ids(person), people.cookie_ids(person)))
        .collect();
    persons.sort();
    WhoIsWho {
        persons,
        names: IDS.iter().map(|id| name(people, id)).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn aliases_commute_and_associate(
        before in steps(visit(), 6),
        (aliases, shuffled) in steps(any_alias(), 7).prop_flat_map(|aliases| (Just(aliases.clone()), Just(aliases).prop_shuffle())),
    ) {
        let as_sent = people(&[before.clone(), aliases].concat());
        let in_another_order = people(&[before, shuffled].concat());
        prop_assert_eq!(who_is_who(&as_sent), who_is_who(&in_another_order));
    }

    #[test]
    fn an_alias_said_twice_is_said_once(before in steps(any_step(), 8), alias in any_alias()) {
        let once = people(&[before.clone(), vec![alias.clone()]].concat());
        let twice = people(&[before, vec![alias.clone(), alias]].concat());
        prop_assert_eq!(who_is_who(&once), who_is_who(&twice));
    }

    #[test]
    fn users_are_one_person_only_through_aliases(steps in steps(visit(), 12)) {
        let people = people(&steps);
        for (user_ids, _) in who_is_who(&people).persons {
            prop_assert!(user_ids.len() <= 1, "{user_ids:?}");
        }
    }

    #[test]
    fn every_id_belongs_to_exactly_one_person_who_is_found_by_name(steps in steps(any_step(), 12)) {
        let people = people(&steps);
        let mut users = Vec::new();
        let mut cookies = Vec::new();
        for person in people.everyone() {
            let ids = [people.user_ids(person), people.cookie_ids(person)];
            prop_assert!(ids.iter().any(|ids| !ids.is_empty()));
            prop_assert_eq!(people.find(&people.name(person)), Some(person));
            users.extend(ids[0].clone());
            cookies.extend(ids[1].clone());
        }
        let counts = (users.len(), cookies.len());
        users.sort();
        users.dedup();
        cookies.sort();
        cookies.dedup();
        prop_assert_eq!((users.len(), cookies.len()), counts);
    }

    #[test]
    fn whoever_were_one_person_stay_one(steps in steps(any_step(), 8), next in any_step()) {
        let mut people = people(&steps);
        let before: Vec<Vec<String>> = people.everyone().map(|person| people.user_ids(person)).collect();
        take(&mut people, &next);
        for users in before {
            let now: Vec<_> = users.iter().map(|user| name(&people, user)).collect();
            prop_assert!(now.windows(2).all(|pair| pair[0] == pair[1]), "{users:?}");
        }
    }
}
