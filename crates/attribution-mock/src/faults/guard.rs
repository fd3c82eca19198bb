use super::table::FaultId;
use crate::mock::Mock;

/// A fault that is installed as long as this lives.
///
/// ```
/// # use attribution_mock::{Fault, Mock, MockConfig};
/// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
/// let outage = mock.install(Fault::respond(503))?;
/// assert_eq!(mock.faults().len(), 1);
/// drop(outage);
/// assert!(mock.faults().is_empty());
///
/// let id = mock.install(Fault::respond(503))?.keep();
/// assert!(mock.remove_fault(id));
/// # Ok::<(), attribution_mock::FaultError>(())
/// ```
#[derive(Debug)]
#[must_use = "the fault is removed when the guard is dropped: bind it, or `keep()` the fault"]
pub struct FaultGuard {
    mock: Mock,
    id: FaultId,
    removes: bool,
}

impl FaultGuard {
    pub(crate) fn new(mock: Mock, id: FaultId) -> Self {
        Self {
            mock,
            id,
            removes: true,
        }
    }

    /// The fault's number.
    pub fn id(&self) -> FaultId {
        self.id
    }

    /// Leaves the fault installed until it is removed by its number or the mock is reset.
    pub fn keep(mut self) -> FaultId {
        self.removes = false;
        self.id
    }
}

impl Drop for FaultGuard {
    fn drop(&mut self) {
        if self.removes {
            self.mock.remove_fault(self.id);
        }
    }
}
