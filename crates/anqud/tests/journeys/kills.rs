//! The process is killed again and again while people pay. From outside: nothing that was acknowledged is lost, nothing
//! is charged twice, and the books balance.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant, SystemTime},
};

use serde_json::{Value, json};

use crate::server::{ask, between, postgres};

const SECRET: &str = "a secret between two";

/// A portal on a database that outlives it.
struct Portal {
    database: String,
    address: String,
    child: Mutex<Child>,
    more: Vec<String>,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).args(arguments).stdout(Stdio::piped());
    command
}

impl Portal {
    fn start(name: &str, more: &[String]) -> Portal {
        Portal::on(None, name, more)
    }

    fn on(database: Option<&str>, name: &str, more: &[String]) -> Portal {
        let folder = std::env::temp_dir().join(format!("anqud-{name}-{}", std::process::id()));
        let mut demo = command(&["demo", "--cases", "5", "--no-serve", "--data"]);
        demo.arg(&folder).args(database.iter().flat_map(|url| ["--database", url]));
        let made = demo.output().unwrap();
        assert!(made.status.success());
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let database = database.map_or_else(|| folder.join("anqud-demo.db").display().to_string(), str::to_owned);
        let child = Mutex::new(Portal::serve(&database, &address, more));
        Portal { database, address, child, more: more.to_vec() }
    }

    fn serve(database: &str, address: &str, more: &[String]) -> Child {
        let gateway = ["--gateway", "http://127.0.0.1:9", "--gateway-secret", SECRET];
        let mut child =
            command(&["serve", "--database", database, "--listen", address]).args(gateway).args(more).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.find(|line| line.as_ref().unwrap().contains("http://")).expect("the portal says where it is").unwrap();
        child
    }

    /// Kills the process as a power cut would, and starts it anew.
    fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        *child = Portal::serve(&self.database, &self.address, &self.more);
    }

    /// Sends a request until somebody answers it.
    fn insist(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
        loop {
            if TcpStream::connect(&self.address).is_ok() {
                let answered = catch_unwind(AssertUnwindSafe(|| ask(&self.address, method, path, headers, body)));
                if let Ok((status, _, text)) = answered {
                    return (status, serde_json::from_str(&text).unwrap_or(Value::String(text)));
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn sign_in(&self, email: &str) -> String {
        let body = json!({"email": email, "password": "anqud-demo"}).to_string();
        let (_, answer) = self.insist("POST", "/api/v1/session", &[("Content-Type", "application/json")], &body);
        format!("Bearer {}", answer["token"].as_str().unwrap())
    }

    /// Files a company whose fee is 35 dinars; case and payment.
    fn owe(&self, bearer: &str, key: &str) -> (String, String) {
        let data = json!({"data": {
            "company_name": "Zaytouna", "region": "ramallah", "activity": "software", "founded": "2021-11-01",
            "capital": 5000, "owner_id": "402177836", "phone": "0599000102", "email": "company@demo.example",
        }});
        let headers = [("Content-Type", "application/json"), ("Authorization", bearer), ("Idempotency-Key", key)];
        let path = "/api/v1/services/company-registration/cases";
        let (status, case) = self.insist("POST", path, &headers, &data.to_string());
        assert_eq!(status, 201, "{case}");
        (case["reference"].as_str().unwrap().to_owned(), case["payment"].as_str().unwrap().to_owned())
    }

    /// Files a company, sets out to pay and lets the provider call back; case and payment.
    fn pay(&self, bearer: &str, key: &str) -> (String, String) {
        let (reference, payment) = self.owe(bearer, key);
        self.set_out(bearer, &payment);
        let heard = self.call_back(&Called::now(&payment));
        assert!(heard == "paid" || heard == "repeated", "{heard}");
        (reference, payment)
    }

    fn set_out(&self, bearer: &str, payment: &str) {
        let signed_in = [("Content-Type", "application/json"), ("Authorization", bearer)];
        let start = format!("/api/v1/payments/{payment}/start");
        let (status, started) = self.insist("POST", &start, &signed_in, &json!({"way": "card"}).to_string());
        // Whoever asks again for what is paid is told so.
        assert!(status == 200 || (status == 409 && started["state"] == "paid"), "{started}");
    }

    /// The provider calls; what came of it.
    fn call_back(&self, called: &Called) -> String {
        let Called { seconds, signature, body } = called;
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Anqud-Timestamp", seconds.as_str()),
            ("X-Anqud-Signature", signature.as_str()),
        ];
        let (status, heard) = self.insist("POST", "/api/v1/payments/callbacks/card", &headers, body);
        assert_eq!(status, 200, "{heard}");
        heard["came_of_it"].as_str().unwrap().to_owned()
    }
}

/// What the provider says of a payment, with its time and its signature.
struct Called {
    seconds: String,
    signature: String,
    body: String,
}

impl Called {
    #[expect(clippy::disallowed_methods, reason = "the payment provider has a clock of its own")]
    fn now(payment: &str) -> Called {
        let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() as i64;
        let said = json!({
            "id": format!("{payment}-ok"), "attempt": format!("{payment}-1"), "kind": "succeed",
            "amount": "35.000", "currency": "JOD",
        });
        let body = said.to_string();
        Called { signature: pay::way::sign(SECRET, seconds, &body), seconds: seconds.to_string(), body }
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// How often to kill: what `ANQUD_KILLS` says, or a part of what is meant, which everybody runs.
fn kills(short: usize) -> usize {
    std::env::var("ANQUD_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}

#[test]
fn whoever_was_told_that_it_is_paid_has_paid_once_however_often_the_process_dies() {
    // Two hundred take four minutes.
    killed(&Portal::start("kills", &[]), kills(15));
}

#[test]
fn whoever_was_told_that_it_is_paid_has_paid_once_on_postgres_too() {
    if let Some(url) = postgres("kills") {
        killed(&Portal::on(Some(&url), "kills-pg", &[]), kills(5));
    }
}

fn killed(portal: &Portal, kills: usize) {
    // The panics of connections that are cut are expected; the test would otherwise drown in them.
    let noise = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name().is_none_or(|name| !name.starts_with("payer")) {
            noise(info);
        }
    }));
    let bearer = portal.sign_in("company@demo.example");
    let (over, number) = (AtomicBool::new(false), AtomicUsize::new(0));
    let acknowledged: Mutex<BTreeMap<String, (String, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        for payer in 0..4 {
            let work = || {
                while !over.load(SeqCst) {
                    let key = format!("kill-{}", number.fetch_add(1, SeqCst));
                    let paid = portal.pay(&bearer, &key);
                    acknowledged.lock().unwrap().insert(key, paid);
                }
            };
            std::thread::Builder::new().name(format!("payer-{payer}")).spawn_scoped(scope, work).unwrap();
        }
        // The first kill comes when the work is under way, however slow the machine is.
        for _ in 0..1200 {
            if !acknowledged.lock().unwrap().is_empty() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        for round in 0..kills {
            // A moment that has nothing to do with what the portal is doing.
            let wait = 40 + (round as u64 * 7919) % 260;
            std::thread::sleep(Duration::from_millis(wait));
            portal.kill();
        }
        // However slow the machine is, what was under way comes to its end.
        let amid = acknowledged.lock().unwrap().len();
        let enough = || acknowledged.lock().unwrap().len() > amid + 4;
        for _ in 0..1200 {
            if enough() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        over.store(true, SeqCst);
        assert!(amid > 0 && enough(), "only {amid} payments went through amid the kills, and too few after them");
    });
    let acknowledged = acknowledged.into_inner().unwrap();

    let began = Instant::now();
    for (key, (case, payment)) in &acknowledged {
        let headers = [("Authorization", bearer.as_str())];
        let (_, paid) = portal.insist("GET", &format!("/api/v1/payments/{payment}"), &headers, "");
        assert_eq!(paid["state"], "paid", "{key}: {paid}");
        let (_, moved) = portal.insist("GET", &format!("/api/v1/cases/{case}"), &headers, "");
        assert_eq!(moved["state"], "check", "{key}: {moved}");
        // The same key is still the same case and the same payment.
        if began.elapsed() < Duration::from_secs(5) {
            assert_eq!(portal.pay(&bearer, key), (case.clone(), payment.clone()));
        }
    }
    // The ledger, read as an auditor would: fees of the day are those payments and nothing else.
    let cookie = format!("anqud={}", portal.sign_in("finance@demo.example").trim_start_matches("Bearer "));
    let (_, desk) = portal.insist("GET", "/en/finance?from=2025-01-01", &[("Cookie", &cookie)], "");
    let desk = desk.as_str().unwrap();
    assert!(desk.contains("The books balance"), "{desk}");
    let count = between(desk, "JOD</bdi></p><p>", " payment");
    assert_eq!(count, acknowledged.len().to_string(), "every payment was acknowledged, and each is there once");
}

#[test]
fn a_callback_that_somebody_sends_again_changes_nothing_and_is_seen() {
    let portal = Portal::start("replayed", &[]);
    let bearer = portal.sign_in("company@demo.example");
    let (_, payment) = portal.owe(&bearer, "replayed");
    portal.set_out(&bearer, &payment);
    let called = Called::now(&payment);
    assert_eq!(portal.call_back(&called), "paid");
    let cookie = format!("anqud={}", portal.sign_in("finance@demo.example").trim_start_matches("Bearer "));
    let admin = portal.sign_in("admin@demo.example");
    let seen = || {
        let (_, desk) = portal.insist("GET", "/en/finance", &[("Cookie", &cookie)], "");
        let (_, metrics) = portal.insist("GET", "/metrics", &[("Authorization", &admin)], "");
        let metrics = metrics.as_str().unwrap();
        let alarms: u32 = between(metrics, "\nanqud_payment_alarms_total ", "\n").parse().unwrap();
        (desk.as_str().unwrap().contains("came again to the letter"), alarms)
    };
    assert_eq!(seen(), (false, 0));
    assert_eq!(portal.call_back(&called), "repeated");
    assert_eq!(seen(), (true, 1));
}

#[test]
fn statements_that_are_put_into_a_folder_are_taken_in_once() {
    let folder = std::env::temp_dir().join(format!("anqud-folder-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let portal = Portal::start("folder-db", &["--statements".into(), folder.display().to_string()]);
    let bearer = portal.sign_in("company@demo.example");
    let (case, payment) = portal.owe(&bearer, "folder");
    let statement = format!(
        "<Document><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>PS47DEMO000000000000000000001</IBAN></Id></Acct><Ntry><Amt Ccy=\"JOD\">35</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><NtryDtls><TxDtls><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls></NtryDtls>\
         </Ntry></Stmt></BkToCstmrStmt></Document>",
        pay::bank::creditor_reference(&payment)
    );
    // Whoever puts a file there writes it elsewhere first; half a file is never read.
    let put = |name: &str, text: &str| {
        std::fs::write(folder.join("unfinished"), text).unwrap();
        std::fs::rename(folder.join("unfinished"), folder.join(name)).unwrap();
    };
    put("a.xml", &statement);
    put("b.xml", "no statement");
    let until = Instant::now() + Duration::from_secs(30);
    while !(folder.join("a.xml.done").exists() && folder.join("b.xml.refused").exists()) {
        assert!(Instant::now() < until, "nobody took the statements in");
        std::thread::sleep(Duration::from_millis(100));
    }
    let (_, moved) = portal.insist("GET", &format!("/api/v1/cases/{case}"), &[("Authorization", &bearer)], "");
    assert_eq!(moved["state"], "check", "{moved}");
    std::fs::remove_dir_all(&folder).unwrap();
}
