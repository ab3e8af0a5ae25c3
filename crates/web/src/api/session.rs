//! Signing in for a token, and out.

use axum::{Json, extract::State, http::StatusCode};
use identity::{Account, PASSWORD_MAX};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    admit::Caller,
    body::Body,
    problem::{Answer, Explain},
};
use crate::{App, Origin};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    email: String,
    password: String,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// To be sent as `Authorization: Bearer TOKEN`. It is shown this once.
    token: String,
    /// RFC 3339.
    expires_at: String,
    user: User,
}

/// Somebody who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct User {
    id: String,
    email: String,
    name: String,
    roles: Vec<String>,
}

impl User {
    fn of(account: &Account, caller: &Caller) -> User {
        User {
            id: account.id.clone(),
            email: account.email.clone(),
            name: account.name.get(caller.lang).to_owned(),
            roles: account.roles.clone(),
        }
    }
}

/// Signs in.
#[utoipa::path(post, path = "/session", tag = "session", request_body = Credentials,
    responses((status = 201, body = SessionView)))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Origin(from): Origin,
    caller: Caller,
    Body(sent): Body<Credentials>,
) -> Answer<(StatusCode, Json<SessionView>)> {
    let limit = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let (email, password) = (limit(&sent.email, 254), limit(&sent.password, PASSWORD_MAX));
    let session = app.identity.sign_in((&email, &password), from, app.random(), app.now()).await;
    let session = session.map_err(|error| error.explain(caller.lang))?;
    let user = User::of(&session.account, &caller);
    Ok((StatusCode::CREATED, Json(SessionView { token: session.token, expires_at: session.expires, user })))
}

/// Whose session this is.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = User)))]
pub(crate) async fn whose(caller: Caller) -> Answer<Json<User>> {
    Ok(Json(User::of(caller.account()?, &caller)))
}

/// Signs out: the token is worth nothing any more.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
pub(crate) async fn sign_out(State(app): State<App>, caller: Caller) -> Answer<StatusCode> {
    let by = app.by(&caller.account()?.id, "sign-out");
    if let Some(token) = &caller.token {
        app.identity.sign_out(by, token).await.map_err(|error| error.explain(caller.lang))?;
    }
    Ok(StatusCode::NO_CONTENT)
}
