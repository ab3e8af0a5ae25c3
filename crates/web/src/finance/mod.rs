//! The finance desk: what came in, what does not agree, what is to be paid back, what agents handed in, and whether the
//! books balance. The till is where agents take cash.

mod exports;
mod overview;
mod statements;
mod till;
mod work;

pub(crate) use overview::own_hand;
use overview::{Range, days, outcome_of};

use axum::routing::{get, post};
use identity::Rule::Role;

use crate::{
    area::{Area, Entry, Route, Texts},
    input::{ENCODED_BYTES_MAX, FILE_BYTES_MAX},
};

/// Who takes cash at a counter.
const CASHIER: &[&str] = &["cashier"];
/// Who works at the finance desk.
const FINANCE: &[&str] = &["finance-officer", "finance-chief"];
/// Who may look at the books.
pub(crate) const BOOKS: &[&str] = &["finance-officer", "finance-chief", "auditor"];

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[
        Entry::new("nav-till", "/till", &["till"]).work(Role(CASHIER)),
        Entry::new("nav-finance", "/finance", &["finance"]).work(Role(BOOKS)),
    ],
    routes: &[
        Route::new("/till", Role(CASHIER), || get(till::till)),
        Route::new("/till/take", Role(CASHIER), || post(till::take)).once(),
        Route::new("/till/hand-in", Role(CASHIER), || post(till::hand_in)).once(),
        Route::new("/finance", Role(BOOKS), || get(overview::finance)),
        Route::new("/finance/refunds", Role(FINANCE), || post(work::refunds)).once(),
        Route::new("/finance/differences", Role(FINANCE), || post(work::differences)).once(),
        Route::new("/finance/tills", Role(FINANCE), || post(work::tills)).once(),
        Route::new("/finance/statements", Role(BOOKS), || get(statements::statements)),
        Route::new("/finance/statements/import", Role(FINANCE), || post(statements::import))
            .up_to(FILE_BYTES_MAX + ENCODED_BYTES_MAX)
            .once(),
        Route::new("/finance/close", Role(FINANCE), || post(work::close)).once(),
        Route::new("/finance/payments.csv", Role(BOOKS), || get(exports::payments_csv)),
        Route::new("/finance/payments.xlsx", Role(BOOKS), || get(exports::payments_xlsx)),
        Route::new("/finance/payments.xml", Role(BOOKS), || get(exports::payments_xml)),
        Route::new("/finance/refunds.csv", Role(BOOKS), || get(exports::refunds_csv)),
        Route::new("/finance/orders", Role(FINANCE), || post(exports::make_order)).once(),
        Route::new("/finance/orders/{order}", Role(BOOKS), || get(exports::order)),
    ],
};
