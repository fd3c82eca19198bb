//! Space set aside so that a full disk can be emptied.
//!
//! The store never overwrites what is current, so even taking a record out needs some space first. Were there none,
//! a spool that filled its disk could never be emptied durably. So a file of this size lies beside the records: it is
//! deleted when a removal finds the disk full, and nothing is appended until it could be written again.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use crate::error::SpoolError;

/// Twice what the largest transaction of removals needs.
const BYTES: usize = 2 * 1024 * 1024;

/// The file that is set aside.
#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
    is_held: bool,
}

impl Reserve {
    /// The reserve at a path, where a file that is not of the full size counts as none.
    pub(crate) fn at(path: PathBuf) -> Self {
        let is_held = fs::metadata(&path).is_ok_and(|metadata| metadata.len() == BYTES as u64);
        Self { path, is_held }
    }

    /// Writes the file if it is not there.
    pub(crate) fn hold(&mut self) -> Result<(), SpoolError> {
        if self.is_held {
            return Ok(());
        }
        // Written rather than only made that long: a hole would take no space.
        let written = File::create(&self.path)
            .and_then(|mut file| file.write_all(&vec![0; BYTES]).and_then(|()| file.sync_all()));
        match written {
            Ok(()) => {
                self.is_held = true;
                Ok(())
            }
            Err(error) => {
                // What could be written of it is better left to others; the next try begins anew in any case.
                let _ = fs::remove_file(&self.path);
                Err(SpoolError::io(&self.path, error))
            }
        }
    }

    /// Deletes the file, and says whether that gave any space.
    pub(crate) fn release(&mut self) -> Result<bool, SpoolError> {
        if !std::mem::take(&mut self.is_held) {
            return Ok(false);
        }
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(SpoolError::io(&self.path, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_takes_space_until_it_is_released() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reserve");
        let mut reserve = Reserve::at(path.clone());
        assert!(!reserve.release().unwrap());
        reserve.hold().unwrap();
        assert_eq!(fs::read(&path).unwrap(), vec![0; BYTES]);
        assert!(Reserve::at(path.clone()).release().unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn half_a_reserve_is_none_and_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reserve");
        fs::write(&path, vec![0; BYTES / 2]).unwrap();
        let mut reserve = Reserve::at(path.clone());
        reserve.hold().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), BYTES as u64);
    }

    #[test]
    fn a_reserve_that_can_not_be_written_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing").join("reserve");
        let error = Reserve::at(path.clone()).hold().unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}
