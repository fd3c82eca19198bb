use attribution_ledger::Route;

/// The paths that take events, in the order in which messages name them.
pub(crate) const INGEST: [&str; Route::ALL.len()] = {
    let mut paths = [""; Route::ALL.len()];
    let mut index = 0;
    while index < paths.len() {
        paths[index] = Route::ALL[index].path();
        index += 1;
    }
    paths
};

/// The same in a sentence.
pub(crate) const INGEST_IN_WORDS: &str = "/track, /identify or /alias (classic), to /v1/t, /v1/p, /v1/s, /v1/i, /v1/g or \
                                          /v1/a (actions), to /v1/import (import), or to /t, /p, /i, /g or /a (older \
                                          builds of attribution.js)";

/// The methods that those paths answer.
pub(crate) const EVENT_METHODS: &str = "POST, OPTIONS";

/// Where a sender asks whether its credentials are good.
pub(crate) const CHECK_AUTH: &str = "/check_auth";

/// What every path of the admin API begins with.
pub(crate) const ADMIN: &str = "/__admin";

/// The path that forgets everything.
pub(crate) const RESET: &str = "/__admin/reset";

/// The paths that take no events, with the methods that they answer.
const OTHERS: [(&str, &str); 23] = [
    (CHECK_AUTH, "POST"),
    ("/__admin/health", "GET"),
    ("/__admin/projects", "GET"),
    ("/__admin/requests", "GET"),
    ("/__admin/requests/count", "GET"),
    ("/__admin/page_views", "GET"),
    ("/__admin/visits", "GET"),
    ("/__admin/identities", "GET"),
    ("/__admin/conversions", "GET"),
    ("/__admin/merges", "GET"),
    ("/__admin/visitors", "GET"),
    ("/__admin/violations", "GET"),
    ("/__admin/rules", "GET"),
    ("/__admin/report", "GET"),
    ("/__admin/dashboard", "GET"),
    ("/__admin/events", "GET"),
    ("/__admin/metrics", "GET"),
    ("/__admin/verify", "POST"),
    ("/__admin/wait", "POST"),
    ("/__admin/openapi.json", "GET"),
    ("/__admin/inspector", "GET"),
    ("/__admin/faults", "GET, POST, DELETE"),
    (RESET, "POST"),
];

/// The paths that have a part which is anyone's to fill in.
const TEMPLATES: [(&str, &str); 5] = [
    ("/__admin/requests/<number>", "GET"),
    ("/__admin/requests/<number>/body", "GET"),
    ("/__admin/visitors/<id>", "GET"),
    ("/__admin/faults/<id>", "DELETE"),
    ("/__admin/inspector/<file>", "GET"),
];

/// The templates with the methods they answer, as messages show them.
pub(crate) fn templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES.into_iter()
}

/// The methods that a path answers, if there is such a path.
pub(crate) fn methods(path: &str) -> Option<&'static str> {
    let (_, methods) = known()
        .find(|(known, _)| *known == path)
        .or_else(|| templates().find(|(template, _)| is_filled_in(template, path)))?;
    Some(methods)
}

fn is_filled_in(template: &str, path: &str) -> bool {
    let (mut parts, mut given) = (template.split('/'), path.split('/'));
    parts
        .by_ref()
        .zip(given.by_ref())
        .all(|(part, given)| part.starts_with('<') || part == given)
        && template.matches('/').count() == path.matches('/').count()
}

/// Every other route with the methods it answers, for the messages of 404 and 405; `router` is what makes them true, and
/// a test compares the two.
pub(crate) fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    INGEST.into_iter().map(|path| (path, EVENT_METHODS)).chain(OTHERS)
}

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
        .map(|candidate| (likeness(&path, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

fn likeness(path: &str, known: &str) -> f64 {
    let alike = |one: &str, other: &str| strsim::normalized_damerau_levenshtein(one, other);
    // What all of them begin with makes none of them likely.
    if let (Some(path), Some(known)) = (path.strip_prefix(ADMIN), known.strip_prefix(ADMIN)) {
        return alike(path, known);
    }
    let below_v1 = path.strip_prefix("/v1/").map(|name| name.trim_end_matches('/'));
    match (Route::of_path(known), below_v1) {
        // One letter is as like as any other, so what counts is the call that it stands for.
        (Some(Route::Actions(call)), Some(name)) if !known.ends_with(&format!("/{name}")) => alike(name, call.as_str()),
        (Some(Route::Actions(_)), Some(_)) => 1.0,
        // Nor can it be known which letter was meant by another.
        (Some(Route::Actions(_)), None) | (Some(Route::Browser(_)), _) => 0.0,
        // Segment's own API calls it a batch.
        (Some(Route::Import), Some(name)) => alike(name, "import").max(alike(name, "batch")),
        _ => alike(path, known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(nearest(path, known().map(|(known, _)| known)), expected, "{path}");
    }

    #[test]
    fn a_slip_of_the_finger_finds_the_path_that_was_meant() {
        check("/trak", Some("/track"));
        check("/Track/", Some("/track"));
        check("/__admin/visit", Some("/__admin/visits"));
        check("/check-auth", Some("/check_auth"));
        check("/import", Some("/v1/import"));
        check("/v1/imports", Some("/v1/import"));
    }

    #[test]
    fn the_name_of_a_call_finds_the_letter_that_stands_for_it() {
        check("/v1/identify", Some("/v1/i"));
        check("/v1/Page", Some("/v1/p"));
        check("/v1/trakc/", Some("/v1/t"));
        check("/V1/G/", Some("/v1/g"));
        check("/v1/batch", Some("/v1/import"));
    }

    #[test]
    fn the_sentence_names_every_path_that_takes_events() {
        let words = INGEST_IN_WORDS.split([' ', ',']).filter(|word| word.starts_with('/'));
        assert_eq!(words.collect::<Vec<_>>(), INGEST);
    }

    #[test]
    fn what_is_like_nothing_finds_nothing() {
        check("/", None);
        check("/v1/", None);
        check("/v1/x", None);
        check("/x", None);
        check("/T", None);
        check("/__admin", None);
        check("/__admin/foo", None);
        check("/wp-login.php", None);
        check(&"/track".repeat(100_000), None);
    }
}
