use serde_json::Value;

/// What a command says of itself at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) success: bool,
    pub(crate) error: Option<String>,
}

impl Said {
    /// The JSON object at the end of standard output, on one line or several; what stands before it is not looked at.
    pub(crate) fn read(stdout: &str) -> Option<Self> {
        let text = stdout.trim_end();
        let begins = text.match_indices('{').map(|(at, _)| at);
        let at_a_lines_start = |at: &usize| text[..*at].chars().next_back().is_none_or(|before| before == '\n');
        let begins: Vec<usize> = begins.filter(at_a_lines_start).collect();
        begins.into_iter().rev().find_map(|at| {
            let value: Value = serde_json::from_str(&text[at..]).ok()?;
            Some(Self {
                success: value.get("success")?.as_bool()?,
                error: value.get("error").and_then(Value::as_str).map(str::to_owned),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_at_the_end_counts_on_one_line_or_several() {
        let good = Some(Said {
            success: true,
            error: None,
        });
        assert_eq!(Said::read("{\"success\":true,\"sentBatches\":1}\n"), good);
        assert_eq!(
            Said::read("hello\n{\n  \"success\": true,\n  \"log\": [\n    {\n    }\n  ]\n}\n"),
            good
        );
        assert_eq!(
            Said::read("{\"success\":false}\n{\"success\":true,\"error\":null}"),
            good
        );
        let bad = Said::read(r#"{"success":false,"error":"[503]"}"#).unwrap();
        assert_eq!((bad.success, bad.error.as_deref()), (false, Some("[503]")));
    }

    #[test]
    fn what_is_no_result_is_none() {
        for text in [
            "",
            "done",
            "{\"success\":\"yes\"}",
            "{\"success\":true} bye",
            "[{\"success\":true}]",
            "{}",
        ] {
            assert_eq!(Said::read(text), None, "{text}");
        }
    }
}
