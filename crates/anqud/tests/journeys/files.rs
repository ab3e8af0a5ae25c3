//! Files that are too long are refused in the words of their question, and nothing else of the page is lost.

use serde_json::json;

use crate::{
    api::Caller,
    server::{Server, between, postgres},
};

const LIMIT: usize = 5 << 20;

/// So many bytes that begin as a PDF does.
fn content(bytes: usize) -> String {
    format!("%PDF-{}", "a".repeat(bytes.saturating_sub(5)))
}

/// The page of the form with a file of so many bytes, as a browser sends it: status and page.
fn send(server: &Server, page: &str, cookie: &str, bytes: usize, name: &str) -> (u16, String) {
    send_content(server, page, cookie, &content(bytes), name)
}

fn send_content(server: &Server, page: &str, cookie: &str, content: &str, name: &str) -> (u16, String) {
    let csrf = between(&server.get(page, cookie), "name=\"csrf\" value=\"", "\"");
    let part =
        |name: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = format!(
        "{}{}{}--x\r\nContent-Disposition: form-data; name=\"contract\"; filename=\"{name}\"\r\n\
         Content-Type: application/pdf\r\n\r\n{}\r\n--x--\r\n",
        part("csrf", &csrf),
        part("staff", "12"),
        part("premises", "rented"),
        content
    );
    let headers = [("Cookie", cookie), ("Content-Type", "multipart/form-data; boundary=x")];
    let (status, _, body) = server.ask("POST", page, &headers, &body);
    (status, body)
}

fn too_long_files_are_refused(server: &Server) {
    let cookie = server.sign_in("company@demo.example");
    let service = "/en/services/software-company-licence";
    let company = server.post(service, &format!("{service}/start"), &cookie, "");
    let people = server.post(&company, &company, &cookie, "company_name=Zaytouna&region=ramallah&company=");
    for bytes in [LIMIT + 1, (10 << 20) + 1, 30 << 20] {
        let (status, page) = send(server, &people, &cookie, bytes, "lease.pdf");
        assert_eq!(status, 422, "{bytes}");
        assert!(page.contains("Rental contract: The file is larger than 5 MB"), "{bytes}");
        assert!(page.contains("value=\"12\""), "what was typed stays");
    }
    let (status, page) = send(server, &people, &cookie, 10, "lease.exe");
    assert!(status == 422 && page.contains("Choose a file that ends in: pdf, jpg, png"), "{status}");
    let (status, _) = send(server, &people, &cookie, LIMIT, "lease.pdf");
    assert_eq!(status, 303, "a file of just the limit is kept");
    // A file is what its ending says, whatever its name.
    for (bytes, name, said) in
        [(0, "empty.pdf", "The file is empty"), (10, "scan.JPG", "The file is not what its name says (jpg)")]
    {
        let (status, page) = send_content(server, &people, &cookie, &content(bytes)[..bytes], name);
        assert!(status == 422 && page.contains(said) && page.contains("Kept: lease.pdf"), "{name}: {status}");
    }
    // What came well before stays when a later file does not fit.
    let (status, page) = send(server, &people, &cookie, LIMIT + 1, "other.pdf");
    assert!(status == 422 && page.contains("Kept: lease.pdf"), "{status}");
    assert_eq!(send(server, &people, &cookie, 65 << 20, "huge.pdf").0, 413, "nobody reads for ever");

    // Text is kept, so there is less of it: of one field, of all fields, and of a form without files.
    let fields = |count: usize, bytes: usize| {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"staff\"\r\n\r\n{}\r\n", "1".repeat(bytes));
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", "multipart/form-data; boundary=x")];
        server.ask("POST", &people, &headers, &format!("{}--x--\r\n", part.repeat(count))).0
    };
    assert_eq!((fields(1, 65 << 10), fields(40, 60 << 10), fields(40_000, 0)), (413, 413, 413));
    assert_eq!(fields(1, 3 << 20), 413);
    assert_eq!(fields(30, 60 << 10), 400, "so much is read, and has not the token of the session");
    let encoded = |bytes: usize| server.send("POST", &people, &cookie, &format!("staff={}", "1".repeat(bytes))).0;
    assert_eq!((encoded(1 << 20), encoded(1_000_000)), (413, 400));

    // All fields of a long form arrive: the token of the session comes last and is found.
    let csrf = between(&server.get(&people, &cookie), "name=\"csrf\" value=\"", "\"");
    let long = |fields: usize| {
        let body = format!("staff=12&premises=own&{}csrf={csrf}", "more=1&".repeat(fields));
        server.send("POST", &people, &cookie, &body).0
    };
    assert_eq!((long(600), long(5_000), long(30_000)), (303, 303, 413));

    let company = Caller::sign_in(server, "company@demo.example");
    let mut case = json!({"data": {
        "company_name": "Zaytouna", "region": "nablus", "staff": 3, "premises": "rented",
        "contact_name": "Sami", "phone": "0599000102", "email": "a@demo.example",
    }});
    for (bytes, expect) in [(LIMIT + 3, 422), (LIMIT, 201)] {
        let (status, _, document) = company.send("/documents?name=lease.pdf", &content(bytes));
        assert_eq!(status, 201, "{document}");
        case["data"]["contract"] = document["answer"].clone();
        let (status, _, filed) = company.ask("POST", "/services/software-company-licence/cases", &[], &case);
        assert_eq!(status, expect, "{filed}");
        if expect == 422 {
            let error = &filed["errors"][0];
            assert_eq!((&error["name"], &error["code"]), (&json!("contract"), &json!("fault-file-size")));
            assert!(error["message"].as_str().unwrap().contains("5 MB"), "{error}");
        }
    }
    for (name, sent, said) in [("empty.pdf", "", "empty"), ("photo.png", "%PDF-1.7", "not what its name says (png)")] {
        let (status, _, problem) = company.send(&format!("/documents?name={name}"), sent);
        assert!(status == 422 && problem["detail"].as_str().is_some_and(|d| d.contains(said)), "{status} {problem}");
    }
    assert_eq!(company.send("/documents?name=long.pdf", &content((10 << 20) + 2)).0, 413);
}

#[test]
fn a_file_has_the_size_that_its_question_allows() {
    too_long_files_are_refused(&Server::start("files", None));
}

#[test]
fn a_file_has_the_size_that_its_question_allows_on_postgresql() {
    if let Some(database) = postgres("files") {
        too_long_files_are_refused(&Server::start("files-postgres", Some(&database)));
    }
}
