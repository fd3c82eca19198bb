//! What was typed and is no command, where it can be said better than by what parses the arguments.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What is wrong with an option's value and what to write instead; nothing where the parser's own words do.
pub(crate) fn told(error: &clap::Error) -> Option<String> {
    let argument = text(error, ContextKind::InvalidArg)?;
    let value = text(error, ContextKind::InvalidValue)?;
    // An option is shown with what its value is called: `--seed <N>`.
    let (option, called) = match argument.split_once(' ') {
        Some((option, called)) => (option, Some(called.trim_matches(['<', '>']))),
        None => (argument, None),
    };
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => Some(no_value(option, &choices(error, called?))),
        ErrorKind::TooManyValues if option == "--coverage" => Some(coverage_of(percent(value).unwrap_or("PERCENT"))),
        ErrorKind::TooManyValues if called.is_none() => {
            Some(format!("{option} takes no value: write {option} without ={value}"))
        }
        _ => None,
    }
}

/// What to write instead of a value that is none of `--coverage`.
pub(crate) fn coverage_of(percent: &str) -> String {
    format!(
        "--coverage takes no value: to fail where less than {percent} % is touched, write --coverage --coverage-min \
         {percent}"
    )
}

/// A part of a hundred, as it may have been meant: with or without a sign behind it.
pub(crate) fn percent(text: &str) -> Option<&str> {
    let percent = text.trim_end_matches('%');
    let number: f64 = percent.parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(percent)
}

fn no_value(option: &str, values: &[&str]) -> String {
    let written: Vec<String> = values.iter().map(|value| format!("{option} {value}")).collect();
    format!("{option} has no value: write {}", written.join(" or "))
}

/// The values there are, or what any value is called.
fn choices<'e>(error: &'e clap::Error, called: &'e str) -> Vec<&'e str> {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => values.iter().map(String::as_str).collect(),
        _ => vec![called],
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}
