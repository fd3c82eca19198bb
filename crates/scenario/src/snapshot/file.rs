//! Where a snapshot lies.

use std::fmt::Write as _;
use std::path::Path;

/// The folder of the snapshots, beside the scenario file.
pub const FOLDER: &str = "snapshots";

/// How long a file's name is before it is cut; file systems take 255 bytes.
const LONGEST: usize = 180;

/// The file from the scenario's folder: `snapshots/checkout.yaml/requests.snap`, and with a matrix
/// `snapshots/checkout.yaml/requests.dialect=actions.strict=false.snap`.
///
/// The folder has the whole name of the scenario file, since beside `a.yaml` there may be an `a.yml`.
pub(crate) fn file(scenario: &str, name: &str, combination: &[(String, String)]) -> String {
    let scenario = Path::new(scenario)
        .file_name()
        .map_or_else(|| scenario.to_owned(), |file| file.to_string_lossy().into_owned());
    let mut whole = name.to_owned();
    for (axis, value) in combination {
        // Writing to a string can't fail.
        let _ = write!(whole, ".{axis}={}", escaped(value));
    }
    format!("{FOLDER}/{scenario}/{}.snap", cut(whole))
}

/// What no disk takes in a name, and what would end a part of it, as `%` and the byte.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_') {
            out.push(c);
        } else if c == ' ' {
            out.push('+');
        } else {
            for byte in c.to_string().bytes() {
                // Writing to a string can't fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The name, or its beginning with a number that is made of all of it.
fn cut(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let fits = name
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= LONGEST)
        .last();
    format!("{}~{:016x}", &name[..fits.unwrap_or_default()], fnv(&name))
}

/// FNV-1a, which is the same everywhere and for ever.
fn fnv(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::file;

    fn of(combination: &[(&str, &str)]) -> String {
        let combination: Vec<(String, String)> = combination
            .iter()
            .map(|(axis, value)| ((*axis).to_owned(), (*value).to_owned()))
            .collect();
        file("shop/a.yaml", "requests", &combination)
    }

    #[test]
    fn each_combination_has_a_file_of_its_own() {
        assert_eq!(of(&[]), "snapshots/a.yaml/requests.snap");
        assert_eq!(
            of(&[("dialect", "actions"), ("weather", "lost answer")]),
            "snapshots/a.yaml/requests.dialect=actions.weather=lost+answer.snap"
        );
        assert_eq!(
            of(&[("path", "../a.b:é+")]),
            "snapshots/a.yaml/requests.path=%2E%2E%2Fa%2Eb%3Aé%2B.snap"
        );
    }

    #[test]
    fn a_name_too_long_for_a_disk_is_cut_and_still_unlike_others() {
        let (one, other) = ("é".repeat(300), format!("{}é", "é".repeat(300)));
        let (one, other) = (of(&[("axis", &one)]), of(&[("axis", &other)]));
        assert_ne!(one, other);
        assert!(one.len() < 255 && other.len() < 255, "{one}");
    }
}
