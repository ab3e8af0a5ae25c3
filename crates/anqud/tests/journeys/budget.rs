//! The budget and the loans as those who keep them use them: one proposes, another approves, nothing is overspent, and
//! a stranger sees no loan.

use crate::server::{Server, between};

const PAGE: &str = "/en/budget/national-fibre";
const LINE: &str = "line=national-fibre/2022/loan";

/// What of the line is granted, promised, spent and available.
fn line(server: &Server) -> [String; 4] {
    let page = server.get(PAGE, "");
    let own = between(&page, "2022 · loan</h2>", "</dl>");
    let amounts: Vec<String> =
        own.split("<bdi>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    amounts.try_into().unwrap()
}

#[test]
fn money_of_the_budget_moves_when_two_people_agree() {
    let server = Server::start("budget", None);
    assert_eq!(line(&server), ["9,000,000 USD", "0 USD", "0 USD", "9,000,000 USD"], "everybody may look");
    let (secretary, member) = (server.sign_in("secretariat@demo.example"), server.sign_in("committee@demo.example"));
    let propose = |fields: &str| server.post(PAGE, &format!("{PAGE}/propose"), &secretary, &format!("{LINE}&{fields}"));
    for (fields, problem) in [
        ("kind=commit&amount=9000000.01&reason=cable", "problem=left&left=9000000"),
        ("kind=commit&amount=-5&reason=cable", "problem=money-negative"),
        ("kind=commit&amount=5+ILS&reason=cable", "problem=money-currency"),
        ("kind=commit&amount=0&reason=cable", "problem=amount"),
        ("kind=commit&amount=5&reason=", "problem=reason"),
        ("kind=reallocate&amount=5&reason=cable", "problem=line"),
        ("kind=spend&amount=5&reason=cable", "problem=left&left=0"),
    ] {
        assert!(propose(fields).contains(problem), "{fields}");
    }
    assert!(propose("kind=commit&amount=2500000&reason=Cable+for+Nablus").ends_with("done=1"));
    assert_eq!(line(&server)[1], "0 USD", "nothing moves by a proposal");
    let csrf = |cookie: &str| between(&server.get("/en/budget", cookie), "name=\"csrf\" value=\"", "\"");
    let (status, _, _) =
        server.send("POST", "/en/budget/decide", &secretary, &format!("csrf={}&do=approve&id=x", csrf(&secretary)));
    assert_eq!(status, 403, "whoever proposes does not decide");

    let waiting = server.get("/en/budget", &member);
    let own = waiting.split("<li>").find(|item| item.contains("Cable for Nablus")).unwrap();
    let id = between(own, "name=\"id\" value=\"", "\"");
    server.post("/en/budget", "/en/budget/decide", &member, &format!("id={id}&do=approve"));
    assert_eq!(line(&server), ["9,000,000 USD", "2,500,000 USD", "0 USD", "6,500,000 USD"]);
    let again = server.post("/en/budget", "/en/budget/decide", &member, &format!("id={id}&do=approve"));
    assert!(again.contains("problem=decided"), "{again}");
    assert!(server.get(PAGE, "").contains("Cable for Nablus"), "the posting says why");
}

#[test]
fn a_loan_is_agreed_paid_out_and_paid_back() {
    let server = Server::start("loans", None);
    let (officer, chief) = (server.sign_in("bank@demo.example"), server.sign_in("bankchief@demo.example"));
    let agree = |fields: &str| server.post("/en/loans", "/en/loans/agree", &officer, fields);
    let terms = "borrower=citizen@demo.example&amount=10000&kind=murabaha&rate=8&months=10&grace=0";
    assert!(agree(&format!("{terms}&tranches=4000+a+prototype")).contains("problem=tranches"));
    assert!(agree("borrower=nobody@x&amount=1&kind=annuity&rate=1&months=1&grace=0").contains("problem=borrower"));
    assert!(agree(&terms.replace("rate=8", "rate=800")).contains("problem=terms"));
    assert!(agree(&terms.replace("amount=10000", "amount=1.234")).contains("problem=money-decimals"));
    let loan = agree(&format!("{terms}&tranches=4000+a+prototype%0A6000+ten+customers"));
    let (page, csrf) = (server.get(&loan, &officer), |page: &str| between(page, "name=\"csrf\" value=\"", "\""));
    assert!(page.contains("10,800 USD"), "the price is agreed in advance");
    let step = |step: &str, fields: &str| server.post(&loan, &format!("{loan}/{step}"), &officer, fields);
    // Whoever agreed it does not pay it out, and is not offered to.
    assert!(page.contains("You agreed this loan") && !page.contains("/pay-out\""), "{page}");
    assert!(step("pay-out", "tranche=1").contains("problem=own-hand-agreed"));
    let pay_out = |tranche: u8| server.post(&loan, &format!("{loan}/pay-out"), &chief, &format!("tranche={tranche}"));
    assert!(server.get(&loan, &chief).contains("/pay-out\""));
    for tranche in 1..=2 {
        assert_eq!(pay_out(tranche), loan);
    }
    assert!(pay_out(2).contains("problem=not-now"));
    let list = server.get("/en/loans", &chief);
    assert!(!list.contains("/loans/agree"), "a chief agrees no loan, and is not offered to");
    assert!(step("repay", "amount=10800.01&receipt=R1").contains("problem=amount"));
    assert_eq!(step("repay", "amount=1080&receipt=R1"), loan);
    assert!(step("repay", "amount=1080&receipt=R1").contains("problem=twice"));
    assert!(server.get(&loan, &officer).contains("9,720 USD"));

    // The borrower sees the loan, a stranger does not know that there is one.
    let (borrower, stranger) = (server.sign_in("citizen@demo.example"), server.sign_in("clerk@demo.example"));
    assert!(server.get(&loan, &borrower).contains("9,720 USD"));
    assert_eq!(server.send("GET", &loan, &stranger, "").0, 404);

    // New months are proposed by one and agreed by another.
    step("reschedule", "months=20&grace=1");
    assert!(server.get(&loan, &officer).contains("Rescheduling proposed"));
    assert_eq!(server.post(&loan, &format!("{loan}/new-months"), &chief, ""), loan);
    let page = server.get(&loan, &chief);
    assert!(page.contains("9,720 USD") && page.contains("<bdi>20</bdi>"), "the price stays the price: {page}");

    step("propose-write-off", "");
    let (status, _, _) = server.send(
        "POST",
        &format!("{loan}/write-off"),
        &officer,
        &format!("csrf={}", csrf(&server.get("/en/loans", &officer))),
    );
    assert_eq!(status, 403, "whoever proposes does not decide");
    server.post(&loan, &format!("{loan}/write-off"), &chief, "");
    assert!(server.get(&loan, &borrower).contains("Written off"));
    let finance = server.sign_in("finance@demo.example");
    assert!(server.get("/en/finance", &finance).contains("The books balance"));
}
