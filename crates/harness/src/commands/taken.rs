//! Files that are there already, and are not replaced unasked.

use std::fmt;
use std::path::PathBuf;

use crate::render::mistakes::shown;

/// Files that are there already, one at least, and what to do instead of writing them.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) paths: Vec<PathBuf>,
    pub(super) instead: &'static str,
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self.paths.iter().map(|path| shown(path)).collect();
        let (paths, instead) = (paths.join(", "), self.instead);
        write!(
            f,
            "nothing was written, since this is there already: {paths}; {instead}"
        )
    }
}

impl std::error::Error for Taken {}
