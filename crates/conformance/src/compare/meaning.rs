/// What it may mean that a target answers another status than the double.
pub(super) fn of_status(double: u16, target: u16) -> &'static str {
    match (double, target) {
        (_, 429) => "the target limits the rate: try again more slowly",
        (200..=299, 401 | 403) => "the target doesn't know this project id, or wants other credentials",
        (200..=299, 404 | 405) => "the target has no such path, so it doesn't speak this dialect or moved it",
        (200..=299, 400..=499) => "the target refuses what public senders send: such events would be lost for good",
        (200..=299, 200..=299) => "both take it; a sender sees no difference",
        (400..=499, 200..=299) => "the target takes what the double refuses: the double is stricter here",
        (401 | 403, 400..=499) | (400..=499, 401 | 403) => "both refuse it, but not for who sends it",
        (400..=499, 400..=499) => "both refuse it for good; the reason that is told differs",
        (_, 300..=399) => "the target sends elsewhere, and no sender of this API follows: such events would be lost",
        (_, 500..=599) => "the target failed over it: a sender would try again, for hours if it goes on",
        _ => "the double doesn't answer so",
    }
}

#[cfg(test)]
mod tests {
    use super::of_status;

    #[test]
    fn a_meaning_says_who_is_stricter_and_what_a_sender_would_do() {
        for (double, target, said) in [
            (200, 401, "project id"),
            (200, 404, "no such path"),
            (200, 422, "lost for good"),
            (200, 202, "no difference"),
            (400, 200, "stricter"),
            (401, 400, "not for who"),
            (415, 400, "both refuse"),
            (200, 301, "follows"),
            (400, 503, "try again"),
            (200, 100, "doesn't answer so"),
            (200, 429, "more slowly"),
        ] {
            assert!(
                of_status(double, target).contains(said),
                "{double} {target}: {}",
                of_status(double, target)
            );
        }
    }
}
