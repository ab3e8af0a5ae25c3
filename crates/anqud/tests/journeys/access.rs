//! Who may do what: every page and every operation, from the tables of the routers, asked by a stranger and by everybody of
//! the demo, against a table that a reviewer reads (`access.txt`). And nobody is offered what they then may not do.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write,
};

use serde_json::Value;
use web::Twice;

use crate::{
    api::Caller,
    server::{Server, header},
};

/// The people of the demo: the address before the at sign, and the roles.
fn people() -> Vec<(String, Vec<String>)> {
    let demo =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/palestine/demo.yaml")).unwrap();
    let person = |line: &str| {
        let (_, rest) = line.split_once("{email: ")?;
        let (name, rest) = rest.split_once("@demo.example")?;
        let (roles, _) = rest.split_once("roles: [")?.1.split_once(']')?;
        let roles = roles.split(',').map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned).collect();
        Some((name.to_owned(), roles))
    };
    demo.lines().filter_map(person).collect()
}

/// An address with something where a name belongs that names nothing.
fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "nothing".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Who gets further than the door.
fn admitted(status: u16, head: &str) -> bool {
    let to_sign_in = status == 303 && header(head, "location").contains("/sign-in");
    !(status == 401 || status == 403 || to_sign_in)
}

/// What was asked, and who got further than the door, as the table says it.
fn line(asked: &str, all: &[String], admitted: &BTreeSet<String>) -> String {
    let who = match admitted.len() {
        n if n == all.len() => "everybody".to_owned(),
        n if n == all.len() - 1 && !admitted.contains("stranger") => "whoever is signed in".to_owned(),
        _ => admitted.iter().cloned().collect::<Vec<_>>().join(" "),
    };
    format!("{asked}: {who}\n")
}

#[test]
fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let server = Server::start("access", None);
    let people = people();
    assert!(people.len() > 10, "{people:?}");
    let cookies: BTreeMap<&str, String> = people
        .iter()
        .map(|(name, _)| (name.as_str(), server.sign_in(&format!("{name}@demo.example"))))
        .chain([("stranger", String::new())])
        .collect();
    let all: Vec<String> = cookies.keys().map(|name| (*name).to_owned()).collect();
    let mut table = String::new();
    let posts: BTreeMap<&str, Twice> = web::posts().collect();
    for path in web::routes().map(|route| route.path).filter(|path| *path != "/sign-out") {
        let address = format!("/en{}", filled(path));
        for method in ["GET", "POST"] {
            if method == "POST" && !posts.contains_key(path) {
                continue;
            }
            let mut may = BTreeSet::new();
            let mut there = false;
            for (name, cookie) in &cookies {
                // Without the token of its session no form does anything.
                let (status, head, _) = server.send(method, &address, cookie, "");
                assert!(status < 500, "{method} {address} as {name}: {status}");
                there |= !head.contains("allow: POST");
                if admitted(status, &head) {
                    may.insert((*name).to_owned());
                }
            }
            if there {
                table += &line(&format!("{method} {path}"), &all, &may);
            }
        }
    }
    let callers: BTreeMap<&str, Caller> = people
        .iter()
        .map(|(name, _)| (name.as_str(), Caller::sign_in(&server, &format!("{name}@demo.example"))))
        .chain([("stranger", Caller::nobody(&server))])
        .collect();
    for endpoint in web::endpoints().iter().filter(|e| !(e.method == "DELETE" && e.path == "/session")) {
        let mut may = BTreeSet::new();
        for (name, caller) in &callers {
            let (status, head, _) = caller.ask(endpoint.method, &filled(&endpoint.path), &[], &Value::Null);
            assert!(status < 500, "{endpoint:?} as {name}: {status}");
            if admitted(status, &head) {
                may.insert((*name).to_owned());
            }
        }
        table += &line(&format!("{} /api/v1{}", endpoint.method, endpoint.path), &all, &may);
    }
    let expected = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journeys/access.txt")).unwrap();
    if table != expected {
        let told = std::env::temp_dir().join("anqud-access.txt");
        std::fs::write(&told, &table).unwrap();
        let differs = |of: &str, than: &str| {
            let known: BTreeSet<&str> = than.lines().collect();
            of.lines().filter(|line| !known.contains(line)).fold(String::new(), |mut all, line| {
                writeln!(all, "  {line}").unwrap();
                all
            })
        };
        let (now, before) = (differs(&table, &expected), differs(&expected, &table));
        panic!("it is\n{now}and should be\n{before}The whole is in {}", told.display());
    }
}

/// The addresses that a page leads to, and those that its forms lead to.
fn offered(page: &str) -> (Vec<String>, Vec<String>) {
    let values = |mark: &str| {
        let pieces = page.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
        pieces.filter(|to| to.starts_with("/en")).map(|to| to.split('#').next().unwrap().to_owned()).collect()
    };
    (values("href=\""), values("method=\"post\" action=\""))
}

/// A page of each sort is enough: records and cases are alike.
fn sort_of(path: &str) -> String {
    let path = path.split('?').next().unwrap();
    path.split('/')
        .map(|part| if part.chars().any(|c| c.is_ascii_digit()) { "N" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn nobody_is_offered_what_they_may_not_do() {
    let server = Server::start("offered", None);
    let mut wrong = BTreeSet::new();
    for (name, _) in people().into_iter().chain([("stranger".to_owned(), Vec::new())]) {
        let cookie = if name == "stranger" { String::new() } else { server.sign_in(&format!("{name}@demo.example")) };
        let mut known = BTreeMap::<String, usize>::new();
        let mut waiting = VecDeque::from(["/en".to_owned()]);
        let mut looked = 0;
        while let Some(path) = waiting.pop_front().filter(|_| looked < 150) {
            looked += 1;
            let (status, head, page) = server.send("GET", &path, &cookie, "");
            if !matches!(status, 200 | 303) || (name != "stranger" && status == 303 && !admitted(status, &head)) {
                wrong.insert(format!("{name} is led to {path}, which answers {status}"));
                continue;
            }
            let (links, forms) = offered(&page);
            for to in links {
                let seen = known.entry(sort_of(&to)).or_default();
                if *seen < 2 {
                    *seen += 1;
                    waiting.push_back(to);
                }
            }
            for action in forms.iter().filter(|action| !action.ends_with("/sign-out")) {
                // Without its token the form does nothing, and says whether it would have been let in.
                let (status, head, _) = server.send("POST", action, &cookie, "");
                if name != "stranger" && !admitted(status, &head) {
                    wrong.insert(format!(
                        "{name} is offered on {} to send {}: {status}",
                        sort_of(&path),
                        sort_of(action)
                    ));
                }
            }
        }
        assert!(looked > 10, "{name} saw {looked} pages");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
