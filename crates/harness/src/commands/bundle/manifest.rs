//! `bundle.json`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use scenario::Given;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::digest;

/// The version of what is written here. Whatever changes so that an older replay would misread it has another.
const VERSION: u64 = 1;

/// What a bundle is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The version of the format.
    bundle: u64,
    /// The version of the program that wrote it.
    pub(crate) harness: String,
    /// Which scenario.
    pub(crate) scenario: Told,
    /// Where all jitter came from.
    pub(crate) seed: String,
    /// Of several times that it was played: which.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) repetition: Option<Repetition>,
    /// Of a scenario with `chaos`, the only run that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) chaos_run: Option<u32>,
    /// The variables that were given with `--var` and that the scenario has.
    pub(crate) variables: BTreeMap<String, String>,
    /// What was there of the environment that the scenario declares.
    pub(crate) environment: BTreeMap<String, String>,
    /// How it was played when it failed.
    pub(crate) run: Attempted,
    /// How it ends in virtual time, where that is kept: what a replay is held against.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ends: Option<String>,
    /// The digest of each other file, by its path.
    pub(crate) files: BTreeMap<String, String>,
    /// The digest of this one, made while it is empty.
    digest: String,
}

/// Which scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Its name, with what the matrix chose.
    pub(crate) name: String,
    /// The file as it was named when it failed, with slashes.
    pub(crate) named: String,
    /// Where that lies in the bundle.
    pub(crate) file: String,
    /// Of the combinations in it, which, from 1.
    pub(crate) number: usize,
    /// What the matrix chose, axis by axis.
    pub(crate) combination: BTreeMap<String, String>,
}

/// Of several times that a scenario was played: which, from 1, and of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Repetition {
    pub(crate) number: usize,
    pub(crate) of: usize,
}

/// How it was played when it failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempted {
    /// How that ended, as `status` in reports.
    pub(crate) status: String,
    /// Over sockets in real time, for at most so many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) live_limit_ms: Option<u64>,
    /// After how many milliseconds it was to be given up.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) timeout_ms: Option<u64>,
}

impl Manifest {
    /// Of a scenario that was played by this program, with nothing else in the bundle yet.
    pub(crate) fn new(scenario: Told, seed: String, given: Given, run: Attempted) -> Self {
        Self {
            bundle: VERSION,
            harness: env!("CARGO_PKG_VERSION").to_owned(),
            scenario,
            seed,
            repetition: None,
            chaos_run: None,
            variables: given.variables,
            environment: given.environment,
            run,
            ends: None,
            files: BTreeMap::new(),
            digest: String::new(),
        }
    }

    /// What the scenario is given.
    pub(crate) fn given(&self) -> Given {
        Given {
            variables: self.variables.clone(),
            environment: self.environment.clone(),
        }
    }

    fn text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    fn own_digest(&self) -> serde_json::Result<String> {
        let without = Self {
            digest: String::new(),
            ..self.clone()
        };
        Ok(digest(without.text()?.as_bytes()))
    }

    /// As it is written.
    pub(super) fn sealed(mut self) -> serde_json::Result<String> {
        self.digest = self.own_digest()?;
        self.text()
    }

    /// As it was written.
    pub(super) fn unsealed(bytes: &[u8]) -> Result<Self, Unreadable> {
        let value: Value = serde_json::from_slice(bytes).map_err(Unreadable::NotOurs)?;
        match value["bundle"].as_u64() {
            Some(VERSION) => {}
            Some(version) => {
                let writer = value["harness"].as_str().map(str::to_owned);
                return Err(Unreadable::Version { version, writer });
            }
            None => return Err(Unreadable::NoVersion),
        }
        let manifest: Self = serde_json::from_value(value).map_err(Unreadable::NotOurs)?;
        let digest = manifest.own_digest().map_err(Unreadable::NotOurs)?;
        if digest == manifest.digest {
            Ok(manifest)
        } else {
            Err(Unreadable::Changed)
        }
    }
}

/// Why a `bundle.json` can't be used.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// Another program wrote it, or it is cut off.
    NotOurs(serde_json::Error),
    /// It does not say of which version it is.
    NoVersion,
    /// It is of another version.
    Version { version: u64, writer: Option<String> },
    /// It was changed since.
    Changed,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs(error) => write!(f, "it is not what `harness run --bundle` writes: {error}"),
            Self::NoVersion => f.write_str("it is not what `harness run --bundle` writes: it has no number `bundle`"),
            Self::Version { version, writer } => {
                write!(
                    f,
                    "it is of version {version}, and this harness reads version {VERSION}: "
                )?;
                match writer {
                    Some(writer) => write!(f, "replay it with harness {}", scenario::printable(writer, 40)),
                    None => f.write_str("replay it with the harness that wrote it"),
                }
            }
            Self::Changed => f.write_str(
                "it is not as it was written: take the bundle from where it was made once more, or make it anew",
            ),
        }
    }
}

impl Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let told = Told {
            name: "n".to_owned(),
            named: "a/b.yaml".to_owned(),
            file: "scenario/b.yaml".to_owned(),
            number: 1,
            combination: BTreeMap::new(),
        };
        let run = Attempted {
            status: "failed".to_owned(),
            live_limit_ms: None,
            timeout_ms: Some(5),
        };
        Manifest::new(told, "18446744073709551615".to_owned(), Given::default(), run)
    }

    #[test]
    fn what_was_sealed_is_read_back_and_what_was_changed_is_not() {
        let text = manifest().sealed().unwrap();
        let read = Manifest::unsealed(text.as_bytes()).unwrap();
        assert_eq!((&read.seed, read.run), (&manifest().seed, manifest().run));
        let changed = text.replace("18446744073709551615", "7");
        assert!(matches!(
            Manifest::unsealed(changed.as_bytes()),
            Err(Unreadable::Changed)
        ));
        let newer = text.replace("\"bundle\": 1", "\"bundle\": 2");
        let told = Manifest::unsealed(newer.as_bytes()).unwrap_err().to_string();
        assert!(
            told.starts_with("it is of version 2, and this harness reads version 1"),
            "{told}"
        );
    }
}
