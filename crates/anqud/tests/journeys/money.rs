//! Money over HTTP against the real command and its payment provider: whatever the provider does, the fee is paid once,
//! the case goes on by itself, and the books balance.

use serde_json::{Value, json};

use crate::{
    api::Caller,
    server::{Server, ask, between, header, postgres},
};

/// Files a company whose fee is 35 dinars; the references of the case and of its payment.
pub fn register(caller: &Caller, activity: &str, key: &str) -> (String, String) {
    let data = json!({"data": {
        "company_name": "Zaytouna", "region": "ramallah", "activity": activity, "founded": "2021-11-01", "capital": 5000,
        "owner_id": "402177836", "phone": "0599000102", "email": "company@demo.example",
    }});
    let (status, _, case) =
        caller.ask("POST", "/services/company-registration/cases", &[("Idempotency-Key", key)], &data);
    assert_eq!(status, 201, "{case}");
    let text = |name: &str| case[name].as_str().unwrap_or_else(|| panic!("no {name} in {case}")).to_owned();
    (text("reference"), text("payment"))
}

fn state(caller: &Caller, path: &str) -> String {
    let (status, _, body) = caller.ask("GET", path, &[], &Value::Null);
    assert_eq!(status, 200, "{body}");
    body["state"].as_str().unwrap().to_owned()
}

/// Looks until the state is the wanted one, for as long as a provider that thinks about it may take.
fn becomes(caller: &Caller, path: &str, wanted: &str) {
    for _ in 0..100 {
        if state(caller, path) == wanted {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    panic!("{path} is {} and not {wanted}", state(caller, path));
}

/// Goes to the page of the provider and lets it behave in a certain way; where the payer is sent afterwards.
fn at_the_provider(caller: &Caller, payment: &str, conduct: &str) -> String {
    let (status, _, started) = caller.ask(
        "POST",
        &format!("/payments/{payment}/start"),
        &[],
        &json!({"way": "card", "back": format!("http://{}/ar/back", caller.server.address)}),
    );
    assert_eq!(status, 200, "{started}");
    let url = started["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    let (host, path) = url.split_once('/').unwrap();
    let (status, _, page) = ask(host, "GET", &format!("/{path}"), &[], "");
    assert!(status == 200 && page.contains("مصرف الاختبار"), "{page}");
    let attempt = between(&page, "action=\"/pay/", "\"");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let (status, head, _) = ask(host, "POST", &format!("/pay/{attempt}"), &form, &format!("conduct={conduct}"));
    assert_eq!(status, 303);
    header(&head, "location")
}

fn whatever_the_provider_does(server: &Server) {
    let company = Caller::sign_in(server, "company@demo.example");
    let case = |reference: &str| format!("/cases/{reference}");
    let payment = |id: &str| format!("/payments/{id}");

    // Where a rule waives the fee, nobody waits.
    let (waived, id) = register(&company, "training", "waived");
    let waived_payment = id.clone();
    assert_eq!((state(&company, &case(&waived)), state(&company, &payment(&id))), ("check".into(), "paid".into()));

    let (reference, id) = register(&company, "software", "paid");
    assert_eq!(
        (state(&company, &case(&reference)), state(&company, &payment(&id))),
        ("submitted".into(), "quoted".into())
    );
    // The payer is told why: the answer, what the table says of it, and that the rule gives the same again.
    let why = server.get(&format!("/en/payments/{id}"), &server.sign_in("company@demo.example"));
    for seen in ["Row 1 says:", "&#60; 10000", "Worked out again just now", "35 JOD"] {
        assert!(why.contains(seen), "no «{seen}» in {why}");
    }
    assert_eq!(at_the_provider(&company, &id, "pay"), format!("http://{}/ar/back", server.address));
    becomes(&company, &case(&reference), "check");
    assert_eq!(state(&company, &payment(&id)), "paid");
    let (status, _, problem) = company.ask("POST", &format!("/payments/{id}/start"), &[], &json!({"way": "card"}));
    assert_eq!((status, problem["state"].as_str()), (409, Some("paid")), "nobody pays twice");

    for (conduct, wanted) in [
        ("decline", "failed"),
        ("late", "paid"),
        ("twice", "paid"),
        ("reordered", "paid"),
        ("pending", "paid"),
        ("dispute", "disputed"),
        ("dispute-lost", "refunded"),
    ] {
        let (_, id) = register(&company, "software", conduct);
        at_the_provider(&company, &id, conduct);
        becomes(&company, &payment(&id), wanted);
    }
    // A callback that is lost is asked after when the payer comes back.
    let (lost, id) = register(&company, "software", "lost");
    at_the_provider(&company, &id, "lost");
    assert_eq!(state(&company, &payment(&id)), "started");
    let cookie = server.sign_in("company@demo.example");
    assert!(server.get(&format!("/en/payments/{id}?back=1"), &cookie).contains("Open the receipt"));
    assert_eq!(state(&company, &case(&lost)), "check");

    // Half the amount, a guessed signature and an old message pay nothing, and the finance desk sees them.
    for conduct in ["amount", "forged", "old"] {
        let (reference, id) = register(&company, "software", conduct);
        at_the_provider(&company, &id, conduct);
        assert_eq!(state(&company, &payment(&id)), "started", "{conduct}");
        assert_eq!(state(&company, &case(&reference)), "submitted", "{conduct}");
    }
    let officer = server.sign_in("finance@demo.example");
    let desk = server.get("/en/finance", &officer);
    for seen in ["The books balance", "Another amount than was owed", "wrong signature", "too old", "disputes it"] {
        assert!(desk.contains(seen), "no «{seen}» in {desk}");
    }
    // At the close of the day what the provider took is found here, even where it never called back. Payments that
    // the provider has forgotten are pointed out: those of the demo's history.
    let (found, id) = register(&company, "software", "found");
    at_the_provider(&company, &id, "lost");
    // It hands over less than it said, and knows nothing of what it said was paid.
    let (_, short) = register(&company, "software", "short");
    at_the_provider(&company, &short, "short");
    let (_, denied) = register(&company, "software", "denied");
    at_the_provider(&company, &denied, "denied");
    let close = || server.post("/en/finance", "/en/finance/close", &officer, "way=card&day=2021-12-30");
    let closed = close();
    assert!(closed.contains("done=closed"), "{closed}");
    assert_eq!(state(&company, &case(&found)), "check");
    let desk = server.get("/en/finance", &officer);
    for seen in ["The books balance", "Days that were closed", "does not agree", "Handed over to the bank account"] {
        assert!(desk.contains(seen), "no «{seen}» in {desk}");
    }
    let difference = |kind: &str, about: &str| {
        let desk = server.get("/en/finance", &officer);
        let item = desk.split("<li>").find(|item| item.contains(kind) && item.contains(about));
        between(item.unwrap_or_else(|| panic!("no «{kind}» about {about} in {desk}")), "name=\"id\" value=\"", "\"")
    };
    difference("The provider does not know of it", &denied);
    let kept = difference("The provider settled another amount than it said", &short);
    assert!(server.get("/en/finance", &officer).contains("The provider has kept 3.500 JOD for its work"));
    let work = |fields: &str| server.post("/en/finance", "/en/finance/differences", &officer, fields);
    // What takes money out of where it lies is proposed by one and agreed by another.
    let chief = server.sign_in("chief@demo.example");
    let decide = |who: &str, fields: &str| server.post("/en/finance", "/en/finance/differences", who, fields);
    assert!(work(&format!("id={kept}&do=charged")).ends_with("done=waits"));
    let own = format!("id={kept}&do=approve&seen=charged");
    assert!(decide(&officer, &own).ends_with("problem=own-hand-asked"));
    let desk = server.get("/en/finance", &officer);
    let item = desk.split("<li>").find(|item| item.contains("The provider settled another amount")).unwrap();
    assert!(item.contains("You asked for it or proposed it") && !item.contains("<button"), "{item}");
    assert!(decide(&chief, &own).ends_with("done=saved"));
    assert!(server.get("/en/finance", &officer).contains("Charges of providers"));
    // Money in suspense is not talked away, but goes back.
    let half = difference("Another amount than was owed", "17.500");
    assert!(work(&format!("id={half}&do=clear&note=never+mind")).ends_with("problem=still-in-suspense"));
    assert!(work(&format!("id={half}&do=back")).ends_with("done=waits"));
    assert!(work(&format!("id={half}&do=elsewhere&note=no")).ends_with("problem=decided-first"));
    assert!(decide(&chief, &format!("id={half}&do=approve&seen=elsewhere")).ends_with("problem=not-seen"));
    assert!(decide(&chief, &format!("id={half}&do=approve&seen=back")).ends_with("done=saved"));

    // A part goes back: asked for by one, told to the provider, and not handed over at the next close.
    let refund = |fields: &str| server.post("/en/finance", "/en/finance/refunds", &officer, fields);
    // What was typed is still there when something is wrong with it.
    let wrong = refund(&format!("id={short}&do=ask&amount=five&reason=too+much"));
    let again = server.get(wrong.split('#').next().unwrap(), &officer);
    for typed in [format!("value=\"{short}\""), "value=\"five\"".into(), ">too much</textarea>".into()] {
        assert!(again.contains(&typed), "no {typed} after {wrong}");
    }
    assert!(refund(&format!("id={short}&do=ask&amount=5&reason=too+much")).ends_with("done=saved"));
    assert!(refund(&format!("id={short}-R1&do=left")).ends_with("problem=not-sure"));
    let left = refund(&format!("id={short}-R1&do=left&sure=yes"));
    assert!(left.ends_with("done=saved"), "{left}");
    assert_eq!(state(&company, &payment(&short)), "part-refunded");
    let messages = server.get("/en/messages", &server.sign_in("company@demo.example"));
    assert!(messages.contains("We have refunded 5 JOD") && messages.contains("Card or wallet"), "{messages}");
    close();
    let desk = server.get("/en/finance", &officer);
    let row = between(&desk, "30 December 2021</td>", "</tr>");
    assert!(row.contains("<bdi>5 JOD</bdi>"), "what the provider gave back is not handed over: {row}");
    for (path, wanted) in [("payments.csv", "receipt,payment"), ("payments.xml", "camt.054")] {
        let (status, _, text) = server.send("GET", &format!("/en/finance/{path}"), &officer, "");
        assert!(status == 200 && text.contains(wanted), "{path}");
        assert!(path == "payments.csv" || !text.contains(&waived_payment), "what was waived never came to the account");
    }
    let (_, _, notices) = server.send("GET", "/en/finance/payments.xml", &officer, "");
    let debit = notices.split("<Ntry>").find(|entry| entry.contains(&format!(">{short}-R1<"))).unwrap();
    assert!(debit.contains("<Amt Ccy=\"JOD\">5.000</Amt><CdtDbtInd>DBIT</CdtDbtInd>"), "{debit}");
    let (status, _, refunds) = server.send("GET", "/en/finance/refunds.csv", &officer, "");
    let row = refunds.lines().find(|line| line.starts_with(&format!("{short}-R1,{short},"))).unwrap();
    assert!(status == 200 && row.contains(",5.000,JOD,"), "{refunds}");
    // What anybody says without a signature is not believed.
    let body =
        format!("{{\"id\":\"x\",\"attempt\":\"{id}-1\",\"kind\":\"succeed\",\"amount\":\"35\",\"currency\":\"JOD\"}}");
    let (status, _, _) = server.ask("POST", "/api/v1/payments/callbacks/card", &[], &body);
    assert_eq!(status, 401);
    assert_eq!(server.send("GET", "/en/finance", &cookie, "").0, 403, "the payer has no business there");
    // Who may only look is offered nothing that would be refused.
    let seen = server.get("/en/finance", &server.sign_in("auditor@demo.example"));
    assert!(!seen.contains("action=\"/en/finance/") && !seen.contains("name=\"do\""), "{seen}");
    // Splitting a refund does not pass the limit of 50: 5, 25 and 21 are more.
    let ask = |id: &str, amount: &str| refund(&format!("id={id}&do=ask&amount={amount}&reason=too+much"));
    assert!(ask(&short, "25").ends_with("done=saved"));
    let (_, other) = register(&company, "software", "other");
    at_the_provider(&company, &other, "pay");
    becomes(&company, &payment(&other), "paid");
    assert!(ask(&other, "21").ends_with("done=waits"), "another payment of the same payer");
    assert_eq!(state(&company, &payment(&other)), "paid", "nothing left");
}

#[test]
fn whatever_the_provider_does_the_fee_is_paid_once() {
    whatever_the_provider_does(&Server::start("money", None));
}

#[test]
fn whatever_the_provider_does_on_postgresql() {
    let Some(database) = postgres("money") else { return };
    whatever_the_provider_does(&Server::start("money-postgres", Some(&database)));
}

#[test]
fn cash_is_taken_at_a_counter_and_counted_at_the_finance_desk() {
    let server = Server::start("cash", None);
    let company = Caller::sign_in(&server, "company@demo.example");
    let (reference, id) = register(&company, "software", "cash");
    let payer = server.sign_in("company@demo.example");
    let page = format!("/en/payments/{id}");
    server.post(&page, &format!("{page}/start"), &payer, "way=cash");
    let slip = server.get(&page, &payer);
    assert!(slip.contains("Pay in cash at a counter") && slip.contains("<svg class=\"qr\""));

    let agent = server.sign_in("agent@demo.example");
    // A slip of the tongue is found before money changes hands.
    let wrong = format!("{}2", &id[..id.len() - 1]).replace("22", "23");
    assert_eq!(server.send("GET", &format!("/en/till?code={wrong}"), &agent, "").0, 422);
    let typed = id.replace('-', "+").to_lowercase();
    assert!(server.get(&format!("/en/till?code={typed}"), &agent).contains("I have received 35 JOD"));
    server.post("/en/till", "/en/till/take", &agent, &format!("code={id}"));
    assert_eq!(state(&company, &format!("/cases/{reference}")), "check");
    let csrf = between(&server.get("/en/till", &agent), "name=\"csrf\" value=\"", "\"");
    let (status, _, again) = server.send("POST", "/en/till/take", &agent, &format!("csrf={csrf}&code={id}"));
    assert!(status == 422 && again.contains("paid already"), "{status}");
    let (status, _, much) =
        server.send("POST", "/en/till/hand-in", &agent, &format!("csrf={csrf}&currency=JOD&amount=99999"));
    assert!(status == 422 && much.contains("more than the till holds"), "{status}");
    server.post("/en/till", "/en/till/hand-in", &agent, "currency=JOD&amount=35");
    let till = server.get("/en/till", &agent);
    for seen in ["Taken today", &id, "35 JOD", "Handed in so far", "not counted yet"] {
        assert!(till.contains(seen), "no «{seen}» in {till}");
    }
    let officer = server.sign_in("finance@demo.example");
    let desk = server.get("/en/finance", &officer);
    let settlement = between(&desk, "name=\"id\" value=\"till/agent@demo.example/", "\"");
    let counted = format!("id=till/agent@demo.example/{settlement}&do=counted");
    assert!(server.post("/en/finance", "/en/finance/tills", &officer, &counted).ends_with("done=saved"));
    assert!(between(&server.get("/en/till", &agent), "id=\"settlements\"", "</li>").contains("counted</span>"));

    // The receipt can be verified by anybody, and a changed one is not believed.
    let receipt = server.get(&format!("{page}/receipt"), &payer);
    let verify = between(&receipt, " href=\"/en/verify/", "\"");
    assert!(server.get(&format!("/en/verify/{verify}"), "").contains("issued by this system"));
    let (forged, _) = verify.split_once("s=").unwrap();
    assert!(server.get(&format!("/en/verify/{forged}s=AAAA"), "").contains("not issued by this system"));
    // Whoever has no camera types the reference and the code, as people type.
    let typed = |reference: &str, paper: &str| {
        let code = between(paper, "<bdi class=\"code\">", "<").to_lowercase().replace('-', "+");
        server.get(&format!("/en/verify?reference={}&code={code}", reference.to_lowercase()), "")
    };
    let said = typed(&id, &receipt);
    assert!(said.contains("issued by this system") && said.contains("35 JOD"), "{said}");
    assert!(server.get(&format!("/en/verify?reference={id}&code=2222-2222-2222"), "").contains("not issued by this"));
    let mistyped = server.get("/en/verify?reference=hello&code=7K3M", "");
    assert!(mistyped.contains("This is not a document reference") && mistyped.contains("value=\"7K3M\""), "{mistyped}");
    let mistyped = server.get(&format!("/en/verify?reference={id}&code="), "");
    assert!(mistyped.contains("The code is twelve") && mistyped.contains(&format!("value=\"{id}\"")), "{mistyped}");

    // So can the certificate, and its page says word for word what stands on the paper, in the reader's language.
    let registrar = Caller::sign_in(&server, "registrar@demo.example");
    let (status, _, body) = registrar.ask("POST", &format!("/cases/{reference}/actions/register"), &[], &json!({}));
    assert_eq!(status, 200, "{body}");
    let paper = server.get(&format!("/en/cases/{reference}"), &payer);
    let verify = between(&paper, " href=\"/en/verify/certificate/", "\"");
    for (lang, certifies) in [("en", "certifies that"), ("ar", "تشهد وزارة الاقتصاد الوطني")] {
        let said = server.get(&format!("/{lang}/verify/certificate/{verify}"), "");
        assert!(said.contains(certifies) && said.contains(&reference), "{said}");
    }
    let (forged, _) = verify.split_once("s=").unwrap();
    let said = typed(&reference, &paper);
    assert!(said.contains("certifies that") && said.contains(&reference), "{said}");
    let forged = server.get(&format!("/en/verify/certificate/{forged}s=AAAA"), "");
    assert!(forged.contains("not issued by this system"));
}

/// Sends a statement of the bank to the finance desk; where that leads.
pub fn import(server: &Server, officer: &str, statement: &str) -> String {
    let csrf = between(&server.get("/en/finance", officer), "name=\"csrf\" value=\"", "\"");
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\nContent-Disposition: form-data; \
         name=\"statement\"; filename=\"s.xml\"\r\nContent-Type: application/xml\r\n\r\n{statement}\r\n--b--\r\n"
    );
    let headers = [("Cookie", officer), ("Content-Type", "multipart/form-data; boundary=b")];
    let (status, head, _) = server.ask("POST", "/en/finance/statements/import", &headers, &body);
    assert_eq!(status, 303);
    header(&head, "location")
}

/// A statement with one credit of 35 dinars.
pub fn statement(name: &str, words: &str) -> String {
    format!(
        "<Document><BkToCstmrStmt><Stmt><Id>{name}</Id><Acct><Id><IBAN>PS47DEMO000000000000000000001</IBAN></Id></Acct><Ntry><Amt Ccy=\"JOD\">35</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2021-12-30</Dt></BookgDt><NtryDtls><TxDtls><RmtInf>\
         <Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
    )
}

#[test]
fn a_statement_of_the_bank_pays_what_it_names_and_leaves_the_rest_to_people() {
    let server = Server::start("statement", None);
    let company = Caller::sign_in(&server, "company@demo.example");
    let (named, first) = register(&company, "software", "named");
    let (_, second) = register(&company, "software", "nameless");
    let (_, _, started) = company.ask("POST", &format!("/payments/{first}/start"), &[], &json!({"way": "transfer"}));
    let reference = started["reference"].as_str().unwrap();
    let entry = |name: &str, words: &str| {
        format!(
            "<Ntry><Amt Ccy=\"JOD\">35.000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>2021-12-30</Dt></BookgDt><AcctSvcrRef>{name}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr>\
             <Nm>Amal &amp; Co</Nm></Dbtr><DbtrAcct><Id><IBAN>JO94CBJO0010000000000131000302</IBAN></Id></DbtrAcct></RltdPties>\
             <RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    };
    let statement = format!(
        "<Document><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>PS47DEMO000000000000000000001</IBAN></Id></Acct>{}{}{}</Stmt></BkToCstmrStmt></Document>",
        entry("B1", reference),
        entry("B2", "for my company"),
        entry("B3", "a mistake")
    );
    let officer = server.sign_in("finance@demo.example");
    let send = |statement: &str| import(&server, &officer, statement);
    assert!(send("no statement").ends_with("problem=file-none&n=&m="));
    assert!(send(&statement.replace("35.000", "35,000")).ends_with("problem=file-amount-comma&n=1&m=35%2C000"));
    assert!(send(&statement).ends_with("done=imported&n=1&m=2&l=0"));
    assert!(send(&statement).ends_with("done=imported&n=0&m=0&l=0"), "what was taken in is not taken in again");
    // No piece of it is long, only all of them together.
    let long = format!("{statement}{}", "<!-- as long as it may be, piece by piece -->\n".repeat(210_000));
    let said = send(&long);
    assert!(said.ends_with("done=imported&n=0&m=0&l=0"), "a statement is as long as the page says: {said}");
    assert_eq!(state(&company, &format!("/cases/{named}")), "check");
    // A person says whose the money without a name is: the page says what the bank says, and what it may be meant for.
    let page = server.get("/en/finance/statements", &officer);
    let open = |words: &str| {
        let page = server.get("/en/finance/statements", &officer);
        let item = page
            .split("<li ")
            .find(|item| item.contains(words))
            .unwrap_or_else(|| panic!("{words}: {page}"))
            .to_owned();
        (between(&item, "name=\"id\" value=\"", "\""), item)
    };
    let (id, item) = open("for my company");
    for seen in ["35 JOD", "Amal &#38; Co", "JO94CBJO0010000000000131000302", second.as_str()] {
        assert!(item.contains(seen), "no «{seen}» in {item}");
    }
    assert!(page.contains("Files that came") && page.contains("<bdi>S1 · s.xml</bdi> · <bdi>camt.053</bdi>"), "{page}");
    let auditor = server.sign_in("auditor@demo.example");
    let seen = server.get("/en/finance/statements", &auditor);
    assert!(
        seen.contains("for my company") && !seen.contains("do\" value=\"assign"),
        "an auditor looks and changes nothing"
    );
    let work = |fields: &str| server.post("/en/finance", "/en/finance/differences", &officer, fields);
    let assign = format!("id={id}&do=assign&note={second}&from=statements");
    assert!(work(&assign).ends_with("/finance/statements?done=saved"));
    // What is nobody's goes back to the account that it came from, by an order to the bank; the next statement says that
    // it has left.
    let (id, _) = open("a mistake");
    assert!(work(&format!("id={id}&do=back&from=statements")).ends_with("done=waits"));
    let page = server.get("/en/finance/statements", &officer);
    let item = between(&page, "<bdi>a mistake</bdi>", "</li>");
    assert!(item.contains("Proposed: send it back") && !item.contains("<button"), "{item}");
    let chief = server.sign_in("chief@demo.example");
    let agreed = format!("id={id}&do=approve&seen=back");
    let agreed = server.post("/en/finance", "/en/finance/differences", &chief, &agreed);
    assert!(agreed.ends_with("done=saved"), "{agreed}");
    let make = || server.post("/en/finance", "/en/finance/orders", &officer, "");
    let made = make();
    let made = between(&made, "done=ordered&n=", "&");
    let fetch = || server.send("GET", &format!("/en/finance/orders/{made}"), &officer, "");
    let (status, _, order) = fetch();
    assert_eq!(fetch().2, order, "the same file however often it is fetched");
    let auditor = server.sign_in("auditor@demo.example");
    assert_eq!(server.send("GET", &format!("/en/finance/orders/{made}"), &auditor, "").0, 200);
    assert!(make().contains("problem=no-transfers"), "nothing is ordered twice");
    let payee = "<Cdtr><Nm>Amal &amp; Co</Nm></Cdtr><CdtrAcct><Id><IBAN>JO94CBJO0010000000000131000302</IBAN>";
    assert!(status == 200 && order.contains("pain.001") && order.contains(payee), "{order}");
    let ours = order.split("<CdtTrfTxInf>").find(|part| part.contains(payee)).unwrap();
    let name = between(ours, "<EndToEndId>", "<");
    let left = statement.replace(">S1<", ">S2<").replace("CRDT", "DBIT").replace("a mistake", &name);
    assert!(send(&left).ends_with("done=imported&n=0&m=0&l=1"));
    assert!(!server.get("/en/finance", &officer).contains(&format!("value=\"{name}\"")), "it has left");
    let (_, _, notices) = server.send("GET", "/en/finance/payments.xml", &officer, "");
    let debit = notices.split("<Ntry>").find(|entry| entry.contains(&format!(">{name}<"))).unwrap();
    assert!(debit.contains("DBIT") && debit.contains("<IBAN>JO94CBJO0010000000000131000302</IBAN>"), "{debit}");
    assert_eq!(state(&company, &format!("/payments/{second}")), "paid");
    assert!(server.get("/en/finance", &officer).contains("The books balance"));

    // Balances are held against the entries and against the statement before.
    let with_balances = |name: &str, opening: &str, closing: &str| {
        let balance = |code: &str, amount: &str| {
            format!(
                "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"JOD\">{amount}</Amt>\
                 <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2021-12-30</Dt></Dt></Bal>"
            )
        };
        let entry = entry(name, "no payment of ours");
        let balances = balance("OPBD", opening) + &balance("CLBD", closing);
        format!(
            "<Document><BkToCstmrStmt><Stmt><Id>{name}</Id><Acct><Id><IBAN>PS47DEMO000000000000000000001</IBAN></Id></Acct>{balances}{entry}</Stmt>\
             </BkToCstmrStmt></Document>"
        )
    };
    assert!(send(&with_balances("S3", "100", "135")).ends_with("l=0"), "it follows");
    assert!(send(&with_balances("S4", "200", "235")).ends_with("problem=statement-unequal"), "one is missing between");
    assert!(send(&with_balances("S5", "235", "300")).ends_with("problem=statement-unequal"), "an entry is missing");
    assert!(send(&with_balances("S5", "235", "300")).ends_with("l=0"), "it is known");
    let desk = server.get("/en/finance", &officer);
    for seen in [
        "says <bdi>200 JOD</bdi> · it should be <bdi>135 JOD</bdi>",
        "S4 · PS47DEMO000000000000000000001 · JOD",
        "S5 · PS47DEMO000000000000000000001 · JOD",
    ] {
        assert!(desk.contains(seen), "no «{seen}» in {desk}");
    }
    let (gap, kind) =
        ("transfer-S4 · PS47DEMO000000000000000000001 · JOD-statement-gap", "A statement begins with another balance");
    assert!(desk.contains(kind));
    assert!(work(&format!("id={gap}&do=clear&note=asked+the+bank")).ends_with("done=saved"));
    assert!(!server.get("/en/finance", &officer).contains(kind));
    let page = server.get("/en/finance/statements", &officer);
    assert!(between(&page, "id=\"at-bank\"", "</dl>").contains("<bdi>300 JOD</bdi>"), "{page}");
}

#[test]
fn a_hundred_at_once_with_one_key_make_one_payment() {
    let server = Server::start("at-once", None);
    let company = Caller::sign_in(&server, "company@demo.example");
    let paid: std::collections::BTreeSet<_> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..100).map(|_| scope.spawn(|| register(&company, "software", "one-key"))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(paid.len(), 1, "{paid:?}");
    let (_, id) = paid.first().unwrap();
    let urls: std::collections::BTreeSet<String> = std::thread::scope(|scope| {
        let start = || {
            let wanted = json!({"way": "card", "back": ""});
            let (status, _, started) = company.ask("POST", &format!("/payments/{id}/start"), &[], &wanted);
            assert_eq!(status, 200, "{started}");
            between(started["url"].as_str().unwrap(), "attempt=", "&")
        };
        let all: Vec<_> = (0..100).map(|_| scope.spawn(start)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(urls.len(), 1, "one attempt: {urls:?}");
}

#[test]
fn amounts_that_cannot_be_are_refused_with_a_clear_message() {
    let server = Server::start("amounts", None);
    let company = Caller::sign_in(&server, "company@demo.example");
    let (_, id) = register(&company, "software", "amounts");
    at_the_provider(&company, &id, "pay");
    let officer = Caller::sign_in(&server, "finance@demo.example");
    let refund = |amount: &str, lang: &str| {
        let wanted = json!({"amount": amount, "reason": "because"});
        let headers = [("Accept-Language", lang)];
        let (status, _, body) = officer.ask("POST", &format!("/payments/{id}/refunds"), &headers, &wanted);
        (status, body["detail"].as_str().unwrap_or_default().to_owned())
    };
    let wrong = [
        ("-5", "below zero", "أقل من صفر"),
        ("1.2345", "JOD has at most 3 decimals", "لا يزيد عدد المنازل العشرية على 3"),
        ("99999999999999999999", "too large", "كبير جداً"),
        ("many", "in digits", "بالأرقام"),
        ("5 USD", "has to be in JOD", "بعملة JOD"),
        ("0", "above zero", "أكبر من صفر"),
        ("35.001", "At most 35 JOD", "استرداده 35 JOD"),
    ];
    for (amount, english, arabic) in wrong {
        for (lang, said) in [("en", english), ("ar", arabic)] {
            let (status, detail) = refund(amount, lang);
            assert!(status == 422 && detail.contains(said), "{amount}: {status} {detail}");
        }
    }
    // The pages say the same, in the language of the page.
    let desk = server.sign_in("finance@demo.example");
    for (amount, english, arabic) in wrong {
        for (lang, said) in [("en", english), ("ar", arabic)] {
            let fields = format!("id={id}&do=ask&amount={}&reason=because", amount.replace(' ', "+"));
            let page = format!("/{lang}/finance");
            let outcome = server.post(&page, &format!("{page}/refunds"), &desk, &fields);
            let shown = server.get(&outcome, &desk);
            assert!(shown.contains(said), "{amount}: no «{said}» at {outcome}");
        }
    }
    let (status, _, body) = officer.ask(
        "POST",
        &format!("/payments/{id}/refunds"),
        &[("Accept-Language", "en")],
        &json!({"amount": "5", "currency": "USD", "reason": "because"}),
    );
    assert!(status == 422 && body["detail"].as_str().unwrap().contains("has to be in JOD"), "{body}");
    assert_eq!(refund("5", "en").0, 201);
    let (status, _, _) =
        company.ask("POST", &format!("/payments/{id}/refunds"), &[], &json!({"amount": "5", "reason": "x"}));
    assert_eq!(status, 403, "a payer pays nothing back");
}
