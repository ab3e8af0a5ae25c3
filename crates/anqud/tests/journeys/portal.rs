//! The journey that the product is for: somebody applies, a clerk grants it, and the figure is one higher with that
//! case in its list. Without JavaScript, as a browser would send it.

use crate::server::{Server, between, postgres};

fn apply_grant_and_see(server: &Server) {
    let before = server.granted();
    let citizen = server.sign_in("company@demo.example");
    let service = "/ar/services/software-company-licence";
    let company = server.post(service, &format!("{service}/start"), &citizen, "");
    let people = server.post(&company, &company, &citizen, "company_name=Zaytouna&region=ramallah&company=");
    // A wrong answer is said in words and loses nothing.
    let csrf = between(&server.get(&people, &citizen), "name=\"csrf\" value=\"", "\"");
    let (status, _, body) = server.send("POST", &people, &citizen, &format!("csrf={csrf}&staff=many&premises=own"));
    assert!(status == 422 && body.contains("اكتب عدداً صحيحاً") && body.contains("value=\"many\""), "{status}");
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

    assert_eq!(server.granted(), before + 1);
    assert!(server.get("/en/indicators/licences-granted", "").contains(&reference), "the case is in the list");
    assert!(server.get("/en/registers/licences", "").contains(&reference), "the licence is in its register");
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
