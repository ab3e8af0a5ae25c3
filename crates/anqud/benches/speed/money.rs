//! Fees paid over HTTP, and a statement of the bank.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant, SystemTime},
};

use crate::{
    MANY,
    load::{Connection, Load, Request},
    row,
    server::Server,
    shown,
};

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
pub fn payments(database: &str) {
    let server = Server::with_provider(database, SECRET);
    let token = server.sign_in("company@demo.example");
    let owed = owing(&server, &token, 0, FEES);
    let next = AtomicUsize::new(0);
    let (start, before) = (Instant::now(), server.processor_seconds());
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
    let load = Load::of(times, start.elapsed());
    let each = (server.processor_seconds() - before) * 1000.0 / FEES as f64;
    // What else runs on the machine changes how many there are, and not what each of them needs.
    let needs = format!("{}, {each:.2} ms of processor time of the server each", shown(&load));
    row("complete payments of fees, 64 connections", &needs);
}

/// A statement with 100,000 entries against 100,000 open payments: read, and then taken in by the running command from
/// its folder, with everything that follows from it.
pub fn statement(database: &str, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let server = Server::with_provider(database, SECRET);
    let token = server.sign_in("company@demo.example");
    let owed = owing(&server, &token, FEES, MANY);
    drop(server);
    let xml = statement_of(&owed);
    reading(&xml);
    let server = Server::with_folder(database, SECRET, folder);
    let (unfinished, put) = (folder.join("unfinished"), folder.join("a.xml"));
    std::fs::write(&unfinished, &xml).unwrap();
    std::fs::rename(&unfinished, &put).unwrap();
    // The folder is looked at every few seconds; what counts begins with the first fee.
    let cookie = format!("anqud={}", server.sign_in("finance@demo.example"));
    let start = Instant::now();
    while !folder.join("a.xml.done").exists() {
        std::thread::sleep(Duration::from_millis(50));
    }
    let took = start.elapsed().as_secs_f64();
    let request =
        Request { method: "GET", path: "/en/finance".into(), headers: vec![("Cookie", cookie)], body: String::new() };
    let start = Instant::now();
    let (_, desk) = Connection::open(&server.address).ask(&request);
    assert!(desk.contains("The books balance"));
    let proved = start.elapsed().as_secs_f64();
    let rate = MANY as f64 / took;
    row(
        "the same statement taken in: paid, receipts, postings, cases moved",
        &format!("{took:.1} s, {rate:.0} a second"),
    );
    row("finance desk with the books of 120,000 payments proved", &format!("{proved:.2} s"));
}

/// Reading the statement twice, as it is read when it is taken in, with the references of all entries.
fn reading(xml: &str) {
    let start = Instant::now();
    let source = pay::bank::Source::Bytes(xml.as_bytes().into());
    let heads = pay::bank::survey(&source).unwrap();
    let mut named = 0;
    let read = pay::bank::portions(&source, 200, &mut |portion| {
        named += portion.entries.iter().filter(|entry| !entry.part.named.is_empty()).count();
        true
    });
    read.unwrap();
    let took = start.elapsed().as_secs_f64();
    assert_eq!((heads.len(), named as u64), (1, MANY));
    row("100,000 entries of a statement read, with their references", &format!("{took:.2} s"));
}

/// A statement that names each of these payments by its structured reference.
fn statement_of(owed: &[String]) -> String {
    let entries: String = owed
        .iter()
        .enumerate()
        .map(|(number, id)| {
            format!(
                "<Ntry><Amt Ccy=\"JOD\">35.000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt>\
                 <Dt>2021-12-30</Dt></BookgDt><AcctSvcrRef>B{number}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr>\
                 <Nm>Payer {number}</Nm></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf><Ref>{}</Ref></CdtrRefInf></Strd>\
                 </RmtInf></TxDtls></NtryDtls></Ntry>",
                pay::bank::creditor_reference(id)
            )
        })
        .collect();
    format!(
        "<Document><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>PS47DEMO000000000000000000001</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    )
}
