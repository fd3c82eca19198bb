use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use proptest::prelude::*;

use super::*;

fn id(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

fn ids(names: &[&str]) -> Vec<u64> {
    names.iter().map(|name| id(name)).collect()
}

fn lanes() -> Lanes {
    Lanes::new(1_000)
}

#[test]
fn events_of_one_visitor_come_one_after_the_other_and_others_do_not_wait() {
    let mut lanes = lanes();
    assert!(lanes.enter(1, &ids(&["a"])));
    assert!(!lanes.enter(2, &ids(&["a"])));
    assert!(lanes.enter(3, &ids(&["b"])));
    assert_eq!(lanes.leave(1), Some(2));
    assert!(lanes.is_first(2));
}

#[test]
fn an_event_with_two_ids_waits_for_both_lanes_and_joins_them() {
    let mut lanes = lanes();
    lanes.enter(1, &ids(&["user"]));
    lanes.enter(2, &ids(&["cookie"]));
    assert!(!lanes.enter(3, &ids(&["user", "cookie"])));
    assert_eq!(lanes.leave(1), None, "the cookie's event has not ended");
    assert_eq!(lanes.leave(2), Some(3));
    assert_eq!(lanes.leave(3), None);

    assert!(lanes.enter(4, &ids(&["cookie"])));
    assert!(!lanes.enter(5, &ids(&["user"])), "it is the same visitor now");
    assert_eq!(lanes.leave(4), Some(5));
}

#[test]
fn an_event_without_ids_waits_for_nothing() {
    let mut lanes = lanes();
    assert!(lanes.enter(1, &[]) && lanes.enter(2, &[]));
    assert_eq!((lanes.leave(1), lanes.leave(2)), (None, None));
    assert!(lanes.by_key.is_empty() && lanes.events.len() == 0);
}

#[test]
fn what_is_packed_may_be_followed_into_the_same_parcel_until_that_is_closed() {
    let mut lanes = lanes();
    assert!(lanes.enter(1, &ids(&["a"])));
    assert!(!lanes.enter(2, &ids(&["a"])));
    assert_eq!(lanes.pack(1), Some(2), "the next one may travel with it");
    assert_eq!(lanes.pack(2), None);
    assert!(lanes.enter(3, &ids(&["a"])), "so may one that comes later");
    assert!(lanes.enter(4, &ids(&["b"])));
    assert!(
        !lanes.enter(5, &ids(&["a", "b"])),
        "half of what is before it is in no parcel"
    );
    assert_eq!(lanes.pack(3), None);
    for ordinal in [1, 2, 3] {
        lanes.seal(ordinal);
    }
    assert!(!lanes.enter(6, &ids(&["a"])));
    let travelled = [1, 2, 3].map(|ordinal| lanes.leave(ordinal));
    assert_eq!(
        travelled,
        [Some(2), Some(3), None],
        "4 is still before what comes after 3"
    );
    assert_eq!(lanes.leave(4), Some(5));
    assert_eq!(lanes.leave(5), Some(6));
}

#[test]
fn an_idle_lane_of_one_id_is_forgotten_and_a_joined_one_is_kept() {
    let mut lanes = lanes();
    lanes.enter(1, &ids(&["alone"]));
    lanes.enter(2, &ids(&["alone"]));
    lanes.leave(1);
    assert_eq!(lanes.lane_of.len(), 1, "the second one is still there");
    lanes.leave(2);
    assert!(lanes.lane_of.is_empty() && lanes.by_key.is_empty());

    lanes.enter(3, &ids(&["user", "cookie"]));
    lanes.leave(3);
    assert_eq!((lanes.lane_of.len(), lanes.by_key.len(), lanes.idle_ids), (2, 1, 2));
}

#[test]
fn of_the_joined_ids_the_longest_idle_ones_are_forgotten_first() {
    let mut lanes = Lanes::new(4);
    for (ordinal, names) in [(1, ["u1", "c1"]), (2, ["u2", "c2"])] {
        lanes.enter(ordinal, &ids(&names));
        lanes.leave(ordinal);
    }
    lanes.enter(3, &ids(&["u1"]));
    lanes.leave(3);
    lanes.enter(4, &ids(&["u4", "c4"]));
    lanes.leave(4);
    assert!(!lanes.lane_of.contains_key(&id("u2")) && !lanes.lane_of.contains_key(&id("c2")));
    assert!(lanes.lane_of.contains_key(&id("c1")), "it was in use more recently");
    assert_eq!((lanes.lane_of.len(), lanes.idle_ids, lanes.idle.len()), (4, 4, 2));
}

/// Many users behind one cookie, or one user with a new cookie each time: a lane that is never idle and always gets ids.
#[test]
fn a_lane_that_is_never_idle_forgets_ids_that_nothing_under_way_has() {
    let mut lanes = Lanes::new(100);
    let names = |n: u64| ids(&["shared", &format!("cookie-{n}")]);
    lanes.enter(0, &names(0));
    for ordinal in 1..20_000 {
        lanes.enter(ordinal, &names(ordinal));
        lanes.leave(ordinal - 1);
        assert!(
            lanes.lane_of.len() <= 104,
            "{} ids after {ordinal} events",
            lanes.lane_of.len()
        );
    }
    assert!(lanes.lane_of.contains_key(&id("cookie-19999")) && lanes.lane_of.contains_key(&id("cookie-19990")));
    assert!(
        lanes.lane_of.contains_key(&id("shared")),
        "what is in use again and again stays"
    );
    let lanes_ids = lanes.by_key.iter().flat_map(|(_, lane)| &lane.ids);
    let known: Vec<u64> = lanes_ids.map(|(id, _)| *id).collect();
    assert_eq!(known.len(), lanes.lane_of.len());
    assert!(known.iter().all(|id| lanes.lane_of.contains_key(id)));
    lanes.leave(19_999);
    assert!(lanes.idle_ids <= 100);
    assert_eq!(lanes.idle_ids, lanes.lane_of.len());
}

#[test]
fn ids_of_what_is_under_way_are_never_forgotten() {
    let mut lanes = Lanes::new(0);
    for ordinal in 0..500 {
        lanes.enter(ordinal, &ids(&["shared", &format!("cookie-{ordinal}")]));
    }
    assert_eq!(lanes.lane_of.len(), 501);
    for n in 0..500 {
        assert!(
            !lanes.enter(500 + n, &ids(&[&format!("cookie-{n}")])),
            "it comes after the others of its visitor"
        );
    }
    for ordinal in 0..1_000 {
        lanes.leave(ordinal);
    }
    assert!(lanes.lane_of.is_empty() && lanes.by_key.is_empty() && lanes.events.len() == 0);
}

/// What lanes are for, without forgetting anything: who is the same visitor, and who came before whom.
#[derive(Default)]
struct Model {
    names: BTreeMap<u64, usize>,
    open: Vec<(u64, usize)>,
    groups: usize,
}

impl Model {
    /// The ordinals of the unfinished events that an event with these ids must wait for.
    fn enter(&mut self, ordinal: u64, ids: &[u64]) -> Vec<u64> {
        self.groups += 1;
        let group = self.groups;
        let united: Vec<usize> = ids.iter().filter_map(|id| self.names.get(id).copied()).collect();
        self.names
            .values_mut()
            .chain(self.open.iter_mut().map(|(_, g)| g))
            .filter(|g| united.contains(g))
            .for_each(|g| *g = group);
        self.names.extend(ids.iter().map(|id| (*id, group)));
        let before = self
            .open
            .iter()
            .filter(|(_, g)| *g == group)
            .map(|(open, _)| *open)
            .collect();
        self.open.push((ordinal, group));
        before
    }
}

#[derive(Clone, Debug)]
enum Step {
    Submit(Vec<u8>),
    Finish(prop::sample::Index),
}

fn each_once(names: &[u8]) -> Vec<u64> {
    let names: BTreeSet<&u8> = names.iter().collect();
    names.into_iter().map(|name| id(&name.to_string())).collect()
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop::collection::vec(0..8_u8, 0..4).prop_map(Step::Submit),
        any::<prop::sample::Index>().prop_map(Step::Finish),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// However few ids are remembered, no event's turn comes while an earlier one that has an id in common is under way.
    #[test]
    fn what_shares_an_id_is_never_overtaken(steps in prop::collection::vec(step(), 0..60), remembered in 0..4_usize) {
        let mut lanes = Lanes::new(remembered);
        let mut open: Vec<(u64, Vec<u64>)> = Vec::new();
        for (ordinal, step) in (0..).zip(steps) {
            match step {
                Step::Submit(names) => {
                    let ids = each_once(&names);
                    lanes.enter(ordinal, &ids);
                    open.push((ordinal, ids));
                }
                Step::Finish(index) => {
                    let first: Vec<usize> = (0..open.len()).filter(|at| lanes.is_first(open[*at].0)).collect();
                    if !first.is_empty() {
                        lanes.leave(open.remove(*index.get(&first)).0);
                    }
                }
            }
            for (at, (ordinal, ids)) in open.iter().enumerate() {
                let shares = |(_, others): &(u64, Vec<u64>)| ids.iter().any(|id| others.contains(id));
                prop_assert!(!lanes.is_first(*ordinal) || !open[..at].iter().any(shares), "event {}", ordinal);
            }
        }
        for (ordinal, _) in open {
            lanes.leave(ordinal);
        }
        prop_assert!(lanes.events.len() == 0 && lanes.lane_of.len() == lanes.idle_ids);
        prop_assert!(lanes.idle_ids <= remembered);
    }

    /// Under any schedule, an event's turn comes exactly when every earlier event of its visitor has ended.
    #[test]
    fn a_turn_comes_exactly_after_all_earlier_events_of_the_visitor(steps in prop::collection::vec(step(), 0..60)) {
        let (mut lanes, mut model) = (lanes(), Model::default());
        let mut open: Vec<(u64, Vec<u64>)> = Vec::new();
        for (ordinal, step) in (0..).zip(steps) {
            match step {
                Step::Submit(names) => {
                    let ids = each_once(&names);
                    let before = model.enter(ordinal, &ids);
                    prop_assert_eq!(lanes.enter(ordinal, &ids), before.is_empty());
                    open.push((ordinal, before));
                }
                Step::Finish(index) => {
                    let runnable: Vec<usize> = (0..open.len()).filter(|at| open[*at].1.is_empty()).collect();
                    if !runnable.is_empty() {
                        let (ended, _) = open.remove(*index.get(&runnable));
                        let next = lanes.leave(ended);
                        model.open.retain(|(ordinal, _)| *ordinal != ended);
                        let mut freed = None;
                        for (ordinal, before) in &mut open {
                            let waited = !before.is_empty();
                            before.retain(|ordinal| *ordinal != ended);
                            if waited && before.is_empty() {
                                freed = Some(*ordinal);
                            }
                        }
                        prop_assert_eq!(next, freed);
                    }
                }
            }
            for (ordinal, before) in &open {
                prop_assert_eq!(lanes.is_first(*ordinal), before.is_empty(), "event {}", ordinal);
            }
        }
        for (ordinal, _) in open {
            lanes.leave(ordinal);
        }
        prop_assert!(lanes.events.len() == 0);
        prop_assert!(lanes.by_key.iter().all(|(_, lane)| lane.last.is_none() && lane.ids.len() > 1), "idle lanes are forgotten");
        prop_assert_eq!(lanes.idle_ids, lanes.lane_of.len());
    }

    /// However few ids are remembered, no event overtakes one that has not ended.
    #[test]
    fn forgetting_never_lets_an_event_overtake_one_under_way(steps in prop::collection::vec(step(), 0..60), remembered in 0..4_usize) {
        let mut lanes = Lanes::new(remembered);
        let mut open: Vec<(u64, Vec<u64>)> = Vec::new();
        for (ordinal, step) in (0..).zip(steps) {
            match step {
                Step::Submit(names) => {
                    let ids = each_once(&names);
                    let shares_an_id = open.iter().any(|(_, others)| others.iter().any(|id| ids.contains(id)));
                    let is_first = lanes.enter(ordinal, &ids);
                    prop_assert!(!(is_first && shares_an_id));
                    open.push((ordinal, ids));
                }
                Step::Finish(index) => {
                    let runnable: Vec<usize> = (0..open.len()).filter(|at| lanes.is_first(open[*at].0)).collect();
                    if !runnable.is_empty() {
                        let (ended, _) = open.remove(*index.get(&runnable));
                        lanes.leave(ended);
                    }
                }
            }
            prop_assert!(lanes.idle_ids <= remembered);
        }
    }
}
