//! A file that came with a case, for whoever may see the case.

use axum::{
    extract::{Path, State},
    response::Response,
};
use base::Reference;

use crate::{App, attachment::attachment, failure::Failure, guard::Visitor};

pub(crate) async fn document(
    State(app): State<App>,
    visitor: Visitor,
    Path((reference, question)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let reference = Reference::parse(&reference).map_err(|_| Failure::NotFound)?;
    let actor = visitor.actor();
    let found = app.cases.document(app.by(&actor.account, "page"), &actor, reference.as_str(), &question).await?;
    attachment(&found.ok_or(Failure::NotFound)?).ok_or(Failure::Internal)
}
