//! The journey that the product is for: somebody applies, a clerk grants it, and the figure is one higher with that
//! case in its list. Driven over HTTP against the real command, on SQLite and, where there is one, on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

/// A running demo, ended with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(name: &str, database: Option<&str>) -> Server {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let data = std::env::temp_dir().join(format!("anqud-{name}-{}", std::process::id()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
        command.current_dir(root).args(["demo", "--cases", "40", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .find_map(|line| line.unwrap().split_once("http://").map(|(_, rest)| rest.trim_end_matches('/').to_owned()))
            .expect("the demo says where it listens");
        Server { child, address }
    }

    /// One request on a connection of its own: status, headers, body.
    fn send(&self, method: &str, path: &str, cookie: &str, body: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_owned(), body.to_owned())
    }

    fn get(&self, path: &str, cookie: &str) -> String {
        let (status, _, body) = self.send("GET", path, cookie, "");
        assert_eq!(status, 200, "{path}");
        body
    }

    /// Sends a form with the token of its page; where it leads.
    fn post(&self, page: &str, action: &str, cookie: &str, fields: &str) -> String {
        let csrf = between(&self.get(page, cookie), "name=\"csrf\" value=\"", "\"");
        let (status, head, body) = self.send("POST", action, cookie, &format!("csrf={csrf}&{fields}"));
        assert_eq!(status, 303, "{action}: {body}");
        header(&head, "location")
    }

    fn sign_in(&self, email: &str) -> String {
        let (status, head, _) =
            self.send("POST", "/ar/sign-in", "", &format!("email={}&password=anqud-demo", email.replace('@', "%40")));
        assert_eq!(status, 303, "{email} signs in");
        header(&head, "set-cookie").split(';').next().unwrap().to_owned()
    }

    fn granted(&self) -> i64 {
        let page = self.get("/en/indicators/licences-granted", "");
        between(&page, "<p class=\"number\"><bdi>", "</bdi>").replace(',', "").parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whether it had ended already does not matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0.to_owned()
}

fn header(head: &str, name: &str) -> String {
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name} in {head}")).split_once(':').unwrap().1.trim().to_owned()
}

fn apply_grant_and_see(server: &Server) {
    let before = server.granted();
    let citizen = server.sign_in("company@demo.example");
    let service = "/ar/services/software-company-licence";
    let company = server.post(service, &format!("{service}/start"), &citizen, "");
    let people = server.post(&company, &company, &citizen, "company_name=Zaytouna&region=ramallah&company=");
    // A wrong answer is said in words and loses nothing.
    let csrf = between(&server.get(&people, &citizen), "name=\"csrf\" value=\"", "\"");
    let (status, _, body) = server.send("POST", &people, &citizen, &format!("csrf={csrf}&staff=many&premises=own"));
    assert!(status == 422 && body.contains("اكتب عدداً صحيحاً") && body.contains("value=\"many\""), "{status}");
    let contact = server.post(&people, &people, &citizen, "staff=%D9%A1%D9%A2&premises=own");
    let check =
        server.post(&contact, &contact, &citizen, "contact_name=Sami&phone=0599123456&email=sami%40demo.example");
    assert!(check.ends_with("/check"), "{check}");
    let sent = server.post(&check, &check, &citizen, "");
    let reference = between(&sent, "/cases/", "?");
    assert_eq!(server.granted(), before, "an application is no licence yet");

    // A stranger gets the same answer as for a case that does not exist.
    let case = format!("/ar/cases/{reference}");
    let stranger = server.sign_in("citizen@demo.example");
    assert_eq!(server.send("GET", &case, &stranger, "").0, 404);
    assert_eq!(server.send("GET", "/ar/desk", &stranger, "").0, 403);

    let clerk = server.sign_in("clerk@demo.example");
    assert!(server.get("/ar/desk?show=nobodys", &clerk).contains(&reference));
    let page = server.get(&case, &clerk);
    let (csrf, revision) =
        (between(&page, "name=\"csrf\" value=\"", "\""), between(&page, "name=\"revision\" value=\"", "\""));
    let decide = format!("csrf={csrf}&revision={revision}");
    assert_eq!(server.send("POST", &format!("{case}/approve"), &clerk, &decide).0, 303);
    // A second clerk who saw the case as it was is told what the first did.
    assert_eq!(server.send("POST", &format!("{case}/reject"), &clerk, &format!("{decide}&note=no")).0, 409);

    assert_eq!(server.granted(), before + 1);
    assert!(server.get("/en/indicators/licences-granted", "").contains(&reference), "the case is in the list");
    assert!(server.get("/en/registers/licences", "").contains(&reference), "the licence is in its register");
}

#[test]
fn an_application_that_is_granted_moves_the_figure_and_stands_behind_it() {
    apply_grant_and_see(&Server::start("journey", None));
}

#[test]
fn the_same_journey_on_postgresql() {
    let Ok(url) = std::env::var("ANQUD_TEST_POSTGRES") else {
        eprintln!("left out: ANQUD_TEST_POSTGRES is not set");
        return;
    };
    let schema = format!("anqud_journey_{}", std::process::id());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(store::testing::fresh_schema(&url, &schema)).unwrap();
    let database = format!("{url}?options=-csearch_path%3D{schema}");
    apply_grant_and_see(&Server::start("journey-postgres", Some(&database)));
}

#[test]
fn a_form_of_another_site_changes_nothing() {
    let server = Server::start("foreign", None);
    let cookie = server.sign_in("company@demo.example");
    let start = "/ar/services/software-company-licence/start";
    let (status, _, body) = server.send("POST", start, &cookie, "csrf=wrong");
    assert_eq!(status, 400);
    assert!(body.contains("تعذرت قراءة النموذج"));
    assert_eq!(server.send("GET", "/ar/nothing/here", "", "").0, 404);
    assert_eq!(server.send("GET", "/ar/cases", "", "").0, 303, "who is not signed in is led to the door");
}
