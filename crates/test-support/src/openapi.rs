//! OpenAPI documents, held against what is really answered.

use std::collections::BTreeSet;

use serde_json::Value;

/// An OpenAPI document, as a server serves it.
#[derive(Debug)]
pub struct Document(Value);

impl Document {
    /// A document.
    pub fn new(document: Value) -> Self {
        Self(document)
    }

    /// All of it.
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// Every path with each of its methods in capitals.
    pub fn operations(&self) -> BTreeSet<(String, String)> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        let of_path = |(path, item): (&String, &Value)| {
            let methods = self.resolve(item).as_object().into_iter().flatten();
            let methods: Vec<_> = methods
                .map(|(method, _)| (path.clone(), method.to_uppercase()))
                .collect();
            methods
        };
        paths.flat_map(of_path).collect()
    }

    /// The answer of this status to an operation; the path as the document writes it.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn response(&self, method: &str, path: &str, status: u16) -> &Value {
        let responses = &self.resolve(&self.0["paths"][path])[method.to_lowercase()]["responses"];
        let response = self.resolve(&responses[status.to_string()]);
        assert!(
            response.is_object(),
            "{status} is no answer of {method} {path}: {responses}"
        );
        response
    }

    /// The keys of a row, where the document names them.
    pub fn properties(&self, schema: &Value) -> Vec<String> {
        let schema = self.resolve(schema);
        let own = schema["properties"].as_object().into_iter().flatten();
        let own = own.map(|(key, _)| key.clone());
        let parts = schema["allOf"].as_array().into_iter().flatten();
        own.chain(parts.flat_map(|part| self.properties(part))).collect()
    }

    /// Holds an answer against what the document says of it; the path as the document writes it, the body of JSON or of
    /// text.
    ///
    /// # Panics
    ///
    /// When the answer is not as described.
    pub fn check(&self, method: &str, path: &str, status: u16, content_type: Option<&str>, body: &str) {
        let content = self.response(method, path, status)["content"].as_object();
        let Some(content) = content else {
            assert_eq!(body, "", "{method} {path} has no body");
            return;
        };
        let content_type = content_type.and_then(|value| value.split(';').next());
        let content_type = content_type.unwrap_or_default();
        let schema = content.get(content_type).map(|content| &content["schema"]);
        let schema = schema.unwrap_or_else(|| panic!("{method} {path} is not answered as {content_type}"));
        let value = match content_type {
            "application/json" => serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}")),
            _ => Value::from(body),
        };
        let violations = self.violations(schema, &value, "");
        assert!(violations.is_empty(), "{method} {path}: {violations:#?}\n{body}");
    }

    /// What a node stands for.
    fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        match node.get("$ref").and_then(Value::as_str) {
            None => node,
            Some(reference) => {
                let found = self.0.pointer(reference.trim_start_matches('#'));
                self.resolve(found.unwrap_or_else(|| panic!("there is no {reference}")))
            }
        }
    }

    /// Every way in which a value is not what a schema says. A keyword that is not known here fails the test.
    fn violations(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let schema = self.resolve(schema).as_object().expect("a schema");
        let mut found = Vec::new();
        for (keyword, says) in schema {
            let below =
                |schema: &Value, value: &Value, key: &str| self.violations(schema, value, &format!("{at}/{key}"));
            let fits = |schema: &&Value| self.violations(schema, value, at).is_empty();
            let is_kept = match keyword.as_str() {
                "description" | "format" | "examples" | "default" | "pattern" => true,
                "type" => says.as_str().map_or_else(
                    || {
                        says.as_array()
                            .is_some_and(|types| types.iter().any(|one| is_of(one, value)))
                    },
                    |_| is_of(says, value),
                ),
                "const" => says == value,
                "enum" => says.as_array().is_some_and(|all| all.contains(value)),
                "minimum" => value.as_f64() >= says.as_f64(),
                "maximum" => value.as_f64() <= says.as_f64(),
                "anyOf" => says.as_array().is_some_and(|all| all.iter().any(|one| fits(&one))),
                "oneOf" => says.as_array().is_some_and(|all| all.iter().filter(fits).count() == 1),
                "allOf" => says.as_array().is_some_and(|all| all.iter().all(|one| fits(&one))),
                "required" => says.as_array().is_some_and(|all| all.iter().all(|key| has(value, key))),
                "additionalProperties" => {
                    let others = value.as_object().into_iter().flatten();
                    let mut others =
                        others.filter(|(key, _)| schema.get("properties").is_none_or(|own| own.get(key).is_none()));
                    match says {
                        Value::Bool(allowed) => *allowed || others.next().is_none(),
                        each => {
                            found.extend(others.flat_map(|(key, value)| below(each, value, key)));
                            true
                        }
                    }
                }
                "items" => {
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        found.extend(below(says, item, &place.to_string()));
                    }
                    true
                }
                "properties" => {
                    for (key, schema) in says.as_object().into_iter().flatten() {
                        found.extend(value.get(key).into_iter().flat_map(|value| below(schema, value, key)));
                    }
                    true
                }
                other => panic!("the keyword {other} is not checked"),
            };
            if !is_kept {
                found.push(format!("{at}: {keyword} {says}, not {value}"));
            }
        }
        found
    }
}

fn has(value: &Value, key: &Value) -> bool {
    key.as_str().is_some_and(|key| value.get(key).is_some())
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap_or_default() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        other => panic!("there is no type {other}"),
    }
}
