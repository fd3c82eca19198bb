use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use json_tree::Object;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Arrival;
use super::packed::Packed;
use super::people::{People, Person};
use crate::decode::{IdentifyHit, text_property};

/// A person who has been identified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The person's canonical name.
    pub visitor: String,
    /// The user id that stands for the person; none while only a cookie was identified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Every user id of the person, the one that stands for the person first.
    pub user_ids: Vec<String>,
    /// Every cookie that the person holds now. A cookie that has passed on to another user is that one's.
    pub cookie_ids: Vec<String>,
    /// `traits.name`, else `firstName` and `lastName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `traits.email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// All identifies laid over one another, trait by trait, in the order of arrival.
    pub traits: Map<String, Value>,
    /// The identifies one by one, in the order of arrival.
    pub history: Vec<IdentityChange>,
}

/// One identify in an [`Identity`]'s history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdentityChange {
    /// When, by the sender's clock; the time of receipt where the message gives none, as on the classic wire.
    pub at: Timestamp,
    /// The traits as received.
    pub traits: Map<String, Value>,
    /// The number of the request that made it.
    pub request: u64,
}

/// Every identify, in the order of arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identities {
    identifies: Vec<Identify>,
}

#[derive(Clone, Debug)]
struct Identify {
    arrival: Arrival,
    traits: Packed,
}

impl Identities {
    /// Takes the traits of an identify hit in, which was read of this body.
    pub(crate) fn record(&mut self, arrival: Arrival, hit: &IdentifyHit<'_>, body: &Arc<[u8]>) {
        let traits = Packed::new(body, &hit.traits);
        self.identifies.push(Identify { arrival, traits });
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.identifies.len()
    }

    /// As whom each arrived.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.identifies.iter().map(|identify| &identify.arrival)
    }

    /// The traits of the identifies of these places, which are in the order of arrival, laid over one another.
    pub(super) fn traits(&self, places: &[usize]) -> Map<String, Value> {
        let identifies = places.iter().map(|place| &self.identifies[*place]);
        (&laid_over(identifies.map(|identify| identify.traits.unpack()))).into()
    }

    /// A person whose identifies are those of these places, in the order of arrival.
    pub(super) fn row(&self, person: Person, places: &[usize], people: &People) -> Identity {
        let identifies: Vec<&Identify> = places.iter().map(|place| &self.identifies[*place]).collect();
        row(person, &identifies, people)
    }

    /// One a person, or one person's only, by the request that identified them first.
    pub(crate) fn rows(&self, people: &People, only: Option<Person>) -> Vec<Identity> {
        let mut places: BTreeMap<Person, usize> = BTreeMap::new();
        let mut histories: Vec<(Person, Vec<&Identify>)> = Vec::new();
        let identifies = self.identifies.iter();
        for identify in identifies.filter(|identify| people.is(identify.arrival.person, only)) {
            let person = people.today(identify.arrival.person);
            let place = *places.entry(person).or_insert(histories.len());
            if place == histories.len() {
                histories.push((person, Vec::new()));
            }
            histories[place].1.push(identify);
        }
        histories
            .into_iter()
            .map(|(person, history)| row(person, &history, people))
            .collect()
    }
}

impl Identify {
    /// What it changed, with its traits unpacked.
    fn change(&self, traits: &Object<'_>) -> IdentityChange {
        IdentityChange {
            at: self.arrival.at,
            traits: traits.into(),
            request: self.arrival.request,
        }
    }
}

fn row(person: Person, identifies: &[&Identify], people: &People) -> Identity {
    let unpacked: Vec<Object<'_>> = identifies.iter().map(|identify| identify.traits.unpack()).collect();
    let changes = identifies.iter().zip(&unpacked);
    let history = changes.map(|(identify, traits)| identify.change(traits)).collect();
    let traits = laid_over(unpacked);
    let user_ids = people.user_ids(person);
    Identity {
        visitor: people.name(person),
        user_id: user_ids.first().cloned(),
        user_ids,
        cookie_ids: people.cookie_ids(person),
        name: full_name(&traits),
        email: text_property(&traits, "email").map(str::to_owned),
        traits: (&traits).into(),
        history,
    }
}

/// The traits of one identify after the other, of each trait the last value.
fn laid_over<'a>(all: impl IntoIterator<Item = Object<'a>>) -> Object<'a> {
    all.into_iter().flatten().collect()
}

/// `name`, `email`, `firstName` and `lastName` are the traits that Attribution's documentation of identify calls special.
fn full_name(traits: &Object<'_>) -> Option<String> {
    if let Some(name) = text_property(traits, "name") {
        return Some(name.to_owned());
    }
    let parts: Vec<&str> = ["firstName", "lastName"]
        .iter()
        .filter_map(|key| text_property(traits, key))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::full_name;

    fn name_in(traits: &Value) -> Option<String> {
        full_name(&traits.as_object().unwrap().clone().into())
    }

    #[test]
    fn a_name_is_put_together_where_it_is_not_given() {
        assert_eq!(
            name_in(&json!({ "firstName": "Ada", "name": "A. L." })).as_deref(),
            Some("A. L.")
        );
        assert_eq!(
            name_in(&json!({ "lastName": "Lovelace", "firstName": "Ada" })).as_deref(),
            Some("Ada Lovelace")
        );
        assert_eq!(
            name_in(&json!({ "lastName": "Lovelace", "name": "" })).as_deref(),
            Some("Lovelace")
        );
        assert_eq!(name_in(&json!({ "name": 5 })), None);
    }
}
