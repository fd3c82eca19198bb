use axum::Json;
use axum::extract::Path;

use super::ask::{Ask, Nothing};
use crate::exchange::{Place, Problem};
use crate::visitor::VisitorReport;

/// One visitor by any id, or the ids that may have been meant.
pub(crate) async fn visitor(
    Place(mock): Place,
    Path(id): Path<String>,
    Ask(Nothing): Ask<Nothing>,
) -> Result<Json<VisitorReport>, Problem> {
    let found = mock.visitor(&id);
    found.map(Json).ok_or_else(|| Problem::UnknownVisitor {
        near: mock.ids_like(&id),
        id,
    })
}
