use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

use super::{Dialect, SettingsError};

/// The key of an Attribution project. It is the whole credential, so `Debug` and `Display` print `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct ProjectId {
    id: String,
    user: HeaderValue,
    user_and_password: HeaderValue,
}

impl ProjectId {
    /// Takes a project id as it stands, blanks around it included.
    ///
    /// # Errors
    ///
    /// [`SettingsError::ProjectIdRequired`] when nothing but blanks is in it.
    pub fn new(id: impl Into<String>) -> Result<Self, SettingsError> {
        let id = id.into();
        if id.trim().is_empty() {
            return Err(SettingsError::ProjectIdRequired);
        }
        let user = basic(&format!("{id}:"));
        let user_and_password = if id.contains(':') { basic(&id) } else { user.clone() };
        Ok(Self {
            id,
            user,
            user_and_password,
        })
    }

    /// The id itself, for whoever has to compare or show it on purpose.
    pub fn expose(&self) -> &str {
        &self.id
    }

    /// The `Authorization` of every request in this dialect, marked sensitive: basic authentication with the project as
    /// user and an empty password. In the classic dialect a colon that is already there ends the user, as the original's
    /// `--user`-like notation does; the others append one whatever the project is called.
    pub(crate) fn authorization(&self, dialect: Dialect) -> &HeaderValue {
        match dialect {
            Dialect::Classic => &self.user_and_password,
            Dialect::Actions | Dialect::Import => &self.user,
        }
    }

    /// The text with the project id and the credentials made of it replaced, wherever they stand in it.
    pub(crate) fn redact(&self, text: &str) -> String {
        [&self.user, &self.user_and_password]
            .into_iter()
            .filter_map(|header| header.to_str().ok()?.strip_prefix("Basic "))
            .chain([self.id.as_str()])
            .fold(text.to_owned(), |text, secret| text.replace(secret, "[redacted]"))
    }
}

fn basic(credentials: &str) -> HeaderValue {
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(credentials)))
        .expect("base64 is made of visible ASCII characters");
    value.set_sensitive(true);
    value
}

impl fmt::Debug for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProjectId([redacted])")
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, ProjectId, SettingsError};

    #[test]
    fn a_blank_project_id_is_a_missing_one() {
        for blank in ["", " ", "\t\n", "\u{a0}"] {
            assert_eq!(ProjectId::new(blank), Err(SettingsError::ProjectIdRequired));
        }
        assert_eq!(
            SettingsError::ProjectIdRequired.to_string(),
            r#"setting "projectId" is required"#
        );
    }

    #[test]
    fn the_project_id_is_the_user_of_basic_authentication() {
        let header = |id: &str, dialect| {
            let project_id = ProjectId::new(id).unwrap();
            project_id.authorization(dialect).to_str().unwrap().to_owned()
        };
        for dialect in Dialect::ALL {
            assert_eq!(header("demo-project", *dialect), "Basic ZGVtby1wcm9qZWN0Og==");
            assert_eq!(header("é", *dialect), "Basic w6k6", "UTF-8");
        }
        assert_eq!(
            header("user:password", Dialect::Classic),
            "Basic dXNlcjpwYXNzd29yZA==",
            "no second colon"
        );
        for dialect in [Dialect::Actions, Dialect::Import] {
            assert_eq!(header("user:password", dialect), "Basic dXNlcjpwYXNzd29yZDo=");
        }
    }

    #[test]
    fn what_repeats_the_credentials_of_any_dialect_is_redacted() {
        let project_id = ProjectId::new("user:password").unwrap();
        let text = "user:password sent dXNlcjpwYXNzd29yZA== and dXNlcjpwYXNzd29yZDo=";
        assert_eq!(project_id.redact(text), "[redacted] sent [redacted] and [redacted]");
    }
}
