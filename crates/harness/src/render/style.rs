//! The few colours. `anstream` drops them where the output is no terminal or `NO_COLOR` is set.

use anstyle::{AnsiColor, Style};

/// Something held.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Something did not hold.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// A line that a text had.
pub(crate) const GONE: Style = AnsiColor::Red.on_default();
/// A line that a text has now.
pub(crate) const NEW: Style = AnsiColor::Green.on_default();
/// Details beside the point.
pub(crate) const DIM: Style = Style::new().dimmed();
