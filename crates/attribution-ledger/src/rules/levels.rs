use std::fmt;

use super::registry::{COUNT, all};
use super::{Level, Rule, Severity, Violation};

/// For each rule what is made of breaking it; by default what the rule itself says.
///
/// ```
/// use attribution_ledger::{Level, RuleLevels, assess, rules};
///
/// let mut levels = RuleLevels::default();
/// levels.set(rules::explain("page-without-url").expect("there is such a rule"), Level::Deny)?;
///
/// let body = br#"{"cookie_id":"anon-1","timestamp":"2024-01-15T10:00:00Z","event":"Loaded a Page"}"#;
/// assert!(!assess("/track", body).is_denied());
/// assert!(assess("/track", body).under(&levels).is_denied());
/// # Ok::<(), attribution_ledger::CannotDeny>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RuleLevels {
    /// In the order of the rules.
    levels: [Option<Level>; COUNT],
}

impl Default for RuleLevels {
    fn default() -> Self {
        Self { levels: [None; COUNT] }
    }
}

impl RuleLevels {
    /// Says what is made of breaking a rule, in every dialect. What was said before is forgotten.
    ///
    /// # Errors
    ///
    /// When a rule is to deny that is only found broken once the request is recorded.
    pub fn set(&mut self, rule: &'static Rule, level: Level) -> Result<(), CannotDeny> {
        if level == Level::Deny && !rule.can_deny() {
            return Err(CannotDeny { rule });
        }
        if let Some(place) = place(rule.id) {
            self.levels[place] = Some(level);
        }
        Ok(())
    }

    /// What was said about a rule; none where its own level holds.
    pub fn of(&self, rule: &Rule) -> Option<Level> {
        place(rule.id).and_then(|place| self.levels[place])
    }

    /// None where the severity that it has already holds: that of its dialect.
    fn of_violation(&self, violation: &Violation) -> Option<Level> {
        let place = place(violation.rule)?;
        self.levels[place].or_else(|| all()[place].off.map(|_| Level::Off))
    }

    /// Leaves out what is off and gives the rest its severity. Doing so twice changes nothing more.
    pub(crate) fn apply(&self, violations: &mut Vec<Violation>) {
        violations.retain_mut(|violation| {
            match self.of_violation(violation) {
                Some(Level::Off) => return false,
                Some(Level::Warn) => violation.severity = Severity::Warn,
                Some(Level::Deny) => violation.severity = Severity::Deny,
                None => {}
            }
            true
        });
    }
}

impl fmt::Debug for RuleLevels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = all().iter().filter_map(|rule| Some((rule.id, self.of(rule)?)));
        f.debug_map().entries(set).finish()
    }
}

fn place(id: &str) -> Option<usize> {
    all().iter().position(|rule| rule.id == id)
}

/// A rule that can't deny was told to.
#[derive(Clone, Copy, Debug)]
pub struct CannotDeny {
    rule: &'static Rule,
}

impl fmt::Display for CannotDeny {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rule { id, name, .. } = self.rule;
        write!(
            f,
            "{id} {name} can be `off` or `warn` only: what was recorded before tells that it is broken, and by then the \
             request has been answered"
        )
    }
}

impl std::error::Error for CannotDeny {}

#[cfg(test)]
mod tests {
    use super::{Level, RuleLevels};
    use crate::assess;
    use crate::decode::Dialect;
    use crate::rules::{Finding, Severity, all, explain};

    const NAMELESS: &[u8] = br#"{"user_id":12,"timestamp":"2024-01-15T10:00:00Z"}"#;

    fn found(levels: &[(&str, Level)]) -> Vec<(&'static str, Severity)> {
        let mut all = RuleLevels::default();
        for (rule, level) in levels {
            all.set(explain(rule).unwrap(), *level).unwrap();
        }
        let assessment = assess("/track", NAMELESS).under(&all).under(&all);
        let violations = assessment.violations.iter();
        violations
            .map(|violation| (violation.rule, violation.severity))
            .collect()
    }

    #[test]
    fn a_level_takes_the_place_of_the_severity() {
        assert_eq!(found(&[]), [("ATT004", Severity::Deny), ("ATT016", Severity::Warn)]);
        assert_eq!(
            found(&[("missing-event", Level::Warn), ("numeric-identity", Level::Deny)]),
            [("ATT004", Severity::Warn), ("ATT016", Severity::Deny)]
        );
        assert_eq!(found(&[("ATT004", Level::Off)]), [("ATT016", Severity::Warn)]);
    }

    /// How severely it is told that the first anybody hears of a user is that they are a member.
    fn told(level: Option<Level>) -> Option<Severity> {
        let rule = explain("membership-without-identity").unwrap();
        let mut levels = RuleLevels::default();
        if let Some(level) = level {
            levels.set(rule, level).unwrap();
        }
        let severity = rule.severity_in(Dialect::Classic);
        let finding = Finding::at("/traits/vip", "is the first that is heard of user_id \"user-1\"");
        let mut violations = vec![rule.violation(severity, None, finding)];
        levels.apply(&mut violations);
        violations.first().map(|violation| violation.severity)
    }

    #[test]
    fn a_rule_that_is_off_is_told_only_where_it_is_turned_on() {
        assert_eq!(told(None), None);
        assert_eq!(told(Some(Level::Off)), None);
        assert_eq!(told(Some(Level::Warn)), Some(Severity::Warn));
    }

    #[test]
    fn what_is_said_last_holds() {
        assert_eq!(
            found(&[("ATT004", Level::Off), ("ATT004", Level::Warn)]),
            [("ATT004", Severity::Warn), ("ATT016", Severity::Warn)]
        );
    }

    #[test]
    fn exactly_the_rules_that_need_the_record_can_not_deny() {
        let refused = all()
            .iter()
            .filter(|rule| RuleLevels::default().set(rule, Level::Deny).is_err());
        let refused: Vec<&str> = refused.map(|rule| rule.id).collect();
        let of_the_record = [
            "ATT021", "ATT038", "ATT039", "ATT040", "ATT041", "ATT042", "ATT043", "ATT044", "ATT045", "ATT046",
            "ATT047", "ATT048", "ATT049", "ATT050",
        ];
        assert_eq!(refused, of_the_record);
        let error = RuleLevels::default()
            .set(explain("ATT021").unwrap(), Level::Deny)
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("ATT021 duplicate-message-id can be `off` or `warn` only")
        );
    }
}
