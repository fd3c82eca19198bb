//! Keys that may decide whether the destination is enabled.

/// Whether a key of the integrations or the context may be one that [`segment_event::integrations`] looks for, however
/// loosely, or one that resembles the destination's name. Too often is as good as exactly: then the specification looks.
pub(super) fn may_decide(key: &[u8]) -> bool {
    // Nearly every key ends here.
    let is_other = |first: &u8| first.is_ascii_alphanumeric() && !matches!(first, b'a' | b'A' | b'p' | b'P');
    if key.first().is_some_and(is_other) {
        return false;
    }
    let letters = || {
        key.iter()
            .filter(|byte| byte.is_ascii_alphanumeric())
            .map(u8::to_ascii_lowercase)
    };
    let names: [&[u8]; 4] = [b"all", b"attribution", b"providers", b"providersall"];
    names.iter().any(|name| letters().eq(name.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::may_decide;

    #[test]
    fn every_loose_spelling_of_the_four_names_may_decide() {
        for key in [
            "All",
            "all",
            "-A-l l!",
            "Attribution",
            "attribution ",
            "§Attribution™",
            "PROVIDERS",
            "providers.all",
        ] {
            assert!(may_decide(key.as_bytes()), "{key}");
        }
    }

    #[test]
    fn what_a_context_usually_has_does_not() {
        for key in [
            "app",
            "active",
            "page",
            "ip",
            "campaign",
            "library",
            "Attribution (Actions)",
            "",
            "__all_",
            "2all",
        ] {
            assert_eq!(may_decide(key.as_bytes()), key == "__all_", "{key}");
        }
    }
}
