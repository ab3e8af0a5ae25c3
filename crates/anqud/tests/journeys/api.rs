//! The API, as programs use it.

use std::process::Command;

use serde_json::{Value, json};

use crate::server::{Server, between, header, postgres};

/// A caller with a token, or nobody.
pub struct Caller<'a> {
    pub server: &'a Server,
    token: String,
}

impl<'a> Caller<'a> {
    pub fn nobody(server: &'a Server) -> Caller<'a> {
        Caller { server, token: String::new() }
    }

    pub fn sign_in(server: &'a Server, email: &str) -> Caller<'a> {
        let (status, _, body) =
            Caller::nobody(server).ask("POST", "/session", &[], &json!({"email": email, "password": "anqud-demo"}));
        assert_eq!(status, 201, "{email}");
        Caller { server, token: body["token"].as_str().unwrap().to_owned() }
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, String, Value) {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("Content-Type", "application/json")];
        if !self.token.is_empty() {
            all.push(("Authorization", &bearer));
        }
        all.extend(headers);
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let (status, head, body) = self.server.ask(method, &format!("/api/v1{path}"), &all, &text);
        (status, head, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// Sends bytes under a key.
    pub fn send_with_key(&self, path: &str, key: &str, body: &str) -> (u16, String, Value) {
        let bearer = format!("Bearer {}", self.token);
        let content = ("Content-Type", "application/octet-stream");
        let headers = [content, ("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        let (status, head, body) = self.server.ask("POST", &format!("/api/v1{path}"), &headers, body);
        (status, head, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// Sends bytes.
    pub fn send(&self, path: &str, body: &str) -> (u16, String, Value) {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("Content-Type", "application/octet-stream"), ("Authorization", bearer.as_str())];
        let (status, head, body) = self.server.ask("POST", &format!("/api/v1{path}"), &headers, body);
        (status, head, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    fn get(&self, path: &str) -> Value {
        let (status, _, body) = self.ask("GET", path, &[], &Value::Null);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub fn file(&self, key: &str, staff: i64) -> (u16, String, Value) {
        let data = json!({"data": {
            "company_name": "زيتون", "region": "nablus", "staff": staff, "premises": "own",
            "contact_name": "سامي", "phone": "0599000102", "email": "a@demo.example"
        }});
        self.ask("POST", "/services/software-company-licence/cases", &[("Idempotency-Key", key)], &data)
    }
}

/// The blocks of shell in the walkthrough, in their order, against this server.
fn walk(server: &Server) {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md")).unwrap();
    let blocks = guide.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
    let script = format!("set -eu -o pipefail\n{}", blocks.collect::<Vec<_>>().join("\n"));
    let script = script.replace("127.0.0.1:8080", &server.address);
    let Ok(output) = Command::new("bash").args(["-c", &script]).output() else {
        eprintln!("left out: there is no bash");
        return;
    };
    let told = String::from_utf8_lossy(&output.stderr);
    if told.contains("curl: command not found") {
        eprintln!("left out: there is no curl");
        return;
    }
    assert!(output.status.success(), "{}\n{told}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("filed as SL-"));
}

fn a_request_sent_again_is_done_once(server: &Server) {
    let company = Caller::sign_in(server, "company@demo.example");
    let references: Vec<String> = std::thread::scope(|scope| {
        let ask = || {
            let (status, _, case) = company.file("again", 3);
            assert_eq!(status, 201, "{case}");
            case["reference"].as_str().unwrap().to_owned()
        };
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(references.iter().all(|one| *one == references[0]), "{references:?}");
    let (status, _, problem) = company.file("again", 4);
    assert_eq!((status, problem["type"].as_str().unwrap()), (422, "urn:anqud:problem:key-reused"));
}

fn the_second_clerk_is_told_what_the_first_did(server: &Server) {
    let company = Caller::sign_in(server, "company@demo.example");
    let (_, head, case) = company.file("two-clerks", 5);
    assert_eq!(header(&head, "location"), format!("/api/v1/cases/{}", case["reference"].as_str().unwrap()));
    let path = format!("/cases/{}", case["reference"].as_str().unwrap());
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    let (_, head, seen) = clerk.ask("GET", &path, &[], &Value::Null);
    assert_eq!(seen["actions"], json!(["approve", "ask", "reject"]));
    let tag = header(&head, "etag");
    let (status, _, problem) = clerk.ask("POST", &format!("{path}/actions/reject"), &[("If-Match", &tag)], &json!({}));
    assert_eq!((status, problem["type"].as_str().unwrap()), (422, "urn:anqud:problem:needs-note"));
    let approve = format!("{path}/actions/approve");
    let key = [("If-Match", tag.as_str()), ("Idempotency-Key", "yes")];
    for _ in 0..2 {
        let (status, _, granted) = clerk.ask("POST", &approve, &key, &json!({}));
        assert_eq!((status, granted["outcome"].as_str()), (200, Some("granted")), "{granted}");
    }
    for headers in [&[("If-Match", tag.as_str())][..], &[]] {
        let (status, _, problem) = clerk.ask("POST", &approve, headers, &json!({}));
        assert_eq!(status, 409);
        assert_eq!((problem["by"].as_str(), problem["state"].as_str()), (Some("clerk@demo.example"), Some("approved")));
    }
    let stranger = Caller::sign_in(server, "citizen@demo.example");
    let (missing, _, as_if_missing) = stranger.ask("GET", "/cases/SL-2222-2222", &[], &Value::Null);
    let (forbidden, _, forbidden_body) = stranger.ask("GET", &path, &[], &Value::Null);
    assert_eq!((forbidden, forbidden_body), (missing, as_if_missing), "what one may not know of is not there");
}

fn bad_requests_are_answered_with_problems(server: &Server) {
    let nobody = Caller::nobody(server);
    let company = Caller::sign_in(server, "company@demo.example");
    let wrong = Caller { server, token: "wrong".into() };
    let cases = "/services/software-company-licence/cases";
    let large = json!({"data": {"company_name": "x".repeat(2 << 20)}});
    for (caller, method, path, body, wanted, sort) in [
        (&nobody, "GET", "/nothing", Value::Null, 404, "not-found"),
        (&nobody, "GET", "/services/nothing", Value::Null, 404, "not-found"),
        (&nobody, "PATCH", "/services", Value::Null, 405, "method"),
        (&nobody, "GET", "/cases", Value::Null, 401, "sign-in"),
        (&wrong, "GET", "/services", Value::Null, 401, "token"),
        (&company, "GET", "/journal", Value::Null, 403, "forbidden"),
        (&company, "GET", "/journal/checkpoint", Value::Null, 403, "forbidden"),
        (&company, "POST", cases, json!({"answers": {}}), 400, "malformed"),
        (&company, "POST", cases, json!("text"), 400, "malformed"),
        (&company, "POST", cases, json!({"data": {}}), 422, "faults"),
        (&company, "POST", cases, large, 413, "too-large"),
        (&nobody, "POST", "/session", json!({"email": "a@b", "password": "no"}), 401, "wrong-credentials"),
        (&nobody, "GET", "/indicators/licences-granted?per=week", Value::Null, 400, "period"),
        (&nobody, "GET", "/indicators/licences-granted?by=shoes", Value::Null, 400, "dimension"),
        (&nobody, "GET", "/indicators/licences-granted?as_of=soon", Value::Null, 400, "day"),
        (&nobody, "GET", "/indicators/programmers/records", Value::Null, 409, "observed"),
    ] {
        let (status, head, problem) = caller.ask(method, path, &[("Accept-Language", "ar")], &body);
        assert_eq!(status, wanted, "{method} {path}: {problem}");
        assert_eq!(problem["type"].as_str().unwrap(), format!("urn:anqud:problem:{sort}"), "{path}");
        assert_eq!(header(&head, "content-type"), "application/problem+json");
        let title = problem["title"].as_str().unwrap();
        assert!(!title.is_empty() && !title.starts_with("problem-") && !title.is_ascii(), "{title} is Arabic");
    }
    let (status, _, body) = server.ask(
        "POST",
        &format!("/api/v1{cases}"),
        &[("Authorization", &format!("Bearer {}", company.token)), ("Content-Type", "text/plain")],
        "{}",
    );
    assert!(status == 415 && body.contains("media-type"), "{status} {body}");
}

fn pages_put_together_are_the_whole_list(server: &Server) {
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    for path in ["/cases?desk=all", "/registers/licences/records", "/indicators/licences-granted/records"] {
        let rows = |page: &Value| page["items"].as_array().unwrap().clone();
        let mark = if path.contains('?') { '&' } else { '?' };
        let whole = rows(&clerk.get(&format!("{path}{mark}limit=500")));
        let (mut pieces, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = clerk.get(&format!("{path}{mark}limit=3{cursor}"));
            pieces.extend(rows(&page));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(!whole.is_empty(), "{path}");
        assert_eq!(pieces, whole, "{path}");
    }
}

fn figures_add_up_however_they_are_split(server: &Server) {
    let nobody = Caller::nobody(server);
    let whole = nobody.get("/indicators/licences-granted");
    let value = whole["value"].as_f64().unwrap();
    for split in ["by=region", "by=premises", "by=region,premises", "per=month", "per=quarter&by=region"] {
        let cells = nobody.get(&format!("/indicators/licences-granted?{split}"))["cells"].as_array().unwrap().clone();
        let sum: f64 = cells.iter().map(|cell| cell["value"].as_f64().unwrap()).sum();
        assert_eq!(sum, value, "{split}");
    }
    let rows = nobody.get("/indicators/licences-granted/records?limit=500");
    assert_eq!(rows["sum"]["value"].as_f64().unwrap(), value);
    assert_eq!(rows["items"].as_array().unwrap().iter().map(|row| row["value"].as_f64().unwrap()).sum::<f64>(), value);
    let first = rows["items"][0].clone();
    let region = first["dimensions"]["region"].as_str().unwrap();
    let there = nobody.get(&format!("/indicators/licences-granted/records?region={region}&limit=500"));
    assert!(there["items"].as_array().unwrap().contains(&first));
    // Before the year began there was nothing, and that can still be read.
    assert_eq!(nobody.get("/indicators/licences-granted?as_of=2021-01-01")["value"].as_f64(), Some(0.0));
}

fn observations_come_with_their_source_and_keep_what_they_were(server: &Server) {
    let nobody = Caller::nobody(server);
    let secretariat = Caller::sign_in(server, "secretariat@demo.example");
    let before = nobody.get("/indicators/programmers?to=2021-11-30")["value"].clone();
    let path = "/indicators/programmers/observations";
    let sent = json!({"period": "2021-10", "value": 4321, "source": "Survey"});
    assert_eq!(Caller::sign_in(server, "company@demo.example").ask("POST", path, &[], &sent).0, 403);
    let (status, _, kept) = secretariat.ask("POST", path, &[], &sent);
    assert_eq!((status, kept["day"].as_str()), (201, Some("2021-10-31")), "{kept}");
    assert_eq!(nobody.get("/indicators/programmers?to=2021-11-30")["value"], json!(4321.0));
    assert_eq!(nobody.get("/indicators/programmers?to=2021-10-30")["value"], before);
    let corrected = json!({"period": "2021-10-31", "value": 4400.5, "source": "Survey, corrected"});
    assert_eq!(secretariat.ask("POST", path, &[], &corrected).0, 201);
    assert_eq!(nobody.get("/indicators/programmers?to=2021-11-30")["value"], json!(4400.5));
    let (status, _, problem) = secretariat.ask("POST", "/indicators/licences-granted/observations", &[], &sent);
    assert_eq!((status, problem["type"].as_str()), (409, Some("urn:anqud:problem:computed")));
}

fn a_file_goes_with_the_case_to_whoever_decides(server: &Server) {
    let company = Caller::sign_in(server, "company@demo.example");
    let bearer = format!("Bearer {}", company.token);
    let sent =
        server.ask("POST", "/api/v1/documents?name=%D8%B9%D9%82%D8%AF.pdf", &[("Authorization", &bearer)], "%PDF-1.7");
    let document: Value = serde_json::from_str(&sent.2).unwrap();
    assert_eq!((sent.0, document["name"].as_str()), (201, Some("عقد.pdf")));
    let file = |caller: &Caller| {
        let data = json!({"data": {
            "company_name": "زيتون", "region": "nablus", "staff": 3, "premises": "rented", "contract": document["answer"],
            "contact_name": "سامي", "phone": "0599000102", "email": "a@demo.example"
        }});
        caller.ask("POST", "/services/software-company-licence/cases", &[], &data)
    };
    let (status, _, problem) = file(&Caller::sign_in(server, "citizen@demo.example"));
    assert_eq!(
        (status, problem["errors"][0]["code"].as_str()),
        (422, Some("fault-file")),
        "another's file is no answer"
    );
    let (status, _, case) = file(&company);
    assert_eq!(status, 201, "{case}");
    let path = format!("/cases/{}/documents/contract", case["reference"].as_str().unwrap());
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    let (status, head, body) =
        server.ask("GET", &format!("/api/v1{path}"), &[("Authorization", &format!("Bearer {}", clerk.token))], "");
    assert_eq!((status, body.as_str()), (200, "%PDF-1.7"));
    assert_eq!(header(&head, "content-type"), "application/pdf");
    assert!(header(&head, "content-disposition").starts_with("attachment"));
    assert_eq!(Caller::sign_in(server, "citizen@demo.example").ask("GET", &path, &[], &Value::Null).0, 404);
    let page =
        server.get(&format!("/ar{}", path.replace("/documents/contract", "")), &server.sign_in("clerk@demo.example"));
    assert!(page.contains(&format!("/ar{path}")) && page.contains("عقد.pdf"));
}

fn a_program_acts_for_an_account_with_a_token(server: &Server) {
    let token = |email: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
        command.args(["token", email, "--days", "30", "--database", &server.database]).output().unwrap()
    };
    let issued = token("auditor@demo.example");
    assert!(issued.status.success(), "{}", String::from_utf8_lossy(&issued.stderr));
    let program = Caller { server, token: String::from_utf8(issued.stdout).unwrap().trim().to_owned() };
    assert_eq!(program.ask("GET", "/journal?after=0&limit=1", &[], &Value::Null).0, 200);
    assert!(!token("nobody@demo.example").status.success());
}

fn a_formula_names_what_it_is_worked_out_from(server: &Server) {
    let nobody = Caller::nobody(server);
    let figure = nobody.get("/indicators/places-for-applicants");
    let of = |name: &str| {
        let value = nobody.get(&format!("/indicators/{name}"))["value"].as_f64().unwrap();
        assert!(figure["parts"].as_array().unwrap().contains(&json!({"id": name, "value": value})), "{figure}");
        value
    };
    let wanted = of("graduates-enrolled") / of("training-applications") * 100.0;
    assert!((figure["value"].as_f64().unwrap() - wanted).abs() < 1e-9, "{figure}");
    let (status, _, problem) = nobody.ask("GET", "/indicators/places-for-applicants/records", &[], &Value::Null);
    assert_eq!((status, problem["type"].as_str()), (409, Some("urn:anqud:problem:formula")), "{problem}");
    let page = server.get("/en/indicators/places-for-applicants", "");
    assert!(page.contains("/en/indicators/graduates-enrolled"));
}

fn everything_is_described(server: &Server) {
    let description = Caller::nobody(server).get("/openapi.json");
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = description["paths"].as_object().unwrap();
    for (path, methods) in paths {
        let named = path.matches('{').count();
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let described = parameters.iter().filter(|p| p["in"] == "path").count();
            assert_eq!(described, named, "{method} {path}");
            assert!(operation["responses"]["default"].is_object(), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
    assert_eq!(paths.len(), 27, "{:?}", paths.keys());
    let (status, _, body) = server.ask("GET", "/readyz", &[], "");
    assert_eq!((status, body.as_str()), (200, "ready\n"));
    let (_, _, metrics) = server.ask("GET", "/metrics", &[("Cookie", &server.sign_in("admin@demo.example"))], "");
    assert!(between(&metrics, "anqud_answers_total{status=\"2xx\"} ", "\n").parse::<u64>().unwrap() > 0);
}

fn all(server: &Server) {
    walk(server);
    a_request_sent_again_is_done_once(server);
    the_second_clerk_is_told_what_the_first_did(server);
    bad_requests_are_answered_with_problems(server);
    pages_put_together_are_the_whole_list(server);
    figures_add_up_however_they_are_split(server);
    observations_come_with_their_source_and_keep_what_they_were(server);
    a_file_goes_with_the_case_to_whoever_decides(server);
    a_program_acts_for_an_account_with_a_token(server);
    a_formula_names_what_it_is_worked_out_from(server);
    everything_is_described(server);
}

#[test]
fn programs_do_what_people_do() {
    all(&Server::start("api", None));
}

#[test]
fn programs_do_what_people_do_on_postgresql() {
    if let Some(database) = postgres("api") {
        all(&Server::start("api-postgres", Some(&database)));
    }
}
