//! The desk of a clerk and the list of an applicant while very many cases wait.

use store::{By, Store};

use crate::{
    LENGTH,
    load::{self, Request},
    row,
    server::Server,
    shown, sql,
};

/// How many cases wait when each is measured.
const OPEN: [i64; 3] = [10_000, 200_000, 1_000_000];

pub fn desk(database: &str) {
    for open in OPEN {
        multiply(database, open);
        let server = Server::serve(database);
        for (what, account, path) in [
            ("desk", "clerk@demo.example", "/ar/desk"),
            ("desk, mine", "clerk@demo.example", "/ar/desk?show=mine"),
            ("desk, nobody's", "clerk@demo.example", "/ar/desk?show=nobodys"),
            ("desk by API", "clerk@demo.example", "/api/v1/cases?desk=all&limit=50"),
            ("own cases", "company@demo.example", "/ar/cases"),
        ] {
            let cookie = format!("anqud={}", server.sign_in(account));
            let request = |_| Request {
                method: "GET",
                path: path.to_owned(),
                headers: vec![("Cookie", cookie.clone())],
                body: String::new(),
            };
            let load = load::run(&server.address, 8, LENGTH / 4, 200, &request);
            row(&format!("{what}, {open} open cases, 8 connections"), &shown(&load));
        }
    }
}

fn multiply(database: &str, wanted: i64) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let migrations =
            [identity::MIGRATIONS, register::MIGRATIONS, pay::MIGRATIONS, service::MIGRATIONS, measure::MIGRATIONS];
        let store = Store::open(database, &migrations.concat(), vec![]).await.unwrap();
        let by = By::new("system", "speed", jiff::Timestamp::UNIX_EPOCH);
        sql::multiply_open_cases(&store, by, wanted).await.unwrap();
    });
}
