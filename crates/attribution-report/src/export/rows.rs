use std::io::{self, Write};

use serde_json::{Map, Value};

/// As what tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated with a header. What there is nothing to say of is empty; lists and objects are their JSON.
    #[default]
    Csv,
    /// One JSON object a row. What there is nothing to say of is null.
    Ndjson,
}

impl ExportFormat {
    /// What the names of such files end with: `csv` or `ndjson`.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }
}

/// Takes rows in, and writes each as it comes.
pub(super) struct RowWriter<'c, W: Write> {
    columns: &'c [&'static str],
    to: To<W>,
}

enum To<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Ndjson(W),
}

impl<'c, W: Write> RowWriter<'c, W> {
    /// Begins a table with these columns.
    pub(super) fn new(format: ExportFormat, out: W, columns: &'c [&'static str]) -> io::Result<Self> {
        let to = match format {
            ExportFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(columns)?;
                To::Csv(Box::new(writer))
            }
            ExportFormat::Ndjson => To::Ndjson(out),
        };
        Ok(Self { columns, to })
    }

    /// Writes a row; it has a cell for each column.
    pub(super) fn row<const N: usize>(&mut self, cells: [Value; N]) -> io::Result<()> {
        match &mut self.to {
            To::Csv(writer) => writer.write_record(cells.into_iter().map(field))?,
            To::Ndjson(out) => {
                let columns = self.columns.iter().map(|column| (*column).to_owned());
                let object: Map<String, Value> = columns.zip(cells).collect();
                serde_json::to_writer(&mut *out, &object)?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Sees to it that everything is written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Csv(writer) => writer.flush(),
            To::Ndjson(out) => out.flush(),
        }
    }
}

fn field(cell: Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [&str; 3] = ["a", "b", "c"];

    fn written(format: ExportFormat, rows: &[[Value; 3]]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = RowWriter::new(format, &mut out, &COLUMNS).unwrap();
        for row in rows {
            writer.row(row.clone()).unwrap();
        }
        writer.finish().unwrap();
        drop(writer);
        out
    }

    fn cell() -> impl Strategy<Value = Value> {
        let odd = prop::sample::select(vec![
            "",
            "\"",
            ",",
            "a,\"b\"\r\nc",
            "\n",
            "\r",
            " x ",
            "=1",
            "é",
            "'",
            "\0",
        ]);
        prop_oneof![
            odd.prop_map(Value::from),
            ".*".prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            Just(Value::Null),
            prop::collection::vec(".{0,4}", 0..3).prop_map(Value::from),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn what_is_written_is_read_again(rows in prop::collection::vec([cell(), cell(), cell()], 0..6)) {
            let csv = written(ExportFormat::Csv, &rows);
            let mut reader = csv::Reader::from_reader(&*csv);
            prop_assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
            let read: Vec<Vec<String>> =
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            let fields: Vec<Vec<String>> = rows.iter().map(|row| row.iter().cloned().map(field).collect()).collect();
            prop_assert_eq!(read, fields);

            let ndjson = String::from_utf8(written(ExportFormat::Ndjson, &rows)).unwrap();
            let read: Vec<Value> = ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let objects: Vec<Value> =
                rows.iter().map(|[a, b, c]| serde_json::json!({ "a": a, "b": b, "c": c })).collect();
            prop_assert_eq!(read, objects);
        }
    }
}
