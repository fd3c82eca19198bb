//! `harness channels`.

use std::fs;

use serde_json::Value;
use test_support::snapshots;

use crate::command::run;

const LANDING: &str = "https://shop.example/?utm_source=googel&utm_medium=cpc";

#[test]
fn what_matched_and_what_came_close_is_explained() {
    let _guard = snapshots("channels");
    let tagged = run(&["channels", "explain", LANDING, "--preset", "analytics"]);
    assert_eq!((tagged.code, tagged.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!("came_close", tagged.stdout);
    let own = ["--channels", "fixtures/report/channels.yaml"];
    let partner = ["--referrer", "https://www.partner.example/shoes"];
    let url = "https://shop.example/sale?utm_medium=social&gclid=1";
    let printed = run(&[&["channels", "explain", url][..], &own, &partner].concat());
    insta::assert_snapshot!("auto_tag_of_a_file", printed.stdout);
    insta::assert_snapshot!(
        "built_in",
        run(&["channels", "explain", "https://shop.example/"]).stdout
    );
}

#[test]
fn in_json_it_is_one_object() {
    let printed = run(&["channels", "explain", LANDING, "--format", "json"]);
    let found: Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(
        (&found["channel"], &found["built_in"]),
        (&Value::from("direct"), &Value::from(true))
    );
}

#[test]
fn a_preset_is_a_file_to_begin_with() {
    let file = std::env::temp_dir().join(format!("harness-channels-{}.yaml", std::process::id()));
    for preset in ["attribution", "analytics"] {
        let shown = run(&["channels", "show", preset]);
        fs::write(&file, &shown.stdout).unwrap();
        let path = file.display().to_string();
        let explained = |choice: [&str; 2]| run(&[&["channels", "explain", LANDING][..], &choice].concat()).stdout;
        assert_eq!(explained(["--channels", &path]), explained(["--preset", preset]));
    }
    fs::remove_file(&file).unwrap();
}

#[test]
fn mistakes_are_told_with_their_places() {
    let file = std::env::temp_dir().join(format!("harness-channels-bad-{}.yaml", std::process::id()));
    fs::write(&file, "channels:\n  - name: A\n    filtres: []\n").unwrap();
    let path = file.display().to_string();
    let printed = run(&["channels", "explain", LANDING, "--channels", &path]);
    fs::remove_file(&file).unwrap();
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert!(
        printed
            .stderr
            .contains(":3:5: a channel has no key `filtres`; did you mean `filters`?"),
        "{}",
        printed.stderr
    );
    let printed = run(&["channels", "explain", LANDING, "--preset", "analytic"]);
    assert_eq!(printed.code, Some(2));
    assert!(
        printed.stderr.contains("did you mean `analytics`?"),
        "{}",
        printed.stderr
    );
    let printed = run(&["channels", "explain", LANDING, "--channels", "no/such.yaml"]);
    assert_eq!(printed.code, Some(3));
    assert!(
        printed.stderr.starts_with("error: can't read no/such.yaml: "),
        "{}",
        printed.stderr
    );
}
