//! Any sequence of calls does to a spool what it does to a map in memory.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use spool::{RecordId, Spool, SpoolOptions};

use crate::damage::copied;

#[derive(Clone, Debug)]
enum Call {
    Append(Vec<Vec<u8>>),
    /// Which of the records so far, removed ones too.
    Remove(Vec<prop::sample::Index>),
    First {
        after: Option<prop::sample::Index>,
        records: usize,
        bytes: usize,
    },
    Flush,
    Close,
    Crash,
}

fn record() -> impl Strategy<Value = Vec<u8>> {
    (any::<u8>(), prop_oneof![0..40_usize, 800..900_usize, 4000..9000_usize])
        .prop_map(|(byte, length)| vec![byte; length])
}

fn call() -> impl Strategy<Value = Call> {
    use prop::collection::vec;
    let after = any::<Option<prop::sample::Index>>();
    prop_oneof![
        4 => vec(record(), 0..6).prop_map(Call::Append),
        4 => vec(any::<prop::sample::Index>(), 0..6).prop_map(Call::Remove),
        3 => (after, 0..8_usize, 0..20_000_usize).prop_map(|(after, records, bytes)| Call::First { after, records, bytes }),
        1 => Just(Call::Flush),
        1 => Just(Call::Close),
        1 => Just(Call::Crash),
    ]
}

#[derive(Debug, Default)]
struct Model {
    records: BTreeMap<RecordId, Vec<u8>>,
    /// Every id that was ever given.
    given: Vec<RecordId>,
    /// What was removed since the last call that makes removals durable for sure.
    unsure: BTreeMap<RecordId, Vec<u8>>,
}

impl Model {
    fn picked(&self, index: prop::sample::Index) -> Option<RecordId> {
        (!self.given.is_empty()).then(|| *index.get(&self.given))
    }

    fn append(&mut self, ids: &[RecordId], records: Vec<Vec<u8>>) {
        assert_eq!(ids.len(), records.len());
        for (id, record) in ids.iter().zip(records) {
            assert!(self.given.last() < Some(id), "{id} does not grow");
            self.given.push(*id);
            self.records.insert(*id, record);
        }
    }

    fn remove(&mut self, ids: &[RecordId]) {
        for id in ids {
            self.unsure.extend(self.records.remove(id).map(|record| (*id, record)));
        }
    }

    fn first(&self, after: Option<RecordId>, records: usize, bytes: usize) -> Vec<(RecordId, Vec<u8>)> {
        let mut total = 0;
        let later = self
            .records
            .iter()
            .filter(|(id, _)| Some(**id) > after)
            .take(records)
            .enumerate();
        let within = later.take_while(|(index, (_, record))| {
            total += record.len();
            *index == 0 || total <= bytes
        });
        within.map(|(_, (id, record))| (*id, record.clone())).collect()
    }

    /// Takes up what was found after a crash: all records, and perhaps some whose removal was not durable.
    fn recover(&mut self, found: Vec<(RecordId, Vec<u8>)>) {
        let found: BTreeMap<_, _> = found.into_iter().collect();
        for (id, record) in &self.records {
            assert_eq!(found.get(id), Some(record), "{id} is lost");
        }
        for (id, record) in &found {
            assert!(
                self.records.contains_key(id) || self.unsure.get(id) == Some(record),
                "{id} is from nowhere"
            );
        }
        self.records = found;
        self.unsure.clear();
    }
}

fn opened(folder: &Path) -> Spool {
    let options = SpoolOptions {
        cache_bytes: 64 * 1024,
        removals_per_sync: 5,
    };
    Spool::open(folder, options).unwrap()
}

fn play(calls: Vec<Call>) {
    let mut folder = crate::quick_folder();
    let mut spool = opened(folder.path());
    let mut model = Model::default();
    for call in calls {
        match call {
            Call::Append(records) => model.append(&spool.append_all(&records).unwrap(), records),
            Call::Remove(indexes) => {
                let ids: Vec<RecordId> = indexes.into_iter().filter_map(|index| model.picked(index)).collect();
                spool.remove(&ids).unwrap();
                model.remove(&ids);
            }
            Call::First { after, records, bytes } => {
                let after = after.and_then(|index| model.picked(index));
                assert_eq!(
                    spool.first(after, records, bytes).unwrap(),
                    model.first(after, records, bytes)
                );
            }
            Call::Flush => {
                spool.flush().unwrap();
                model.unsure.clear();
            }
            Call::Close => {
                spool.close().unwrap();
                spool = opened(folder.path());
                model.unsure.clear();
                assert!(!spool.opened().after_crash);
            }
            Call::Crash => {
                folder = copied(folder.path());
                spool = opened(folder.path());
                assert!(spool.opened().after_crash);
                model.recover(crate::all(&spool));
            }
        }
        assert_eq!(spool.len(), model.records.len() as u64);
    }
    assert_eq!(crate::all(&spool), model.first(None, usize::MAX, usize::MAX));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_spool_is_a_map_that_survives(calls in prop::collection::vec(call(), 1..40)) {
        play(calls);
    }
}
