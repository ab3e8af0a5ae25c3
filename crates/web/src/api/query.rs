//! What stands in the address of a request, or the problem with it.

use axum::{
    extract::{
        FromRequestParts,
        rejection::{PathRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{admit::Caller, problem::Problem};
use crate::App;

/// The query, or the problem with it.
pub(crate) struct Query<T>(pub T);

/// The parts of the path, or the problem with them.
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Query<T>, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let read = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        read.map(|axum::extract::Query(query)| Query(query)).map_err(|rejection: QueryRejection| {
            Problem::new(StatusCode::BAD_REQUEST, "query", caller.lang).detail(rejection.body_text())
        })
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Path<T>, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let read = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        // A path that is no text names nothing.
        read.map(|axum::extract::Path(path)| Path(path)).map_err(|_: PathRejection| caller.not_found())
    }
}
