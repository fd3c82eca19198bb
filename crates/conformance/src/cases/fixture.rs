//! The files of `fixtures/wire/`, as requests.

use std::path::{Component, Path};

use attribution_mock::{Dialect, RequestTemplate};
use serde_json::Value;

use super::case::{Case, CaseError};
use super::speech;

/// The project that the fixtures name where a body has to name one.
const PROJECT: &str = "demo-project";

const PLACEHOLDER: &str = "{{project_id}}";

/// Reads one; `None` where it is about an event that is never sent.
pub(super) fn read(path: &Path, file: &Value) -> Result<Option<Case>, CaseError> {
    let (dialect, name) = named(path).ok_or(CaseError::NoDialect)?;
    let about = text(file, "about")?.to_owned();
    let request = match file.get("request") {
        Some(request) if !request.is_null() => request,
        _ if file.get("path").is_some() => file,
        _ => return Ok(None),
    };
    let before = match file.get("before") {
        None => Vec::new(),
        Some(before) => {
            let earlier = before.as_array().ok_or(CaseError::Field("before"))?.iter();
            earlier
                .map(|earlier| template(dialect, earlier))
                .collect::<Result<_, _>>()?
        }
    };
    Ok(Some(Case {
        name,
        dialect,
        about,
        before,
        request: template(dialect, request)?,
    }))
}

/// The dialect that a folder of the path is named for, and the path from there on.
fn named(path: &Path) -> Option<(Dialect, String)> {
    let path = path.with_extension("");
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    let folders = parts.len().saturating_sub(1);
    let start = (0..folders)
        .rev()
        .find(|index| parts[*index].parse::<Dialect>().is_ok())?;
    Some((parts[start].parse().ok()?, parts[start..].join("/")))
}

fn template(dialect: Dialect, file: &Value) -> Result<RequestTemplate, CaseError> {
    let body = match (file.get("body_text"), file.get("body")) {
        (Some(text), _) => text
            .as_str()
            .ok_or(CaseError::Field("body_text"))?
            .replace(PROJECT, PLACEHOLDER),
        (None, Some(body)) => body_of(body),
        (None, None) => return Err(CaseError::Field("body")),
    };
    let mut template = speech::post(dialect, text(file, "path")?, &body);
    if let Some(method) = file.get("method") {
        let method = method.as_str().and_then(|method| method.parse().ok());
        template.method = method.ok_or(CaseError::Field("method"))?;
    }
    Ok(template)
}

/// A number in the project's place becomes text like any other id: only few projects' ids are numbers.
fn body_of(body: &Value) -> String {
    let mut body = body.clone();
    for name in ["projectId", "project_id"] {
        if let Some(id) = body.get_mut(name) {
            *id = Value::from(PLACEHOLDER);
        }
    }
    body.to_string()
}

fn text<'a>(file: &'a Value, name: &'static str) -> Result<&'a str, CaseError> {
    file.get(name).and_then(Value::as_str).ok_or(CaseError::Field(name))
}
