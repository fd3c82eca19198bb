//! From words to a fault, with every mistake at once.

use serde_json::{Map, Value};

use super::super::action::{FaultAction, FaultAnswer, Statuses};
use super::super::fault::Fault;
use super::list::{ACTIONS, OF_ANSWERS, actions, words};
use super::mistake::FaultMistake;
use super::value::{duration, quoted, shown};
use super::{action, matching, suggest};

impl Fault {
    /// Reads a fault as a scenario's `fault:` writes it. A fault that does not say how often it strikes does so once;
    /// until it is removed, if it is for `every` so many-eth, has a `probability`, says `for` how long, or is a `rate`.
    ///
    /// ```
    /// use attribution_mock::Fault;
    /// use serde_json::json;
    ///
    /// let words = json!({ "path": "/track", "respond": 503, "times": 2 });
    /// let fault = Fault::from_words(words.as_object().unwrap());
    /// assert_eq!(fault, Ok(Fault::respond(503).on("/track").times(2)));
    /// ```
    ///
    /// # Errors
    ///
    /// Every mistake that was found; that it makes no sense, only where there is no other.
    pub fn from_words(words: &Map<String, Value>) -> Result<Self, Vec<FaultMistake>> {
        let mut reader = Reader {
            words,
            mistakes: Vec::new(),
        };
        let fault = reader.fault();
        match fault {
            Some(fault) if reader.mistakes.is_empty() => reader.checked(fault),
            _ => Err(reader.mistakes),
        }
    }
}

impl Fault {
    /// Every word that a fault may have.
    pub fn words() -> impl Iterator<Item = &'static str> {
        words()
    }
}

/// The words that are read, and what was found to be wrong so far.
pub(super) struct Reader<'a> {
    words: &'a Map<String, Value>,
    mistakes: Vec<FaultMistake>,
}

impl Reader<'_> {
    fn fault(&mut self) -> Option<Fault> {
        for key in self.words.keys().filter(|key| !is_known(key)) {
            let message = format!("a fault has no key {}", quoted(key));
            self.mistakes
                .push(FaultMistake::key(key, message, suggest::for_key(key)));
        }
        let matching = matching::read(self);
        let seed = self.get(
            "seed",
            "a whole number from 0",
            "write digits only, such as `7`",
            Value::as_u64,
        );
        let action = self.action()?;
        let action = action::read(self, action)?;
        let mut fault = Fault { matching, action, seed };
        if self.strikes_once(&fault) {
            fault.matching.times = Some(1);
        }
        Some(fault)
    }

    /// The one word that says what happens.
    fn action(&mut self) -> Option<&'static str> {
        let answers = self.words.contains_key("respond");
        let given = |word: &&'static str| self.words.contains_key(*word) && !(answers && *word == "content_type");
        let actions: Vec<&'static str> = actions().filter(given).collect();
        // In the order in which they are written.
        let first = self
            .words
            .keys()
            .find_map(|key| actions.iter().find(|word| *word == key));
        let Some(&first) = first else {
            self.no_action();
            return None;
        };
        for second in self
            .words
            .keys()
            .filter(|key| actions.contains(&key.as_str()) && *key != first)
        {
            let message = format!("the fault already does `{first}`");
            let help = format!("write a fault of its own for `{second}`");
            self.mistakes.push(FaultMistake::key(second, message, help));
        }
        for word in OF_ANSWERS
            .into_iter()
            .filter(|word| !answers && self.words.contains_key(*word))
        {
            let message = format!("`{word}` does not go with `{first}`");
            let help = "only an answer has one: it belongs to `respond`";
            self.mistakes.push(FaultMistake::key(word, message, help));
        }
        Some(first)
    }

    /// A key that is not known was to say it, most likely, and has been told already.
    fn no_action(&mut self) {
        if self.words.keys().all(|key| is_known(key)) {
            let choices: Vec<String> = ACTIONS.iter().map(|(_, written)| format!("`{written}`")).collect();
            let message = "the fault does not say what happens".to_owned();
            let help = format!("write one of {}", choices.join(", "));
            self.mistakes.push(FaultMistake::value(&[], message, help));
        }
    }

    /// Whether it strikes once for want of another word.
    fn strikes_once(&self, fault: &Fault) -> bool {
        let goes_on = ["times", "every", "probability", "for"];
        let has_its_own = matches!(fault.action, FaultAction::Rate(_)) || is_sequence(fault);
        !has_its_own && !goes_on.into_iter().any(|word| self.words.contains_key(word))
    }

    /// The double has the last word: a fault that it would refuse is a mistake.
    fn checked(&self, fault: Fault) -> Result<Fault, Vec<FaultMistake>> {
        let matching = &fault.matching;
        if is_sequence(&fault) && self.words.contains_key("times") {
            let counted = fault.times(1).check();
            return Err(counted.err().map(FaultMistake::from).into_iter().collect());
        }
        if matches!(fault.action, FaultAction::Refuse) && matching.times.is_none() && matching.lasting.is_none() {
            let message = "the admin API would be out of reach for good".to_owned();
            let help = "write how often or for how long, such as `times: 3` or `for: 1m`";
            return Err(vec![FaultMistake::value(&["connect"], message, help)]);
        }
        match fault.check() {
            Ok(()) => Ok(fault),
            Err(error) => Err(vec![error.into()]),
        }
    }
}

fn is_known(key: &str) -> bool {
    words().any(|word| word == key)
}

fn is_sequence(fault: &Fault) -> bool {
    matches!(
        fault.action,
        FaultAction::Respond(FaultAnswer {
            status: Statuses::Sequence(_),
            ..
        })
    )
}

/// Reading values, each from its place.
impl<'a> Reader<'a> {
    pub(super) fn reports(&mut self, mistake: FaultMistake) {
        self.mistakes.push(mistake);
    }

    pub(super) fn word(&self, key: &str) -> Option<&'a Value> {
        self.words.get(key)
    }

    /// What a word says; none where it isn't there or is mistaken.
    pub(super) fn get<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        help: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.word(key)?;
        self.read(&[key], value, expected, help, read)
    }

    /// What stands at a place; none where it is mistaken.
    pub(super) fn read<T>(
        &mut self,
        place: &[&str],
        value: &Value,
        expected: &str,
        help: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let found = read(value);
        if found.is_none() {
            let message = format!("`{}` must be {expected}, not {}", place.join("."), shown(value));
            self.mistakes.push(FaultMistake::value(place, message, help));
        }
        found
    }

    /// One of some words.
    pub(super) fn one_of<T>(
        &mut self,
        key: &'static str,
        known: &[&str],
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.word(key)?;
        let found = value.as_str().and_then(read);
        if found.is_none() {
            let word = value.as_str().map_or_else(|| shown(value), quoted);
            let message = format!("`{key}` can't be {word}");
            let help = suggest::for_word(value.as_str().unwrap_or_default(), known);
            self.mistakes.push(FaultMistake::value(&[key], message, help));
        }
        found
    }

    pub(super) fn duration(&mut self, place: &[&str], value: &Value) -> Option<std::time::Duration> {
        match duration(value) {
            Ok(duration) => Some(duration),
            Err((message, help)) => {
                self.mistakes.push(FaultMistake::value(place, message, help));
                None
            }
        }
    }

    /// A mapping with these keys; others are mistakes.
    pub(super) fn mapping<'b>(
        &mut self,
        place: &[&str],
        value: &'b Value,
        keys: &[&str],
        example: &str,
    ) -> Option<&'b Map<String, Value>> {
        let Value::Object(fields) = value else {
            return self.read(place, value, "a mapping", example, |_| None);
        };
        for key in fields.keys().filter(|key| !keys.contains(&key.as_str())) {
            let message = format!("`{}` has no key {}", place.join("."), quoted(key));
            let mut mistake = FaultMistake::key(key, message, suggest::for_word(key, keys));
            mistake.place.splice(0..0, place.iter().map(|&key| key.to_owned()));
            self.mistakes.push(mistake);
        }
        Some(fields)
    }

    /// What a mapping must have.
    pub(super) fn required<'b>(
        &mut self,
        place: &[&str],
        fields: &'b Map<String, Value>,
        key: &str,
        example: &str,
    ) -> Option<&'b Value> {
        let found = fields.get(key);
        if found.is_none() {
            let message = format!("`{}` has no `{key}`", place.join("."));
            self.mistakes.push(FaultMistake::value(place, message, example));
        }
        found
    }
}
