//! The bank that lends to start-ups.

mod loans;

use axum::routing::{get, post};
use identity::Rule::{Role, SignedIn};

use crate::area::{Area, Entry, Route, Texts};

/// Who lends.
const LENDER: &[&str] = &["loan-officer", "loan-chief"];

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[Entry::new("nav-loans", "/loans", &["loans"]).work(Role(LENDER))],
    routes: &[
        Route::new("/loans", Role(&["loan-officer", "loan-chief", "auditor"]), || get(loans::loans)),
        Route::new("/loans/agree", Role(&["loan-officer"]), || post(loans::agree)).once(),
        Route::new("/loans/{loan}", SignedIn, || get(loans::loan)),
        Route::new("/loans/{loan}/{step}", Role(LENDER), || post(loans::loan_step)).once(),
    ],
};
