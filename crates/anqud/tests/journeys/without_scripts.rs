//! The whole journey as somebody makes it who has never been here: in Arabic, on a small phone, without JavaScript.

use crate::{
    browser::{Browser, Look},
    server::{Server, postgres},
};

const SUBMIT: &str = "main form button[type=submit]";

fn figure(browser: &Browser, site: &str) -> i64 {
    browser.go(&format!("http://{site}/ar/indicators/licences-granted"));
    browser.text(".number").replace(',', "").parse().unwrap()
}

fn apply_in_arabic_on_a_small_phone(server: &Server, name: &str) {
    let Some(browser) = Browser::open(name, Look { width: 320, scripts: false }) else { return };
    let site = &server.address;
    let picture = |step: &str| browser.picture(&format!("{name}-{step}"));
    let before = figure(&browser, site);
    browser.go(&format!("http://{site}/"));
    picture("1-home");
    assert!(browser.url().ends_with("/ar"), "{}", browser.url());
    browser.follow("a[href='/ar/services/software-company-licence']");
    picture("2-service");
    // Whoever is not signed in is led to the door, and from there back to where they were going.
    browser.follow("main a.button");
    browser.fill("[name=email]", "company@demo.example");
    browser.fill("[name=password]", "anqud-demo");
    picture("3-sign-in");
    browser.follow("main button[type=submit]");
    browser.follow(SUBMIT);
    browser.fill("[name=company_name]", "شركة الزيتونة");
    picture("4-company");
    browser.follow(SUBMIT);
    // A wrong answer is said in words, and what was typed stays.
    browser.fill("[name=staff]", "كثير");
    browser.click("[name=premises][value=own]");
    browser.follow(SUBMIT);
    assert!(browser.text(".error-summary").contains("أدخل عدداً صحيحاً"), "{}", browser.text(".error-summary"));
    assert_eq!(browser.value("[name=staff]"), "كثير");
    picture("5-wrong");
    browser.fill("[name=staff]", "١٢");
    browser.follow(SUBMIT);
    browser.fill("[name=contact_name]", "سامي حداد");
    browser.fill("[name=phone]", "0599000102");
    browser.fill("[name=email]", "company@demo.example");
    browser.follow(SUBMIT);
    assert!(browser.url().ends_with("/check"), "{}", browser.url());
    picture("6-check");
    browser.follow(SUBMIT);
    assert_eq!(browser.text("h1"), "تم إرسال طلبك");
    let reference = browser.text(".reference");
    assert!(reference.starts_with("SL-"), "{reference}");
    picture("7-filed");
    browser.sign_out();

    browser.sign_in(site, "ar", "clerk@demo.example");
    browser.go(&format!("http://{site}/ar/desk?show=nobodys"));
    picture("8-desk");
    browser.follow(&format!("a[href='/ar/cases/{reference}']"));
    picture("9-case");
    browser.follow(&format!("form[action='/ar/cases/{reference}/approve'] button"));
    browser.sign_out();

    assert_eq!(figure(&browser, site), before + 1);
    assert!(browser.source().contains(&reference), "the case is in the list behind the figure");
    picture("10-figure");
}

#[test]
fn anybody_can_apply_and_see_the_figure_move() {
    apply_in_arabic_on_a_small_phone(&Server::start("phone", None), "phone-sqlite");
}

#[test]
fn anybody_can_apply_and_see_the_figure_move_on_postgresql() {
    if let Some(database) = postgres("phone") {
        apply_in_arabic_on_a_small_phone(&Server::start("phone-postgres", Some(&database)), "phone-postgres");
    }
}
