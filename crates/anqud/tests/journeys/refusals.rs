//! What nobody can mean is refused clearly, in the reader's language and with the headers of every answer; what people
//! paste without knowing does no harm.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::server::{Server, header, postgres};

/// Sends bytes as they are; the whole answer.
fn raw(server: &Server, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(request).unwrap();
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

const HEADERS: [&str; 5] =
    ["x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy", "cache-control"];

fn has_headers(head: &str, what: &str) {
    for name in HEADERS {
        assert!(head.lines().any(|line| line.to_lowercase().starts_with(&format!("{name}:"))), "{what}: no {name}");
    }
}

fn every_answer_has_the_headers(server: &Server) {
    let long = format!("/en/services?q={}", "a".repeat(9_000));
    let table: [(&str, &str, &str, u16); 12] = [
        ("GET", "/en", "", 200),
        ("GET", "/", "", 307),
        ("GET", "/assets/anqud.css", "", 200),
        ("GET", "/assets/nothing", "", 404),
        ("GET", "/healthz", "", 200),
        ("GET", "/readyz", "", 200),
        ("GET", "/metrics", "", 401),
        ("GET", "/en/nothing", "", 404),
        ("GET", "/en/cases", "", 303),
        ("GET", "/api/v1/services", "", 200),
        ("GET", "/api/v1/nothing", "", 404),
        ("GET", &long, "", 414),
    ];
    for (method, path, body, expect) in table {
        let (status, head, _) = server.ask(method, path, &[], body);
        assert_eq!(status, expect, "{path}");
        has_headers(&head, path);
    }
    let too_much = "a=".to_owned() + &"a".repeat(2 << 20);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let (status, head, _) = server.ask("POST", "/en/sign-in", &form, &too_much);
    assert_eq!(status, 413);
    has_headers(&head, "413");
}

fn what_cannot_be_meant_is_refused(server: &Server) {
    let address = &server.address;
    let pages = [
        ("/en/%zz", "This address is damaged"),
        ("/en/services/%ff", "This address is damaged"),
        ("/en/services/%00", "This address is damaged"),
        ("/en/services?q=%00", "This address is damaged"),
        ("/ar/services?q=%", "هذا العنوان تالف"),
        ("/en/sign-in?next=/%0d%0aSet-Cookie:a", "This address is damaged"),
        ("/en/sign-in?next=//evil.example", "This address is damaged"),
        ("/ar/sign-in?next=https://evil.example", "هذا العنوان تالف"),
        ("/en/sign-in?next=/%5Cevil.example", "This address is damaged"),
    ];
    for (path, said) in pages {
        let (status, head, body) = server.ask("GET", path, &[], "");
        assert!(status == 400 && body.contains(said), "{path}: {status} {body}");
        assert!(header(&head, "content-type").starts_with("text/html"), "{path}");
    }
    for path in ["/api/v1/services/%zz", "/api/v1/services/%00", "/api/v1/registers?cursor=%00"] {
        let (status, head, body) = server.ask("GET", path, &[("Accept-Language", "ar")], "");
        assert_eq!(status, 400, "{path}");
        assert!(header(&head, "content-type").starts_with("application/problem+json"), "{path}");
        assert!(body.contains("العنوان غير صحيح الصياغة"), "{body}");
    }
    for path in ["/en", "/api/v1/services"] {
        let two = raw(
            server,
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        assert!(two.starts_with("HTTP/1.1 400 "), "{two}");
        has_headers(&two, "two hosts");
        let none = raw(server, format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n").as_bytes());
        assert!(none.starts_with("HTTP/1.1 400 "), "{none}");
    }
    let (status, _, body) = server.ask(
        "POST",
        "/en/sign-in",
        &[("Content-Type", "application/x-www-form-urlencoded")],
        "email=company%40demo.example&password=anqud-demo&next=%2F%2Fevil.example",
    );
    assert_eq!(status, 400, "{body}");
    for kind in ["multipart/form-data; boundary=other", "multipart/form-data", "multipart/form-data; boundary="] {
        let sent = "--one\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na\r\n--one--\r\n";
        let (status, _, body) = server.ask("POST", "/en/sign-in", &[("Content-Type", kind)], sent);
        assert_eq!(status, 400, "{kind}");
        assert!(body.contains("We could not read the form"), "{kind}: {body}");
    }
}

fn a_host_says_nothing_of_where_we_are(server: &Server) {
    let cookie = server.sign_in("company@demo.example");
    for path in ["/en", "/en/cases", "/en/payments"] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        let said = raw(server, request.as_bytes());
        assert!(said.starts_with("HTTP/1.1 200 ") && !said.contains("evil.example"), "{path}");
    }
}

fn nobody_but_operators_reads_the_numbers(server: &Server) {
    assert_eq!(server.send("GET", "/metrics", "", "").0, 401);
    assert_eq!(server.send("GET", "/metrics", "anqud=guess", "").0, 401);
    assert_eq!(server.send("GET", "/metrics", &server.sign_in("company@demo.example"), "").0, 403);
    assert!(server.get("/metrics", &server.sign_in("admin@demo.example")).contains("anqud_ready 1"));
}

fn no_character_that_a_database_cannot_hold_comes_in(server: &Server) {
    let body = json!({"email": "company@demo.example", "password": "anqud-demo"}).to_string();
    let (_, _, session) = server.ask("POST", "/api/v1/session", &[("Content-Type", "application/json")], &body);
    let session: Value = serde_json::from_str(&session).unwrap();
    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str()), ("Accept-Language", "en")];
    let file = |data: &str| server.ask("POST", "/api/v1/services/company-registration/cases", &headers, data);
    for data in [
        r#"{"data": {"company_name": "Zay\u0000touna"}}"#,
        r#"{"data": {"company\u0000name": "Zaytouna"}}"#,
        r#"{"data": {"company_name": ["a", {"b": "\u001f"}]}}"#,
        r#"{"data": {"company_name": "\b"}}"#,
    ] {
        let (status, _, body) = file(data);
        assert_eq!(status, 400, "{data}: {body}");
        assert!(body.contains("urn:anqud:problem:characters"), "{body}");
    }
    for wrong in [json!({"a": 1}), json!(["x"]), json!([{"a": []}]), json!(true), json!(null), json!(12)] {
        let (status, _, body) = file(&json!({"data": {"company_name": wrong}}).to_string());
        assert_eq!(status, 422, "{wrong}: {body}");
    }
    // People paste such characters from papers without seeing them; their form goes through without them.
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let sent = "email=comp%00any%40demo.example&password=anqud-demo%1F";
    assert_eq!(server.ask("POST", "/en/sign-in", &form, sent).0, 303);
    let (status, _, _) = server.ask("POST", "/api/v1/documents?name=a%00.pdf", &headers, "x");
    assert_eq!(status, 400);
    for key in ["a\u{1}b", "ملف"] {
        let with_key = [headers[0], headers[1], ("Idempotency-Key", key)];
        let (status, ..) = server.ask("POST", "/api/v1/services/company-registration/cases", &with_key, "{}");
        assert_eq!(status, 400, "{key}");
    }
}

fn a_tag_is_quoted_and_payers_come_back_to_us(server: &Server) {
    let body = json!({"email": "company@demo.example", "password": "anqud-demo"}).to_string();
    let (_, _, session) = server.ask("POST", "/api/v1/session", &[("Content-Type", "application/json")], &body);
    let session: Value = serde_json::from_str(&session).unwrap();
    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    for (tag, expect) in [("abc", 400), ("\"", 400), ("1", 400), ("\"abc\"", 412)] {
        let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str()), ("If-Match", tag)];
        let (status, _, body) =
            server.ask("PUT", "/api/v1/registers/companies/records/NONE", &headers, "{\"data\": {}}");
        assert_eq!(status, expect, "{tag}: {body}");
    }
    let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
    let ours = format!("http://{}", server.address);
    let evil = [
        "http://evil.example/x".to_owned(),
        format!("{ours}.evil.example/"),
        format!("{ours}@evil.example/"),
        "//evil.example".to_owned(),
        "javascript:alert(1)".to_owned(),
    ];
    for back in evil {
        let wanted = json!({"way": "card", "back": back}).to_string();
        let (status, _, body) = server.ask("POST", "/api/v1/payments/PY-7K3M-9QX4/start", &headers, &wanted);
        assert!(body.contains("problem:back") || body.contains("not-found"), "{back}: {status} {body}");
    }
}

fn all(server: &Server) {
    every_answer_has_the_headers(server);
    what_cannot_be_meant_is_refused(server);
    a_host_says_nothing_of_where_we_are(server);
    nobody_but_operators_reads_the_numbers(server);
    no_character_that_a_database_cannot_hold_comes_in(server);
    a_tag_is_quoted_and_payers_come_back_to_us(server);
}

#[test]
fn what_nobody_can_mean_is_refused_on_sqlite() {
    all(&Server::start("refusals", None));
}

#[test]
fn what_nobody_can_mean_is_refused_on_postgres() {
    if let Some(url) = postgres("refusals") {
        all(&Server::start("refusals-pg", Some(&url)));
    }
}
