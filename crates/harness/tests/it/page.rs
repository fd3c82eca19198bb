//! The HTML report as a browser shows it, where there is one.

use std::process::Command;

use crate::browser::browser;
use crate::command::run;
use crate::scratch::Scratch;

/// A page that shows the report in frames as wide as a phone and as a desktop, and says of each how wide it would have
/// to be, how many scenarios are unfolded at first, how many timelines there are, and that there is no script.
fn frames(report: &str) -> String {
    let report = report.replace('&', "&amp;").replace('"', "&quot;");
    let frame = |width: u32| format!("<iframe width={width} height=900 srcdoc=\"{report}\"></iframe>");
    format!(
        "<!doctype html><body>{}{}<pre id=told></pre><script>
onload = () => {{
  const told = [...document.querySelectorAll('iframe')].map(frame => {{
    const page = frame.contentDocument, root = page.documentElement;
    const open = page.querySelectorAll('details[open]').length;
    page.querySelectorAll('details').forEach(one => one.open = true);
    return [frame.width, root.scrollWidth <= root.clientWidth, open, page.querySelectorAll('svg').length,
      page.scripts.length].join(' ');
  }});
  document.getElementById('told').textContent = 'told: ' + told.join('; ') + '.';
}};
</script></body>",
        frame(390),
        frame(1280)
    )
}

#[test]
fn the_page_fits_a_phone_and_a_desktop() {
    let Some(browser) = browser() else {
        println!("skipped: there is no Chromium here to show the report; set CHROME to one");
        return;
    };
    let scratch = Scratch::new();
    run(&[
        "run",
        "fixtures/reports",
        "--report-html",
        &scratch.typed("report.html"),
    ]);
    scratch.write("frames.html", &frames(&scratch.read("report.html")));
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=5000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", scratch.typed("profile")))
        .arg(format!("file://{}", scratch.typed("frames.html")))
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&output.stdout);
    let told = page.split("told: ").nth(1).and_then(|rest| rest.split('.').next());
    assert_eq!(told, Some("390 true 3 3 0; 1280 true 3 3 0"), "{output:?}");
}
