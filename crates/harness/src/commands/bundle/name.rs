//! What the folder of a bundle is called.

use std::collections::BTreeMap;
use std::path::Path;

use super::digest;
use crate::commands::run::report::Title;

/// The most of a name that is kept: some systems allow 255 bytes, and some only 260 characters in a whole path.
const LONGEST: usize = 60;

/// A name for each of these, fit for every file system: `<file>-<name>-<seed>`, in lower case, and where two would be
/// called the same, with a piece of a digest of what tells them apart. The same scenario and seed share a name.
pub(crate) fn named<'a>(titles: impl IntoIterator<Item = (&'a Title, usize)>) -> Vec<String> {
    let titles: Vec<(String, String)> = titles
        .into_iter()
        .map(|(title, number)| (plain(title), identity(title, number)))
        .collect();
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut shared: BTreeMap<&str, bool> = BTreeMap::new();
    for (plain, identity) in &titles {
        let other = *first.entry(plain).or_insert(identity) != identity;
        *shared.entry(plain).or_default() |= other;
    }
    let name = |(plain, identity): &(String, String)| {
        if shared.get(plain.as_str()) == Some(&true) {
            format!("{plain}-{}", &digest(identity.as_bytes())[..8])
        } else {
            plain.clone()
        }
    };
    titles.iter().map(name).collect()
}

fn plain(title: &Title) -> String {
    let file = title.path.file_stem().unwrap_or_default().to_string_lossy();
    let (file, name) = (slug(&file), slug(title.name.as_deref().unwrap_or_default()));
    let mut parts = vec![file];
    if parts[0] != name {
        parts.push(name);
    }
    parts.push(title.seed.to_string());
    parts.retain(|part| !part.is_empty());
    parts.join("-")
}

fn identity(title: &Title, number: usize) -> String {
    format!("{}\n{number}\n{:?}\n{}", title.file(), title.name, title.seed)
}

/// Letters and digits of ASCII, and a dash for everything between them.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A path with slashes on every platform, otherwise as it was typed.
pub(crate) fn slashed(path: &Path) -> String {
    path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clock::Seed;
    use proptest::prelude::*;

    use super::*;

    fn title(path: &str, name: &str, seed: u64) -> Title {
        Title {
            path: PathBuf::from(path),
            name: Some(name.to_owned()),
            seed: Seed::from(seed),
            repetition: None,
        }
    }

    fn names(titles: &[Title]) -> Vec<String> {
        named(titles.iter().map(|title| (title, 1)))
    }

    #[test]
    fn a_name_says_file_scenario_and_seed() {
        assert_eq!(
            names(&[
                title("s/Check out.yaml", "Ada pays [dialect=actions]", 7),
                title("con.yaml", "con", 0),
                title("standard input", "日本", 1),
            ]),
            ["check-out-ada-pays-dialect-actions-7", "con-0", "standard-input-1"]
        );
    }

    #[test]
    fn what_would_be_called_the_same_is_told_apart_and_the_same_is_not() {
        let [a, b, again] = [
            title("a/x.yaml", "日", 0),
            title("b/x.yaml", "日", 0),
            title("a/x.yaml", "日", 0),
        ];
        let found = names(&[a, b, again]);
        assert_ne!(found[0], found[1]);
        assert_eq!(found[0], found[2]);
        assert!(found.iter().all(|name| name.starts_with("x-0-")), "{found:?}");
    }

    proptest! {
        #[test]
        fn every_name_is_fit_for_every_file_system(path in "\\PC{0,90}", name in "\\PC{0,90}", seed in any::<u64>()) {
            let [name] = names(&[title(&path, &name, seed)]).try_into().unwrap();
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            prop_assert!(!name.is_empty() && name.len() <= 150 && name.chars().all(fits), "{name}");
            prop_assert!(name.ends_with(&seed.to_string()));
        }
    }
}
