//! The database is full, or its connections are cut, or it is away: nothing that was acknowledged is lost, nothing is
//! there twice, and people are told what happens.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};

use crate::{
    much,
    node::{Node, history},
    server::{header, postgres},
};

/// Files a company under a key; the status, the head and the answer.
fn file(node: &Node, bearer: &str, key: &str) -> (u16, String, Value) {
    let data = json!({"data": {
        "company_name": "Zaytouna", "region": "ramallah", "activity": "software", "founded": "2021-11-01",
        "capital": 5000, "owner_id": "402177836", "phone": "0599000102", "email": "company@demo.example",
    }});
    let headers = [("Content-Type", "application/json"), ("Authorization", bearer), ("Idempotency-Key", key)];
    let path = "/api/v1/services/company-registration/cases";
    let (status, head, body) = node.ask("POST", path, &headers, &data.to_string());
    (status, head, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

/// Every case of the company, over all pages of the list.
fn cases(node: &Node, bearer: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let (status, _, body) =
            node.ask("GET", &format!("/api/v1/cases?limit=100{cursor}"), &[("Authorization", bearer)], "");
        assert_eq!(status, 200, "{body}");
        let page: Value = serde_json::from_str(&body).unwrap();
        found.extend(
            page["items"].as_array().unwrap().iter().map(|case| case["reference"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// Whether every acknowledged key is one case, and there is no case beside them and those that were there before.
fn is_whole(node: &Node, bearer: &str, before: usize, acknowledged: &BTreeMap<String, String>) {
    for (key, reference) in acknowledged.iter().step_by(1 + acknowledged.len() / 100) {
        let (status, _, again) = file(node, bearer, key);
        assert_eq!((status, again["reference"].as_str()), (201, Some(reference.as_str())), "{key}");
    }
    let found = cases(node, bearer);
    let lost: Vec<_> = acknowledged.values().filter(|reference| !found.contains(reference)).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert_eq!(found.len(), before + acknowledged.len(), "nothing is there twice");
}

/// Asks until it is answered with this status.
fn becomes(node: &Node, path: &str, wanted: u16) {
    for _ in 0..600 {
        let status = node.ask("GET", path, &[], "").0;
        if status == wanted {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{path} never became {wanted}");
}

/// A page for somebody who is signed in: they are told, and not sent to sign in.
fn people_are_told(node: &Node, cookie: &str) {
    let (status, head, body) = node.ask("GET", "/ar/cases", &[("Cookie", cookie)], "");
    assert_eq!(status, 503, "{body}");
    assert_eq!(header(&head, "retry-after"), "10");
    assert!(body.contains("الخدمة غير متاحة الآن") && body.contains("dir=\"rtl\""), "{body}");
}

#[test]
fn a_disk_that_is_full_and_has_room_again_loses_nothing() {
    let database = history("full", None);
    // Room for a few hundred kilobytes more, in the blocks of 512 bytes that the shell counts by.
    let blocks = std::fs::metadata(&database).unwrap().len() / 512 + 600;
    let node = Node::limited(&format!("trap '' XFSZ && ulimit -S -f {blocks}"), &database, &[]);
    let bearer = node.sign_in("company@demo.example");
    let cookie = format!("anqud={}", bearer.trim_start_matches("Bearer "));
    let before = cases(&node, &bearer).len();
    let (number, full) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let acknowledged: Mutex<BTreeMap<String, String>> = Mutex::default();
    let refused: Mutex<Vec<String>> = Mutex::default();
    let work = |until: usize| {
        while full.load(SeqCst) < until && number.load(SeqCst) < 20_000 {
            let key = format!("full-{}", number.fetch_add(1, SeqCst));
            match file(&node, &bearer, &key) {
                (201, _, case) => {
                    acknowledged.lock().unwrap().insert(key, case["reference"].as_str().unwrap().to_owned());
                }
                (503, head, problem) => {
                    assert_eq!(problem["type"], "urn:anqud:problem:unavailable");
                    assert_eq!(header(&head, "retry-after"), "10");
                    full.fetch_add(1, SeqCst);
                    refused.lock().unwrap().push(key);
                }
                (status, _, other) => panic!("{status}: {other}"),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| work(20));
        }
    });
    assert!(full.load(SeqCst) > 0, "the disk never was full");
    // Reading goes on, and nobody is taken for a stranger.
    let (status, _, page) = node.ask("GET", "/en/cases", &[("Cookie", &cookie)], "");
    assert!(status == 200 && page.contains("sign-out"), "{status}");
    becomes(&node, "/readyz", 503);
    let pid = Pid::from_raw(i32::try_from(node.id()).unwrap());
    prlimit(pid, Resource::Fsize, Rlimit { current: None, maximum: None }).unwrap();
    becomes(&node, "/readyz", 200);
    for key in refused.into_inner().unwrap() {
        let (status, _, case) = file(&node, &bearer, &key);
        assert_eq!(status, 201, "{case}");
        acknowledged.lock().unwrap().insert(key, case["reference"].as_str().unwrap().to_owned());
    }
    is_whole(&node, &bearer, before, &acknowledged.into_inner().unwrap());
}

#[test]
fn two_nodes_whose_connections_are_cut_lose_nothing() {
    let Some(url) = postgres("soak_cut") else { return };
    let application = format!("anqud_soak_{}", std::process::id());
    let named = format!("{url}&application_name={application}");
    let nodes: Vec<Node> = {
        history("cut", Some(&url));
        (0..2).map(|_| Node::start(&named, &[])).collect()
    };
    let bearer = nodes[0].sign_in("company@demo.example");
    let before = cases(&nodes[1], &bearer).len();
    let (over, number) = (AtomicBool::new(false), AtomicUsize::new(0));
    let acknowledged: Mutex<BTreeMap<String, String>> = Mutex::default();
    let base = std::env::var("ANQUD_TEST_POSTGRES").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(SeqCst) {
                    let turn = number.fetch_add(1, SeqCst);
                    let key = format!("cut-{turn}");
                    // To either, in an order that has nothing to do with the work, and to the other after a refusal.
                    for tried in 0.. {
                        let node = &nodes[(turn.wrapping_mul(2_654_435_761) >> 7).wrapping_add(tried) % 2];
                        match file(node, &bearer, &key) {
                            (201, _, case) => {
                                let reference = case["reference"].as_str().unwrap().to_owned();
                                acknowledged.lock().unwrap().insert(key, reference);
                                break;
                            }
                            (503, ..) if tried < 200 => std::thread::sleep(Duration::from_millis(20)),
                            (status, _, other) => panic!("{key}: {status}: {other}"),
                        }
                    }
                }
            });
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for round in 0..much(15, 350) {
            std::thread::sleep(Duration::from_millis(50 + (round as u64 * 7919) % 150));
            let cut = runtime.block_on(store::testing::cut_connections(&base, &application));
            if let Err(error) = cut {
                over.store(true, SeqCst);
                panic!("{error}");
            }
        }
        // However slow the machine is, work goes on when nobody cuts any more.
        let amid = acknowledged.lock().unwrap().len();
        let enough = || acknowledged.lock().unwrap().len() > amid + 8;
        let went_on = (0..1200).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            enough()
        });
        over.store(true, SeqCst);
        println!("{amid} cases were filed amid the cuts");
        assert!(went_on, "too few went through after the cuts");
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    for node in &nodes {
        becomes(node, "/readyz", 200);
        is_whole(node, &bearer, before, &acknowledged);
    }
}

/// What stands between a node and its database, and can be taken away.
struct Between {
    address: String,
    away: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Between {
    fn start(to: String) -> Between {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (away, open) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (is_away, opened): (Arc<AtomicBool>, Arc<Mutex<Vec<TcpStream>>>) = (away.clone(), open.clone());
        std::thread::spawn(move || {
            for one in listener.incoming() {
                let (Ok(one), false) = (one, is_away.load(SeqCst)) else { continue };
                let Ok(other) = TcpStream::connect(&to) else { continue };
                let ends = [(one.try_clone().unwrap(), other.try_clone().unwrap()), (other, one)];
                for (mut from, mut to) in ends {
                    opened.lock().unwrap().push(from.try_clone().unwrap());
                    std::thread::spawn(move || {
                        let mut bytes = [0; 16 << 10];
                        while let Ok(read @ 1..) = from.read(&mut bytes) {
                            if to.write_all(&bytes[..read]).is_err() {
                                break;
                            }
                        }
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
            }
        });
        Between { address, away, open }
    }

    fn take_away(&self) {
        self.away.store(true, SeqCst);
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn bring_back(&self) {
        self.away.store(false, SeqCst);
    }
}

#[test]
fn a_database_that_is_away_is_said_to_be_and_nobody_is_sent_to_sign_in() {
    let Some(url) = postgres("soak_away") else { return };
    history("away", Some(&url));
    let (head, rest) = url.split_once('@').unwrap();
    let (server, path) = rest.split_once('/').unwrap();
    let between = Between::start(server.to_owned());
    let node = Node::start(&format!("{head}@{}/{path}", between.address), &[]);
    let bearer = node.sign_in("company@demo.example");
    let cookie = format!("anqud={}", bearer.trim_start_matches("Bearer "));
    assert_eq!(node.ask("GET", "/ar/cases", &[("Cookie", &cookie)], "").0, 200);
    between.take_away();
    becomes(&node, "/readyz", 503);
    // What was known of a session is not asked again for a while; after that it cannot be.
    let told = (0..60).any(|_| {
        std::thread::sleep(Duration::from_secs(1));
        let attempt = || people_are_told(&node, &cookie);
        catch_unwind(AssertUnwindSafe(attempt)).is_ok()
    });
    assert!(told);
    let (status, head, problem) = file(&node, &bearer, "away");
    assert_eq!((status, header(&head, "retry-after").as_str()), (503, "10"), "{problem}");
    // The stylesheet of that page needs no database.
    assert_eq!(node.ask("GET", "/assets/anqud.css", &[("Cookie", &cookie)], "").0, 200);
    between.bring_back();
    becomes(&node, "/readyz", 200);
    let (status, _, page) = node.ask("GET", "/ar/cases", &[("Cookie", &cookie)], "");
    assert!(status == 200 && page.contains("sign-out"), "the session is still there: {status}");
    assert_eq!(file(&node, &bearer, "away").0, 201);
}
