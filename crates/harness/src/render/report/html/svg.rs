//! The timeline as a picture: a row per message, a mark per attempt. A circle is a success and a cross is none, so that
//! nothing depends on colour; the table below says the same in words.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use scenario::Message;

use super::super::timeline::{self, Told};
use crate::commands::run::report::Played;
use crate::render::duration::virtual_time;

/// The picture's own measures. It is drawn as wide as a phone, so that its text can be read there.
const WIDTH: f64 = 360.0;
const LEFT: f64 = 22.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 26.0;
const ROW: f64 = 14.0;

/// How many attempts of one message are drawn.
const DRAWN: usize = 60;

/// Writes to a string, which can't fail.
macro_rules! put {
    ($out:expr, $($text:tt)*) => { let _ = write!($out, $($text)*); };
}

/// From a moment to a place.
struct Scale {
    start: Timestamp,
    length: Duration,
}

impl Scale {
    fn x(&self, at: Timestamp) -> f64 {
        let passed: Duration = at.duration_since(self.start).try_into().unwrap_or_default();
        let whole = self.length.as_secs_f64();
        let part = if whole > 0.0 {
            (passed.as_secs_f64() / whole).min(1.0)
        } else {
            0.0
        };
        LEFT + part * (WIDTH - LEFT - RIGHT)
    }
}

pub(super) fn write(out: &mut String, played: &Played, told: &Told<'_>) {
    let scale = Scale {
        start: timeline::start(played),
        length: played.outcome.virtual_time,
    };
    let rows = u16::try_from(told.messages.len()).unwrap_or(u16::MAX);
    let bottom = TOP + f64::from(rows) * ROW;
    let delivered = told
        .messages
        .iter()
        .filter(|message| message.fate == "delivered")
        .count();
    put!(
        out,
        "<svg viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-label=\"{} messages over {} of virtual time, {delivered} delivered\">\n",
        bottom + 4.0,
        told.messages.len(),
        virtual_time(scale.length)
    );
    axis(out, &scale, bottom);
    marks(out, played, &scale, bottom);
    for (number, message) in (1_u16..).zip(&told.messages) {
        row(out, &scale, number, message);
    }
    out.push_str("</svg>\n");
}

fn axis(out: &mut String, scale: &Scale, bottom: f64) {
    let right = WIDTH - RIGHT;
    put!(
        out,
        "<path class=\"axis\" d=\"M{LEFT} {TOP}H{right}M{LEFT} {TOP}V{bottom}M{right} {TOP}V{bottom}\"/>\
         <text x=\"{LEFT}\" y=\"10\">+0s</text>\
         <text x=\"{right}\" y=\"10\" text-anchor=\"end\">+{}</text>\n",
        virtual_time(scale.length)
    );
}

/// Where faults were planned and where was looked.
fn marks(out: &mut String, played: &Played, scale: &Scale, bottom: f64) {
    let marked = |name: &str| matches!(name, "fault" | "expect");
    let steps = played.outcome.steps.iter().filter(|step| marked(step.name));
    for step in steps.take(DRAWN) {
        let (x, name) = (scale.x(step.started), step.name);
        put!(
            out,
            "<path class=\"mark\" d=\"M{x:.1} 14V{bottom}\"><title>{name}</title></path>\
             <text class=\"mark-text\" x=\"{:.1}\" y=\"22\">{}</text>\n",
            x + 1.5,
            &name[..1]
        );
    }
}

fn row(out: &mut String, scale: &Scale, number: u16, message: &Message) {
    let y = TOP + f64::from(number) * ROW - ROW / 2.0;
    let from = scale.x(message.made);
    let to = message.attempts.last().map_or(from, |last| scale.x(last.at));
    put!(
        out,
        "<text x=\"2\" y=\"{:.0}\">{number}</text><path class=\"life\" d=\"M{from:.1} {y}H{to:.1}\"/>",
        y + 3.5
    );
    let count = message.attempts.len();
    for (place, attempt) in (0..).zip(&message.attempts) {
        // The last says how it ended, and is always drawn.
        if place >= DRAWN && place + 1 < count {
            continue;
        }
        let x = scale.x(attempt.at);
        if attempt.succeeded {
            put!(out, "<circle class=\"ok\" cx=\"{x:.1}\" cy=\"{y}\" r=\"3.5\"/>");
        } else {
            put!(
                out,
                "<path class=\"no\" d=\"M{:.1} {}l6 6m-6 0l6 -6\"/>",
                x - 3.0,
                y - 3.0
            );
        }
    }
    if message.attempts.is_empty() {
        put!(out, "<path class=\"no\" d=\"M{:.1} {y}h6\"/>", from);
    }
    out.push('\n');
}
