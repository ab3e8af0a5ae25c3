//! The whole site: the pages of every area, the API, the assets, and what stands before all of them.

use axum::{Router, middleware::from_fn_with_state, response::Redirect, routing::get};

use crate::{App, api, area, assets, front, guard, traffic};

/// The whole site.
pub fn router(app: App) -> Router {
    area::pages(&app)
        .route("/", get(async || Redirect::temporary("/ar")))
        .route("/assets/anqud.css", get(assets::stylesheet))
        .route("/assets/anqud.js", get(assets::script))
        .route("/assets/mark.svg", get(assets::mark))
        .layer(from_fn_with_state(app.clone(), guard::visit))
        .nest("/api/v1", api::router(&app))
        .route("/healthz", get(api::alive))
        .route("/readyz", get(api::ready))
        .route("/metrics", get(api::metrics))
        .layer(from_fn_with_state(app.clone(), front::front))
        .layer(from_fn_with_state(app.clone(), traffic::count))
        .with_state(app)
}
