use serde_json::{Map, Value};

use crate::money::decimal;

/// Rows of cells under named columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What the columns are called.
    pub columns: Vec<String>,
    /// How many of the columns say what a row is for; all others are numbers.
    pub labels: usize,
    /// The rows, in order.
    pub rows: Vec<Vec<Cell>>,
    /// The sum of all rows.
    pub total: Vec<Cell>,
    /// What else there is to say, each a sentence without its end.
    pub notes: Vec<String>,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing to say.
    Empty,
    /// Words.
    Text(String),
    /// A number with its exact digits.
    Number(String),
}

impl Cell {
    /// Units of ten to the power of minus `decimals`.
    pub(super) fn decimal(units: Option<i128>, decimals: u8) -> Self {
        units.map_or(Self::Empty, |units| Self::Number(decimal(units, decimals)))
    }

    /// Without zeros at the end of its decimals.
    pub(super) fn trimmed(self) -> Self {
        match self {
            Self::Number(digits) if digits.contains('.') => {
                Self::Number(digits.trim_end_matches('0').trim_end_matches('.').to_owned())
            }
            other => other,
        }
    }

    /// Words, or nothing.
    pub(super) fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_owned()))
    }

    /// As it stands in a table.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Number(text) => text,
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Text(text) => Value::from(text.as_str()),
            Self::Number(digits) => digits.parse().map_or(Value::Null, Value::Number),
        }
    }
}

impl Table {
    /// One row as a JSON object; numbers keep their digits, and a blank in a column's name is `_`.
    pub fn object(&self, row: &[Cell]) -> Map<String, Value> {
        let named = self.columns.iter().zip(row);
        named
            .map(|(column, cell)| (column.replace([' ', '-'], "_"), cell.to_value()))
            .collect()
    }
}
