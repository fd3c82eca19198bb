use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::people::{Alteration, DeedKind, People, Person};
use super::{Conversion, OneVisitor, Tables, Visit};

/// Remembers what has been told of a ledger, so that only what has changed since is told next: see
/// [`Ledger::changes`](crate::Ledger::changes) and [`Ledger::follow`](crate::Ledger::follow).
///
/// It follows one ledger from wherever that is. One that has begun anew needs a new follower.
#[derive(Clone, Debug, Default)]
pub struct Follower {
    /// How much of the ledger has been looked at; none before the first look.
    seen: Option<Seen>,
    /// Whom anything is new of that has not been told.
    touched: BTreeMap<Person, Touched>,
}

/// So many of a ledger's rows, and of what became of persons.
#[derive(Clone, Copy, Debug)]
struct Seen {
    counts: [usize; 3],
    alterations: usize,
}

/// What is new of one person.
#[derive(Clone, Debug, Default)]
struct Touched {
    joined: Vec<Person>,
    is_renamed: bool,
    is_reshaped: bool,
    is_identified: bool,
    places: Places,
}

/// Which page views and tracks of a person are to be told.
#[derive(Clone, Debug)]
enum Places {
    /// All there are, as at the first look.
    All,
    New {
        views: Vec<usize>,
        tracks: Vec<usize>,
    },
}

impl Default for Places {
    fn default() -> Self {
        Self::New {
            views: Vec::new(),
            tracks: Vec::new(),
        }
    }
}

/// What has changed of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The person, by a number that stays until they join another.
    pub person: u64,
    /// Who is this person now, of whom something may have been told before. Nothing is told of them any more.
    pub joined: Vec<u64>,
    /// All visits of the person as they are now, by the time they began; none where no page view came or changed hands. A
    /// late page view may have begun, prolonged, joined or cut any of them.
    pub visits: Option<Vec<Visit>>,
    /// The person's conversions that no one has been told of, in the order of arrival. A conversion never changes.
    pub conversions: Vec<Conversion>,
    /// All that identifies said of the person as it is now, as in [`Identity`](super::Identity); none where no identify came
    /// or changed hands.
    pub traits: Option<Map<String, Value>>,
}

/// A person of whom something has changed; what that is, is made when it is asked for.
#[derive(Clone, Debug)]
pub struct Changed<'a> {
    one: OneVisitor<'a>,
    touched: Touched,
}

impl<'a> Changed<'a> {
    /// The person as they are now.
    pub fn visitor(&self) -> &OneVisitor<'a> {
        &self.one
    }

    /// Who is this person now, of whom something may have been told before, by their numbers. Nothing is told of them any more.
    pub fn joined(&self) -> impl Iterator<Item = u64> {
        self.touched.joined.iter().map(|gone| gone.number())
    }

    /// Whether all of the person's rows are told, told before or not.
    pub fn is_whole(&self) -> bool {
        matches!(self.touched.places, Places::All)
    }

    /// Whether any row that was told before may have another `visitor` now.
    pub fn is_renamed(&self) -> bool {
        self.touched.is_renamed || !self.touched.joined.is_empty()
    }

    /// Whether a page view came or changed hands. Such a late one may have begun, prolonged, joined or cut any visit.
    pub fn is_reshaped(&self) -> bool {
        self.touched.is_reshaped
    }

    /// The places of the page views to tell, those who joined brought along aside.
    pub fn page_view_places(&self) -> Vec<usize> {
        match &self.touched.places {
            Places::All => self.one.page_view_places(),
            Places::New { views, .. } => views.clone(),
        }
    }

    /// The places of such conversions.
    pub fn conversion_places(&self) -> Vec<usize> {
        match &self.touched.places {
            Places::All => self.one.conversion_places(),
            Places::New { tracks, .. } => tracks.clone(),
        }
    }

    /// The same in full.
    pub fn change(&self) -> Change {
        let conversions = self.conversion_places().into_iter();
        Change {
            person: self.one.number(),
            joined: self.joined().collect(),
            visits: self.is_reshaped().then(|| self.one.visits()),
            conversions: conversions.filter_map(|place| self.one.conversion(place)).collect(),
            traits: self.touched.is_identified.then(|| self.one.traits()),
        }
    }
}

impl Touched {
    fn whole(people: &People, person: Person) -> Self {
        Self {
            places: Places::All,
            is_reshaped: people.did(person, DeedKind::View),
            is_identified: people.did(person, DeedKind::Identify),
            ..Self::default()
        }
    }

    /// Takes over what is new of someone who joined.
    fn absorb(&mut self, other: Self) {
        self.joined.extend(other.joined);
        self.is_renamed |= other.is_renamed;
        self.is_reshaped |= other.is_reshaped;
        self.is_identified |= other.is_identified;
        match (&mut self.places, other.places) {
            (Places::All, _) => {}
            (places, Places::All) => *places = Places::All,
            (
                Places::New { views, tracks },
                Places::New {
                    views: more,
                    tracks: others,
                },
            ) => {
                views.extend(more);
                tracks.extend(others);
            }
        }
    }
}

impl Places {
    fn view(&mut self, place: usize) {
        if let Self::New { views, .. } = self {
            views.push(place);
        }
    }

    fn track(&mut self, place: usize) {
        if let Self::New { tracks, .. } = self {
            tracks.push(place);
        }
    }
}

impl Follower {
    /// One who is told of nothing that there is already.
    pub(crate) fn from_now(ledger: Tables<'_>) -> Self {
        Self {
            seen: Some(Seen::of(ledger)),
            touched: BTreeMap::new(),
        }
    }

    /// Looks at what is new, and takes out at most so many of the persons whom that is of.
    pub(crate) fn follow<'a>(&mut self, ledger: Tables<'a>, most: usize) -> Vec<Changed<'a>> {
        self.look(ledger);
        let taken = std::iter::from_fn(|| self.touched.pop_first()).take(most);
        let changed = taken.map(|(person, touched)| Changed {
            one: ledger.one(person),
            touched,
        });
        changed.collect()
    }

    fn look(&mut self, ledger: Tables<'_>) {
        let now = Seen::of(ledger);
        if let Some(seen) = self.seen.replace(now) {
            self.look_on(ledger, seen);
        } else {
            let people = ledger.people;
            let whole = |person| (person, Touched::whole(people, person));
            self.touched = people.everyone().map(whole).collect();
        }
    }

    fn look_on(&mut self, ledger: Tables<'_>, seen: Seen) {
        let people = ledger.people;
        let [views, tracks, identifies] = seen.counts;
        for (person, touched) in std::mem::take(&mut self.touched) {
            self.touch(people, person).absorb(touched);
        }
        for alteration in &people.alterations()[seen.alterations..] {
            self.alter(people, *alteration);
        }
        let viewed = ledger.page_views.views().iter().map(|view| &view.arrival);
        for (place, arrival) in from(views, || viewed.clone()) {
            let touched = self.touch(people, arrival.person);
            touched.places.view(place);
            touched.is_reshaped = true;
        }
        for (place, arrival) in from(tracks, || ledger.conversions.arrivals()) {
            self.touch(people, arrival.person).places.track(place);
        }
        for (_, arrival) in from(identifies, || ledger.identities.arrivals()) {
            self.touch(people, arrival.person).is_identified = true;
        }
        if views == 0 && !ledger.page_views.views().is_empty() {
            // Nobody's conversions lacked a link before, and now everybody's may.
            let everyone = people.everyone().filter(|person| people.did(*person, DeedKind::Track));
            for person in everyone {
                self.touch(people, person);
            }
        }
    }

    fn alter(&mut self, people: &People, alteration: Alteration) {
        match alteration {
            Alteration::Changed { person, is_renamed } => self.touch(people, person).is_renamed |= is_renamed,
            Alteration::Joined {
                gone,
                has_views,
                is_identified,
            } => {
                let touched = self.touch(people, gone);
                touched.joined.push(gone);
                touched.is_reshaped |= has_views;
                touched.is_identified |= is_identified;
            }
        }
    }

    /// What is new of who this is today.
    fn touch(&mut self, people: &People, person: Person) -> &mut Touched {
        self.touched.entry(people.today(person)).or_default()
    }
}

impl Seen {
    fn of(ledger: Tables<'_>) -> Self {
        Self {
            counts: ledger.counts(),
            alterations: ledger.people.alterations().len(),
        }
    }
}

/// The items from this place on, each with its place. To skip the others one by one would cost what there is.
fn from<T, I: Iterator<Item = T>>(place: usize, all: impl Fn() -> I) -> impl Iterator<Item = (usize, T)> {
    (place..).map_while(move |place| Some((place, all().nth(place)?)))
}
