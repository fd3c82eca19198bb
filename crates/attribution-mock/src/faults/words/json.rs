//! A fault out of the admin API's JSON.

use serde_json::Value;

use super::super::fault::Fault;
use super::value::shown;

/// Reads `{"path": "/track", "respond": 503, "retry_after": 30, "times": 2}`. A null is as good as nothing, except that
/// `times` then goes on until the fault is removed.
///
/// # Errors
///
/// What is wrong and what to write instead, in one sentence or several.
pub(crate) fn read(body: &[u8]) -> Result<Fault, String> {
    if body.trim_ascii().is_empty() {
        return Err("the body is empty: send a fault such as {\"respond\": 503}".to_owned());
    }
    let value = json_value::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let Value::Object(mut words) = value else {
        let found = shown(&value);
        return Err(format!(
            "a fault is an object such as {{\"respond\": 503}}, not {found}"
        ));
    };
    if let Some(times) = words.get_mut("times").filter(|times| times.is_null()) {
        *times = Value::from("always");
    }
    words.retain(|_, value| !value.is_null());
    Fault::from_words(&words).map_err(|mistakes| {
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        told.join("; ")
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_fault_strikes_once_unless_it_says_how_often() {
        let fault = Fault::respond(503);
        assert_eq!(read(br#"{"respond":503}"#), Ok(fault.clone().times(1)));
        assert_eq!(read(br#"{"respond":503,"times":3}"#), Ok(fault.clone().times(3)));
        assert_eq!(read(br#"{"respond":503,"times":"always"}"#), Ok(fault.clone()));
        assert_eq!(read(br#"{"respond":503,"times":null,"path":null}"#), Ok(fault.clone()));
        assert_eq!(read(br#"{"respond":503,"every":3}"#), Ok(fault.clone().every(3)));
        let lasting = fault.lasting(Duration::from_secs(60));
        assert_eq!(read(br#"{"respond":503,"for":"1m"}"#), Ok(lasting));
        assert_eq!(
            read(br#"{"rate":{"per_second":0.5,"burst":2}}"#),
            Ok(Fault::rate(0.5, 2))
        );
        assert_eq!(read(br#"{"respond":[503,200]}"#), Ok(Fault::respond([503, 200])));
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let told = read(br#"{"respond":42,"every":0,"colour":"red"}"#).unwrap_err();
        for word in ["`respond`", "`every`", "`colour`"] {
            assert!(told.contains(word), "{told}");
        }
    }
}
