//! Questions that depend on another question of their page: the server decides what is asked, and a script only saves
//! looking at what does not apply.

use serde_json::{Value, json};

use crate::{
    api::Caller,
    browser::{Browser, Look},
    server::{Server, postgres},
};

const SUBMIT: &str = "main form button[type=submit]";

/// Opens the page about people and premises of a fresh draft.
fn people(browser: &Browser, server: &Server) {
    browser.sign_in(&server.address, "en", "company@demo.example");
    browser.go(&format!("http://{}/en/services/software-company-licence", server.address));
    browser.follow(SUBMIT);
    browser.fill("[name=company_name]", "Zaytouna");
    browser.follow(SUBMIT);
}

#[test]
fn without_scripts_the_server_asks_for_what_applies_and_drops_what_does_not() {
    let Some(browser) = Browser::open("conditional", Look { width: 320, scripts: false }) else { return };
    let server = Server::start("conditional", None);
    people(&browser, &server);
    // Nobody knows yet whether the contract is needed, so it is asked for, and the page says so.
    assert!(browser.is_shown("#contract") && browser.text("#contract-help").contains("Only needed for some answers"));
    browser.picture("conditional-1-open");
    browser.fill("[name=staff]", "12");
    browser.click("[name=premises][value=rented]");
    browser.follow(SUBMIT);
    assert!(browser.text(".error-summary").contains("Rental contract"), "{}", browser.text(".error-summary"));
    assert!(!browser.text("#contract-help").contains("Only needed"), "now it is known to be needed");
    browser.picture("conditional-2-required");
    // With other premises the page comes again without it, because of another mistake.
    browser.click("[name=premises][value=own]");
    browser.fill("[name=staff]", "many");
    browser.follow(SUBMIT);
    assert!(!browser.is_shown("#contract"));
    assert!(!browser.text(".error-summary").contains("Rental contract"), "{}", browser.text(".error-summary"));
    browser.picture("conditional-3-not-asked");
    // A mistake in one answer leaves what was typed in the others.
    browser.click("[name=premises][value=rented]");
    browser.fill("[name=staff]", "12");
    browser.follow(SUBMIT);
    assert!(browser.is_shown("#contract"));
    browser.click("[name=premises][value=remote]");
    browser.follow(SUBMIT);
    assert!(browser.url().ends_with("/contact"), "{}", browser.url());
}

#[test]
fn with_scripts_a_question_comes_and_goes_with_the_answer_it_depends_on() {
    let Some(browser) = Browser::open("conditional-scripts", Look { width: 1280, scripts: true }) else { return };
    let server = Server::start("conditional-scripts", None);
    people(&browser, &server);
    assert!(!browser.is_shown("#contract"));
    browser.click("[name=premises][value=rented]");
    assert!(browser.is_shown("#contract"));
    browser.picture("conditional-4-revealed");
    browser.click("[name=premises][value=own]");
    assert!(!browser.is_shown("#contract"));
    // Where the page comes again without the question, the script still knows it.
    browser.follow(SUBMIT);
    assert!(!browser.is_shown("#contract"));
    browser.click("[name=premises][value=rented]");
    assert!(browser.is_shown("#contract"));
}

fn through_the_api(server: &Server) {
    let company = Caller::sign_in(server, "company@demo.example");
    let file = |premises: &str, contract: Value| {
        let data = json!({
            "company_name": "Zaytouna", "region": "nablus", "staff": 3, "premises": premises, "contract": contract,
            "contact_name": "Sami", "phone": "0599000102", "email": "a@demo.example",
        });
        company.ask("POST", "/services/software-company-licence/cases", &[], &json!({"data": data}))
    };
    let (status, _, problem) = file("rented", Value::Null);
    assert_eq!(
        (status, &problem["errors"][0]["name"], &problem["errors"][0]["code"]),
        (422, &json!("contract"), &json!("fault-required"))
    );
    // What does not apply is dropped unread, whatever it is.
    let (status, _, case) = file("own", json!("no such file"));
    assert_eq!(status, 201, "{case}");
    assert!(case["data"].get("contract").is_none(), "{case}");
}

#[test]
fn an_answer_is_required_exactly_where_its_condition_holds() {
    through_the_api(&Server::start("conditional-api", None));
}

#[test]
fn an_answer_is_required_exactly_where_its_condition_holds_on_postgresql() {
    if let Some(database) = postgres("conditional") {
        through_the_api(&Server::start("conditional-postgres", Some(&database)));
    }
}
