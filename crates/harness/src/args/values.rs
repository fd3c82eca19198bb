//! Values that several commands take.

use std::time::Duration;

use attribution_mock::rules::{self, Level, Rule, RuleLevels};
use jiff::SignedDuration;

/// A duration with its unit, as in `30s` or `1m30s`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let written = text.parse::<SignedDuration>();
    let duration = written.map_err(|_| "write a number with a unit, as in 500ms, 30s, 5m or 1h30m".to_owned())?;
    Duration::try_from(duration).map_err(|_| "a duration can't be negative".to_owned())
}

/// A variable and its value, which may be empty.
pub(super) fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("write a name and a value, as in --var shop=https://shop.example".to_owned()),
    }
}

/// How many a second.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let written = text
        .parse()
        .ok()
        .filter(|rate: &f64| (0.001..=1_000_000.0).contains(rate));
    written.ok_or_else(|| "write how many a second, as in 5 or 0.5".to_owned())
}

/// A part of a hundred, as in `80` or `92.5`.
pub(super) fn percent(text: &str) -> Result<f64, String> {
    let written = text
        .parse()
        .ok()
        .filter(|percent: &f64| (0.0..=100.0).contains(percent));
    written.ok_or_else(|| "write a number from 0 to 100, as in 80 or 92.5".to_owned())
}

/// A rule and its level, as in `ATT012=off`.
pub(super) fn rule_level(text: &str) -> Result<(&'static Rule, Level), String> {
    let (rule, level) = text
        .split_once('=')
        .ok_or("write a rule and its level, as in ATT012=off or page-without-url=deny")?;
    let rule = rules::find(rule).map_err(|error| error.to_string())?;
    let level = level.trim().parse::<Level>().map_err(|error| error.to_string())?;
    // Whether it can be set at all is told here, where the argument is shown beside the error.
    RuleLevels::default()
        .set(rule, level)
        .map_err(|error| error.to_string())?;
    Ok((rule, level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_a_name_and_a_value() {
        let pair = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        assert_eq!(variable("a=b=c"), pair("a", "b=c"));
        assert_eq!(variable("a="), pair("a", ""));
        assert!(variable("a").unwrap_err().contains("--var") && variable("=a").is_err());
    }

    #[test]
    fn a_percentage_is_a_number_from_0_to_100() {
        assert_eq!(percent("92.5"), Ok(92.5));
        assert_eq!((percent("0"), percent("100")), (Ok(0.0), Ok(100.0)));
        for bad in ["80%", "-1", "100.1", "NaN", "inf", "", "most"] {
            assert!(percent(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_limit_needs_a_unit() {
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert!(duration("30").unwrap_err().contains("30s"));
        assert!(duration("-3s").is_err());
    }
}
