use std::fmt;

use super::Rule;
use super::registry::{all, explain};

/// No more than so many rules are offered in place of one that there isn't.
const MOST: usize = 3;

/// Longer texts are not compared with the rules: nobody mistypes that much.
const LONGEST_COMPARED: usize = 64;

/// The rule with this id or name, in any letter case, or those that were probably meant.
///
/// # Errors
///
/// When there is no such rule.
///
/// ```
/// use attribution_ledger::rules;
///
/// assert_eq!(rules::find("att012")?.name, "alias-without-previous-id");
/// let unknown = rules::find("page-without-uri").expect_err("there is no such rule");
/// assert_eq!(unknown.to_string(), "there is no rule `page-without-uri`; did you mean `page-without-url`?");
/// # Ok::<(), rules::UnknownRule>(())
/// ```
pub fn find(id_or_name: &str) -> Result<&'static Rule, UnknownRule> {
    explain(id_or_name).ok_or_else(|| UnknownRule {
        written: id_or_name.chars().take(LONGEST_COMPARED).collect(),
        near: near(id_or_name),
    })
}

/// There is no rule with this id or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    written: String,
    near: Vec<&'static str>,
}

impl UnknownRule {
    /// What was probably meant, or how to find out.
    pub fn hint(&self) -> String {
        match self.near.as_slice() {
            [] => "`harness explain` lists every rule".to_owned(),
            [one] => format!("did you mean `{one}`?"),
            [most @ .., last] => {
                let most: Vec<String> = most.iter().map(|word| format!("`{word}`")).collect();
                format!("did you mean {} or `{last}`?", most.join(", "))
            }
        }
    }

    /// The ids or names of the rules that were probably meant, the nearest first; at most three.
    pub fn near(&self) -> &[&'static str] {
        &self.near
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule `{}`; {}", self.written.escape_debug(), self.hint())
    }
}

impl std::error::Error for UnknownRule {}

fn near(written: &str) -> Vec<&'static str> {
    let written = written.trim().to_lowercase();
    if written.is_empty() || written.len() > LONGEST_COMPARED {
        return Vec::new();
    }
    let mut scored: Vec<(f64, &'static str)> = all()
        .iter()
        .flat_map(|rule| [rule.id, rule.name])
        .map(|word| (score(&written, word), word))
        .filter(|(score, _)| *score >= 0.7)
        .collect();
    // The sort is stable: of equals, the rule with the lower number comes first.
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let Some(&(best, _)) = scored.first() else {
        return Vec::new();
    };
    // What is much farther than the nearest was not meant.
    let close = scored.into_iter().filter(|(score, _)| *score > best - 0.1);
    close.map(|(_, word)| word).take(MOST).collect()
}

/// From 0 to 1; a part of a name counts for much.
fn score(written: &str, word: &str) -> f64 {
    let word = word.to_lowercase();
    let alike = strsim::normalized_damerau_levenshtein(written, &word);
    let part = written.len() > 3 && !written.starts_with("att") && word.contains(written);
    if part { alike.max(0.8) } else { alike }
}

#[cfg(test)]
mod tests {
    use super::find;

    fn near(written: &str) -> Vec<&'static str> {
        find(written).map_or_else(|unknown| unknown.near().to_vec(), |rule| vec![rule.id])
    }

    #[test]
    fn a_rule_is_found_or_the_nearest_are() {
        assert_eq!(near("ATT012"), ["ATT012"]);
        assert_eq!(near("duplicate-messageid"), ["duplicate-message-id"]);
        assert_eq!(
            near("alias"),
            ["alias-without-ids", "alias-onto-itself", "alias-without-previous-id"]
        );
        assert_eq!(near("ATT12")[0], "ATT012");
        assert_eq!(near("banana"), [""; 0]);
        assert_eq!(near(""), [""; 0]);
        assert_eq!(near(&"page-without-url".repeat(1000)), [""; 0]);
    }
}
