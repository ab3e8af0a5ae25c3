//! The page of a certificate, to be printed: its words, who gave it, and how it is proved.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use base::Reference;
use service::{Case, Outcome, Service};

use super::verify::{Proof, certificate_proof};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    shown::shown,
};

#[derive(Template)]
#[template(path = "certificate.html")]
struct Certificate {
    f: Frame,
    title: String,
    body: String,
    reference: String,
    entity: String,
    day: String,
    proof: Proof,
}

/// The certificate of a granted case: the service's text with the answers in it.
pub(super) fn words(f: &Frame, service: &Service, case: &Case) -> Option<(String, String)> {
    let text = service.definition.certificate.as_ref().filter(|_| case.outcome == Some(Outcome::Granted))?;
    let value = |name: &str| match (name, service.definition.question(name)) {
        (_, Some(field)) => Some(shown(f, field, case.answers.get(name))),
        ("reference", None) => Some(case.reference.clone()),
        ("today", None) => Some(f.w.day(case.closed.as_deref().unwrap_or(""))),
        _ => None,
    };
    Some((text.title.get(f.lang).to_owned(), base::fill(text.body.get(f.lang), value)))
}

/// The certificate, for whoever may read its case.
pub(crate) async fn certificate(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(reference): Path<String>,
) -> Result<Response, Failure> {
    let reference = Reference::parse(&reference).map_err(|_| Failure::NotFound)?;
    let actor = visitor.actor();
    let case = app.cases.get(&actor, reference.as_str()).await?.ok_or(Failure::NotFound)?;
    let service = app.cases.catalogue().version(&case.service, &case.version)?.clone();
    let (title, body) = words(&f, &service, &case).ok_or(Failure::NotFound)?;
    if !service::gives_certificate(&case, app.cases.payment_of(&case).await?.as_ref()) {
        return Err(Failure::NotFound);
    }
    app.cases.disclose(app.by(&actor.account, "page"), &actor, &[&case]).await?;
    // On paper the reference stands on one line.
    let body = body.replace(&case.reference, &case.reference.replace('-', "\u{2011}"));
    let proof = certificate_proof(&app, &f, (&service, &case));
    page(Certificate {
        title,
        body,
        entity: app.pack.entity_title(&service.definition.owner, f.lang).to_owned(),
        day: f.w.day(case.closed.as_deref().unwrap_or("")),
        reference: case.reference,
        proof,
        f,
    })
}
