//! Which messages are for this destination.

use attribution_destination::{Dialect, ProjectId, Settings, Skip, SkipReason, Verdict, filter};
use segment_event::{Event, Kind};
use serde_json::{Value, json};

fn settings() -> Settings {
    Settings::new(ProjectId::new("demo-project").unwrap())
}

fn verdict(message: Value, settings: &Settings) -> Verdict {
    filter(&Event::unchecked(message).unwrap(), settings)
}

fn skip(message: Value) -> Skip {
    let shown = message.to_string();
    let Verdict::Skip(skip) = verdict(message, &settings()) else {
        panic!("{shown} is sent")
    };
    skip
}

#[test]
fn the_destination_takes_pages_identifies_tracks_and_aliases() {
    for kind in Kind::ALL {
        let message = json!({"type": kind.as_str(), "userId": "user-1"});
        let taken = matches!(kind, Kind::Page | Kind::Identify | Kind::Track | Kind::Alias);
        assert_eq!(verdict(message, &settings()) == Verdict::Send, taken, "{kind}");
    }
}

#[test]
fn screens_are_a_setting_and_groups_are_not() {
    let settings = Settings {
        screens: true,
        ..settings()
    };
    assert_eq!(verdict(json!({"type": "screen"}), &settings), Verdict::Send);
    assert_ne!(verdict(json!({"type": "group"}), &settings), Verdict::Send);
    assert!(skip(json!({"type": "screen"})).detail.contains("setting `screens`"));
}

#[test]
fn an_unsupported_type_is_the_reason_whatever_the_integrations_say() {
    for integrations in [
        json!({"Attribution": true}),
        json!({"All": false}),
        json!({"Attribution": false}),
    ] {
        let skip = skip(json!({"type": "group", "integrations": integrations}));
        assert_eq!(skip.reason, SkipReason::UnsupportedEventType);
        assert_eq!(skip.reason.as_str(), "UNSUPPORTED_EVENT_TYPE");
        assert!(skip.detail.starts_with("group calls are never sent"), "{}", skip.detail);
    }
}

#[test]
fn the_integrations_object_switches_the_destination_off_by_its_exact_name() {
    let track = |integrations: Value| json!({"type": "track", "userId": "user-1", "integrations": integrations});
    for enabled in [
        json!({}),
        json!({"Attribution (Actions)": false}),
        json!({"attribution": false}),
        json!({"All": 0}),
    ] {
        assert_eq!(verdict(track(enabled.clone()), &settings()), Verdict::Send, "{enabled}");
    }
    for disabled in [
        json!({"Attribution": false}),
        json!({"All": false}),
        json!({"All": false, "attribution": true}),
    ] {
        let skip = skip(track(disabled.clone()));
        assert_eq!(skip.reason.to_string(), "FILTERED_BY_INTEGRATIONS_OBJECT", "{disabled}");
        assert!(skip.detail.contains("integrations."), "{}", skip.detail);
    }
}

#[test]
fn a_skip_names_the_key_that_decides() {
    let skip = skip(json!({"type": "page", "userId": "user-1", "integrations": {"All": false}}));
    assert_eq!(skip.detail, "integrations.All is false and Attribution is not named");

    let skip =
        self::skip(json!({"type": "page", "userId": "user-1", "integrations": {"All": false, "attribution": true}}));
    assert_eq!(
        skip.detail,
        "integrations.All is false and Attribution is not named; \"attribution\" is not its name"
    );
}

fn of_dialect(dialect: Dialect) -> Settings {
    Settings { dialect, ..settings() }
}

#[test]
fn the_other_dialects_take_all_six_calls_whatever_screens_says() {
    for dialect in [Dialect::Actions, Dialect::Import] {
        for kind in Kind::ALL {
            let message = json!({"type": kind.as_str(), "userId": "user-1"});
            assert_eq!(
                verdict(message, &of_dialect(dialect)),
                Verdict::Send,
                "{dialect}: {kind}"
            );
        }
    }
}

#[test]
fn every_dialect_has_a_name_of_its_own_in_the_integrations_object() {
    let names = ["Attribution", "Attribution (Actions)", "ATTRIBUTION"];
    for (dialect, own) in Dialect::ALL.iter().zip(names) {
        for name in names {
            let track = |integrations: Value| {
                let message = json!({"type": "track", "userId": "user-1", "integrations": integrations});
                verdict(message, &of_dialect(*dialect)) == Verdict::Send
            };
            assert_eq!(track(json!({name: false})), name != own, "{dialect}: {name}");
            assert_eq!(
                track(json!({"All": false, name: true})),
                name == own,
                "{dialect}: {name}"
            );
        }
    }
}

#[test]
fn a_skip_names_what_only_looks_like_the_name_in_its_dialect() {
    let message = json!({"type": "page", "userId": "user-1", "integrations": {"All": false, "Attribution": true}});
    let detail = |dialect| match verdict(message.clone(), &of_dialect(dialect)) {
        Verdict::Skip(skip) => skip.detail,
        Verdict::Send => panic!("{dialect}: sent"),
    };
    assert_eq!(
        detail(Dialect::Import),
        "integrations.All is false and ATTRIBUTION is not named; \"Attribution\" is not its name"
    );
    assert_eq!(
        detail(Dialect::Actions),
        "integrations.All is false and Attribution (Actions) is not named"
    );
}
