//! "My Government": services to apply for, what became of it, and what the applicant holds and owes.

mod case;
mod certificate;
mod document;
mod form;
mod home;
mod messages;
mod my_data;
mod payment;
mod receipt;
mod tariff;
mod verify;

pub(crate) use home::{error, fits};
pub(crate) use payment::{Line, line};

use axum::routing::{get, post};
use identity::Rule::{Public, SignedIn};

use crate::{
    area::{Area, Entry, Route, Texts},
    input::FORM_BYTES_MAX,
};

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[
        Entry::new("nav-services", "/services", &["", "services", "drafts"]),
        Entry::new("nav-my-cases", "/cases", &["cases", "certificates", "payments", "my-data"]).mine(),
        Entry::new("nav-messages", "/messages", &["messages"]).mine(),
        Entry::new("verify-title", "/verify", &["verify"]).foot(),
    ],
    routes: &[
        Route::new("", Public, || get(home::home)),
        Route::new("/services", Public, || get(home::services)),
        Route::new("/services/{service}", Public, || get(home::service)),
        Route::new("/services/{service}/start", SignedIn, || post(form::start)).once(),
        Route::new("/drafts/{draft}", SignedIn, || get(form::tasks).post(form::delete)).once(),
        Route::new("/drafts/{draft}/check", SignedIn, || get(form::check).post(form::send)).once(),
        Route::new("/drafts/{draft}/{page}", SignedIn, || get(form::form).post(form::answer))
            .up_to(FORM_BYTES_MAX)
            .once(),
        Route::new("/cases", SignedIn, || get(case::my_cases)),
        Route::new("/cases/{reference}", SignedIn, || get(case::case)),
        Route::new("/cases/{reference}/{action}", SignedIn, || post(case::act)).up_to(FORM_BYTES_MAX).once(),
        Route::new("/cases/{reference}/documents/{question}", SignedIn, || get(document::document)),
        Route::new("/certificates/{reference}", SignedIn, || get(certificate::certificate)),
        Route::new("/my-data", SignedIn, || get(my_data::my_data)),
        Route::new("/messages", SignedIn, || get(messages::messages)),
        Route::new("/payments", SignedIn, || get(payment::my_payments)),
        Route::new("/payments/{payment}", SignedIn, || get(payment::payment)),
        Route::new("/payments/{payment}/start", SignedIn, || post(payment::start_payment)).once(),
        Route::new("/payments/{payment}/receipt", SignedIn, || get(receipt::receipt)),
        Route::new("/verify", Public, || get(verify::verify_typed)),
        Route::new("/verify/{kind}/{id}", Public, || get(verify::verify)),
    ],
};
