//! People make an account themselves and get back into it, by letters that really go over SMTP (RFC 5321).

use crate::{
    api::Caller,
    mail_server::{self, MailServer, Received, with_mail},
    server::{Server, ask, between, header, postgres},
};

/// The path of the link in a letter.
fn link(server: &Server, letter: &Received) -> String {
    let link = mail_server::link(letter);
    link.strip_prefix(&format!("http://{}", server.address)).unwrap_or_else(|| panic!("{link} leads away")).to_owned()
}

/// Sends a form that a page shows; the status and the answer.
fn fill_in(server: &Server, page: &str, fields: &str) -> (u16, String, String) {
    let token = between(&server.get(page, ""), "name=\"csrf\" value=\"", "\"");
    server.send("POST", page, "", &format!("csrf={token}&{fields}"))
}

fn an_account_is_made_and_got_back_into(server: &Server, mail: &MailServer) {
    let rana = "rana@home.example";
    // What is wrong is said at its field, and nothing is lost but the password.
    let (status, _, again) = fill_in(server, "/en/sign-up", "name=Rana&email=rana%40home.example&password=short");
    assert!(
        status == 422 && again.contains("value=\"Rana\"") && !again.contains("value=\"short\""),
        "{status} {again}"
    );

    let fields = "name=Rana&email=rana%40home.example&password=correct+horse+battery";
    let (status, _, sent) = fill_in(server, "/en/sign-up", fields);
    assert!(status == 200 && sent.contains(rana), "{status} {sent}");
    // Of an address that has an account the page says the same; only the letter tells.
    let known = "name=Mallory&email=citizen%40demo.example&password=correct+horse+battery";
    let (status, _, same) = fill_in(server, "/en/sign-up", known);
    assert_eq!(status, 200);
    assert_eq!(same.replace("citizen@demo.example", rana), sent, "nobody learns who has an account");
    let told = mail.last_to("citizen@demo.example", 1);
    assert!(told.body.contains("/forgotten") && !told.body.contains("/sign-up/"), "{}", told.body);
    assert!(!told.body.contains("Mallory"), "what a stranger typed is not carried to others: {}", told.body);

    // Before the link is followed there is no account.
    let sign_in = |password: &str| {
        let fields = format!("email=rana%40home.example&password={password}");
        server.send("POST", "/en/sign-in", "", &fields)
    };
    assert_ne!(sign_in("correct+horse+battery").0, 303);
    let confirm = link(server, &mail.last_to(rana, 1));
    assert_eq!(fill_in(server, &confirm, "password=another+password").0, 422, "the letter alone is not enough");
    let (status, head, _) = fill_in(server, &confirm, "password=correct+horse+battery");
    assert_eq!(status, 303);
    let session = format!("anqud={}", between(&head, "anqud=", ";"));
    assert!(server.get("/en/cases", &session).contains("</html>"), "signed in at once");
    assert_eq!(server.send("GET", &confirm, "", "").0, 404, "a link is used once");
    assert_eq!(server.send("GET", "/en/desk", &session, "").0, 403, "it has no roles");

    // The password is forgotten: a letter sets a new one, and whoever was signed in is not any more.
    let (_, _, sent) = fill_in(server, "/en/forgotten", "email=rana%40home.example");
    let (_, _, same) = fill_in(server, "/en/forgotten", "email=nobody%40home.example");
    assert_eq!(same.replace("nobody@home.example", rana), sent);
    let reset = link(server, &mail.last_to(rana, 2));
    let (status, _, answer) = fill_in(server, &reset, "password=quite+another+horse");
    assert!(status == 303 || status == 200, "{status} {answer}");
    assert_ne!(server.send("GET", "/en/cases", &session, "").0, 200, "the old session is over");
    assert_ne!(sign_in("correct+horse+battery").0, 303);
    assert_eq!(sign_in("quite+another+horse").0, 303);
    assert_eq!(server.send("GET", &reset, "", "").0, 404);

    // The journal knows of the account and of no secret.
    let auditor = Caller::sign_in(server, "auditor@demo.example");
    let (mut journal, mut after) = (String::new(), 0);
    loop {
        let path = format!("/journal?after={after}&limit=1000");
        let (status, _, page) = auditor.ask("GET", &path, &[], &serde_json::Value::Null);
        assert_eq!(status, 200, "{page}");
        let Some(last) = page["items"].as_array().unwrap().last() else { break };
        after = last["seq"].as_i64().unwrap();
        journal += &page.to_string();
    }
    assert!(journal.contains(rana), "the account is in the journal");
    assert!(!journal.contains("argon2") && !journal.contains("horse"), "a secret is in the journal");
}

#[test]
fn people_make_an_account_themselves_and_get_back_into_it() {
    let mail = MailServer::start(0);
    an_account_is_made_and_got_back_into(&with_mail("accounts", None, &mail), &mail);
}

#[test]
fn people_make_an_account_themselves_and_get_back_into_it_on_postgresql() {
    let Some(database) = postgres("accounts") else { return };
    let mail = MailServer::start(0);
    an_account_is_made_and_got_back_into(&with_mail("accounts", Some(&database), &mail), &mail);
}

#[test]
fn whoever_makes_an_account_in_arabic_goes_on_to_where_they_were_going() {
    let mail = MailServer::start(0);
    let server = with_mail("accounts-arabic", None, &mail);
    let (service, salma) = ("/services/graduate-training", "salma@home.example");
    let page = format!("/ar/sign-up?next={}", service.replace('/', "%2F"));
    assert!(server.get("/ar/sign-in?next=/services/graduate-training", "").contains(&page), "sign-in leads there");
    let fields = format!("name=سلمى&email=salma%40home.example&password=correct+horse+battery&next={service}");
    // A form of another site makes no account and asks for no letter.
    let foreign = [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(server.ask("POST", &page, &foreign, &fields).0, 400);
    assert_eq!(fill_in(&server, &page, &fields).0, 200);
    let letter = mail.last_to(salma, 1);
    assert!(letter.body.contains("تحية طيبة وبعد") && !letter.body.contains("account"), "{}", letter.body);
    let confirm = link(&server, &letter);
    assert!(confirm.starts_with("/ar/"), "{confirm}");
    // Whoever is signed in as somebody else and follows the link takes nothing over: it asks for the password that Salma
    // chose.
    let company = server.sign_in("company@demo.example");
    let asked = server.get(&confirm, &company);
    let token = between(&asked, "name=\"csrf\" value=\"", "\"");
    let (status, _, _) = server.send("POST", &confirm, &company, &format!("csrf={token}&password=anqud-demo"));
    assert_eq!(status, 422);
    let (status, head, _) = fill_in(&server, &confirm, "password=correct+horse+battery");
    assert_eq!(status, 303);
    assert!(head.contains(&format!("/ar{service}")), "{head}");
}

#[test]
fn without_a_mail_server_nobody_is_promised_a_letter() {
    let server = Server::start("accounts-no-mail", None);
    for page in ["/en/sign-up", "/en/forgotten"] {
        let said = server.get(page, "");
        assert!(!said.contains("name=\"email\""), "{said}");
    }
}

#[test]
fn of_300_guesses_five_are_looked_at_and_the_others_hear_when_to_come_again() {
    let server = Server::start("accounts-guesses", None);
    let guess = || {
        let body = r#"{"email": "supervisor@demo.example", "password": "a guess of mine"}"#;
        ask(&server.address, "POST", "/api/v1/session", &[("Content-Type", "application/json")], body)
    };
    let mut answers = Vec::new();
    // A hundred at once: more connections of one address than that are another matter.
    for _ in 0..3 {
        std::thread::scope(|scope| {
            let guesses: Vec<_> = (0..100).map(|_| scope.spawn(guess)).collect();
            answers.extend(guesses.into_iter().map(|guess| guess.join().unwrap()));
        });
    }
    let of = |wanted: u16| answers.iter().filter(|(status, ..)| *status == wanted).collect::<Vec<_>>();
    assert!(of(401).len() <= 5, "{} guesses were looked at", of(401).len());
    assert_eq!(of(401).len() + of(429).len() + of(503).len(), 300);
    for (_, head, body) in of(429) {
        assert!(header(head, "retry-after").parse::<i64>().unwrap() > 0 && body.contains("Try again after"), "{body}");
    }
    let fields = "email=supervisor%40demo.example&password=anqud-demo";
    let (status, head, page) = server.send("POST", "/en/sign-in", "", fields);
    assert!(status == 429 && page.contains("Try again after"), "{status} {page}");
    assert!(header(&head, "retry-after").parse::<i64>().unwrap() > 0);
    // Whoever else is there signs in as ever, and a session ends at once.
    let cookie = server.sign_in("citizen@demo.example");
    server.post("/en/cases", "/en/sign-out", &cookie, "");
    assert_ne!(server.send("GET", "/en/cases", &cookie, "").0, 200);
    // Codes of papers are counted like passwords.
    let asked = |number: usize| {
        let page = format!("/en/verify?reference=PY-0000-0000&code={number}");
        server.send("GET", &page, "", "").0
    };
    assert!((0..3).all(|number| asked(number) == 200), "what is mistyped is no guess");
}
