//! The command that plays one run of a scenario's chaos again.

use std::path::Path;

use clock::Seed;
use scenario::Scenario;

use crate::commands::files::STDIN;
use crate::render::shell::word;

/// What of the command line a run depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Replay {
    /// `--var`, each as given.
    pub(super) variables: Vec<(String, String)>,
}

impl Replay {
    /// The whole command, for a shell.
    pub(super) fn command(&self, path: &Path, scenario: &Scenario, seed: Seed, run: u32) -> String {
        let path = path.display().to_string();
        let path = if path == STDIN { "-" } else { &path };
        let mut words = vec![
            "harness".to_owned(),
            "run".to_owned(),
            if path == "-" { path.to_owned() } else { word(path) },
            "--seed".to_owned(),
            seed.to_string(),
            "--chaos-run".to_owned(),
            run.to_string(),
        ];
        for (name, value) in &self.variables {
            words.extend(["--var".to_owned(), word(&format!("{name}={value}"))]);
        }
        // Of a matrix the file has every combination.
        if !scenario.combination.is_empty() {
            words.extend(["--filter".to_owned(), word(&scenario.name)]);
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::sync::Arc;

    use clock::Seed;
    use scenario::{Source, parse};

    use super::Replay;

    #[test]
    fn the_command_says_everything_that_the_run_depends_on() {
        let text = "name: It's odd\nmatrix: { strict: [true, false] }\nsteps: [{ settle: }]";
        let scenarios = parse(Arc::new(Source::of("a.yaml", text)), &BTreeMap::new()).unwrap();
        let replay = Replay {
            variables: vec![("shop".to_owned(), "our $shop".to_owned())],
        };
        let command = replay.command(Path::new("my files/a.yaml"), &scenarios[1], Seed::from(7), 19);
        assert_eq!(
            command,
            "harness run 'my files/a.yaml' --seed 7 --chaos-run 19 --var 'shop=our $shop' \
             --filter 'It'\\''s odd [strict=false]'"
        );
    }

    #[test]
    fn standard_input_is_read_again() {
        let scenarios = parse(Arc::new(Source::of("a", "steps: [{ settle: }]")), &BTreeMap::new()).unwrap();
        let replay = Replay { variables: Vec::new() };
        let command = replay.command(Path::new("standard input"), &scenarios[0], Seed::from(0), 1);
        assert_eq!(command, "harness run - --seed 0 --chaos-run 1");
    }
}
