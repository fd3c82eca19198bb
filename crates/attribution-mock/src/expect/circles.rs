use std::collections::HashMap;

use attribution_ledger::{Hit, Message};

/// All ids that were named so far, in circles: those that a message names are in one, and so are all that go with any of these.
/// What is recorded of one circle depends on no message about another.
#[derive(Debug, Default)]
pub(super) struct Circles {
    /// By id, the place of a circle that is part of its own.
    of: HashMap<String, usize>,
    /// By place, that of the circle it is part of, or its own.
    whole: Vec<usize>,
    /// By place, the number of the last request about the circle.
    last: Vec<u64>,
}

impl Circles {
    /// Takes in what a request names. Tells whether one that came after it has named anyone of the same circle.
    pub(super) fn name(&mut self, seq: u64, messages: &[Message<'_>]) -> bool {
        let mut is_overtaken = false;
        for message in messages {
            let ids = named(message).into_iter();
            let circles: Vec<usize> = ids.map(|id| self.circle(id)).collect();
            let joined = circles.into_iter().reduce(|circle, other| self.join(circle, other));
            let Some(circle) = joined else { continue };
            is_overtaken |= self.last[circle] > seq;
            self.last[circle] = seq.max(self.last[circle]);
        }
        is_overtaken
    }

    /// The circle of this id, which may be a new one.
    fn circle(&mut self, id: String) -> usize {
        let new = self.whole.len();
        let place = *self.of.entry(id).or_insert(new);
        if place == new {
            self.whole.push(new);
            self.last.push(0);
        }
        self.whole_of(place)
    }

    fn whole_of(&mut self, mut place: usize) -> usize {
        while self.whole[place] != place {
            // Halves the way for who comes next.
            self.whole[place] = self.whole[self.whole[place]];
            place = self.whole[place];
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) -> usize {
        let (one, other) = (self.whole_of(one), self.whole_of(other));
        self.whole[other] = one;
        self.last[one] = self.last[one].max(self.last[other]);
        one
    }
}

/// The ids that a message names, its own among them, each told from others that are written the same. Who names nobody is in one
/// circle with all who don't.
fn named(message: &Message<'_>) -> Vec<String> {
    let [user, cookie, previous] = match &message.hit {
        Hit::Page(hit) => [hit.ids.user(), hit.ids.cookie(), None],
        Hit::Track(hit) => [hit.ids.user(), hit.ids.cookie(), None],
        Hit::Identify(hit) => [hit.ids.user(), hit.ids.cookie(), None],
        Hit::Group(hit) => [hit.ids.user(), hit.ids.cookie(), None],
        Hit::Alias(hit) => [hit.user.as_deref(), hit.cookie.as_deref(), hit.previous.as_deref()],
    };
    let persons = [user, cookie, previous].into_iter().flatten();
    let nobody = [user, cookie, previous].iter().all(Option::is_none).then(String::new);
    let own = message.id.as_deref().map(|id| format!("\0{id}"));
    persons.map(str::to_owned).chain(nobody).chain(own).collect()
}
