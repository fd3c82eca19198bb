/// A kind of what a person does, of which there is a row for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeedKind {
    View,
    Track,
    Identify,
}

/// One thing that somebody did, by its place among all of the kind in the order of arrival. The kind is in the two highest bits,
/// as there is one of these for every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deed(u32);

/// How many bits the place has.
const PLACE: u32 = 30;

impl Deed {
    pub(crate) fn new(kind: DeedKind, place: usize) -> Self {
        let place = u32::try_from(place).ok().filter(|place| place >> PLACE == 0);
        Self(place.expect("a billion rows don't fit into memory") | (kind as u32) << PLACE)
    }

    fn is(self, kind: DeedKind) -> bool {
        self.0 >> PLACE == kind as u32
    }

    fn place(self) -> usize {
        (self.0 & !(u32::MAX << PLACE)) as usize
    }
}

/// All that one person did, in the order of arrival as long as nobody joins them.
#[derive(Clone, Debug, Default)]
pub(super) struct Deeds(Vec<Deed>);

impl Deeds {
    pub(super) fn push(&mut self, deed: Deed) {
        self.0.push(deed);
    }

    /// The places of one kind, in no order.
    pub(super) fn of(&self, kind: DeedKind) -> impl Iterator<Item = usize> {
        let deeds = self.0.iter().filter(move |deed| deed.is(kind));
        deeds.map(|deed| deed.place())
    }

    /// Takes all of another. The fewer move, so that a long chain of merges stays cheap.
    pub(super) fn absorb(&mut self, mut other: Self) {
        if other.0.len() > self.0.len() {
            std::mem::swap(&mut self.0, &mut other.0);
        }
        self.0.append(&mut other.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{Deed, DeedKind};

    #[test]
    fn a_deed_keeps_its_kind_and_its_place() {
        for kind in [DeedKind::View, DeedKind::Track, DeedKind::Identify] {
            for place in [0, 1, (1 << 30) - 1] {
                let deed = Deed::new(kind, place);
                assert_eq!(deed.place(), place);
                assert!(deed.is(kind));
                assert_eq!(deed.is(DeedKind::View), kind == DeedKind::View);
            }
        }
    }
}
