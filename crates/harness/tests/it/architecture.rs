//! The crate table of the README is the plan, and the manifests follow it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;
use test_support::workspace_root;

type Crates = BTreeMap<String, BTreeSet<String>>;

/// The workspace crates with the workspace crates they need, as cargo sees them.
fn as_built() -> (Crates, Crates) {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(workspace_root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let needs = |package: &Value, dev: bool| -> BTreeSet<String> {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        dependencies
            .filter(|needed| (needed["kind"] == "dev") == dev)
            .map(name)
            .filter(|needed| ours.contains(needed))
            .collect()
    };
    let all = |dev| {
        packages
            .iter()
            .map(|package| (name(package), needs(package, dev)))
            .collect()
    };
    (all(false), all(true))
}

/// The rows `| crate | job | workspace deps | … |` of the README's crate map.
fn as_planned() -> Crates {
    let readme = fs::read_to_string(workspace_root().join("README.md")).unwrap();
    let (_, map) = readme.split_once("## Crate map").expect("the README has a crate map");
    let rows = map
        .lines()
        .skip_while(|line| !line.starts_with("| `"))
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (
            names(cells[1]).into_iter().next().expect("a crate's name"),
            names(cells[3]),
        )
    })
    .collect()
}

/// Every `name` between backticks.
fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_manifests_follow_the_crate_map() {
    assert_eq!(as_built().0, as_planned());
}

#[test]
fn test_support_is_a_normal_dependency_of_nothing() {
    let users: Vec<String> = as_built()
        .0
        .into_iter()
        .filter(|(_, needs)| needs.contains("test-support"))
        .map(|(name, _)| name)
        .collect();
    assert!(users.is_empty(), "{users:?}");
}

#[test]
fn the_two_halves_never_see_each_other() {
    let (normal, dev) = as_built();
    for (half, other) in [
        ("attribution-destination", "attribution-ledger"),
        ("attribution-ledger", "segment-event"),
    ] {
        for needs in [&normal, &dev] {
            assert!(!reachable(needs, half).contains(other), "{half} reaches {other}");
            assert!(!reachable(needs, other).contains(half), "{other} reaches {half}");
        }
    }
}

/// Everything a crate needs, directly or not.
fn reachable(needs: &Crates, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        for next in needs.get(&name).into_iter().flatten() {
            if found.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    found
}

#[test]
fn no_file_is_longer_than_a_room_may_be() {
    const LONGEST: usize = 500;
    let mut open = vec![workspace_root().join("crates")];
    let mut too_long = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                if lines > LONGEST {
                    too_long.push((path, lines));
                }
            }
        }
    }
    assert!(too_long.is_empty(), "{too_long:?}");
}
