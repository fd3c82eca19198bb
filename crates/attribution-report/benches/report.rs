//! How long a report takes, from rows to figures, and how that grows from ten thousand visits upward. A visitor has five
//! visits, every tenth visit is followed by a conversion, and a url is as long as those of advertisements are. What it takes to
//! make the rows up, which are read from a record otherwise, is told apart and counts for nothing.
//!
//! `cargo bench -p attribution-report --bench report [VISITS]`
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

use attribution_report::record::{ConversionRow, FactsBuilder, VisitRow};
use attribution_report::{Channels, Dimension, LiveReport, Model, Preset, Report, Settings, Spend};
use jiff::Timestamp;

/// How many visits, unless the command line says so.
const VISITS: u64 = 100_000;

/// The allocator that `harness` is built with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|text| !text.starts_with("--"));
    let most = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(VISITS);
    println!(
        "{:>10}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}",
        "visits", "rows s", "read s", "report s", "sum s", "ns/visit"
    );
    let mut visits = most.min(10_000);
    loop {
        measure(visits);
        if visits >= most {
            break;
        }
        visits = (visits * 10).min(most);
    }
    for company in [None, Some(20), Some(2_000)] {
        measure_refresh(most.min(1_000_000), company);
    }
    if let Some(peak) = peak() {
        println!("peak memory {peak}");
    }
}

fn measure(visits: u64) {
    let channels = Channels::preset(Preset::Analytics);
    let settings = settings();
    let begun = Instant::now();
    each(0..visits, |row| {
        black_box(row);
    });
    let made = begun.elapsed();
    let begun = Instant::now();
    let mut facts = FactsBuilder::new(&channels, &settings);
    each(0..visits, |row| match row {
        Row::Visit(row) => {
            facts.visit(&row);
        }
        Row::Conversion(row) => facts.conversion(&row),
    });
    let read = begun.elapsed();
    let report = Report::new(&facts.finish(), &Spend::default(), &channels, &settings);
    let sum = begun.elapsed().saturating_sub(made);
    let read = read.saturating_sub(made);
    assert_eq!(report.total.visits, visits);
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let each = sum.as_secs_f64() * 1e9 / visits as f64;
    let (made, read, sum) = (made.as_secs_f64(), read.as_secs_f64(), sum.as_secs_f64());
    println!(
        "{visits:>10}  {made:>8.3}  {read:>8.3}  {:>8.3}  {sum:>8.3}  {each:>8.0}",
        sum - read
    );
}

/// How long a report that goes on takes for 1,000 events more, which are of visitors whom it knows and of new ones; where
/// companies count, each is of so many visitors.
fn measure_refresh(visits: u64, company: Option<u64>) {
    const MORE: u64 = 1_000;
    let channels = Channels::preset(Preset::Analytics);
    let settings = Settings {
        by_company: company.is_some(),
        ..settings()
    };
    let mut live = LiveReport::new(&channels, &settings);
    let tell = |live: &mut LiveReport<'_>, row: Row<'_>| match row {
        Row::Visit(row) => {
            live.visit(&row);
        }
        Row::Conversion(row) => live.conversion(&row),
    };
    each(0..visits, |row| tell(&mut live, row));
    if let Some(company) = company {
        belong(&mut live, 0..visits, company);
    }
    let begun = Instant::now();
    let before = live.report(&Spend::default()).total.visits;
    let first = begun.elapsed();
    let begun = Instant::now();
    // Half of them come late, for those who have been there.
    each(0..MORE / 2, |row| tell(&mut live, row));
    each(visits..visits + MORE / 2, |row| tell(&mut live, row));
    if let Some(company) = company {
        belong(&mut live, visits..visits + MORE / 2, company);
    }
    let after = live.report(&Spend::default()).total.visits;
    let more = begun.elapsed();
    assert_eq!((before, after), (visits, visits + MORE));
    let (first, more) = (first.as_secs_f64() * 1e3, more.as_secs_f64() * 1e3);
    let whose = company.map_or_else(String::new, |company| format!(" by companies of {company}"));
    println!("a report of {visits} visits{whose} that goes on: {first:.0} ms, after {MORE} more {more:.1} ms");
}

/// Tells the company of whoever has the visits of these numbers.
fn belong(live: &mut LiveReport<'_>, numbers: Range<u64>, of_each: u64) {
    let (mut url, mut visitor, mut campaign) = (String::new(), String::new(), String::new());
    for number in numbers.step_by(5) {
        fill(number, &mut url, &mut visitor, &mut campaign);
        let company = format!("company-{}", number / 5 / of_each);
        live.belongs(&visitor, Some(&company));
    }
}

/// One row of the record.
enum Row<'a> {
    Visit(VisitRow<'a>),
    Conversion(ConversionRow<'a>),
}

fn settings() -> Settings {
    Settings {
        models: vec![Model::Linear, "time-decay:7d".parse().expect("a model")],
        by: vec![Dimension::Channel, Dimension::Campaign, Dimension::Day],
        ..Settings::default()
    }
}

/// Hands out the visits of these numbers and their conversions.
fn each(numbers: Range<u64>, mut take: impl FnMut(Row<'_>)) {
    let (mut url, mut visitor, mut campaign) = (String::new(), String::new(), String::new());
    for number in numbers {
        fill(number, &mut url, &mut visitor, &mut campaign);
        let at =
            Timestamp::from_second(1_704_067_200 + i64::try_from(scrambled(number) % 7_776_000).expect("it is small"));
        let at = at.expect("it is a time");
        let is_tagged = number % 3 != 0;
        take(Row::Visit(VisitRow {
            visitor: &visitor,
            at,
            url: Some(&url),
            referrer: (number % 4 != 0).then_some(REFERRERS[usize::try_from(number % 7).expect("it is small")]),
            campaign: is_tagged.then_some(&campaign),
        }));
        if number % 10 == 0 {
            take(Row::Conversion(ConversionRow {
                visitor: &visitor,
                at,
                event: "Order Completed",
                revenue: Some("99.90"),
                currency: Some("USD"),
            }));
        }
    }
}

const REFERRERS: [&str; 7] = [
    "https://www.google.com/",
    "https://www.google.co.uk/search",
    "https://l.facebook.com/",
    "https://t.co/abc",
    "https://blog.example/post?id=7",
    "https://shop.example/cart",
    "https://duckduckgo.com/",
];

fn fill(number: u64, url: &mut String, visitor: &mut String, campaign: &mut String) {
    for text in [&mut *url, visitor, campaign] {
        text.clear();
    }
    // Writing to a text can't fail.
    let _ = write!(visitor, "anon-{:016x}", scrambled(number / 5));
    let _ = write!(campaign, "campaign-{}", scrambled(number) % 200);
    let page = number % 11;
    let _ = match number % 3 {
        0 => write!(url, "https://shop.example/products/{page}"),
        1 => write!(
            url,
            "https://shop.example/lp/{page}?utm_source=google&utm_medium=cpc&utm_campaign={campaign}&gclid=Cj0KCQ{number:x}"
        ),
        _ => write!(
            url,
            "https://shop.example/lp/{page}?utm_source=newsletter&utm_medium=email&utm_campaign={campaign}"
        ),
    };
}

/// The number among many, so that neighbours lie far apart.
fn scrambled(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

/// The most memory that this process ever had, where the system says so.
fn peak() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.trim_start_matches("VmHWM:").trim().to_owned())
}
