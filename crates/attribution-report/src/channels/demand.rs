use std::collections::HashMap;

use super::filter::Filter;
use super::pattern::Glob;

type Map<'a, V> = HashMap<&'a str, V, foldhash::fast::RandomState>;

/// What all filters ask of parameters, and which of it a visit meets. Each parameter that must be there is one demand.
///
/// A visit's values are looked up among those asked for, so it costs next to nothing how many filters there are.
#[derive(Clone, Debug)]
pub(super) struct Demands<'a> {
    /// By the parameter's key.
    values: Map<'a, Values<'a>>,
    /// The number of the first demand of each filter, by the filters' places, and of one filter more.
    starts: Vec<usize>,
    /// By the demands' numbers: the place of a filter whose first one it is.
    firsts: Vec<Option<usize>>,
    /// What the visit meets, as numbers and by number.
    met: Vec<usize>,
    is_met: Vec<bool>,
}

/// What is asked of one parameter.
#[derive(Clone, Debug, Default)]
struct Values<'a> {
    /// Values without a star, and the numbers of who asks for each.
    whole: Map<'a, Vec<usize>>,
    /// Those with a star.
    forms: Vec<(&'a Glob, usize)>,
}

impl<'a> Demands<'a> {
    /// Those of these filters, which are known by their places here.
    pub(super) fn new(filters: impl Iterator<Item = &'a Filter>) -> Self {
        let mut demands = Self {
            values: Map::default(),
            starts: vec![0],
            firsts: Vec::new(),
            met: Vec::new(),
            is_met: Vec::new(),
        };
        for (place, filter) in filters.enumerate() {
            for (nth, param) in filter.params.iter().enumerate() {
                let number = demands.firsts.len();
                let values = demands.values.entry(&param.key).or_default();
                for glob in &param.values {
                    match glob.whole() {
                        Some(whole) => values.whole.entry(whole).or_default().push(number),
                        None => values.forms.push((glob, number)),
                    }
                }
                demands.firsts.push((nth == 0).then_some(place));
            }
            demands.starts.push(demands.firsts.len());
        }
        demands.is_met = vec![false; demands.firsts.len()];
        demands
    }

    /// From now on the visit is one with these parameters.
    pub(super) fn meet<'p>(&mut self, parameters: impl Iterator<Item = (&'p str, &'p str)>) {
        let Self {
            values, met, is_met, ..
        } = self;
        for number in met.drain(..) {
            is_met[number] = false;
        }
        for (key, value) in parameters {
            let Some(values) = values.get(key) else { continue };
            let whole = values.whole.get(value).into_iter().flatten().copied();
            let forms = values.forms.iter().filter(|(glob, _)| glob.matches(value));
            for number in whole.chain(forms.map(|(_, number)| *number)) {
                if !is_met[number] {
                    is_met[number] = true;
                    met.push(number);
                }
            }
        }
    }

    /// The filters whose first demand is met.
    pub(super) fn begun(&self) -> impl Iterator<Item = usize> {
        self.met.iter().filter_map(|number| self.firsts[*number])
    }

    /// Whether all demands of a filter are met.
    pub(super) fn are_met(&self, place: usize) -> bool {
        self.is_met[self.starts[place]..self.starts[place + 1]]
            .iter()
            .all(|is_met| *is_met)
    }
}
