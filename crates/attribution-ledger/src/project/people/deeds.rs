/// A kind of what a person does, of which there is a row for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeedKind {
    View,
    Track,
    Identify,
}

/// One thing that somebody did, by its place among all of the kind in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    kind: DeedKind,
    place: u32,
}

impl Deed {
    pub(crate) fn new(kind: DeedKind, place: usize) -> Self {
        let place = u32::try_from(place).expect("four billion rows don't fit into memory");
        Self { kind, place }
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
        let deeds = self.0.iter().filter(move |deed| deed.kind == kind);
        deeds.map(|deed| deed.place as usize)
    }

    /// Takes all of another. The fewer move, so that a long chain of merges stays cheap.
    pub(super) fn absorb(&mut self, mut other: Self) {
        if other.0.len() > self.0.len() {
            std::mem::swap(&mut self.0, &mut other.0);
        }
        self.0.append(&mut other.0);
    }
}
