use percent_encoding::percent_decode_str;

use super::{NAMES, Redaction};

/// A query without secrets, parameter by parameter; one in which there is none keeps its encoding.
pub(super) fn redacted(query: &str, redaction: &Redaction) -> String {
    let parameters = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, value)) if NAMES.contains(&decoded(name).as_str()) && !value.is_empty() => {
            format!("{name}={}", redaction.named(&decoded(value)))
        }
        Some((name, value)) => format!("{}={}", clean(name, redaction), clean(value, redaction)),
        None => clean(parameter, redaction),
    });
    parameters.collect::<Vec<_>>().join("&")
}

fn clean(text: &str, redaction: &Redaction) -> String {
    let plain = decoded(text);
    let without = redaction.literal(&plain);
    if without == plain {
        redaction.literal(text)
    } else {
        without
    }
}

/// As a form is read: a plus is a blank.
fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}
