//! The report against plain SQL over the export: `fixtures/oracle` computes the same figures from the files alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use clock::{Random, Seed};
use serde_json::{Value, json};
use test_support::workspace_root;

use crate::command::run;
use crate::scratch::Scratch;

const CHANNELS: &str = "fixtures/oracle/channels.yaml";

/// Visits, visitors, billionths and cents by channel and model.
type Figures = BTreeMap<(String, String), [i128; 4]>;

#[test]
fn a_report_is_what_sql_makes_of_the_export() {
    if !Command::new("python3")
        .args(["-c", "import sqlite3"])
        .output()
        .is_ok_and(|output| output.status.success())
    {
        println!("skipped: there is no python3 with sqlite3 here to compute the figures a second time");
        return;
    }
    for seed in 1..=12 {
        let scratch = Scratch::new();
        scratch.write("journal.ndjson", &journal(seed));
        let expected = by_sql(&scratch);
        let found = by_report(&scratch);
        assert_eq!(found, expected, "seed {seed}");
        let orders: i128 = expected
            .iter()
            .filter(|((_, model), _)| model == "linear")
            .map(|(_, row)| row[2])
            .sum();
        assert!(orders > 0, "seed {seed} has conversions");
    }
}

/// What the oracle says. A channel without anything is not said.
fn by_sql(scratch: &Scratch) -> Figures {
    let to = scratch.typed("export");
    let exported = run(&[
        "export",
        &scratch.typed("journal.ndjson"),
        "--to",
        &to,
        "--channels",
        CHANNELS,
    ]);
    assert_eq!((exported.code, exported.stderr.as_str()), (Some(0), ""));
    let script = workspace_root().join("fixtures/oracle/oracle.py");
    let output = Command::new("python3").arg(script).arg(&to).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let figures = rows.map(|row| {
        let word = |key: &str| row[key].as_str().unwrap().to_owned();
        let numbers = ["visits", "visitors", "billionths", "cents"].map(|key| row[key].as_i64().unwrap().into());
        ((word("channel"), word("model")), numbers)
    });
    spoken(figures.collect())
}

/// What the program says.
fn by_report(scratch: &Scratch) -> Figures {
    let models = ["first-touch", "last-touch", "linear"];
    let mut arguments = vec!["report", "--channels", CHANNELS, "--format", "json"];
    for model in models {
        arguments.extend(["--model", model]);
    }
    let journal = scratch.typed("journal.ndjson");
    arguments.push(&journal);
    let printed = run(&arguments);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&printed.stdout).unwrap();
    let mut figures = Figures::new();
    for row in report["rows"].as_array().unwrap() {
        for model in models.map(|model| model.replace('-', "_")) {
            let numbers = [
                scaled(&row["visits"], 0),
                scaled(&row["visitors"], 0),
                scaled(&row[format!("{model}_conversions")], 9),
                scaled(&row[format!("{model}_revenue")], 2),
            ];
            figures.insert((row["channel"].as_str().unwrap().to_owned(), model), numbers);
        }
    }
    spoken(figures)
}

/// A decimal in units of ten to the power of minus `decimals`, without a float on the way.
fn scaled(number: &Value, decimals: usize) -> i128 {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    assert!(fraction.len() <= decimals, "{text}");
    format!("{whole}{fraction:0<decimals$}").parse().unwrap()
}

/// Without the channels of which every model says nothing.
fn spoken(figures: Figures) -> Figures {
    let says: Vec<String> = figures
        .iter()
        .filter(|(_, numbers)| numbers.iter().any(|number| *number != 0))
        .map(|((channel, _), _)| channel.clone())
        .collect();
    figures
        .into_iter()
        .filter(|((channel, _), _)| says.contains(channel))
        .collect()
}

/// A journal of visits, orders, refunds, identifies and aliases of a few people, as the classic destination sends them.
fn journal(seed: u64) -> String {
    let mut random = Seed::from(seed).random("oracle");
    let mut text = String::new();
    for number in 1..=60 + random.below(60) {
        let (path, body) = request(&mut random);
        let line = json!({
            "version": 1, "seq": number, "received_at": time(1_717_200_000 + number), "path": path,
            "verdict": "recorded", "status": 200, "body": body.to_string(),
        });
        writeln!(text, "{line}").unwrap();
    }
    text
}

fn time(second: u64) -> String {
    jiff::Timestamp::from_second(second.try_into().unwrap())
        .unwrap()
        .to_string()
}

fn request(random: &mut Random) -> (&'static str, Value) {
    let (user, cookie) = (format!("user-{}", random.below(5)), format!("anon-{}", random.below(8)));
    let at = time(1_704_067_200 + random.below(150 * 24 * 60) * 60);
    let mut body = match random.below(10) {
        0 => {
            return (
                "/alias",
                json!({ "previous_id": user, "user_id": format!("user-{}", random.below(5)) }),
            );
        }
        1 => {
            return (
                "/identify",
                json!({ "cookie_id": cookie, "user_id": user, "traits": { "name": "A, \"B\"\nC" } }),
            );
        }
        2..=4 => json!({ "event": "Order Completed", "properties": { "revenue": revenue(random) } }),
        _ => json!({ "event": "Loaded a Page", "properties": page(random) }),
    };
    let whose = random.below(3);
    if whose != 0 {
        body["user_id"] = user.into();
    }
    if whose != 1 {
        body["cookie_id"] = cookie.into();
    }
    body["timestamp"] = at.into();
    ("/track", body)
}

fn revenue(random: &mut Random) -> Value {
    let cents = random.below(100_000);
    let sign = if random.below(6) == 0 { "-" } else { "" };
    match random.below(5) {
        0 => Value::Null,
        1 => format!("${}.{:02}", cents / 100, cents % 100).into(),
        _ => serde_json::from_str(&format!("{sign}{}.{:02}", cents / 100, cents % 100)).unwrap(),
    }
}

fn page(random: &mut Random) -> Value {
    let queries = [
        "",
        "",
        "?utm_source=Google&utm_medium=cpc",
        "?utm_medium=email",
        "?page=2",
        "?utm_source=mum",
    ];
    let referrers = [
        "",
        "https://friend.example/a,b",
        "https://blog.example/",
        "https://shop.example/cart",
    ];
    let mut one_of = |all: &[&'static str]| all[usize::try_from(random.below(all.len() as u64)).unwrap()];
    json!({ "url": format!("https://shop.example/{}", one_of(&queries)), "referrer": one_of(&referrers) })
}
