use std::sync::Arc;

use scenario::{Folder, ScenarioError, Source, parse};

/// Reads a scenario below `fixtures/mistakes/` and shows everything that is wrong with it.
fn rendered(fixture: &test_support::Fixture) -> String {
    let name = format!("{}.yaml", fixture.name);
    error(name, fixture).render()
}

fn error(name: String, fixture: &test_support::Fixture) -> ScenarioError {
    let source = Source::new(name, fixture.text().into_bytes()).expect("text is UTF-8");
    parse(Arc::new(source), &Folder::of(&fixture.path)).expect_err(&fixture.name)
}

#[test]
fn every_mistake_is_answered_with_place_and_suggestion() {
    let _guard = test_support::snapshots("scenario");
    for fixture in test_support::fixtures("mistakes", "yaml") {
        insta::assert_snapshot!(fixture.name.clone(), rendered(&fixture));
    }
}

#[test]
fn every_mistake_says_what_to_write_instead() {
    for fixture in test_support::fixtures("mistakes", "yaml") {
        let error = error(fixture.name.clone(), &fixture);
        assert!(!error.diagnostics.is_empty(), "{}", fixture.name);
        for diagnostic in error.diagnostics {
            assert!(diagnostic.help.is_some(), "{}: {}", fixture.name, diagnostic.message);
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_shown_where_they_lie() {
    let error = Source::new("latin.yaml", b"name: a\nsteps: caf\xE9 \n".to_vec()).unwrap_err();
    assert_eq!(error.to_string(), "1 mistake in latin.yaml");
    let expected = "error: the file is not UTF-8: byte 18 can't be read
 --> latin.yaml:2:11
  |
2 | steps: caf\u{fffd}
  |           ^ not UTF-8
  |
  = help: save the file as UTF-8
";
    assert_eq!(error.render(), expected);
}
