//! Two answers to one request, held against each other as far as a sender could care.

mod meaning;
mod shape;

use attribution_mock::WireAnswer;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use serde_json::Value;

/// The longest body that is looked into.
const LONGEST: usize = 1024 * 1024;

/// How much of the answers is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Whatever a sender or a page could look at.
    #[default]
    Everything,
    /// The status, which is all that the public senders look at.
    Status,
}

/// Something in which the target's answer differs from the double's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The status is of another class, so that a sender would do something else.
    StatusClass {
        /// What the double answers.
        double: u16,
        /// What the target answers.
        target: u16,
    },
    /// The status is another one of the same class.
    Status {
        /// What the double answers.
        double: u16,
        /// What the target answers.
        target: u16,
    },
    /// The body is of another type.
    ContentType {
        /// What the double says, without parameters.
        double: Option<String>,
        /// What the target says, without parameters.
        target: Option<String>,
    },
    /// The double's body is JSON, and the target's is not.
    NotJson,
    /// The JSON is of another shape.
    Shape {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is there in the double's answer.
        double: &'static str,
        /// What is there in the target's.
        target: &'static str,
    },
    /// The double lets pages of other origins read its answer, and the target doesn't.
    NotForPages,
}

impl Difference {
    /// What it may mean for a sender, or for the double.
    pub fn meaning(&self) -> &'static str {
        match *self {
            Self::StatusClass { double, target } | Self::Status { double, target } => {
                meaning::of_status(double, target)
            }
            Self::ContentType { .. } => "senders look at the status alone; whoever parses the answer should know",
            Self::NotJson | Self::Shape { .. } => "only whoever reads the answer's body can tell",
            Self::NotForPages => "a browser keeps the answer from the page, which can't tell success from failure",
        }
    }
}

/// Every difference; where the class of the status differs, that alone, as the rest then differs by nature.
pub(crate) fn compare(double: &WireAnswer, target: &WireAnswer, scope: Scope) -> Vec<Difference> {
    let (own, other) = (double.status.as_u16(), target.status.as_u16());
    if own / 100 != other / 100 {
        return vec![Difference::StatusClass {
            double: own,
            target: other,
        }];
    }
    let mut differences = Vec::new();
    if own != other {
        differences.push(Difference::Status {
            double: own,
            target: other,
        });
    }
    if scope == Scope::Everything {
        differences.extend(compare_contents(double, target));
    }
    differences
}

/// What differs besides the status.
fn compare_contents(double: &WireAnswer, target: &WireAnswer) -> Vec<Difference> {
    let mut differences = Vec::new();
    let types = [double, target].map(content_type);
    if types[0] != types[1] {
        let [double, target] = types;
        differences.push(Difference::ContentType { double, target });
    }
    differences.extend(compare_bodies(double, target));
    let for_pages = [double, target].map(|answer| answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    if for_pages == [true, false] {
        differences.push(Difference::NotForPages);
    }
    differences
}

fn compare_bodies(double: &WireAnswer, target: &WireAnswer) -> Vec<Difference> {
    match (json(double), json(target)) {
        (Some(double), Some(target)) => shape::compare(&double, &target),
        (Some(_), None) => vec![Difference::NotJson],
        (None, _) => Vec::new(),
    }
}

fn json(answer: &WireAnswer) -> Option<Value> {
    serde_json::from_slice(&answer.plain_body(LONGEST)?).ok()
}

/// The type of the body, in small letters and without parameters.
fn content_type(answer: &WireAnswer) -> Option<String> {
    let value = String::from_utf8_lossy(answer.headers.get(CONTENT_TYPE)?.as_bytes()).to_ascii_lowercase();
    value.split(';').next().map(|essence| essence.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::*;

    fn compare(double: &WireAnswer, target: &WireAnswer) -> Vec<Difference> {
        super::compare(double, target, Scope::Everything)
    }

    fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> WireAnswer {
        let headers = headers.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        WireAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect::<HeaderMap>(),
            body: body.into(),
        }
    }

    const JSON: (&str, &str) = ("content-type", "application/json");

    #[test]
    fn answers_that_a_sender_can_not_tell_apart_are_the_same() {
        let double = answer(200, &[JSON], r#"{"success":true}"#);
        let target = [
            ("content-type", "Application/JSON; charset=utf-8"),
            ("x-request-id", "7"),
        ];
        assert_eq!(compare(&double, &answer(200, &target, "{ \"success\": false }")), []);
    }

    #[test]
    fn another_class_of_status_is_all_that_is_said() {
        let differences = compare(&answer(400, &[JSON], "{}"), &answer(200, &[], "ok"));
        assert_eq!(
            differences,
            [Difference::StatusClass {
                double: 400,
                target: 200
            }]
        );
    }

    #[test]
    fn everything_else_is_said_at_once() {
        let double = answer(200, &[JSON, ("access-control-allow-origin", "*")], "{}");
        assert_eq!(
            compare(&double, &answer(202, &[("content-type", "text/plain")], "ok")),
            [
                Difference::Status {
                    double: 200,
                    target: 202
                },
                Difference::ContentType {
                    double: Some("application/json".to_owned()),
                    target: Some("text/plain".to_owned()),
                },
                Difference::NotJson,
                Difference::NotForPages,
            ]
        );
        let allowed = [("access-control-allow-origin", "https://shop.example"), JSON];
        assert_eq!(compare(&double, &answer(200, &allowed, "{}")), []);
    }

    #[test]
    fn a_target_may_say_more_than_the_double_where_that_says_nothing() {
        assert_eq!(compare(&answer(204, &[], ""), &answer(204, &[], "{}")), []);
    }

    #[test]
    fn the_status_alone_may_be_what_counts() {
        let (double, target) = (answer(200, &[JSON], "{}"), answer(200, &[], "ok"));
        assert_eq!(super::compare(&double, &target, Scope::Status), []);
        let other = super::compare(&double, &answer(202, &[], "ok"), Scope::Status);
        assert_eq!(
            other,
            [Difference::Status {
                double: 200,
                target: 202
            }]
        );
    }
}
