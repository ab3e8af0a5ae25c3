//! How fast the system is, from outside: the real command on a real SQLite file, asked over HTTP by a load generator on
//! the same machine. `cargo bench -p anqud` prints the table that docs/benchmarks.md explains.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops where it fails")]

mod load;
mod server;

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant, SystemTime},
};

use load::{Connection, Load, Request};
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
    let server = Server::demo(&folder, 5000);
    pages(&server);
    submissions(&server);
    let database = server.database.clone();
    drop(server);
    beginning(&database);
    recomputing(&database);
    payments(&database);
    statement(&database);
    let _ = std::fs::remove_dir_all(&folder);
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

/// The secret of the measurement's payment provider.
const SECRET: &str = "a secret between two";
/// How many fees are paid.
const FEES: u64 = 20_000;

fn registration(token: &str, number: u64) -> Request {
    Request {
        method: "POST",
        path: "/api/v1/services/company-registration/cases".into(),
        headers: vec![
            ("Authorization", format!("Bearer {token}")),
            ("Content-Type", "application/json".into()),
            ("Idempotency-Key", format!("fee-{number}")),
        ],
        body: format!(
            r#"{{"data": {{"company_name": "Company {number}", "region": "nablus", "activity": "software",
               "founded": "2021-11-01", "capital": 5000, "owner_id": "402177836", "phone": "0599000102",
               "email": "company@demo.example"}}}}"#
        ),
    }
}

/// Companies with a fee to pay; the references of their payments.
fn owing(server: &Server, token: &str, from: u64, count: u64) -> Vec<String> {
    let number = AtomicU64::new(from);
    let one = || {
        let (mut connection, mut owed) = (Connection::open(&server.address), Vec::new());
        loop {
            let number = number.fetch_add(1, Relaxed);
            if number >= from + count {
                return owed;
            }
            let (status, body) = connection.ask(&registration(token, number));
            assert_eq!(status, 201, "{body}");
            owed.push(body.split_once("\"payment\":\"").unwrap().1.split_once('"').unwrap().0.to_owned());
        }
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..64).map(|_| scope.spawn(one)).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    })
}

/// Complete payments of fees with 64 connections: the payer sets out, the provider calls back, the fee is booked and
/// receipted, the case goes on. Each of the two requests is answered after its durable commit.
#[expect(clippy::disallowed_methods, reason = "the payment provider has a clock of its own")]
fn payments(database: &str) {
    let server = Server::with_provider(database, SECRET);
    let token = server.sign_in("company@demo.example");
    let owed = owing(&server, &token, 0, FEES);
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let one = || {
        let (mut payer, mut provider) = (Connection::open(&server.address), Connection::open(&server.address));
        let mut times = Vec::new();
        while let Some(id) = owed.get(next.fetch_add(1, Relaxed)) {
            let began = Instant::now();
            let (status, body) = payer.ask(&Request {
                method: "POST",
                path: format!("/api/v1/payments/{id}/start"),
                headers: vec![
                    ("Authorization", format!("Bearer {token}")),
                    ("Content-Type", "application/json".into()),
                ],
                body: r#"{"way": "card"}"#.into(),
            });
            assert_eq!(status, 200, "{body}");
            let said =
                format!(r#"{{"id":"{id}-ok","attempt":"{id}-1","kind":"succeed","amount":"35.000","currency":"JOD"}}"#);
            let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() as i64;
            let (status, body) = provider.ask(&Request {
                method: "POST",
                path: "/api/v1/payments/callbacks/card".into(),
                headers: vec![
                    ("X-Anqud-Timestamp", seconds.to_string()),
                    ("X-Anqud-Signature", pay::way::sign(SECRET, seconds, &said)),
                ],
                body: said,
            });
            assert!(status == 200 && body.contains("\"paid\""), "{status} {body}");
            times.push(u64::try_from(began.elapsed().as_micros()).unwrap());
        }
        times
    };
    let times: Vec<u64> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..64).map(|_| scope.spawn(one)).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    row("complete payments of fees, 64 connections", &shown(&Load::of(times, start.elapsed())));
}

/// A statement with 100,000 entries against 100,000 open payments: read, and each entry matched.
fn statement(database: &str) {
    let server = Server::with_provider(database, SECRET);
    let token = server.sign_in("company@demo.example");
    let owed = owing(&server, &token, FEES, MANY);
    drop(server);
    let entries: String = owed
        .iter()
        .enumerate()
        .map(|(number, id)| {
            format!(
                "<Ntry><Amt Ccy=\"JOD\">35.000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt>\
                 <Dt>2021-12-30</Dt></BookgDt><AcctSvcrRef>B{number}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Strd>\
                 <CdtrRefInf><Ref>{}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>",
                pay::bank::creditor_reference(id)
            )
        })
        .collect();
    let xml = format!(
        "<Document><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>PS1</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    );
    let start = Instant::now();
    let statement = pay::bank::read(&xml).unwrap();
    let open: std::collections::HashSet<&String> = owed.iter().collect();
    let known = |words: &str| pay::bank::payment_in(words).is_some_and(|id| open.contains(&id));
    let matched = statement.entries.iter().filter(|entry| known(&entry.words)).count();
    assert_eq!(matched, owed.len());
    let took = start.elapsed();
    row("100,000 entries of a statement read and matched", &format!("{:.2} s", took.as_secs_f64()));
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
