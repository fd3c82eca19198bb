use crate::exchange::AuthRejection;
use crate::project_id::ProjectId;

/// Who may send: one project, several that know nothing of each other, or any.
///
/// ```
/// use attribution_mock::Projects;
///
/// let two = Projects::only("shop").and("blog");
/// let any = Projects::any();
/// assert_ne!(two, any);
/// assert_eq!(Projects::from("shop"), Projects::only("shop"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projects {
    known: Vec<ProjectId>,
    any: bool,
}

impl Projects {
    /// This one.
    pub fn only(id: impl Into<ProjectId>) -> Self {
        let known = vec![id.into()];
        Self { known, any: false }
    }

    /// Whoever sends: a project is known from its first event on.
    pub fn any() -> Self {
        Self {
            known: Vec::new(),
            any: true,
        }
    }

    /// These and another one.
    #[must_use]
    pub fn and(mut self, id: impl Into<ProjectId>) -> Self {
        let id = id.into();
        if !self.known.contains(&id) {
            self.known.push(id);
        }
        self
    }

    /// Those that are known from the start, each once.
    pub(crate) fn known(&self) -> &[ProjectId] {
        &self.known
    }

    /// Whether a project of this id may send.
    pub(crate) fn admit(&self, id: &ProjectId) -> bool {
        self.any && !id.expose().is_empty() || self.known.contains(id)
    }

    /// Whose credentials these are, as they are encoded; none where that has to be looked at more closely.
    pub(crate) fn sent(&self, encoded: &[u8]) -> Option<&ProjectId> {
        self.known.iter().find(|known| known.encoded().as_bytes() == encoded)
    }

    /// Whose credentials these are: a project id with a colon after it, or one with a colon in it, as it is.
    pub(crate) fn authenticate(&self, credentials: &[u8]) -> Result<ProjectId, AuthRejection> {
        if let Some(known) = self.known.iter().find(|known| known.has(credentials)) {
            return Ok(known.clone());
        }
        // Why it is wrong: the ids themselves are never told, only what about the given text is not as it should be.
        let colon = credentials
            .iter()
            .position(|byte| *byte == b':')
            .ok_or(AuthRejection::NoColon)?;
        let (user, password) = (&credentials[..colon], &credentials[colon + 1..]);
        let is_known = self.known.iter().any(|known| known.expose().as_bytes() == user);
        match std::str::from_utf8(user) {
            _ if !password.is_empty() && (is_known || self.any) => Err(AuthRejection::PasswordNotEmpty),
            Ok("") if self.any => Err(AuthRejection::NobodysProject),
            Ok(user) if self.any => Ok(ProjectId::from(user)),
            _ => Err(AuthRejection::WrongProject),
        }
    }
}

impl<T: Into<ProjectId>> From<T> for Projects {
    fn from(id: T) -> Self {
        Self::only(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(projects: &Projects, credentials: &str, expected: Result<&str, AuthRejection>) {
        let expected = expected.map(ProjectId::from);
        let given = projects.authenticate(credentials.as_bytes());
        assert!(
            given == expected,
            "{credentials}: {:?}",
            given.map(|id| id.expose().to_owned())
        );
    }

    #[test]
    fn the_project_id_and_a_colon_is_let_in() {
        check(&Projects::only("demo"), "demo:", Ok("demo"));
        check(&Projects::only("dämo"), "dämo:", Ok("dämo"));
        check(&Projects::only("shop").and("blog"), "blog:", Ok("blog"));
    }

    #[test]
    fn a_project_id_with_a_colon_gets_no_second_one() {
        check(&Projects::only("left:right"), "left:right", Ok("left:right"));
        check(&Projects::only("left:"), "left:", Ok("left:"));
        check(
            &Projects::only("left:right"),
            "left:right:",
            Err(AuthRejection::WrongProject),
        );
    }

    #[test]
    fn what_is_wrong_with_the_credentials_is_told_apart() {
        let projects = Projects::only("demo").and("blog");
        check(&projects, "demo", Err(AuthRejection::NoColon));
        check(&projects, "", Err(AuthRejection::NoColon));
        check(&projects, "blog:secret", Err(AuthRejection::PasswordNotEmpty));
        check(&projects, "other:", Err(AuthRejection::WrongProject));
        check(&projects, "dem:o:", Err(AuthRejection::WrongProject));
        let not_text = projects.authenticate(b"\xff:");
        assert_eq!(not_text, Err(AuthRejection::WrongProject));
    }

    #[test]
    fn where_any_project_may_send_there_must_still_be_one() {
        let any = Projects::any();
        check(&any, "whoever:", Ok("whoever"));
        check(&any, ":", Err(AuthRejection::NobodysProject));
        check(&any, "whoever", Err(AuthRejection::NoColon));
        check(&any, "whoever:secret", Err(AuthRejection::PasswordNotEmpty));
        assert!(any.authenticate(b"\xff:").is_err());
        assert!(any.admit(&ProjectId::from("whoever")) && !any.admit(&ProjectId::from("")));
    }
}
