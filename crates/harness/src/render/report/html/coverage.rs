//! What of the contract was touched.

use std::fmt::Write as _;

use super::escaped;
use crate::commands::run::report::Measured;
use crate::render::coverage::{percent, problem, share, total};

pub(super) fn write(out: &mut String, measured: &Measured) {
    let problem = problem(measured);
    let (class, open) = if problem.is_some() {
        ("bad", " open")
    } else {
        ("passed", "")
    };
    let total = escaped(&total(&measured.coverage));
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<details id=\"coverage\" class=\"{class}\"{open}>\n<summary><h2>{total}</h2></summary>\n<div>\n"
    );
    if let Some(problem) = problem {
        let _ = writeln!(out, "<p class=\"bad-text\">{}</p>", escaped(&problem));
    }
    out.push_str("<table>\n<tr><th>part</th><th>touched</th><th>percent</th><th>not touched</th></tr>\n");
    for covered in &measured.coverage.parts {
        let (part, touched) = (covered.part.words(), covered.share());
        let (share, percent) = (share(touched), percent(touched.percent()));
        let untouched = escaped(&covered.untouched.join(", "));
        let _ = writeln!(
            out,
            "<tr><th>{part}</th><td>{share}</td><td>{percent}</td><td>{untouched}</td></tr>"
        );
    }
    out.push_str("</table>\n</div>\n</details>\n");
}
