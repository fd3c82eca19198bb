use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

/// What a customer configures on the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The Attribution project that receives the events; the one required setting.
    pub project_id: ProjectId,
    /// The API that the requests are written in.
    pub dialect: Dialect,
    /// Whether screen calls are sent. Off by default: the destination's documentation doesn't list them,
    /// though its public code maps them.
    pub screens: bool,
}

impl Settings {
    /// The default settings of a project: the classic dialect, without screens.
    pub fn new(project_id: ProjectId) -> Self {
        Self {
            project_id,
            dialect: Dialect::Classic,
            screens: false,
        }
    }
}

/// The key of an Attribution project. It is the whole credential, so `Debug` and `Display` print `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct ProjectId {
    id: String,
    basic: HeaderValue,
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
        let basic = basic(&id);
        Ok(Self { id, basic })
    }

    /// The id itself, for whoever has to compare or show it on purpose.
    pub fn expose(&self) -> &str {
        &self.id
    }

    /// The `Authorization` of every request, marked sensitive.
    pub(crate) fn authorization(&self) -> &HeaderValue {
        &self.basic
    }
}

/// Basic authentication with the project as user and an empty password. A colon that is already there ends the user,
/// as the original's `--user`-like notation does, and no second one is appended.
fn basic(id: &str) -> HeaderValue {
    let credentials = if id.contains(':') {
        STANDARD.encode(id)
    } else {
        STANDARD.encode(format!("{id}:"))
    };
    let mut value =
        HeaderValue::try_from(format!("Basic {credentials}")).expect("base64 is made of visible ASCII characters");
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

/// One of the APIs that Attribution's public clients speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Segment's Attribution destination: `/track`, `/identify`, `/alias` in snake case.
    Classic,
}

impl Dialect {
    /// Every dialect that can be sent, in the order in which help texts list them.
    pub const ALL: &[Self] = &[Self::Classic];

    /// The name by which options and reports call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = SettingsError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|dialect| dialect.as_str() == name);
        found
            .copied()
            .ok_or_else(|| SettingsError::DialectUnknown(name.to_owned()))
    }
}

/// Why settings are refused, before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// No project id, or a blank one. Segment reports it as `INVALID_SETTINGS`, in these words.
    ProjectIdRequired,
    /// No dialect of that name.
    DialectUnknown(String),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProjectIdRequired => f.write_str(r#"setting "projectId" is required"#),
            Self::DialectUnknown(name) => {
                let known: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.as_str()).collect();
                write!(f, "unknown dialect {name:?}: write {}", known.join(" or "))
            }
        }
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::{Dialect, ProjectId, Settings, SettingsError};

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
        let header = |id: &str| ProjectId::new(id).unwrap().authorization().to_str().unwrap().to_owned();
        assert_eq!(header("demo-project"), "Basic ZGVtby1wcm9qZWN0Og==");
        assert_eq!(header("user:password"), "Basic dXNlcjpwYXNzd29yZA==", "no second colon");
        assert_eq!(header("é"), "Basic w6k6", "UTF-8");
    }

    #[test]
    fn no_rendering_of_the_settings_shows_the_project_id() {
        let settings = Settings::new(ProjectId::new("demo-project").unwrap());
        let shown = format!("{settings:?} {settings:#?} {}", settings.project_id);
        assert!(shown.contains("[redacted]"));
        assert!(!shown.contains("demo-project") && !shown.contains("ZGVtby"), "{shown}");
    }

    #[test]
    fn a_dialect_is_named_exactly() {
        assert_eq!("classic".parse(), Ok(Dialect::Classic));
        let error = "Classic".parse::<Dialect>().unwrap_err();
        assert_eq!(error.to_string(), r#"unknown dialect "Classic": write classic"#);
    }
}
