//! How fast the system is, from outside: the real command on a real SQLite file, asked over HTTP by a load generator on
//! the same machine. `cargo bench -p anqud` prints the table that docs/benchmarks.md explains.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops where it fails")]

mod desk;
mod load;
mod money;
mod server;
mod sql;

use std::time::{Duration, Instant};

use load::{Load, Request};
use server::Server;

/// How long each load lasts.
const LENGTH: Duration = Duration::from_secs(10);
/// How many cases there are when starting and recomputing are measured.
const MANY: u64 = 100_000;

fn main() {
    // `cargo test --all-targets` runs benches too; there it only has to be built.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let folder = std::env::temp_dir().join(format!("anqud-speed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    println!("| what | result |\n|---|---|");
    // `-- money` measures only that, `-- payments` nothing of the bank, and `-- desk` only lists of very many cases.
    let asked = |name: &str| std::env::args().any(|arg| arg == name);
    let whole = !asked("money") && !asked("payments") && !asked("desk");
    let server = Server::demo(&folder, if whole { 5000 } else { 500 });
    let database = server.database.clone();
    if whole {
        everything_else(server);
    } else {
        drop(server);
    }
    if asked("desk") {
        desk::desk(&database);
        let _ = std::fs::remove_dir_all(&folder);
        return;
    }
    money::payments(&database);
    if !asked("payments") {
        money::statement(&database, &folder.join("statements"));
    }
    let _ = std::fs::remove_dir_all(&folder);
}

fn everything_else(server: Server) {
    pages(&server);
    submissions(&server);
    let database = server.database.clone();
    drop(server);
    beginning(&database);
    recomputing(&database);
}

fn row(what: &str, result: &str) {
    println!("| {what} | {result} |");
}

fn shown(load: &Load) -> String {
    format!("{:.2} ms median, {:.2} ms p99, {:.0} a second", load.median_ms(), load.p99_ms(), load.per_second())
}

/// Pages and figures with 8 connections, on the demo's data.
fn pages(server: &Server) {
    let token = server.sign_in("company@demo.example");
    let form = server.draft(&token);
    for (what, path) in [
        ("home page", "/ar"),
        ("form page", form.as_str()),
        ("plan page", "/ar/plan"),
        ("indicator page", "/ar/indicators/licences-granted"),
        ("indicator by API", "/api/v1/indicators/licences-granted"),
        ("indicator by API, by region", "/api/v1/indicators/licences-granted?by=region"),
        ("indicator by API, as it stood", "/api/v1/indicators/licences-granted?as_of=2021-06-30"),
        ("records behind, by API", "/api/v1/indicators/licences-granted/records"),
    ] {
        let cookie = format!("anqud={token}");
        let request = |_| Request {
            method: "GET",
            path: path.to_owned(),
            headers: vec![("Cookie", cookie.clone())],
            body: String::new(),
        };
        let load = load::run(&server.address, 8, LENGTH / 2, 200, &request);
        row(&format!("{what}, 8 connections"), &shown(&load));
    }
}

/// Applications with 64 connections, each answered after its durable commit.
fn submissions(server: &Server) {
    let token = server.sign_in("company@demo.example");
    let request = |number: u64| Request {
        method: "POST",
        path: "/api/v1/services/software-company-licence/cases".into(),
        headers: vec![
            ("Authorization", format!("Bearer {token}")),
            ("Content-Type", "application/json".into()),
            ("Idempotency-Key", format!("speed-{number}")),
        ],
        body: format!(
            r#"{{"data": {{"company_name": "Company {number}", "region": "nablus", "staff": 12, "premises": "own",
               "contact_name": "Sami Haddad", "phone": "0599000102", "email": "company@demo.example"}}}}"#
        ),
    };
    let first = load::run(&server.address, 64, LENGTH, 201, &request);
    row("submissions, 64 connections", &shown(&first));
    let mut filed = first.answers();
    while filed + 5000 < MANY {
        let more = |number: u64| request(number + filed);
        filed += load::run(&server.address, 64, LENGTH, 201, &more).answers();
    }
}

/// Starting on a database with many cases.
fn beginning(database: &str) {
    let start = Instant::now();
    let server = Server::serve(database);
    let plan = server.get("/ar/plan");
    assert!(plan.contains("</html>"));
    let took = start.elapsed();
    row(
        &format!("start with {MANY} cases, until the plan page is there"),
        &format!("{:.2} s, {} MB at most", took.as_secs_f64(), server.memory_mb()),
    );
}

/// Deriving every figure anew.
fn recomputing(database: &str) {
    for (what, flag) in [("recompute --verify", Some("--verify")), ("recompute", None)] {
        let start = Instant::now();
        let said = server::run(database, flag);
        let took = start.elapsed().as_secs_f64();
        let entries: f64 = said.split(' ').next().unwrap().parse().unwrap();
        row(what, &format!("{took:.2} s for {entries} journal entries, {:.0} a second", entries / took));
    }
}
