//! Every page in both languages, on a small phone and on a wide screen, light and dark: nothing that axe finds wrong,
//! and nothing that runs over the edge.

use serde_json::{Value, json};

use crate::{
    api::Caller,
    browser::{Browser, Look},
    mail_server::{MailServer, link, with_mail},
    money::{import, register, statement},
};

const PUBLIC: [&str; 31] = [
    "/atlas",
    "/atlas/clusters",
    "/atlas/share",
    "/atlas/share?from=0&to=12&years=3&whole=3",
    "/atlas/places/ramallah",
    "/atlas/space?place=hebron",
    "/atlas/simulator",
    "/atlas/portfolio?budget=5000000&gaza=20",
    "/atlas/import",
    "",
    "/services",
    "/services?q=zzz",
    "/services/software-company-licence",
    "/services/graduate-training",
    "/sign-in",
    "/sign-up",
    "/forgotten",
    "/plan",
    "/plan/human-capital",
    "/clusters",
    "/clusters/technology",
    "/stories",
    "/stories/seventy-graduates",
    "/indicators/licences-granted",
    "/indicators/decided-on-time",
    "/indicators/graduates-enrolled?part=sex:female",
    "/indicators/programmers",
    "/registers",
    "/registers/licences",
    "/about",
    "/nothing/here",
];

/// What is wrong with the page that the browser is on.
fn faults(browser: &Browser, axe: Option<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    let over = browser.run(
        "const edge = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= edge) return null; \
         const out = [...document.querySelectorAll('body *')].filter(e => !e.closest('.table-scroll')); \
         const worst = out.find(e => e.getBoundingClientRect().right > edge + 1 || e.getBoundingClientRect().left < -1); \
         return (worst || document.body).outerHTML.slice(0, 200);",
    );
    if let Value::String(html) = over {
        faults.push(format!("runs over the edge: {html}"));
    }
    if let Some(axe) = axe {
        browser.run(axe);
        let found = browser.run_async(
            "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(r => \
             done(r.violations.map(v => v.id + ': ' + v.help + ' at ' + v.nodes[0].html.slice(0, 300))));",
        );
        faults.extend(found.as_array().unwrap().iter().map(|fault| fault.as_str().unwrap().to_owned()));
    }
    faults
}

fn look_at_every_page(width: u32) {
    let Some(browser) = Browser::open(&format!("pages-{width}"), Look { width, scripts: true }) else { return };
    // With a mail server, so that whoever makes an account is asked.
    let mail = MailServer::start(0);
    let server = with_mail(&format!("pages-{width}"), None, &mail);
    // Something waits at the desk.
    assert_eq!(Caller::sign_in(&server, "company@demo.example").file("every-page", 3).0, 201);
    let company = Caller::sign_in(&server, "company@demo.example");
    let (owed, waived) = (register(&company, "software", "owed"), register(&company, "training", "waived"));
    company.ask("POST", &format!("/payments/{}/start", owed.1), &[], &json!({"way": "transfer"}));
    let granted = register(&company, "training", "granted");
    let registrar = server.sign_in("registrar@demo.example");
    let case = format!("/en/cases/{}", granted.0);
    server.post(&case, &format!("{case}/register"), &registrar, "");
    let (slip, paid) = (register(&company, "software", "slip"), register(&company, "software", "paid"));
    for (_, payment) in [&slip, &paid] {
        company.ask("POST", &format!("/payments/{payment}/start"), &[], &json!({"way": "cash"}));
    }
    // An agent took cash, the bank brought money without a name, and a day was closed.
    let agent = server.sign_in("agent@demo.example");
    server.post("/en/till", "/en/till/take", &agent, &format!("code={}", paid.1));
    server.post("/en/till", "/en/till/hand-in", &agent, "currency=JOD&amount=35");
    let officer = server.sign_in("finance@demo.example");
    assert!(import(&server, &officer, &statement("S1", "for my company")).contains("done=imported"));
    server.post("/en/finance", "/en/finance/close", &officer, "way=card&day=2021-12-30");
    let axe = std::env::var("ANQUD_AXE").ok().map(|path| std::fs::read_to_string(path).unwrap());
    if axe.is_none() {
        eprintln!("left out: ANQUD_AXE does not name axe.min.js");
    }
    let mut wrong = Vec::new();
    let mut look = |name: &str, url: Option<&str>| {
        for scheme in ["light", "dark"] {
            browser.scheme(scheme);
            // Colours are computed anew with the page; without an address the page that is there stays.
            if let Some(url) = url {
                browser.go(url);
            }
            browser.picture(&format!("{name}-{width}-{scheme}"));
            wrong.extend(faults(&browser, axe.as_deref()).into_iter().map(|fault| format!("{name} {scheme}: {fault}")));
        }
    };
    for lang in ["ar", "en"] {
        let at = |path: &str| format!("http://{}/{lang}{path}", server.address);
        for path in PUBLIC {
            look(&format!("{lang}{}", path.replace(['/', '?'], "_")), Some(&at(path)));
        }
        browser.go(&at("/sign-up"));
        browser.follow("main form button[type=submit]");
        look(&format!("{lang}_sign_up_wrong"), None);
        let somebody = format!("{lang}-{width}@home.example");
        for (page, email) in [("sign-up", somebody.as_str()), ("forgotten", "citizen@demo.example")] {
            let before = mail.count(email);
            browser.go(&at(&format!("/{page}")));
            for (field, text) in [("name", "Rana"), ("email", email), ("password", "correct horse battery")] {
                if browser.source().contains(&format!("id=\"{field}\"")) {
                    browser.fill(&format!("#{field}"), text);
                }
            }
            browser.follow("main form button[type=submit]");
            look(&format!("{lang}_{page}_sent"), None);
            look(&format!("{lang}_{page}_link"), Some(&link(&mail.last_to(email, before + 1))));
        }
        look(&format!("{lang}_link_ended"), Some(&at("/forgotten/long-ago")));
        browser.go(&at("/registers/licences"));
        browser.follow("table.data a");
        let record = browser.url();
        look(&format!("{lang}_record"), Some(&record));
        browser.sign_in(&server.address, lang, "company@demo.example");
        browser.go(&at("/services/software-company-licence"));
        browser.follow("main form button[type=submit]");
        let company = browser.url();
        let draft = company.trim_end_matches("/company").to_owned();
        look(&format!("{lang}_form"), Some(&company));
        look(&format!("{lang}_tasks"), Some(&draft));
        look(&format!("{lang}_delete"), Some(&format!("{draft}?delete")));
        look(&format!("{lang}_begun"), Some(&at("/services/software-company-licence")));
        browser.go(&format!("{draft}/people"));
        browser.follow("main form button[type=submit]");
        look(&format!("{lang}_form_wrong"), None);
        look(&format!("{lang}_my_cases"), Some(&at("/cases")));
        look(&format!("{lang}_my_data"), Some(&at("/my-data")));
        look(&format!("{lang}_messages"), Some(&at("/messages")));
        look(&format!("{lang}_payments"), Some(&at("/payments")));
        look(&format!("{lang}_payment"), Some(&at(&format!("/payments/{}", owed.1))));
        look(&format!("{lang}_payment_waived"), Some(&at(&format!("/payments/{}", waived.1))));
        look(&format!("{lang}_slip"), Some(&at(&format!("/payments/{}", slip.1))));
        look(&format!("{lang}_receipt"), Some(&at(&format!("/payments/{}/receipt", paid.1))));
        assert!(browser.source().contains(&paid.1), "there is a receipt to look at");
        look(&format!("{lang}_certificate"), Some(&at(&format!("/certificates/{}", granted.0))));
        assert!(browser.source().contains("class=\"certificate"), "there is a certificate to look at");
        look(&format!("{lang}_case_to_pay"), Some(&at(&format!("/cases/{}", owed.0))));
        look(&format!("{lang}_verify_typed"), Some(&at("/verify?reference=hello&code=7K3M")));
        look(&format!("{lang}_verify"), Some(&at(&format!("/verify/receipt/{}?s=x", waived.1))));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "agent@demo.example");
        look(&format!("{lang}_till"), Some(&at(&format!("/till?code={}", owed.1))));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "chief@demo.example");
        look(&format!("{lang}_budget"), Some(&at("/budget")));
        look(&format!("{lang}_finance"), Some(&at("/finance?from=2021-01-01")));
        look(&format!("{lang}_finance_wrong"), Some(&at("/finance?problem=money-decimals&n=JOD&m=3")));
        look(&format!("{lang}_statements"), Some(&at("/finance/statements")));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "bank@demo.example");
        look(&format!("{lang}_loans"), Some(&at("/loans")));
        browser.follow("table.data a");
        let loan = browser.url();
        look(&format!("{lang}_loan"), Some(&loan));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "secretariat@demo.example");
        look(&format!("{lang}_budget_line"), Some(&at("/budget/national-fibre")));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "admin@demo.example");
        look(&format!("{lang}_jobs"), Some(&at("/admin/jobs")));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "supervisor@demo.example");
        look(&format!("{lang}_desk_of_supervisor"), Some(&at("/desk")));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "clerk@demo.example");
        look(&format!("{lang}_desk"), Some(&at("/desk")));
        browser.follow("table.desk a");
        let case = browser.url();
        look(&format!("{lang}_case"), Some(&case));
        look(&format!("{lang}_forbidden"), Some(&at("/drafts/nothing")));
        browser.sign_out();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_can_be_used_by_everybody_on_a_small_phone() {
    look_at_every_page(320);
}

#[test]
fn every_page_can_be_used_by_everybody_on_a_wide_screen() {
    look_at_every_page(1280);
}
