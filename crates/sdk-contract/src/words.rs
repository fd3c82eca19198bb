use std::error::Error;
use std::fmt;

/// A command's words, of which there is at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Splits a command line at blanks, as a POSIX shell does: `'…'` is taken as it stands, within `"…"` a backslash stands
    /// before `"` and `\` only, outside of both before any character. Nothing is expanded.
    ///
    /// # Errors
    ///
    /// When there is no word, a quote is left open, or there is something that only a shell understands.
    pub fn split(line: &str) -> Result<Self, SplitError> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut rest = line.chars();
        while let Some(next) = rest.next() {
            match next {
                blank if blank.is_whitespace() => words.extend(word.take()),
                '\'' => quoted(&mut rest, word.get_or_insert_default())?,
                '"' => double_quoted(&mut rest, word.get_or_insert_default())?,
                '\\' => word
                    .get_or_insert_default()
                    .push(rest.next().ok_or(SplitError::Unfinished('\\'))?),
                shells if "|&;<>$`".contains(shells) => return Err(SplitError::ForAShell(shells)),
                other => word.get_or_insert_default().push(other),
            }
        }
        words.extend(word);
        match words.first() {
            Some(program) if !program.is_empty() => Ok(Self(words)),
            _ => Err(SplitError::Empty),
        }
    }

    /// The program and its arguments.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

fn quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), SplitError> {
    for next in rest {
        match next {
            '\'' => return Ok(()),
            other => word.push(other),
        }
    }
    Err(SplitError::Unfinished('\''))
}

fn double_quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), SplitError> {
    while let Some(next) = rest.next() {
        match next {
            '"' => return Ok(()),
            '\\' => match rest.next() {
                Some(escaped @ ('"' | '\\')) => word.push(escaped),
                Some(other) => word.extend(['\\', other]),
                None => break,
            },
            other => word.push(other),
        }
    }
    Err(SplitError::Unfinished('"'))
}

/// Why a command line can't be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// There is no program.
    Empty,
    /// This quote, or a backslash, has nothing after it.
    Unfinished(char),
    /// This is for a shell, and none reads the command.
    ForAShell(char),
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it names no program: write one, as in \"node driver.mjs\""),
            Self::Unfinished('\\') => {
                f.write_str("nothing follows the backslash at its end: write it twice, or leave it out")
            }
            Self::Unfinished(quote) => write!(f, "a {quote} is never closed: write another one where the word ends"),
            Self::ForAShell(what) => write!(
                f,
                "it has a {what}, which is for a shell, and no shell reads it: quote it, or put the line into a script and \
                 name that"
            ),
        }
    }
}

impl Error for SplitError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(line: &str) -> Result<Vec<String>, SplitError> {
        Words::split(line).map(|words| words.0)
    }

    #[test]
    fn words_end_at_blanks_outside_of_quotes() {
        assert_eq!(
            split(r#" node  'a b'"c \"d\" \n" e\ f '' "#).unwrap(),
            ["node", r#"a bc "d" \n"#, "e f", ""]
        );
    }

    #[test]
    fn what_is_for_a_shell_is_refused_unless_it_is_quoted() {
        assert_eq!(split("cd x && y"), Err(SplitError::ForAShell('&')));
        assert_eq!(split("echo $HOME"), Err(SplitError::ForAShell('$')));
        assert_eq!(
            split("echo '$HOME' \"a|b\" \\;").unwrap(),
            ["echo", "$HOME", "a|b", ";"]
        );
    }

    #[test]
    fn a_command_has_a_program_and_closes_its_quotes() {
        assert_eq!(split("  "), Err(SplitError::Empty));
        assert_eq!(split("''"), Err(SplitError::Empty));
        assert_eq!(split("a 'b"), Err(SplitError::Unfinished('\'')));
        assert_eq!(split("a \"b\\"), Err(SplitError::Unfinished('"')));
        assert_eq!(split("a \\"), Err(SplitError::Unfinished('\\')));
    }

    proptest! {
        #[test]
        fn words_in_single_quotes_come_out_as_they_went_in(words in prop::collection::vec("[^']{1,8}", 1..5)) {
            let line: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            prop_assert_eq!(split(&line.join(" ")).unwrap(), words);
        }

        #[test]
        fn no_line_makes_it_panic(line in ".{0,40}") {
            let _ = split(&line);
        }
    }
}
