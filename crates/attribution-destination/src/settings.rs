use std::fmt;

mod dialect;
mod project_id;

pub use self::dialect::{Dialect, PreviousId};
pub use self::project_id::ProjectId;

/// What a customer configures on the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The Attribution project that receives the events; the one required setting.
    pub project_id: ProjectId,
    /// The API that the requests are written in.
    pub dialect: Dialect,
    /// Whether screen calls are sent in the classic dialect. Off by default: the destination's documentation doesn't
    /// list them, though its public code maps them. The other dialects send them in any case.
    pub screens: bool,
    /// Whether an alias of the actions dialect says which id is merged. The other dialects always do.
    pub previous_id: PreviousId,
}

impl Settings {
    /// The default settings of a project: the classic dialect, without screens, and aliases that merge.
    pub fn new(project_id: ProjectId) -> Self {
        Self {
            project_id,
            dialect: Dialect::Classic,
            screens: false,
            previous_id: PreviousId::Mapped,
        }
    }
}

/// Why settings are refused, before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// No project id, or a blank one. Segment reports it as `INVALID_SETTINGS`, in these words; RudderStack, where the
    /// project id is called write key, says `No writeKey in config`.
    ProjectIdRequired,
    /// No dialect of that name.
    DialectUnknown(String),
    /// Neither way of mapping the previous id.
    PreviousIdUnknown(String),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProjectIdRequired => f.write_str(r#"setting "projectId" is required"#),
            Self::DialectUnknown(name) => {
                write!(f, "unknown dialect {name:?}: write ")?;
                one_of(f, Dialect::ALL)
            }
            Self::PreviousIdUnknown(name) => {
                write!(f, "unknown mapping of the previous id {name:?}: write ")?;
                one_of(f, PreviousId::ALL)
            }
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(f: &mut fmt::Formatter<'_>, choices: &[impl fmt::Display]) -> fmt::Result {
    for (index, choice) in choices.iter().enumerate() {
        let lead = match index {
            0 => "",
            _ if index + 1 == choices.len() => " or ",
            _ => ", ",
        };
        write!(f, "{lead}{choice}")?;
    }
    Ok(())
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::{ProjectId, Settings};

    #[test]
    fn no_rendering_of_the_settings_shows_the_project_id() {
        let settings = Settings::new(ProjectId::new("demo-project").unwrap());
        let shown = format!("{settings:?} {settings:#?} {}", settings.project_id);
        assert!(shown.contains("[redacted]"));
        assert!(!shown.contains("demo-project") && !shown.contains("ZGVtby"), "{shown}");
    }
}
