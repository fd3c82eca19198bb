use attribution_ledger::{EntryVerdict, Headers, Journal, Ledger, LedgerConfig, Request};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::Index;
use crate::filter::{Paging, RequestFilter};

/// What happens to a record, as far as its index goes.
#[derive(Clone, Debug)]
enum Step {
    /// A request comes from this user with this cookie, so many seconds after noon.
    Request(&'static str, &'static str, i64),
    /// So many of the oldest entries are forgotten.
    Forget(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let id = || prop::sample::select(vec!["a", "b", "c", "d", "e"]);
    prop_oneof![
        4 => (id(), id(), 0i64..5).prop_map(|(user, cookie, at)| Step::Request(user, cookie, at)),
        1 => (0usize..6).prop_map(Step::Forget),
    ]
}

fn request(user: &str, cookie: &str, at: i64) -> Request {
    let body = format!(
        r#"{{"user_id":"{user}","cookie_id":"{cookie}","event":"{user}","timestamp":"2024-01-15T10:00:00.000Z","properties":{{}}}}"#
    );
    Request {
        received_at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(at),
        path: if user < cookie { "/track" } else { "/elsewhere" }.into(),
        headers: Headers::default(),
        browser: false,
        encoding: None,
        body: body.into_bytes().into(),
    }
}

fn filters() -> Vec<RequestFilter> {
    let some = |text: &str| Some(text.to_owned());
    let all = RequestFilter::default();
    vec![
        all.clone(),
        RequestFilter {
            path: some("/track"),
            ..all.clone()
        },
        RequestFilter {
            path: some("/elsewhere"),
            ..all.clone()
        },
        RequestFilter {
            visitor: some("a"),
            ..all.clone()
        },
        RequestFilter {
            visitor: some("b"),
            event: some("c"),
            ..all.clone()
        },
        RequestFilter {
            rule: some("ATT005"),
            ..all.clone()
        },
        RequestFilter {
            since: Timestamp::from_second(2).ok(),
            until: Timestamp::from_second(4).ok(),
            ..all
        },
    ]
}

proptest! {
    #[test]
    fn an_index_that_forgot_the_oldest_finds_what_one_of_the_rest_finds(steps in prop::collection::vec(step(), 0..60)) {
        let (mut journal, mut ledger) = (Journal::new(), Ledger::new(LedgerConfig::default()));
        let (mut index, mut kept) = (Index::default(), Vec::new());
        for step in steps {
            match step {
                Step::Request(user, cookie, at) => {
                    let entry = journal.append(request(user, cookie, at), EntryVerdict::Recorded, 200);
                    ledger.apply(entry);
                    let named = entry.request.assess().mentions;
                    index.push(entry, &named, ledger.violations_on_arrival(entry.seq));
                    kept.push(entry.clone());
                }
                Step::Forget(oldest) => {
                    kept.drain(..oldest.min(kept.len()));
                    index.drop_before(kept.first().map_or(u64::MAX, |entry| entry.seq));
                }
            }
        }
        let mut fresh = Index::default();
        for entry in &kept {
            fresh.push(entry, &entry.request.assess().mentions, ledger.violations_on_arrival(entry.seq));
        }
        for filter in filters() {
            for paging in [Paging::first(usize::MAX), Paging::last(3)] {
                let [found, expected] = [&index, &fresh].map(|index| index.query(&filter, &ledger).find(&paging));
                prop_assert_eq!(found, expected, "{:?}", filter);
            }
        }
    }
}

#[test]
fn a_word_that_nothing_has_any_more_leaves_its_place_to_another() {
    let (mut journal, mut index) = (Journal::new(), Index::default());
    for number in 0..100 {
        let user = format!("user-{number}");
        let entry = journal.append(request(&user, "z", 0), EntryVerdict::Recorded, 200);
        index.push(entry, &entry.request.assess().mentions, &[]);
        index.drop_before(entry.seq);
    }
    assert!(index.terms.places() < 10, "{}", index.terms.places());
}
