//! What is given to a scenario from outside.

use std::collections::BTreeMap;

use crate::scenario::Scenario;
use crate::template::Variables;

/// What is given to a scenario from outside; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Values for variables that the scenario declares under `vars:`, in the place of what stands there.
    pub variables: BTreeMap<String, String>,
    /// The environment, of which a scenario sees what it declares under `env:`.
    pub environment: BTreeMap<String, String>,
}

impl Given {
    /// What of it a scenario takes notice of: the variables that it has, and of the environment what it declares and what
    /// is there.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use std::sync::Arc;
    ///
    /// use scenario::{Given, Source, parse_with};
    ///
    /// let map = |of: [(&str, &str); 2]| of.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    /// let given = Given {
    ///     variables: map([("who", "Ada"), ("elsewhere", "x")]),
    ///     environment: map([("SHOP", "ours"), ("PASSWORD", "secret")]),
    /// };
    /// let text = "env: { SHOP: theirs, CITY: Bern }\nvars: { who: Bob }\nsteps: [{ page: { anonymousId: '{{who}}' } }]";
    /// let scenarios = parse_with(Arc::new(Source::of("a.yaml", text)), &BTreeMap::new(), &given)?;
    /// let noticed = given.noticed_by(&scenarios[0]);
    /// assert_eq!(noticed.variables.into_keys().collect::<Vec<_>>(), ["who"]);
    /// assert_eq!(noticed.environment.into_keys().collect::<Vec<_>>(), ["SHOP"]);
    /// # Ok::<(), scenario::ScenarioError>(())
    /// ```
    #[must_use]
    pub fn noticed_by(&self, scenario: &Scenario) -> Self {
        let declared = scenario.variables.get(Variables::ENVIRONMENT);
        let of = |given: &BTreeMap<String, String>, is_noticed: &dyn Fn(&str) -> bool| {
            let noticed = given.iter().filter(|(name, _)| is_noticed(name));
            noticed.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        Self {
            variables: of(&self.variables, &|name| scenario.variables.get(name).is_some()),
            environment: of(&self.environment, &|name| {
                declared.is_some_and(|declared| declared.get(name).is_some())
            }),
        }
    }
}
