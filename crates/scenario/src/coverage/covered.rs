use super::item::Item;
use super::part::Part;
use super::touched::Touched;

/// How much of the contract was touched.
///
/// It is the same whatever the order of what touched it, and whatever was touched twice.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
///
/// use scenario::{Coverage, Part, RunOptions, Source, parse, run};
///
/// let text = "steps: [{ track: { userId: user-1, event: sign up } }]";
/// let scenarios = parse(Arc::new(Source::of("a.yaml", text)), &BTreeMap::new())?;
/// let options = RunOptions { coverage: true, ..RunOptions::default() };
/// let coverage = Coverage::of(run(&scenarios[0], &options)?.touched.as_ref());
/// let calls = &coverage.parts[1];
/// assert_eq!((calls.part, calls.touched.as_slice()), (Part::Calls, ["track".to_owned()].as_slice()));
/// assert!(coverage.share().percent() < 50.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Every part, in the order of [`Part::ALL`].
    pub parts: Vec<Covered>,
}

/// How much of a part was touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Which part.
    pub part: Part,
    /// What was touched, by its names, in the part's order.
    pub touched: Vec<String>,
    /// What was not.
    pub untouched: Vec<String>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many were touched.
    pub touched: usize,
    /// How many there are.
    pub of: usize,
}

impl Coverage {
    /// What all of these touched, of everything there is.
    pub fn of<'a>(touched: impl IntoIterator<Item = &'a Touched>) -> Self {
        let mut all = Touched::default();
        for one in touched {
            all.merge(one);
        }
        let parts = Part::ALL.into_iter().map(|part| Covered::of(part, &all));
        Self { parts: parts.collect() }
    }

    /// All parts together: each thing in them counts the same.
    pub fn share(&self) -> Share {
        let shares = self.parts.iter().map(Covered::share);
        shares.fold(Share { touched: 0, of: 0 }, |sum, share| Share {
            touched: sum.touched + share.touched,
            of: sum.of + share.of,
        })
    }
}

impl Covered {
    fn of(part: Part, all: &Touched) -> Self {
        let (touched, untouched): (Vec<Item>, Vec<Item>) = part.items().into_iter().partition(|item| all.has(*item));
        let names = |items: Vec<Item>| items.iter().map(ToString::to_string).collect();
        Self {
            part,
            touched: names(touched),
            untouched: names(untouched),
        }
    }

    /// How much that is.
    pub fn share(&self) -> Share {
        Share {
            touched: self.touched.len(),
            of: self.touched.len() + self.untouched.len(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are a few hundred things to touch")]
impl Share {
    /// In percent, cut to one decimal: 100 is only what is whole.
    pub fn percent(self) -> f64 {
        match self.of {
            0 => 100.0,
            of => (self.touched * 1_000 / of) as f64 / 10.0,
        }
    }

    /// How many more it takes to reach so many percent; none where it does.
    ///
    /// ```
    /// let share = scenario::Share { touched: 1, of: 3 };
    /// assert_eq!((share.missing_to(33.3), share.missing_to(33.4), share.missing_to(100.0)), (0, 1, 2));
    /// ```
    pub fn missing_to(self, percent: f64) -> usize {
        let reaches = |touched: usize| touched as f64 * 100.0 >= percent * self.of as f64;
        let untouched = self.of - self.touched;
        (0..untouched)
            .find(|more| reaches(self.touched + more))
            .unwrap_or(untouched)
    }
}
