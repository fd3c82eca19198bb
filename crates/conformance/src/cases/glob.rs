/// A pattern of names, in which `*` stands for any text and `?` for one character.
///
/// ```
/// use conformance::Glob;
///
/// let glob = Glob::new("classic/*/track_*");
/// assert!(glob.matches("classic/accepted/track_of_an_anonymous_visitor"));
/// assert!(!glob.matches("actions/accepted/track_alone"));
/// assert!(Glob::new("wrong_project").matches("browser/protocol/wrong_project"), "the end of a name will do");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Vec<char>);

impl Glob {
    /// This pattern. Every text is one.
    pub fn new(pattern: &str) -> Self {
        Self(pattern.chars().collect())
    }

    /// Whether a case's name, or what follows one of its slashes, is of the pattern.
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let ends = (0..name.len())
            .filter(|index| name[*index] == '/')
            .map(|slash| slash + 1);
        std::iter::once(0)
            .chain(ends)
            .any(|start| self.matches_all(&name[start..]))
    }

    /// Goes back to the last star where something doesn't fit, which is all that ever helps.
    fn matches_all(&self, name: &[char]) -> bool {
        let (mut at, mut from) = (0, 0);
        let mut star = None;
        while at < name.len() {
            match self.0.get(from) {
                Some('*') => {
                    star = Some((from, at));
                    from += 1;
                }
                Some('?') => (at, from) = (at + 1, from + 1),
                Some(c) if *c == name[at] => (at, from) = (at + 1, from + 1),
                _ => match star {
                    Some((place, taken)) => {
                        star = Some((place, taken + 1));
                        (at, from) = (taken + 1, place + 1);
                    }
                    None => return false,
                },
            }
        }
        self.0[from..].iter().all(|c| *c == '*')
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Glob;

    #[test]
    fn a_pattern_is_all_of_a_name_or_of_its_end() {
        for (pattern, name, expected) in [
            ("*", "a/b/c", true),
            ("", "a", false),
            ("a/*", "a/b/c", true),
            ("a/?/c", "a/b/c", true),
            ("?", "a/b/c", true),
            ("b", "a/b/c", false),
            ("b/?", "a/b/c", true),
            ("/c", "a/b/c", false),
            ("*b*c*", "a/b/c", true),
            ("*ab", "aab", true),
            ("*ab", "aba", false),
            ("a*", "b/abc", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(name), expected, "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_with_parts_left_out_matches_itself(name in "[a-c/]{0,12}", from in 0_usize..12, length in 0_usize..12) {
            let from = from.min(name.len());
            let to = (from + length).min(name.len());
            let pattern = format!("{}*{}", &name[..from], &name[to..]);
            prop_assert!(Glob::new(&pattern).matches(&name), "{pattern} {name}");
        }
    }
}
