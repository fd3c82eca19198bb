//! The messages.

use std::iter;

/// One message a line.
const MESSAGES: &str = include_str!("../messages.ndjson");

/// How many messages are gone through in a turn: as many as a reader of 256 KiB blocks hands over, twice.
const COUNT: usize = 600;

/// The messages of a shop with ids of their own, in an order that can't be learnt.
pub(crate) fn shop() -> Vec<String> {
    let templates: Vec<&str> = MESSAGES.lines().collect();
    numbers()
        .take(COUNT)
        .map(|number| {
            let template = templates[number % templates.len()];
            let template = template.replace("user-", &format!("user-{}", number % 9_973));
            template.replace("a1b2c3d4", &format!("{:08x}", number % 0xffff_ffff))
        })
        .collect()
}

/// Tracks of about this many bytes.
pub(crate) fn of_size(size: usize) -> Vec<String> {
    let product = |number: usize| {
        format!(
            r#"{{"product_id":"{number:016x}","name":"Monopoly: 3rd Edition","price":18.{:02},"quantity":1}}"#,
            number % 100
        )
    };
    let around = r#"{"type":"track","userId":"user-1234","event":"Order Completed","timestamp":"2024-01-15T10:00:00.000Z","properties":{"products":[]}}"#;
    let count = size.saturating_sub(around.len()) / product(0).len();
    let mut numbers = numbers();
    let mut message = || {
        let products: Vec<String> = numbers
            .by_ref()
            .take(count.max(usize::from(size > around.len())))
            .map(product)
            .collect();
        around.replace("[]", &format!("[{}]", products.join(",")))
    };
    iter::repeat_with(&mut message).take(1 + 400_000 / size / 4).collect()
}

/// The same numbers in each run, without a pattern.
fn numbers() -> impl Iterator<Item = usize> {
    let step = |state: &u64| {
        Some(
            state
                .wrapping_mul(0x5851_f42d_4c95_7f2d)
                .wrapping_add(0x1405_7b7e_f767_814f),
        )
    };
    iter::successors(Some(1), step).filter_map(|state| usize::try_from(state >> 33).ok())
}
