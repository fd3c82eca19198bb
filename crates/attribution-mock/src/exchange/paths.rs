use attribution_ledger::Route;

/// The paths that take events, in the order in which messages name them.
pub(crate) const INGEST: [&str; 3] = [Route::Track.path(), Route::Identify.path(), Route::Alias.path()];

/// The same in a sentence.
pub(crate) const INGEST_IN_WORDS: &str = "/track, /identify or /alias";

/// What every path of the admin API begins with.
pub(crate) const ADMIN: &str = "/__admin";

/// The path that forgets everything.
pub(crate) const RESET: &str = "/__admin/reset";

/// Every route with the methods it answers, for the messages of 404 and 405; `router` is what makes them true, and
/// a test compares the two.
pub(crate) const KNOWN: [(&str, &str); 15] = [
    (Route::Track.path(), "POST"),
    (Route::Identify.path(), "POST"),
    (Route::Alias.path(), "POST"),
    ("/__admin/health", "GET"),
    ("/__admin/requests", "GET"),
    ("/__admin/page_views", "GET"),
    ("/__admin/visits", "GET"),
    ("/__admin/identities", "GET"),
    ("/__admin/conversions", "GET"),
    ("/__admin/merges", "GET"),
    ("/__admin/visitors", "GET"),
    ("/__admin/violations", "GET"),
    ("/__admin/report", "GET"),
    ("/__admin/faults", "GET, POST"),
    (RESET, "POST"),
];

/// Longer paths are not compared with the known ones: nobody mistypes that much.
const LONGEST_COMPARED: usize = 200;

/// How alike two paths must be for one to be meant by the other, of 1.
const ALIKE: f64 = 0.5;

/// Which of these paths is most likely meant, if any is like it at all.
pub(crate) fn nearest(path: &str, known: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    if path.len() > LONGEST_COMPARED {
        return None;
    }
    let path = path.to_ascii_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&path, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(nearest(path, KNOWN.map(|(known, _)| known)), expected, "{path}");
    }

    #[test]
    fn a_slip_of_the_finger_finds_the_path_that_was_meant() {
        check("/trak", Some("/track"));
        check("/Track/", Some("/track"));
        check("/v1/identify", Some("/identify"));
        check("/__admin/visit", Some("/__admin/visits"));
    }

    #[test]
    fn the_sentence_names_every_path_that_takes_events() {
        let [first, second, last] = INGEST;
        assert_eq!(INGEST_IN_WORDS, format!("{first}, {second} or {last}"));
    }

    #[test]
    fn what_is_like_nothing_finds_nothing() {
        check("/", None);
        check("/wp-login.php", None);
        check(&"/track".repeat(100_000), None);
    }
}
