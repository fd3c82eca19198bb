//! Which project and namespace a request is about.

use axum::extract::{FromRequestParts, Query};
use http::HeaderMap;
use http::header::HeaderName;
use http::request::Parts;

use super::problem::Problem;
use crate::mock::Mock;
use crate::namespace::{BadNamespace, Namespace};
use crate::project_id::ProjectId;

/// The namespace that the headers name, if they name one.
pub(crate) fn named(headers: &HeaderMap) -> Result<Option<Namespace>, Problem> {
    static HEADER: HeaderName = HeaderName::from_static(Namespace::HEADER);
    let mut values = headers.get_all(&HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let name = value.to_str().ok().filter(|_| values.next().is_none());
    let namespace = name.ok_or(BadNamespace).and_then(str::parse);
    namespace.map(Some).map_err(|_| Problem::BadNamespace)
}

/// Whom a request to the admin API asks about: the query's `project` and `namespace`, or the header that senders use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    project: Option<ProjectId>,
    namespace: Option<Namespace>,
}

impl Asked {
    fn of(parts: &Parts) -> Result<Self, Problem> {
        let mut asked = Self {
            project: None,
            namespace: named(&parts.headers)?,
        };
        // What is wrong with the query as a whole is for whoever reads the rest of it.
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        for (name, value) in query.map_or_else(|_| Vec::new(), |query| query.0) {
            match name.as_str() {
                "project" => asked.project = Some(ProjectId::from(value)),
                "namespace" => asked.namespace = Some(value.parse().map_err(|_| Problem::BadNamespace)?),
                _ => {}
            }
        }
        Ok(asked)
    }

    /// The mock as they see it; none where nobody is named, which may mean everyone.
    pub(crate) fn seen(&self, mock: &Mock) -> Result<Option<Mock>, Problem> {
        match (&self.project, &self.namespace) {
            (None, None) => Ok(None),
            (project, namespace) => mock.look(project.as_ref(), namespace.as_ref()).map(Some),
        }
    }
}

impl FromRequestParts<Mock> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Mock) -> Result<Self, Problem> {
        Self::of(parts)
    }
}

/// The mock as seen by whom a request to the admin API asks about. The project can be left out as long as there is one only.
#[derive(Clone, Debug)]
pub(crate) struct Place(pub(crate) Mock);

impl FromRequestParts<Mock> for Place {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, mock: &Mock) -> Result<Self, Problem> {
        let asked = Asked::of(parts)?;
        mock.look(asked.project.as_ref(), asked.namespace.as_ref()).map(Self)
    }
}
