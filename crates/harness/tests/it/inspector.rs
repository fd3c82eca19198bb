//! The double's page, as a browser shows it, where there is one.

use serde_json::json;

use crate::browser::Page;
use crate::command::feed;
use crate::command::harness;
use crate::serve::Serving;

const EVENTS: &str = r#"{"type":"page","anonymousId":"anon-1","timestamp":"2024-01-15T10:00:00Z","properties":{"url":"https://shop.example/?utm_source=google&utm_medium=cpc"}}
{"type":"identify","userId":"user-1","anonymousId":"anon-1","traits":{"name":"Ada","email":"ada@example.com"}}
{"type":"track","userId":"user-1","event":"Order <img src=x onerror=alert(1)>","timestamp":"2024-01-15T10:01:00Z","properties":{"revenue":"$1,000.50"}}
"#;

/// A server, and its page; nothing where there is no browser.
fn inspected() -> Option<(Serving, Page)> {
    let server = Serving::start(&[]);
    let page = Page::open(&format!("{}/__admin/inspector", server.url))?;
    Some((server, page))
}

fn send(server: &Serving) {
    let mut command = harness();
    command.args(["send", "--to", &server.url, "--project-id", "demo-project"]);
    let sent = feed(&mut command, EVENTS);
    assert_eq!(sent.code, Some(0), "{}", sent.stderr);
}

/// The text of each row of the list.
const ROWS: &str = "[...document.querySelectorAll('#list tbody tr')].map(row => row.innerText.split('\\t'))";

/// Shows what the hash says, and waits until there are so many rows.
fn turn(page: &mut Page, hash: &str, rows: usize) -> serde_json::Value {
    page.evaluate(&format!("location.hash = {hash:?}"));
    page.until(&format!(
        "{ROWS}.length === {rows} && document.querySelector('#mistake').hidden && {ROWS}"
    ))
}

#[test]
fn it_shows_requests_as_they_come_and_what_is_wrong_with_them() {
    let Some((server, mut page)) = inspected() else { return };
    page.until("document.querySelector('#list').innerText.includes('Nothing here yet')");
    send(&server);
    let rows = page.until(&format!("{ROWS}.length === 3 && {ROWS}"));
    let last = &rows[0];
    assert_eq!(
        (&last[0], &last[2], &last[3], &last[4], &last[5], &last[6]),
        (
            &json!("#3"),
            &json!("flagged"),
            &json!("/track"),
            &json!("Order <img src=x onerror=alert(1)>"),
            &json!("200"),
            &json!("ATT032")
        )
    );
    page.evaluate("document.querySelector('#list tbody tr').click()");
    let broken = page.until("document.querySelector('#detail .broken')?.innerText.trim()");
    assert_eq!(broken, r#""revenue": "$1,000.50""#);
    let images = page.evaluate("document.querySelectorAll('img').length");
    assert_eq!(images, 0, "what was received is never markup");
}

#[test]
fn it_shows_what_attribution_makes_of_them_by_person_and_by_rule() {
    let Some((server, mut page)) = inspected() else { return };
    send(&server);
    let visits = turn(&mut page, "#visits", 1);
    assert_eq!(
        (&visits[0][0], &visits[0][2], &visits[0][3]),
        (&json!("user-1"), &json!("google"), &json!("cpc"))
    );
    let conversions = turn(&mut page, "#conversions", 1);
    assert_eq!(conversions[0][3], "1000.50", "money is shown as it was written");
    page.evaluate("location.hash = '#visitors/anon-1'");
    let path = "[...document.querySelectorAll('.timeline b')].map(kind => kind.innerText).join(' ')";
    assert_eq!(page.until(path), "visit page conversion identify");
    page.evaluate("location.hash = '#rules/ATT032'");
    let title = page.until("document.querySelector('#detail h2')?.innerText.startsWith('ATT032') && document.querySelector('#detail h2').innerText");
    assert_eq!(title, "ATT032 revenue-not-a-number");
}

#[test]
fn it_finds_what_is_asked_for_and_says_what_is_wrong_with_a_search() {
    let Some((server, mut page)) = inspected() else { return };
    send(&server);
    turn(&mut page, "#requests", 3);
    let found = turn(&mut page, "#requests?kind:identify", 1);
    assert_eq!(found[0][0], "#2");
    let found = turn(&mut page, "#requests?ada%40example", 1);
    assert_eq!(found[0][0], "#2");
    page.evaluate("location.hash = '#requests?visiter:user-1'");
    let mistake = page.until("document.querySelector('#mistake').innerText");
    assert_eq!(mistake, "there is no parameter `visiter`: did you mean `visitor`?");
}

#[test]
fn it_forgets_when_it_is_told_to_and_goes_on() {
    let Some((server, mut page)) = inspected() else { return };
    send(&server);
    turn(&mut page, "#requests", 3);
    page.evaluate("window.confirm = () => true, document.querySelector('#reset').click()");
    page.until(&format!("{ROWS}.length === 0"));
    send(&server);
    let rows = page.until(&format!("{ROWS}.length === 3 && {ROWS}"));
    assert_eq!(rows[0][0], "#3", "they are numbered anew");
}

#[test]
fn it_fits_a_phone_and_a_desktop() {
    let Some((server, mut page)) = inspected() else { return };
    send(&server);
    turn(&mut page, "#requests", 3);
    for width in [390, 1280] {
        page.resize(width);
        for hash in [
            "#requests",
            "#violations",
            "#requests/3",
            "#visitors/user-1",
            "#rules/ATT001",
        ] {
            page.evaluate(&format!("location.hash = {hash:?}"));
            page.until(&format!("(location.hash === {hash:?} && document.querySelector('main > section:not([hidden]) :is(h2, td)')) !== null"));
            let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
            assert_eq!(page.evaluate(fits), true, "{hash} at {width}");
        }
    }
}
