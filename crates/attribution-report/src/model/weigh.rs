use super::decay::halved;
use super::kind::Model;

/// One visit of a conversion's path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    /// Its place among all visits of the person.
    pub(crate) visit: usize,
    /// Microseconds since 1970.
    pub(crate) at: i64,
    pub(crate) channel: u16,
    pub(crate) is_direct: bool,
}

/// A model that is ready to weigh.
#[derive(Clone, Debug)]
pub(crate) struct Weigher<'a> {
    pub(crate) model: &'a Model,
    /// What each channel is worth by its removal effect; for the Markov model.
    pub(crate) effects: &'a [u64],
}

impl Weigher<'_> {
    /// What each visit of the path is worth; never all of them nothing. The path is in order and not empty.
    pub(crate) fn weigh(&self, path: &[Touch], weights: &mut Vec<u64>) {
        weights.clear();
        let only = |place: usize, weights: &mut Vec<u64>| {
            weights.resize(path.len(), 0);
            weights[place] = 1;
        };
        let last = path.len() - 1;
        match self.model {
            Model::FirstTouch => only(0, weights),
            Model::LastTouch => only(last, weights),
            Model::LastNonDirect => {
                let place = path.iter().rposition(|touch| !touch.is_direct);
                only(place.unwrap_or(last), weights);
            }
            Model::Linear => weights.resize(path.len(), 1),
            Model::TimeDecay { half_life } => {
                let half_life = u64::try_from(half_life.as_micros()).unwrap_or(u64::MAX);
                weights.extend(
                    path.iter()
                        .map(|touch| halved(path[last].at.abs_diff(touch.at), half_life)),
                );
            }
            Model::PositionBased(positions) => positions.of_path(path.len(), weights),
            Model::Markov => {
                let effect = |touch: &Touch| self.effects.get(usize::from(touch.channel)).copied();
                weights.extend(path.iter().map(|touch| effect(touch).unwrap_or(0)));
                if weights.iter().all(|weight| *weight == 0) {
                    weights.fill(1);
                }
            }
        }
    }
}
