//! What a path on the command line means.

use std::path::{Path, PathBuf};

/// What a path on the command line means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// `-`.
    Stdin,
    /// A file or folder as it stands there, whether it is there or not.
    Path,
    /// A line of a file, from 1; a column behind it is of no matter.
    Line(PathBuf, usize),
    /// A pattern.
    Pattern(String),
}

impl Target {
    /// What is there under this very name is meant; otherwise a file's line, otherwise a pattern.
    pub(super) fn of(path: &Path) -> Self {
        if path.as_os_str() == "-" {
            return Self::Stdin;
        }
        let Some(text) = path.to_str().filter(|_| path.symlink_metadata().is_err()) else {
            return Self::Path;
        };
        if let Some((file, line)) = line(text).or_else(|| line(text.rsplit_once(':')?.0)) {
            return Self::Line(file, line);
        }
        if text.contains(['*', '?', '[']) {
            return Self::Pattern(text.to_owned());
        }
        Self::Path
    }
}

/// `a.yaml:12`, where `a.yaml` is a file.
fn line(text: &str) -> Option<(PathBuf, usize)> {
    let (file, line) = text.rsplit_once(':')?;
    let line = line.parse().ok().filter(|line| *line > 0)?;
    let file = PathBuf::from(file);
    file.is_file().then_some((file, line))
}

#[cfg(test)]
mod tests {
    use super::Target;

    fn of(text: &str) -> Target {
        Target::of(text.as_ref())
    }

    #[test]
    fn a_line_or_a_place_as_failures_print_it_is_a_line() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let line = |line| Target::Line(file.into(), line);
        assert_eq!(of(&format!("{file}:7")), line(7));
        assert_eq!(of(&format!("{file}:7:52")), line(7));
        for no_line in [":0", ":x", ":7:8:9", ""] {
            assert_eq!(of(&format!("{file}{no_line}")), Target::Path, "{no_line}");
        }
    }

    #[test]
    fn what_is_there_is_no_pattern() {
        assert_eq!(of("no-such-*.yaml"), Target::Pattern("no-such-*.yaml".to_owned()));
        assert_eq!(of("no-such-file.yaml"), Target::Path);
        assert_eq!(of("-"), Target::Stdin);
        let folder = std::env::temp_dir().join(format!("harness-[a]-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(Target::of(&folder), Target::Path);
        std::fs::remove_dir(&folder).unwrap();
    }
}
