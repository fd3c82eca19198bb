//! `settings.rules:`

use attribution_mock::rules::{self, Level, RuleLevels};
use expectation::read::{Fields, quoted, word};
use expectation::tree::{Entry, Node};
use expectation::{Diagnostic, Sink};

/// A level for each rule that is named, by its id or its name.
pub(super) fn levels(node: &Node, sink: &mut Sink) -> RuleLevels {
    let mut levels = RuleLevels::default();
    let fields = Fields::any(node, "settings.rules", sink);
    for entry in fields.into_iter().flat_map(|fields| fields.entries) {
        level(entry, &mut levels, sink);
    }
    levels
}

fn level(entry: &Entry, levels: &mut RuleLevels, sink: &mut Sink) {
    let names = Level::ALL.map(Level::as_str);
    let rule = match rules::find(&entry.key) {
        Ok(rule) => rule,
        Err(unknown) => {
            let mistake = Diagnostic::new(entry.at, format!("there is no rule {}", quoted(&entry.key)));
            return sink.push(mistake.help(unknown.hint()));
        }
    };
    let place = format!("settings.rules.{}", entry.key);
    let level = word(&entry.value, &place, &names, sink).and_then(|word| word.parse().ok());
    let Some(level) = level else { return };
    if levels.of(rule).is_some() {
        let mistake = Diagnostic::new(entry.at, format!("{} {} is given twice", rule.id, rule.name));
        return sink.push(mistake.help("name it once, by its id or by its name"));
    }
    if let Err(error) = levels.set(rule, level) {
        let mistake = Diagnostic::new(entry.value.at, format!("{} can't be `{level}`", quoted(&place)));
        sink.push(mistake.help(error.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use attribution_mock::rules::{Level, explain};

    use super::levels;
    use crate::parse::testing::{good, helps, mistakes};

    #[test]
    fn a_rule_is_named_by_its_id_or_its_name_in_any_case() {
        let found = good("{ ATT012: deny, Page-Without-Url: off, att016: warn }", levels);
        let level = |rule| found.of(explain(rule).unwrap());
        assert_eq!(level("alias-without-previous-id"), Some(Level::Deny));
        assert_eq!(level("ATT011"), Some(Level::Off));
        assert_eq!(level("ATT016"), Some(Level::Warn));
        assert_eq!(level("ATT001"), None);
    }

    #[test]
    fn every_mistake_is_reported() {
        let text = "ATT12: warn\nATT012: of\nATT016: 1\nATT011: warn\npage-without-url: off\n";
        assert_eq!(
            mistakes(text, levels),
            [
                "there is no rule `ATT12`",
                "`settings.rules.ATT012` can't be `of`",
                "`settings.rules.ATT016` must be a word, not `1`",
                "ATT011 page-without-url is given twice",
            ]
        );
        assert_eq!(
            mistakes("[]", levels),
            ["`settings.rules` must be a mapping, not a list"]
        );
    }

    #[test]
    fn a_rule_that_is_found_broken_after_the_answer_can_not_deny() {
        let text = "duplicate-message-id: deny";
        assert_eq!(
            mistakes(text, levels),
            ["`settings.rules.duplicate-message-id` can't be `deny`"]
        );
        let help = helps(text, levels).concat();
        assert!(
            help.starts_with("ATT021 duplicate-message-id can be `off` or `warn` only"),
            "{help}"
        );
    }
}
