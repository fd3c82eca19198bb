use super::{Listing, Posted, Recorded, Rule, Subject, Violation};
use super::{
    alias_cycle, alias_of_merged_id, alias_onto_former_id, alias_onto_itself, alias_without_ids,
    alias_without_previous_id, alias_without_user_id, audience_not_boolean, bad_timestamp, body_not_json_object,
    campaign_contradicts_url, campaign_not_in_url, clock_skew, context_not_an_object, cookie_not_a_string,
    duplicate_message_id, identity_not_a_string, membership_without_identity, message_id_reused, message_not_an_object,
    missing_batch, missing_event, missing_group_id, missing_identity, missing_message_id, missing_timestamp,
    missing_type, not_an_object, null_identity, numeric_identity, order_revenue_elsewhere, order_without_revenue,
    page_like_track, page_without_url, placeholder_identity, repeated_referrer, revenue_not_a_number, rotating_cookies,
    same_millisecond, server_page_without_visitor, shared_cookie, suspected_duplicate, time_in_the_far_past,
    time_in_the_future, time_out_of_range, type_contradicts_path, unknown_field, unknown_path, unknown_type,
    unlinked_conversion,
};
use crate::project::Unlinked;

/// How many rules there are.
pub(super) const COUNT: usize = 50;

static ALL: [&Rule; COUNT] = [
    &body_not_json_object::RULE,
    &missing_identity::RULE,
    &identity_not_a_string::RULE,
    &missing_event::RULE,
    &bad_timestamp::RULE,
    &alias_without_ids::RULE,
    &alias_onto_itself::RULE,
    &not_an_object::RULE,
    &unknown_field::RULE,
    &page_like_track::RULE,
    &page_without_url::RULE,
    &alias_without_previous_id::RULE,
    &alias_without_user_id::RULE,
    &null_identity::RULE,
    &missing_timestamp::RULE,
    &numeric_identity::RULE,
    &cookie_not_a_string::RULE,
    &context_not_an_object::RULE,
    &time_out_of_range::RULE,
    &unknown_path::RULE,
    &duplicate_message_id::RULE,
    &missing_message_id::RULE,
    &missing_type::RULE,
    &unknown_type::RULE,
    &type_contradicts_path::RULE,
    &missing_batch::RULE,
    &message_not_an_object::RULE,
    &missing_group_id::RULE,
    &campaign_not_in_url::RULE,
    &campaign_contradicts_url::RULE,
    &server_page_without_visitor::RULE,
    &revenue_not_a_number::RULE,
    &order_revenue_elsewhere::RULE,
    &order_without_revenue::RULE,
    &audience_not_boolean::RULE,
    &placeholder_identity::RULE,
    &clock_skew::RULE,
    &time_in_the_future::RULE,
    &time_in_the_far_past::RULE,
    &message_id_reused::RULE,
    &suspected_duplicate::RULE,
    &same_millisecond::RULE,
    &rotating_cookies::RULE,
    &shared_cookie::RULE,
    &alias_of_merged_id::RULE,
    &alias_onto_former_id::RULE,
    &alias_cycle::RULE,
    &unlinked_conversion::RULE,
    &repeated_referrer::RULE,
    &membership_without_identity::RULE,
];

/// Every rule, in the order of their ids.
pub fn all() -> &'static [&'static Rule] {
    &ALL
}

/// The rule with this id or name, in any letter case.
///
/// ```
/// let rule = attribution_ledger::rules::explain("att004").expect("there is such a rule");
/// assert_eq!(rule.name, "missing-event");
/// ```
pub fn explain(id_or_name: &str) -> Option<&'static Rule> {
    let wanted = |text: &str| text.eq_ignore_ascii_case(id_or_name.trim());
    all().iter().copied().find(|rule| wanted(rule.id) || wanted(rule.name))
}

/// Everything that is wrong with a request by itself, in the order of the rules' ids and then of the batch.
///
/// The subjects are the request's own messages.
pub(crate) fn check(posted: &Posted<'_>, subjects: &[Subject<'_>]) -> Vec<Violation> {
    let mut listing = Listing::default();
    for rule in all() {
        rule.list(posted, subjects, &mut listing);
    }
    listing.finish()
}

/// What is wrong with a message beside what was recorded before it.
pub(crate) fn recorded(recorded: &Recorded<'_>, listing: &mut Listing) {
    for violation in all().iter().filter_map(|rule| rule.recorded(recorded)) {
        listing.add(violation);
    }
}

/// What is wrong with a user whose conversions nothing links to a visit.
pub(crate) fn unlinked(unlinked: &Unlinked) -> Vec<Violation> {
    all().iter().filter_map(|rule| rule.unlinked(unlinked)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{RuleDoc, Severity};
    use super::{all, explain};
    use crate::decode::Dialect;

    #[test]
    fn rules_are_numbered_without_a_gap() {
        for (number, rule) in (1..).zip(all()) {
            assert_eq!(rule.id, format!("ATT{number:03}"));
        }
    }

    #[test]
    fn every_rule_is_found_by_its_id_and_by_its_name() {
        for rule in all() {
            assert_eq!(explain(rule.id).map(|found| found.id), Some(rule.id));
            assert_eq!(explain(&rule.name.to_uppercase()).map(|found| found.id), Some(rule.id));
        }
        assert!(explain("ATT999").is_none());
    }

    #[test]
    fn only_a_rule_that_denies_is_tolerated_anywhere() {
        for rule in all() {
            assert!(
                rule.tolerated.is_empty() || rule.severity == Severity::Deny,
                "{}",
                rule.id
            );
        }
    }

    #[test]
    fn a_rule_only_warns_where_it_is_tolerated() {
        let rule = explain("missing-identity").unwrap();
        assert_eq!(rule.severity_in(Dialect::Actions), Severity::Deny);
        assert_eq!(rule.severity_in(Dialect::Import), Severity::Warn);
    }

    /// What a request breaks by itself is told without asking anybody's levels.
    #[test]
    fn only_a_rule_that_needs_the_record_is_off() {
        for rule in all().iter().filter(|rule| rule.off.is_some()) {
            assert!(!rule.can_deny(), "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_says_what_why_how_to_fix_it_and_where_it_is_from() {
        for rule in all() {
            assert!(
                !rule.title.is_empty() && !rule.title.ends_with('.'),
                "{}: {}",
                rule.id,
                rule.title
            );
            let RuleDoc { what, why, fix, source } = rule.doc;
            for part in [what, why, fix, source].into_iter().chain(rule.off) {
                assert!(part.len() > 20 && part.ends_with('.'), "{}: {part}", rule.id);
            }
        }
    }
}
