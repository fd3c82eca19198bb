//! The schema is held against every fixture, by a validator of the keywords that it uses.

use std::sync::Arc;

use expectation::{Regex, Sink, Source, Syntax};
use serde_json::{Map, Value};

use super::{root, schema, setting};
use crate::files::Folder;
use crate::parse::{CHAOS, KEYS, SETTINGS, STEPS, parse};
use crate::syntax::read;

/// Why a value is not as a schema says; nothing where it is. A keyword that is not known fails the test.
fn refused(schema: &Value, value: &Value, place: &str) -> Option<String> {
    let whole = super::schema();
    Validator { whole: &whole }.check(schema, value, place)
}

struct Validator<'a> {
    whole: &'a Value,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value, place: &str) -> Option<String> {
        let keywords = match schema {
            Value::Bool(true) => return None,
            Value::Bool(false) => return Some(format!("{place} is not allowed")),
            Value::Object(keywords) => keywords,
            _ => panic!("{schema} is no schema"),
        };
        keywords
            .iter()
            .find_map(|(keyword, argument)| self.keyword(keyword, argument, keywords, value, place))
    }

    fn keyword(
        &self,
        keyword: &str,
        argument: &Value,
        all: &Map<String, Value>,
        value: &Value,
        place: &str,
    ) -> Option<String> {
        let no = |holds: bool| (!holds).then(|| format!("{place}: {keyword} {argument}, but {value}"));
        let object = value.as_object();
        let items = value.as_array();
        match keyword {
            "$schema" | "title" | "description" | "$defs" => None,
            "$ref" => {
                let pointer = argument.as_str().unwrap().trim_start_matches('#');
                let found = self
                    .whole
                    .pointer(pointer)
                    .unwrap_or_else(|| panic!("nothing is at {pointer}"));
                self.check(found, value, place)
            }
            "type" => no(argument
                .as_array()
                .map_or_else(|| is(argument, value), |types| types.iter().any(|one| is(one, value)))),
            "enum" => no(argument.as_array().unwrap().contains(value)),
            "const" => no(argument == value),
            "minimum" => no(value.as_f64().is_none_or(|number| number >= argument.as_f64().unwrap())),
            "pattern" => {
                let regex = Regex::new(argument.as_str().unwrap()).unwrap();
                no(value.as_str().is_none_or(|text| regex.is_match(text)))
            }
            "minItems" => no(items.is_none_or(|items| items.len() as u64 >= argument.as_u64().unwrap())),
            "items" => {
                let mut places = items.into_iter().flatten().enumerate();
                places.find_map(|(index, item)| self.check(argument, item, &format!("{place}/{index}")))
            }
            "minProperties" => no(object.is_none_or(|object| object.len() as u64 >= argument.as_u64().unwrap())),
            "required" => {
                let keys = argument.as_array().unwrap().iter().filter_map(Value::as_str);
                no(object.is_none_or(|object| keys.clone().all(|key| object.contains_key(key))))
            }
            "properties" => object
                .into_iter()
                .flatten()
                .find_map(|(key, below)| self.check(argument.get(key)?, below, &format!("{place}/{key}"))),
            "propertyNames" => object
                .into_iter()
                .flatten()
                .find_map(|(key, _)| self.check(argument, &Value::from(key.as_str()), &format!("{place}/{key}"))),
            "additionalProperties" => {
                let known = all.get("properties").and_then(Value::as_object);
                let mut others = object
                    .into_iter()
                    .flatten()
                    .filter(|(key, _)| !known.is_some_and(|known| known.contains_key(*key)));
                others.find_map(|(key, below)| self.check(argument, below, &format!("{place}/{key}")))
            }
            "anyOf" => no(self.holding(argument, value, place) > 0),
            "oneOf" => no(self.holding(argument, value, place) == 1),
            _ => panic!("the test knows no keyword {keyword}"),
        }
    }

    fn holding(&self, schemas: &Value, value: &Value, place: &str) -> usize {
        let schemas = schemas.as_array().unwrap();
        schemas
            .iter()
            .filter(|schema| self.check(schema, value, place).is_none())
            .count()
    }
}

fn is(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}

/// A YAML text as JSON, if it is one without a mistake.
fn value(text: &str) -> Option<Value> {
    let mut sink = Sink::new(Syntax::Yaml);
    let node = read(text, &mut sink).ok()?;
    sink.is_empty().then(|| node.to_value())
}

#[test]
fn every_scenario_that_can_be_played_is_as_the_schema_says() {
    for fixture in ["scenarios/passing", "scenarios/failing"]
        .into_iter()
        .flat_map(|folder| test_support::fixtures(folder, "yaml"))
    {
        let value = value(&fixture.text()).expect("a scenario is YAML");
        assert_eq!(refused(&schema(), &value, &fixture.name), None);
    }
}

#[test]
fn every_key_that_the_reader_does_not_know_the_schema_refuses() {
    let mut refusals = 0;
    for fixture in test_support::fixtures("mistakes", "yaml") {
        let (Some(value), source) = (
            value(&fixture.text()),
            Source::of(fixture.name.as_str(), fixture.text()),
        ) else {
            continue;
        };
        let error = parse(Arc::new(source), &Folder::of(&fixture.path)).expect_err(&fixture.name);
        let unknown = error.diagnostics.iter().any(|mistake| {
            let words = [" has no key `", " has no field `", "there is no step `"];
            let here = error.source.name_at(mistake.at.start) == fixture.name;
            here && words.iter().any(|words| mistake.message.contains(words))
        });
        if unknown {
            refusals += 1;
            assert!(refused(&schema(), &value, "").is_some(), "{}", fixture.name);
        }
    }
    assert!(refusals > 10, "{refusals}");
}

#[test]
fn each_kind_of_mistake_has_its_place() {
    for (text, place) in [
        ("steps: []", "/steps: minItems"),
        ("name: a", ": required"),
        ("steps: [{ settle: , wait: 5s }]", "/steps/0: oneOf"),
        ("steps: [{ wait: soon }]", "/steps/0/wait: anyOf"),
        ("steps: [{ repeat: { times: -1 } }]", "/steps/0/repeat/times: anyOf"),
        ("steps: [{ settle: false }]", "/steps/0/settle: enum"),
        (
            "{ settings: { dialect: clasic }, steps: [{ settle: }] }",
            "/settings: anyOf",
        ),
        (
            "{ expect: { visits: [{ pgae: a }] }, steps: [{ settle: }] }",
            "/expect: anyOf",
        ),
    ] {
        let refusal = refused(&schema(), &value(text).unwrap(), "").unwrap_or_default();
        assert!(refusal.starts_with(place), "{text}: {refusal}");
    }
}

#[test]
fn every_key_has_words_of_its_own() {
    for key in KEYS {
        assert!(root(key)["description"].is_string(), "{key}");
    }
    for key in SETTINGS {
        assert!(setting(key)["description"].is_string(), "{key}");
    }
    for key in crate::parse::report::KEYS {
        assert!(super::report::setting(key)["description"].is_string(), "{key}");
    }
    for key in CHAOS {
        assert!(super::chaos::setting(key)["description"].is_string(), "{key}");
    }
    for key in STEPS {
        assert!(super::steps::action(key)["description"].is_string(), "{key}");
    }
}
