use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn ids(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl Turn {
    /// Whether everything before has ended.
    fn has_come(&mut self) -> bool {
        self.0
            .retain_mut(|before| before.try_recv() == Err(oneshot::error::TryRecvError::Empty));
        self.0.is_empty()
    }
}

#[test]
fn events_of_one_visitor_come_one_after_the_other_and_others_do_not_wait() {
    let mut lanes = Lanes::default();
    let (mut first, mark) = lanes.join(1, ids(&["a"]));
    let (mut second, _second) = lanes.join(2, ids(&["a"]));
    let (mut other, _other) = lanes.join(3, ids(&["b"]));
    assert!(first.has_come() && !second.has_come() && other.has_come());
    lanes.leave(&mark);
    drop(mark);
    assert!(second.has_come());
}

#[test]
fn an_event_with_two_ids_waits_for_both_lanes_and_joins_them_for_good() {
    let mut lanes = Lanes::default();
    let (_, user) = lanes.join(1, ids(&["user"]));
    let (_, cookie) = lanes.join(2, ids(&["cookie"]));
    let (mut identify, both) = lanes.join(3, ids(&["user", "cookie"]));
    drop(user);
    assert!(!identify.has_come(), "the cookie's event has not ended");
    drop(cookie);
    assert!(identify.has_come());
    lanes.leave(&both);
    drop(both);

    let (_, cookie) = lanes.join(4, ids(&["cookie"]));
    let (mut user, _user) = lanes.join(5, ids(&["user"]));
    assert!(!user.has_come(), "it is the same visitor now");
    drop(cookie);
    assert!(user.has_come());
}

#[test]
fn an_event_without_ids_waits_for_nothing() {
    let mut lanes = Lanes::default();
    let (mut one, mark) = lanes.join(1, Vec::new());
    let (mut other, _other) = lanes.join(2, Vec::new());
    assert!(one.has_come() && other.has_come());
    lanes.leave(&mark);
    assert!(lanes.lanes.is_empty());
}

#[test]
fn an_idle_lane_of_one_id_is_forgotten_and_a_joined_one_is_kept() {
    let mut lanes = Lanes::default();
    let (_, one) = lanes.join(1, ids(&["alone"]));
    let (_, two) = lanes.join(2, ids(&["alone"]));
    lanes.leave(&one);
    assert_eq!(lanes.lane_of.len(), 1, "the second one is still there");
    lanes.leave(&two);
    assert!(lanes.lane_of.is_empty() && lanes.lanes.is_empty());

    let (_, joined) = lanes.join(3, ids(&["user", "cookie"]));
    lanes.leave(&joined);
    assert_eq!((lanes.lane_of.len(), lanes.lanes.len()), (2, 1));
}

/// What lanes are for, without forgetting anything: who is the same visitor, and who came before whom.
#[derive(Default)]
struct Model {
    names: BTreeMap<String, usize>,
    open: Vec<(u64, usize)>,
    groups: usize,
}

impl Model {
    /// The ordinals of the unfinished events that an event with these ids must wait for.
    fn join(&mut self, ordinal: u64, ids: &[String]) -> Vec<u64> {
        self.groups += 1;
        let group = self.groups;
        let united: Vec<usize> = ids.iter().filter_map(|id| self.names.get(id).copied()).collect();
        self.names
            .values_mut()
            .chain(self.open.iter_mut().map(|(_, g)| g))
            .filter(|g| united.contains(g))
            .for_each(|g| *g = group);
        self.names.extend(ids.iter().map(|id| (id.clone(), group)));
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

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop::collection::vec(0..8_u8, 0..4).prop_map(Step::Submit),
        any::<prop::sample::Index>().prop_map(Step::Finish),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Under any schedule, an event's turn comes exactly when every earlier event of its visitor has ended.
    #[test]
    fn a_turn_comes_exactly_after_all_earlier_events_of_the_visitor(steps in prop::collection::vec(step(), 0..60)) {
        let (mut lanes, mut model) = (Lanes::default(), Model::default());
        let mut open: Vec<(u64, Vec<u64>, Turn, Mark)> = Vec::new();
        for (ordinal, step) in (0..).zip(steps) {
            match step {
                Step::Submit(names) => {
                    let mut ids: Vec<String> = names.iter().map(ToString::to_string).collect();
                    ids.dedup();
                    let before = model.join(ordinal, &ids);
                    let (turn, mark) = lanes.join(ordinal, ids);
                    open.push((ordinal, before, turn, mark));
                }
                Step::Finish(index) => {
                    let runnable: Vec<usize> = (0..open.len()).filter(|at| open[*at].1.is_empty()).collect();
                    if !runnable.is_empty() {
                        let (ended, _, _, mark) = open.remove(*index.get(&runnable));
                        lanes.leave(&mark);
                        drop(mark);
                        model.open.retain(|(ordinal, _)| *ordinal != ended);
                        for (_, before, _, _) in &mut open {
                            before.retain(|ordinal| *ordinal != ended);
                        }
                    }
                }
            }
            for (ordinal, before, turn, _) in &mut open {
                prop_assert_eq!(turn.has_come(), before.is_empty(), "event {}", ordinal);
            }
        }
        for (_, _, _, mark) in open {
            lanes.leave(&mark);
        }
        prop_assert!(lanes.lanes.values().all(|lane| lane.last.is_none() && lane.ids.len() > 1), "idle lanes are forgotten");
    }
}
