use super::{Rule, Subject, Violation};
use super::{
    alias_onto_itself, alias_without_ids, alias_without_previous_id, alias_without_user_id, bad_timestamp,
    body_not_json_object, context_not_an_object, cookie_not_a_string, identity_not_a_string, missing_event,
    missing_identity, missing_timestamp, not_an_object, null_identity, numeric_identity, page_like_track,
    page_without_url, time_out_of_range, unknown_field, unknown_path,
};

static ALL: [&Rule; 20] = [
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

/// Everything that is wrong with a request, in the order of the rules' ids.
pub(crate) fn check(subject: &Subject<'_>) -> Vec<Violation> {
    all().iter().flat_map(|rule| rule.violations(subject)).collect()
}

#[cfg(test)]
mod tests {
    use super::{all, explain};

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
    fn every_rule_says_what_why_how_to_fix_it_and_where_it_is_from() {
        for rule in all() {
            assert!(
                !rule.title.is_empty() && !rule.title.ends_with('.'),
                "{}: {}",
                rule.id,
                rule.title
            );
            for part in [rule.doc.what, rule.doc.why, rule.doc.fix, rule.doc.source] {
                assert!(part.len() > 20 && part.ends_with('.'), "{}: {part}", rule.id);
            }
        }
    }
}
