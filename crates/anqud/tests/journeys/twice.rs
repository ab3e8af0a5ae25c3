//! Whatever creates something is sent a hundred times at once, and done once: every POST of the API and of the pages, from
//! the tables of the routers themselves.

use std::{collections::BTreeSet, thread};

use serde_json::{Value, json};
use web::Twice;

use crate::{
    api::Caller,
    money::{register, statement},
    server::{Server, between, header, postgres},
};

const TIMES: usize = 100;

/// What does nothing new by itself, or is tried elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/admin/jobs", "needs a job that failed; a job that waits again is one job"),
    ("/finance/orders", "needs an approved refund with an account: crates/pay/tests/persons.rs orders each once"),
    ("/sign-up", "needs a mail server: journeys/accounts.rs"),
    ("/sign-up/{token}", "needs a letter: journeys/accounts.rs"),
    ("/forgotten", "needs a mail server: journeys/accounts.rs"),
    ("/forgotten/{token}", "needs a letter: journeys/accounts.rs"),
];

/// One answer: its status, where it leads and its body.
type Told = (u16, String, Value);

/// What a request changed, in its journal: the rows of the entries, without readings.
fn changes(auditor: &Caller, after: &mut i64) -> Vec<String> {
    let mut rows = Vec::new();
    loop {
        let (status, _, page) = auditor.ask("GET", &format!("/journal?limit=1000&after={after}"), &[], &Value::Null);
        assert_eq!(status, 200, "{page}");
        let entries = page["items"].as_array().unwrap();
        for entry in entries.iter().filter(|entry| entry["source"] != "reading") {
            rows.push(format!("{} {} {} {}", entry["source"], entry["row"], entry["before"], entry["after"]));
        }
        match entries.last() {
            Some(last) => *after = last["seq"].as_i64().unwrap(),
            None => return rows,
        }
    }
}

struct Hundred<'a> {
    server: &'a Server,
    auditor: Caller<'a>,
    seen: i64,
    tried: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Hundred<'_> {
    /// Sends it a hundred times at once; the one answer. `made` is how many new rows of that source there are afterwards.
    fn at_once(&mut self, route: &str, made: (&str, usize), send: impl Fn() -> Told + Sync) -> Told {
        changes(&self.auditor, &mut self.seen);
        let answers: Vec<Told> = thread::scope(|scope| {
            let asked: Vec<_> = (0..TIMES).map(|_| scope.spawn(&send)).collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let first = answers[0].clone();
        assert!(first.0 < 400, "{route}: {first:?}");
        for answer in &answers {
            assert_eq!(*answer, first, "{route}");
        }
        let changed = changes(&self.auditor, &mut self.seen);
        let once: BTreeSet<&String> = changed.iter().collect();
        assert_eq!(once.len(), changed.len(), "{route}: {changed:#?}");
        let (source, count) = made;
        let new = changed.iter().filter(|row| row.starts_with(&format!("\"{source}\" "))).count();
        if new != count {
            let sources: Vec<&str> = changed.iter().map(|row| row.split(' ').next().unwrap()).collect();
            self.wrong.push(format!("{route}: {new} and not {count} of {source}: {sources:?}"));
        }
        self.tried.insert(route.to_owned());
        first
    }

    /// A form with the key of its page.
    fn form(
        &mut self,
        route: &str,
        made: (&str, usize),
        (page, action): (&str, &str),
        cookie: &str,
        fields: &str,
    ) -> String {
        let server = self.server;
        let csrf = between(&server.get(page, cookie), "name=\"csrf\" value=\"", "\"");
        let body = format!("csrf={csrf}&{fields}");
        let (status, to, answer) = self.at_once(route, made, || told(server.send("POST", action, cookie, &body)));
        assert_eq!(status, 303, "{route}: {answer}");
        assert!(!to.contains("problem="), "{route}: {to}");
        to
    }

    /// A request to the API with a key.
    fn api(&mut self, route: &str, made: (&str, usize), caller: &Caller, path: &str, body: &Value) -> Value {
        let key = [("Idempotency-Key", route)];
        let send = |body: &Value| {
            let (status, head, answer) = caller.ask("POST", path, &key, body);
            (status, if head.contains("ocation:") { header(&head, "location") } else { String::new() }, answer)
        };
        let (_, _, answer) = self.at_once(&format!("api {route}"), made, || send(body));
        let (status, _, problem) = send(&json!({ "other": 1 }));
        assert!(status == 422 || status == 400, "{route}: the same key with another request: {problem}");
        answer
    }
}

fn told((status, head, body): (u16, String, String)) -> Told {
    let to = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or("").to_owned();
    (status, to, Value::String(body))
}

fn everything_is_done_once(server: &Server) {
    let auditor = Caller::sign_in(server, "auditor@demo.example");
    let mut all = Hundred { server, auditor, seen: 0, tried: BTreeSet::new(), wrong: Vec::new() };
    let company = Caller::sign_in(server, "company@demo.example");
    let finance = Caller::sign_in(server, "finance@demo.example");
    let cookie = |who: &str| server.sign_in(&format!("{who}@demo.example"));
    let (citizen, officer, chief) = (cookie("company"), cookie("finance"), cookie("chief"));

    // The API.
    let data = json!({"data": {
        "company_name": "Zaytouna", "region": "nablus", "staff": 3, "premises": "own",
        "contact_name": "Sami", "phone": "0599000102", "email": "a@demo.example"
    }});
    let case =
        all.api("/services/{id}/cases", ("case", 1), &company, "/services/software-company-licence/cases", &data);
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    let path = format!("/cases/{}/actions/approve", case["reference"].as_str().unwrap());
    all.api("/cases/{reference}/actions/{action}", ("case", 1), &clerk, &path, &json!({}));
    let send = || {
        let (status, _, view) = company.send_with_key("/documents?name=a.pdf", "document", "%PDF-1.4");
        (status, String::new(), view)
    };
    all.at_once("api /documents", ("document", 1), send);
    assert_eq!(company.send_with_key("/documents?name=a.pdf", "document", "%PDF-1.5").0, 422, "another file");
    let secretary = Caller::sign_in(server, "secretariat@demo.example");
    let observed = json!({"period": "2021-11", "value": 7, "source": "a survey"});
    all.api(
        "/indicators/{id}/observations",
        ("observation", 1),
        &secretary,
        "/indicators/programmers/observations",
        &observed,
    );
    let (_, owed) = register(&company, "software", "api-start");
    all.api(
        "/payments/{id}/start",
        ("payment", 1),
        &company,
        &format!("/payments/{owed}/start"),
        &json!({"way": "cash"}),
    );
    let agent = cookie("agent");
    server.post("/en/till", "/en/till/take", &agent, &format!("code={owed}"));
    let refund = json!({"amount": "1", "reason": "too much"});
    // Asked and, below the limit, approved at once.
    all.api("/payments/{id}/refunds", ("refund", 2), &finance, &format!("/payments/{owed}/refunds"), &refund);
    let record = json!({"values": {"number": "L-100", "name": "Zaytouna", "region": "nablus", "issued": "2021-11-01",
        "expires": "2023-11-01", "staff": 3, "status": "active"}});
    all.api("/registers/{id}/records", ("record", 1), &clerk, "/registers/licences/records", &record);

    // The pages.
    let service = "/en/services/software-company-licence";
    let start = format!("{service}/start");
    let first = all.form("/services/{service}/start", ("case", 0), (service, &start), &citizen, "");
    let typed = "company_name=Zaytouna&region=ramallah&company=";
    let second = all.form("/drafts/{draft}/{page}", ("case", 0), (&first, &first), &citizen, typed);
    let draft = first.rsplit_once('/').unwrap().0.to_owned();
    assert!(second.starts_with(&draft), "{second}");
    all.form("/drafts/{draft}", ("case", 0), (&format!("{draft}?delete"), &draft), &citizen, "do=delete");
    let first = server.post(service, &start, &citizen, "");
    let people = server.post(&first, &first, &citizen, typed);
    let contact = server.post(&people, &people, &citizen, "staff=3&premises=own");
    let check = server.post(&contact, &contact, &citizen, "contact_name=Sami&phone=0599000102&email=a@demo.example");
    all.form("/drafts/{draft}/check", ("case", 1), (&check, &check), &citizen, "");
    let (reference, _) = register(&company, "training", "registered");
    let page = format!("/en/cases/{reference}");
    let office = cookie("registrar");
    all.form("/cases/{reference}/{action}", ("case", 1), (&page, &format!("{page}/register")), &office, "");
    let clerks = cookie("clerk");
    let (_, _, filed) = company.file("to-assign", 4);
    let chosen = format!("case={0}&reference={0}&do=take", filed["reference"].as_str().unwrap());
    all.form("/desk/assign", ("case", 1), ("/en/desk", "/en/desk/assign"), &clerks, &chosen);
    let (_, owed) = register(&company, "software", "page-start");
    let page = format!("/en/payments/{owed}");
    all.form("/payments/{payment}/start", ("payment", 1), (&page, &format!("{page}/start")), &citizen, "way=cash");
    all.form("/till/take", ("payment", 1), ("/en/till", "/en/till/take"), &agent, &format!("code={owed}"));
    all.form("/till/hand-in", ("till", 1), ("/en/till", "/en/till/hand-in"), &agent, "currency=JOD&amount=35");
    let desk = server.get("/en/finance", &officer);
    let tills = desk.split("id=\"tills\"").nth(1).unwrap();
    let id = between(tills, "name=\"id\" value=\"", "\"");
    let counted = format!("id={id}&do=counted");
    all.form("/finance/tills", ("till", 1), ("/en/finance", "/en/finance/tills"), &officer, &counted);
    let asked = format!("id={owed}&do=ask&amount=1&reason=too+much");
    all.form("/finance/refunds", ("refund", 2), ("/en/finance", "/en/finance/refunds"), &officer, &asked);
    let csrf = between(&server.get("/en/finance", &officer), "name=\"csrf\" value=\"", "\"");
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\nContent-Disposition: form-data; \
         name=\"statement\"; filename=\"s.xml\"\r\nContent-Type: application/xml\r\n\r\n{}\r\n--b--\r\n",
        statement("S1", "for my company")
    );
    let headers = [("Cookie", officer.as_str()), ("Content-Type", "multipart/form-data; boundary=b")];
    let import = || told(server.ask("POST", "/en/finance/statements/import", &headers, &body));
    let (_, to, _) = all.at_once("/finance/statements/import", ("statement", 0), import);
    assert!(to.contains("done=imported&n=0&m=1"), "{to}");
    let statements = server.get("/en/finance/statements", &officer);
    let item = statements.split("<li ").find(|item| item.contains("for my company")).unwrap();
    let fields = format!("id={}&do=elsewhere&note=another+account", between(item, "name=\"id\" value=\"", "\""));
    all.form("/finance/differences", ("difference", 1), ("/en/finance", "/en/finance/differences"), &officer, &fields);
    let day = "way=card&day=2021-12-30";
    // Its answer and what it writes are the same for all; that day it writes no entry of its own.
    all.form("/finance/close", ("close", 0), ("/en/finance", "/en/finance/close"), &officer, day);
    let line = "/en/budget/national-fibre";
    let wish = "line=national-fibre/2022/loan&kind=commit&amount=5&reason=cable";
    let secretary = cookie("secretariat");
    all.form("/budget/{intervention}/propose", ("budget", 1), (line, &format!("{line}/propose")), &secretary, wish);
    let waiting = server.get("/en/budget", &chief);
    let own = waiting.split("<li>").find(|item| item.contains("cable")).unwrap();
    let approve = format!("id={}&do=approve", between(own, "name=\"id\" value=\"", "\""));
    all.form("/budget/decide", ("budget", 1), ("/en/budget", "/en/budget/decide"), &chief, &approve);
    let bank = cookie("bank");
    let terms = "borrower=citizen@demo.example&amount=10000&kind=murabaha&rate=8&months=10&grace=0&tranches=10000+all";
    // Whoever agreed a loan does not pay it out.
    let lender = cookie("bankchief");
    let loan = all.form("/loans/agree", ("loan", 1), ("/en/loans", "/en/loans/agree"), &bank, terms);
    all.form("/loans/{loan}/{step}", ("loan", 1), (&loan, &format!("{loan}/pay-out")), &lender, "tranche=1");

    // Nothing that creates was forgotten.
    let keyed = |twice: Twice| matches!(twice, Twice::Once | Twice::Kept);
    let pages = web::posts().filter(|(_, twice)| keyed(*twice)).map(|(path, _)| path.to_owned());
    let operations = web::endpoints().into_iter().filter(|endpoint| keyed(endpoint.twice));
    let operations = operations.map(|endpoint| format!("api {}", endpoint.path));
    let wanted: BTreeSet<String> = pages.chain(operations).collect();
    all.tried.extend(ELSEWHERE.iter().map(|(path, _)| (*path).to_owned()));
    assert_eq!(all.tried, wanted);
    assert!(all.wrong.is_empty(), "{:#?}", all.wrong);
}

#[test]
fn whatever_creates_is_done_once_on_sqlite() {
    everything_is_done_once(&Server::start("twice", None));
}

#[test]
fn whatever_creates_is_done_once_on_postgres() {
    let Some(url) = postgres("twice") else { return };
    everything_is_done_once(&Server::start("twice-postgres", Some(&url)));
}
