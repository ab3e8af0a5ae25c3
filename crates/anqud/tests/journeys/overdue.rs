//! What an office has left undone comes to its supervisor, on the desk and in the API.

use serde_json::Value;

use crate::{
    api::Caller,
    browser::{Browser, Look},
    server::{Server, between, postgres},
};

fn overdue_cases_come_first(server: &Server) {
    // The demo's year has left some cases lying.
    let chief = Caller::sign_in(server, "supervisor@demo.example");
    let (_, _, desk) = chief.ask("GET", "/cases?desk=all&limit=100", &[], &Value::Null);
    let escalated: Vec<&Value> = desk["items"].as_array().unwrap().iter().collect();
    assert!(!escalated.is_empty(), "{desk}");
    assert!(escalated.iter().all(|case| case["escalated"].as_str().unwrap().ends_with("-supervisor")), "{desk}");
    // Who left the first of them, and what they could do.
    let (officer, action) = match escalated[0]["service"].as_str().unwrap() {
        "software-company-licence" => ("clerk", "approve"),
        "company-registration" => ("registrar", "register"),
        _ => ("trainer", "enrol"),
    };
    let reference = escalated[0]["reference"].as_str().unwrap();
    let cookie = server.sign_in("supervisor@demo.example");
    let page = server.get("/en/desk", &cookie);
    let first = between(&page, "<tbody>", "</tr>");
    assert!(first.contains(reference) && first.contains("it came to you"), "{first}");
    let officer = server.sign_in(&format!("{officer}@demo.example"));
    assert!(server.get("/en/desk", &officer).contains("sees it too"));
    let case = format!("/en/cases/{reference}");
    let decided = server.post(&case, &format!("{case}/{action}"), &cookie, "");
    assert!(decided.contains(reference));
    let (_, _, desk) = chief.ask("GET", "/cases?desk=all&limit=100", &[], &Value::Null);
    assert_eq!(desk["items"].as_array().unwrap().len(), escalated.len() - 1);
    let citizen = server.sign_in("citizen@demo.example");
    assert_eq!(server.send("GET", "/en/desk", &citizen, "").0, 403);
}

#[test]
fn what_is_overdue_comes_to_the_supervisor_first() {
    let server = Server::with("overdue", None, &["--cases", "400"]);
    if let Some(browser) = Browser::open("overdue", Look { width: 1280, scripts: false }) {
        for lang in ["ar", "en"] {
            browser.sign_in(&server.address, lang, "supervisor@demo.example");
            browser.go(&format!("http://{}/{lang}/desk", server.address));
            browser.picture(&format!("overdue-1-desk-{lang}"));
            browser.follow("table.desk a");
            browser.picture(&format!("overdue-2-case-{lang}"));
            browser.sign_out();
        }
    }
    overdue_cases_come_first(&server);
}

#[test]
fn what_is_overdue_comes_to_the_supervisor_first_on_postgresql() {
    if let Some(database) = postgres("overdue") {
        overdue_cases_come_first(&Server::with("overdue-postgres", Some(&database), &["--cases", "400"]));
    }
}
