//! The journey that the product is for: somebody applies, a clerk grants it, and the figure is one higher with that
//! case in its list. Without JavaScript, as a browser would send it.

use crate::{
    api::Caller,
    server::{Server, between, postgres},
};

fn apply_grant_and_see(server: &Server) {
    let before = server.granted();
    let citizen = server.sign_in("company@demo.example");
    let service = "/ar/services/software-company-licence";
    let company = server.post(service, &format!("{service}/start"), &citizen, "");
    let people = server.post(&company, &company, &citizen, "company_name=Zaytouna&region=ramallah&company=");
    // A wrong answer is said in words and loses nothing.
    let csrf = between(&server.get(&people, &citizen), "name=\"csrf\" value=\"", "\"");
    let (status, _, body) = server.send("POST", &people, &citizen, &format!("csrf={csrf}&staff=many&premises=own"));
    assert!(status == 422 && body.contains("أدخل عدداً صحيحاً") && body.contains("value=\"many\""), "{status}");
    let contact = server.post(&people, &people, &citizen, "staff=%D9%A1%D9%A2&premises=own");
    let check =
        server.post(&contact, &contact, &citizen, "contact_name=Sami&phone=0599123456&email=sami%40demo.example");
    assert!(check.ends_with("/check"), "{check}");
    let sent = server.post(&check, &check, &citizen, "");
    let reference = between(&sent, "/cases/", "?");
    assert_eq!(server.granted(), before, "an application is no licence yet");

    // A stranger gets the same answer as for a case that does not exist.
    let case = format!("/ar/cases/{reference}");
    let stranger = server.sign_in("citizen@demo.example");
    assert_eq!(server.send("GET", &case, &stranger, "").0, 404);
    assert_eq!(server.send("GET", "/ar/desk", &stranger, "").0, 403);

    let clerk = server.sign_in("clerk@demo.example");
    assert!(server.get("/ar/desk?show=nobodys", &clerk).contains(&reference));
    let page = server.get(&case, &clerk);
    let (csrf, revision) =
        (between(&page, "name=\"csrf\" value=\"", "\""), between(&page, "name=\"revision\" value=\"", "\""));
    let decide = format!("csrf={csrf}&revision={revision}");
    assert_eq!(server.send("POST", &format!("{case}/approve"), &clerk, &decide).0, 303);
    // A second clerk who saw the case as it was is told what the first did.
    assert_eq!(server.send("POST", &format!("{case}/reject"), &clerk, &format!("{decide}&note=no")).0, 409);

    // The certificate has a page to print, for those who may read the case and for nobody else.
    let paper = format!("/en/certificates/{reference}");
    assert_eq!(server.send("GET", &paper, &stranger, "").0, 404);
    assert_eq!(server.send("GET", &paper, &citizen, "").0, 404, "its fee is not paid yet");

    assert_eq!(server.granted(), before + 1);
    assert!(server.get("/en/indicators/licences-granted", "").contains(&reference), "the case is in the list");
    let list = server.get("/en/indicators/licences-granted", "");
    assert!(
        list.contains(&format!("/en/registers/licences/records/{reference}")),
        "a stranger is led to what is public"
    );
    let list = server.get("/en/indicators/licences-granted", &server.sign_in("auditor@demo.example"));
    assert!(list.contains(&format!("/en/cases/{reference}")), "an auditor is led to the case");
    assert!(
        server.get(&format!("/en/cases/{reference}"), &server.sign_in("auditor@demo.example")).contains(&reference)
    );
    assert!(server.get("/en/registers/licences", "").contains(&reference), "the licence is in its register");
}

/// The clerk asks, the applicant changes what was asked about, and the clerk sees it.
fn ask_and_answer(server: &Server) {
    let (_, _, case) = Caller::sign_in(server, "company@demo.example").file("ask-and-answer", 3);
    let reference = case["reference"].as_str().unwrap().to_owned();
    let (page, company, clerk) = (
        format!("/ar/cases/{reference}"),
        server.sign_in("company@demo.example"),
        server.sign_in("clerk@demo.example"),
    );
    assert!(!server.get(&page, &company).contains("name=\"staff\""), "nothing is asked yet");
    server.post(&page, &format!("{page}/ask"), &clerk, "note=How+many%3F");
    let mine = server.get("/en/cases", &company);
    let row = between(&mine, "<tbody><tr>", "</tr>");
    assert!(
        row.contains(&reference) && row.contains("You need to act"),
        "what waits for the applicant stands first: {row}"
    );
    let asked = server.get(&page, &company);
    assert!(asked.contains("How many?") && asked.contains("name=\"staff\""));
    let csrf = between(&asked, "name=\"csrf\" value=\"", "\"");
    let more = "premises=own&phone=0599000102&email=a%40demo.example";
    let wrong = format!("csrf={csrf}&staff=many&{more}");
    let (status, _, body) = server.send("POST", &format!("{page}/answer"), &company, &wrong);
    assert!(status == 422 && body.contains("value=\"many\"") && body.contains("أدخل عدداً صحيحاً"), "{status}");
    server.post(&page, &format!("{page}/answer"), &company, &format!("staff=41&{more}"));
    assert!(server.get(&page, &clerk).contains("<bdi>41</bdi>"), "the clerk sees what was changed");
    assert!(server.get("/ar/desk?show=all", &clerk).contains(&reference), "it waits at the desk again");
}

/// What the fee tables of the pack say, before anybody has signed in.
#[test]
fn the_fee_is_told_in_words_before_anybody_applies() {
    let server = Server::start("tariff", None);
    let licence = server.get("/en/services/software-company-licence", "");
    let fee = between(&licence, "class=\"tariff\"", "</section>");
    for said in [
        "Amounts are in Israeli shekel",
        "100 ILS",
        "<dt>How many people work there?</dt><dd>less than 10</dd>",
        "<dd>from 10 to 50</dd></div><div><dt>Where do you work?</dt><dd>Everyone works remotely</dd>",
        "In all other cases",
        "Only if it is granted",
    ] {
        assert!(fee.contains(said), "no «{said}» in {fee}");
    }
    let company = server.get("/en/services/company-registration", "");
    let fee = between(&company, "class=\"tariff\"", "</section>");
    for said in ["less than 10,000 JOD", "Companies that train people are registered free of charge.", "within 14 days"]
    {
        assert!(fee.contains(said), "no «{said}» in {fee}");
    }
    assert!(
        !server.get("/en/services/graduate-training", "").contains("class=\"tariff\""),
        "what is free has no table"
    );
    assert!(server.get("/ar/services/company-registration", "").contains("أقل من 10,000 JOD"));
    // A table begins with the mark that a spreadsheet needs, and has titles beside its codes.
    for (lang, columns) in [
        ("ar", "name,number,region,المحافظة,founded,capital,activity,النشاط"),
        ("en", "name,number,region,Governorate,founded,capital,activity,Activity"),
    ] {
        let table = server.get(&format!("/{lang}/registers/companies/data.csv"), "");
        assert!(table.starts_with(&format!("\u{FEFF}{columns}\n")), "{}", table.lines().next().unwrap_or(""));
    }
}

/// A draft is offered to its owner alone, and is gone when its owner says so.
#[test]
fn a_draft_is_gone_on_with_or_deleted() {
    let server = Server::start("drafts", None);
    let company = server.sign_in("company@demo.example");
    let service = "/en/services/software-company-licence";
    assert!(!server.get(service, &company).contains(">Continue<"));
    let first = server.post(service, &format!("{service}/start"), &company, "");
    let draft = first.strip_suffix("/company").unwrap();
    let begun = server.get(service, &company);
    assert!(begun.contains(&format!("href=\"{draft}\"")) && begun.contains("Start again"), "{begun}");
    let other = server.sign_in("citizen@demo.example");
    assert!(!server.get(service, &other).contains(">Continue<"));
    assert_eq!(server.send("GET", &format!("{draft}?delete"), &other, "").0, 404);
    let csrf = between(&server.get(service, &other), "name=\"csrf\" value=\"", "\"");
    assert_eq!(server.send("POST", draft, &other, &format!("csrf={csrf}&do=delete")).0, 404);
    assert!(server.get("/en/cases", &company).contains(&format!("{draft}?delete")));
    let confirm = format!("{draft}?delete");
    assert!(server.post(&confirm, draft, &company, "do=delete").ends_with("/cases?deleted"));
    assert!(!server.get("/en/cases?deleted", &company).contains(draft));
    assert_eq!(server.send("GET", draft, &company, "").0, 404);
}

#[test]
fn the_clerk_asks_and_the_applicant_answers() {
    ask_and_answer(&Server::start("ask", None));
}

#[test]
fn an_application_that_is_granted_moves_the_figure_and_stands_behind_it() {
    apply_grant_and_see(&Server::start("journey", None));
}

#[test]
fn the_same_journey_on_postgresql() {
    let Some(database) = postgres("journey") else { return };
    apply_grant_and_see(&Server::start("journey-postgres", Some(&database)));
}

#[test]
fn a_form_of_another_site_changes_nothing() {
    let server = Server::start("foreign", None);
    let cookie = server.sign_in("company@demo.example");
    let start = "/ar/services/software-company-licence/start";
    let (status, _, body) = server.send("POST", start, &cookie, "csrf=wrong");
    assert_eq!(status, 400);
    assert!(body.contains("تعذرت قراءة النموذج"));
    assert_eq!(server.send("GET", "/ar/nothing/here", "", "").0, 404);
    assert_eq!(server.send("GET", "/ar/cases", "", "").0, 303, "who is not signed in is led to the door");
}
