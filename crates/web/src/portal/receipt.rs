//! The page of a receipt, to be printed.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use base::Reference;

use super::verify::{Proof, receipt_proof};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
};

#[derive(Template)]
#[template(path = "receipt.html")]
struct Receipt {
    f: Frame,
    number: String,
    amount: String,
    entity: String,
    service: String,
    payer: String,
    day: String,
    way: String,
    payment: String,
    /// What of it went back.
    refunded: Option<String>,
    proof: Proof,
}

pub(crate) async fn receipt(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = Reference::parse(&id).map_err(|_| Failure::NotFound)?;
    let view = app.cases.payment(&visitor.actor(), id.as_str()).await?.ok_or(Failure::NotFound)?;
    let payment = view.payment;
    let number = payment.receipt.clone().ok_or(Failure::NotFound)?;
    let proof = receipt_proof(&app, &f, &payment);
    page(Receipt {
        number: short(&number).to_owned(),
        refunded: (payment.refunded.minor > 0).then(|| f.w.money(&payment.refunded)),
        amount: f.w.money(&payment.amount),
        entity: app.pack.entity_title(&payment.entity, f.lang).to_owned(),
        service: service_title(&app, &f, &payment.service),
        payer: payment.payer_name.clone(),
        day: f.w.day(payment.paid.as_deref().unwrap_or("")),
        way: f.w.say(&format!("way-{}", payment.way.as_deref().unwrap_or(""))),
        payment: payment.id,
        proof,
        f,
    })
}

/// The number of a receipt as it stands on the paper, beside the entity.
pub(super) fn short(number: &str) -> &str {
    number.split_once('/').map_or(number, |(_, rest)| rest)
}

pub(super) fn service_title(app: &App, f: &Frame, service: &str) -> String {
    let known = app.pack.catalogue.service(service);
    known.map_or(service, |service| service.definition.title.get(f.lang)).to_owned()
}
