//! Tidy files.

use proptest::prelude::*;
use scenario::{Source, TidyError, tidy};
use test_support::fixtures;

fn tidied(text: &str) -> Result<String, TidyError> {
    tidy(Source::of("a.yaml", text))
}

#[test]
fn comments_order_and_style_stay() {
    let text = "# What it is about.\nname:   A sale   # a name\n\n\n\nsteps:\n    # Somebody comes.\n    - page: {anonymousId: a,   name: Home}\n    - wait:   40m\n    -   track:\n            userId: \"u\"   # and buys\n            event:   'Order Completed'\n";
    let expected = "# What it is about.\nname: A sale # a name\n\nsteps:\n  # Somebody comes.\n  - page: { anonymousId: a, name: Home }\n  - wait: 40m\n  - track:\n      userId: \"u\" # and buys\n      event: \"Order Completed\"\n";
    assert_eq!(tidied(text).unwrap(), expected);
    assert_eq!(tidied(expected).unwrap(), expected);
}

#[test]
fn line_ends_stay_as_they_are() {
    assert_eq!(
        tidied("steps:\r\n-   settle: true\r\n").unwrap(),
        "steps:\r\n  - settle: true\r\n"
    );
}

#[test]
fn what_can_not_be_read_is_left_alone() {
    for text in ["steps: [", "a: 1\na: 2\n", "- a\n b: c\n"] {
        match tidied(text) {
            Err(TidyError::Mistakes(error)) => assert!(!error.diagnostics.is_empty(), "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn every_fixture_can_be_tidied_and_then_is() {
    for fixture in fixtures("scenarios/passing", "yaml") {
        let once = tidied(&fixture.text()).unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
        assert_eq!(tidied(&once).unwrap(), once, "{}", fixture.name);
        let comments = |text: &str| text.matches('#').count();
        assert_eq!(comments(&once), comments(&fixture.text()), "{}", fixture.name);
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_or_say_something_else(text in "[-a:#{}\\[\\],'\" \\n\\t&*!|>0]{0,40}") {
        if let Ok(tidy) = tidied(&text) {
            let again = tidied(&tidy);
            prop_assert!(again.is_ok(), "{tidy:?}: {again:?}");
        }
    }
}
