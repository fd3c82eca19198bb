mod laws;
mod mistakes;
mod slips;

use super::Mistakes;
use crate::expect::{Expectations, Section};

fn refused(text: &str) -> Mistakes {
    Expectations::from_json(text.as_bytes(), &Section::ALL).expect_err(text)
}
