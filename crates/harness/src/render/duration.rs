//! Durations as people read them.

use std::time::Duration;

/// Time on the scenario's clock, without the parts that are zero: `0s`, `12.5s`, `4h 3s`, `30d`.
pub(crate) fn virtual_time(duration: Duration) -> String {
    let whole = duration.as_secs();
    let seconds = seconds_and_millis(whole % 60, duration.subsec_millis());
    let parts = [(whole / 86_400, "d"), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "m")];
    let mut shown: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    if seconds != "0" || shown.is_empty() {
        shown.push(format!("{seconds}s"));
    }
    shown.join(" ")
}

/// Time on the wall: three digits and a unit.
pub(crate) fn real(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{:.2} ms", seconds * 1_000.0)
    }
}

fn seconds_and_millis(seconds: u64, millis: u32) -> String {
    if millis == 0 {
        return seconds.to_string();
    }
    let text = format!("{seconds}.{millis:03}");
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_shows_what_is_not_zero() {
        let shown = |millis| virtual_time(Duration::from_millis(millis));
        assert_eq!(
            [0, 12_500, 65_000, 14_403_000].map(shown),
            ["0s", "12.5s", "1m 5s", "4h 3s"]
        );
        assert_eq!([3_600_000, 2_592_000_000].map(shown), ["1h", "30d"]);
    }

    #[test]
    fn real_time_has_one_of_two_units() {
        assert_eq!(real(Duration::from_micros(1_234)), "1.23 ms");
        assert_eq!(real(Duration::from_millis(2_346)), "2.35 s");
    }
}
