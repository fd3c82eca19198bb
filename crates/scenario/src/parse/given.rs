//! What is given to a scenario from outside.

use std::collections::BTreeMap;

/// What is given to a scenario from outside; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Values for variables that the scenario declares under `vars:`, in the place of what stands there.
    pub variables: BTreeMap<String, String>,
    /// The environment, of which a scenario sees what it declares under `env:`.
    pub environment: BTreeMap<String, String>,
}
