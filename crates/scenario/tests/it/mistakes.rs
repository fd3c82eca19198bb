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

/// The error of a text that has mistakes.
fn error_of(text: &str) -> ScenarioError {
    let source = Source::new("many.yaml", text.as_bytes().to_vec()).expect("text is UTF-8");
    parse(Arc::new(source), &Folder::of("many.yaml")).expect_err("the text has mistakes")
}

#[test]
fn of_many_mistakes_the_first_hundred_are_told_and_the_rest_counted() {
    for text in [
        "k: 1\n".repeat(100_000),
        format!("steps: [{}]", "{wait: 5}, ".repeat(20_000)),
        format!("steps: [{}]", "{page: {propertiez: 5}}, ".repeat(20_000)),
    ] {
        let error = error_of(&text);
        assert_eq!(error.diagnostics.len(), 100);
        assert!(error.more >= 19_900, "{}", error.more);
        assert_eq!(error.to_string(), format!("{} mistakes in many.yaml", error.more + 100));
        let rendered = error.render();
        assert!(rendered.len() < 50_000, "{} bytes", rendered.len());
        assert!(rendered.ends_with(&format!("\n\nand {} more mistakes\n", error.more)));
    }
}

#[test]
fn places_are_the_same_in_one_and_in_all() {
    let error = error_of("steps:\n  - wait: 5\n  - { wait: 5, wait: 6 }\n  - é: 1\n");
    let each: Vec<String> = error.diagnostics.iter().map(|one| one.render(&error.source)).collect();
    assert_eq!(each.len(), 4);
    assert_eq!(error.render(), each.join("\n"));
}
