//! Messages to applicants: in the portal always, and by a real conversation over SMTP (RFC 5321) where there is a mail
//! server.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    api::Caller,
    browser::{Browser, Look},
    mail_server::{MailServer, with_mail},
    server::{Server, between, postgres},
};

fn every_event_is_told_once(server: &Server, mail: &MailServer) {
    // The company works in Arabic, and is written to in Arabic.
    let cookie = server.sign_in("company@demo.example");
    let company = Caller::sign_in(server, "company@demo.example");
    let (_, _, case) = company.file("letters", 3);
    let reference = case["reference"].as_str().unwrap().to_owned();
    let first = mail.letters(1).remove(0);
    assert_eq!(first.to, "company@demo.example");
    assert!(
        first.head.contains("portal@gov.example") && first.head.contains(&format!("<{reference}.1@gov.example>")),
        "{}",
        first.head
    );
    assert!(first.body.contains(&format!("وصلنا طلبك رقم {reference}")), "{}", first.body);
    let link = format!("http://{}/ar/cases/{reference}", server.address);
    assert!(first.body.contains(&link), "{}", first.body);

    // It is asked something, with the words of the office, and by when to answer.
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    let act = |action: &str, note: Value| {
        clerk.ask("POST", &format!("/cases/{reference}/actions/{action}"), &[], &json!({"note": note}))
    };
    assert_eq!(act("ask", json!("How many people?")).0, 200);
    let asked = mail.letters(2).remove(1);
    assert!(asked.body.contains("How many people?") && asked.body.contains("مطلوب منك إجراء"), "{}", asked.body);

    // Now it works in English.
    let english = server.send("POST", "/en/sign-in", "", "email=company%40demo.example&password=anqud-demo");
    assert_eq!(english.0, 303);
    let answer =
        company.ask("POST", &format!("/cases/{reference}/actions/answer"), &[], &json!({"data": {"staff": 4}}));
    assert_eq!(answer.0, 200, "{}", answer.2);
    assert!(mail.letters(3)[2].body.contains("Dear Sami Haddad,"));

    // The mail server goes away for a while; the letter waits, an administrator sees why, and sends it again.
    mail.refuses.lock().unwrap().0 = 1000;
    assert_eq!(act("approve", Value::Null).0, 200);
    let admin = server.sign_in("admin@demo.example");
    let start = Instant::now();
    let page = loop {
        let page = server.get("/en/admin/jobs", &admin);
        if page.contains("the mailbox is being moved") {
            break page;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{page}");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(page.contains(&reference) && page.contains("Email to an applicant"), "{page}");
    mail.refuses.lock().unwrap().0 = 0;
    let waiting = between(&page, "name=\"id\" value=\"", "\"");
    server.post("/en/admin/jobs", "/en/admin/jobs", &admin, &format!("id={waiting}"));
    let granted = mail.letters(4).remove(3);
    assert!(granted.body.contains("Licence granted") && granted.body.contains("certificate"), "{}", granted.body);
    assert!(mail.refuses.lock().unwrap().1 >= 1);
    let (status, _, _) = server.send("POST", "/en/admin/jobs", &admin, "id=1");
    assert_eq!(status, 400, "without the token of the form nothing is tried again");
    assert_eq!(server.send("GET", "/en/admin/jobs", &cookie, "").0, 403);

    // In the portal the same stands, new until it was looked at.
    let (_, _, told) = company.ask("GET", "/messages", &[], &Value::Null);
    let states: Vec<&str> = told["items"].as_array().unwrap().iter().map(|m| m["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["approved", "review", "waiting", "review"]);
    let home = server.get("/en", &cookie);
    assert!(home.contains("4 new messages"), "{home}");
    let messages = server.get("/en/messages", &cookie);
    assert!(messages.contains("How many people?") && messages.matches("class=\"new\"").count() == 4, "{messages}");
    assert!(!server.get("/en/messages", &cookie).contains("class=\"new\""));
    assert!(!server.get("/en", &cookie).contains("new messages"));
    // Every job was looked at by now, and none sent a letter twice.
    assert_eq!(mail.received.lock().unwrap().len(), 4);
}

#[test]
fn people_are_written_to_in_their_language_once_for_each_event() {
    let mail = MailServer::start(1);
    every_event_is_told_once(&with_mail("letters", None, &mail), &mail);
}

#[test]
fn people_are_written_to_in_their_language_once_for_each_event_on_postgresql() {
    let Some(database) = postgres("letters") else { return };
    let mail = MailServer::start(1);
    every_event_is_told_once(&with_mail("letters-postgres", Some(&database), &mail), &mail);
}

#[test]
fn without_a_mail_server_messages_stand_in_the_portal() {
    let server = Server::start("messages", None);
    let company = Caller::sign_in(&server, "company@demo.example");
    let (_, _, case) = company.file("messages", 3);
    let reference = case["reference"].as_str().unwrap();
    let clerk = Caller::sign_in(&server, "clerk@demo.example");
    let asked =
        clerk.ask("POST", &format!("/cases/{reference}/actions/ask"), &[], &json!({"note": "كم عدد العاملين؟"}));
    assert_eq!(asked.0, 200);
    let cookie = server.sign_in("company@demo.example");
    let (_, _, sent) = server.send("POST", "/en/forgotten", "", "email=company%40demo.example");
    assert!(sent.contains("sends no emails"), "{sent}");
    let Some(browser) = Browser::open("messages", Look { width: 320, scripts: false }) else { return };
    for lang in ["ar", "en"] {
        // Nor does anybody wait for a letter that does not come.
        for page in ["sign-up", "forgotten"] {
            browser.go(&format!("http://{}/{lang}/{page}", server.address));
            browser.picture(&format!("messages-0-{page}-{lang}"));
            let said = if lang == "ar" { "مركز خدمات الجمهور" } else { "public service centre" };
            assert!(browser.text("main").contains(said) && !browser.is_shown("main form"));
        }
        browser.sign_in(&server.address, lang, "company@demo.example");
        browser.picture(&format!("messages-1-unseen-{lang}"));
        browser.go(&format!("http://{}/{lang}/messages", server.address));
        browser.picture(&format!("messages-2-{lang}"));
        assert!(browser.text("main").contains(reference));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "admin@demo.example");
        browser.go(&format!("http://{}/{lang}/admin/jobs", server.address));
        browser.picture(&format!("messages-3-jobs-{lang}"));
        browser.sign_out();
    }
    assert!(server.get("/en/messages", &cookie).contains("كم عدد العاملين؟"));
}
