//! One visitor's rows beside everyone's, and whom and what a request names.

use attribution_ledger::{Call, Ledger, LedgerConfig, Mention, OneVisitor, assess};
use proptest::prelude::*;

use crate::generate::journal;

proptest! {
    #[test]
    fn what_one_visitor_has_is_what_the_lists_have_under_the_name(
        journal in journal(),
    ) {
        let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
        for everyone in ledger.visitors() {
            let name = everyone.visitor.clone();
            let one = ledger.visitor(&name).expect("a canonical name is an id");
            prop_assert_eq!((one.name(), one.row()), (name.clone(), Some(everyone)));
            let mut visits = ledger.visits();
            visits.retain(|visit| visit.visitor == name);
            prop_assert_eq!(one.visits(), visits);
            let mut page_views = ledger.page_views();
            page_views.retain(|view| view.visitor == name);
            prop_assert_eq!(one.page_views(), page_views);
            let mut conversions = ledger.conversions();
            conversions.retain(|conversion| conversion.visitor == name);
            prop_assert_eq!(one.conversions(), conversions);
            let [views, tracks] = [ledger.counts().page_views, ledger.counts().conversions];
            let is_view_of = |place: &usize| ledger.page_view(*place).is_some_and(|row| row.visitor == name);
            let theirs: Vec<usize> = (0..views).filter(is_view_of).collect();
            prop_assert_eq!(one.page_view_places(), theirs);
            let is_track_of = |place: &usize| ledger.conversion(*place).is_some_and(|row| row.visitor == name);
            let theirs: Vec<usize> = (0..tracks).filter(is_track_of).collect();
            prop_assert_eq!(one.conversion_places(), theirs);
            prop_assert_eq!(one.identity(), ledger.identities().into_iter().find(|identity| identity.visitor == name));
            let is_theirs = |id: &str| ledger.resolve(id).as_ref() == Some(&name);
            let mut merges = ledger.merges();
            merges.retain(|merge| is_theirs(&merge.from) || is_theirs(&merge.into));
            prop_assert_eq!(one.merges(), merges);
        }
    }

    #[test]
    fn every_id_in_the_list_of_ids_is_a_visitor_s(
        journal in journal(),
    ) {
        let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
        let mut listed: Vec<String> = ledger.ids().map(str::to_owned).collect();
        let ids = |one: OneVisitor<'_>| [one.user_ids(), one.cookie_ids()].concat();
        let names = ledger.visitors().into_iter().map(|visitor| visitor.visitor);
        let mut expected: Vec<String> = names.filter_map(|name| ledger.visitor(&name)).flat_map(ids).collect();
        listed.sort();
        expected.sort();
        prop_assert_eq!(listed, expected);
    }
}

#[track_caller]
fn check(path: &str, body: &str, call: Call, event: Option<&str>, ids: [Option<&str>; 3]) {
    let [user, cookie, previous] = ids.map(|id| id.map(str::to_owned));
    let event = event.map(str::to_owned);
    let expected = Mention {
        call: Some(call),
        event,
        user,
        cookie,
        previous,
    };
    assert_eq!(assess(path, body.as_bytes()).mentions, [expected], "{path} {body}");
}

#[test]
fn a_message_names_ids_and_events_as_its_dialect_calls_them() {
    let page = r#"{"cookie_id":"c","event":"Viewed Home Page"}"#;
    check(
        "/track",
        page,
        Call::Page,
        Some("Viewed Home Page"),
        [None, Some("c"), None],
    );
    let alias = r#"{"previous_id":"a","user_id":7}"#;
    check("/alias", alias, Call::Alias, None, [Some("7"), None, Some("a")]);
    let track = r#"{"userId":"u","anonymousId":"c","previousId":"x","event":"Sign Up"}"#;
    check(
        "/v1/t",
        track,
        Call::Track,
        Some("Sign Up"),
        [Some("u"), Some("c"), None],
    );
}

#[test]
fn a_message_that_is_refused_names_them_all_the_same() {
    check(
        "/track",
        r#"{"user_id":"u"}"#,
        Call::Track,
        None,
        [Some("u"), None, None],
    );
    let batch = assess(
        "/v1/import",
        br#"{"batch":[7,{"type":"walk","userId":"u","event":"e"},{}]}"#,
    );
    assert!(batch.is_denied() && batch.mentions.len() == 2);
    assert_eq!(
        (batch.mentions[0].call, batch.mentions[0].user.as_deref()),
        (None, Some("u"))
    );
    assert!(assess("/track", b"[]").mentions.is_empty() && assess("/elsewhere", b"{}").mentions.is_empty());
}
