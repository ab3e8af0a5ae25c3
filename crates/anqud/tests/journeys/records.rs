//! Records that people name in a form, records that are about them, and who has read what about them. The pack is the
//! starter with the grant for a machine (`grants/`) added.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    api::Caller,
    browser::{Browser, Look},
    server::{Server, between, header, postgres},
};

const SUBMIT: &str = "main form button[type=submit]";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// The starter pack with grants, and dinars beside dollars.
pub fn pack_with_grants(name: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::temp_dir().join(format!("anqud-pack-{name}-{}", std::process::id()));
    copy(&here.join("../../packs/starter"), &folder);
    copy(&here.join("tests/journeys/grants"), &folder);
    let settings = fs::read_to_string(folder.join("pack.yaml")).unwrap();
    let dinar = "time-zone:";
    let more = "  - {currency: JOD, decimals: 3, title: {en: \"Jordanian dinar\", ar: \"دينار أردني\"}}\ntime-zone:";
    fs::write(folder.join("pack.yaml"), settings.replacen(dinar, more, 1)).unwrap();
    // A telephone can be emptied here, which a history then tells of.
    let workshops = folder.join("registers/workshops.yaml");
    let register = fs::read_to_string(&workshops).unwrap();
    fs::write(&workshops, register.replacen("personal: true}", "personal: true, required: false}", 1)).unwrap();
    folder
}

/// Registers a workshop for the citizen; its record.
fn workshop(server: &Server) -> String {
    let data = json!({"data": {"name": "Olive Wood", "region": "north", "staff": 3, "phone": "0599000201"}});
    let citizen = Caller::sign_in(server, "citizen@demo.example");
    let (status, _, case) = citizen.ask("POST", "/services/workshop-registration/cases", &[], &data);
    assert_eq!(status, 201, "{case}");
    let reference = case["reference"].as_str().unwrap().to_owned();
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    let accept = format!("/cases/{reference}/actions/accept");
    assert_eq!(clerk.ask("POST", &accept, &[], &Value::Null).0, 200);
    reference
}

fn grant(caller: &Caller, workshop: &str, partner: Value, price: &Value) -> (u16, Value) {
    let data = json!({"data": {"workshop": workshop, "partner": partner, "price": price, "phone": "0599000201"}});
    let (status, _, answer) = caller.ask("POST", "/services/machine-grant/cases", &[], &data);
    (status, answer)
}

fn records_are_named_and_readings_are_noted(server: &Server) {
    let record = workshop(server);
    let citizen = Caller::sign_in(server, "citizen@demo.example");
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    let price = json!({"amount": 1200.5, "currency": "JOD"});
    let fault =
        |(status, answer): (u16, Value)| (status, answer["errors"][0]["code"].as_str().unwrap_or("").to_owned());

    // Only whoever the workshop is about can apply for it, and a partner must exist.
    assert_eq!(fault(grant(&clerk, &record, Value::Null, &price)), (422, "fault-record-held".into()));
    assert_eq!(fault(grant(&citizen, "WR-2222-2222", Value::Null, &price)), (422, "fault-record-held".into()));
    assert_eq!(fault(grant(&citizen, &record, json!("nowhere"), &price)), (422, "fault-record".into()));
    let fils = json!({"amount": 1200.505, "currency": "USD"});
    assert_eq!(fault(grant(&citizen, &record, Value::Null, &fils)), (422, "fault-money-decimals".into()));
    let dear = json!({"amount": 5000.001, "currency": "JOD"});
    assert_eq!(
        grant(&citizen, &record, Value::Null, &dear).0,
        422,
        "a condition speaks of the amount and the currency"
    );
    let (status, case) = grant(&citizen, &record.to_lowercase().replace('-', ""), json!(record), &price);
    assert_eq!(status, 201, "{case}");
    assert_eq!((&case["data"]["workshop"], &case["data"]["price"]), (&json!(record), &price), "{case}");

    // What is personal is open to the one it is about, and to no stranger, on any way.
    let page = format!("/en/registers/workshops/records/{record}");
    let (me, office) = (server.sign_in("citizen@demo.example"), server.sign_in("clerk@demo.example"));
    assert!(server.get(&page, &me).contains("599000201"));
    for path in [
        page.as_str(),
        "/en/registers/workshops",
        "/en/registers/workshops/data.csv",
        "/en/registers/workshops/data.json",
        &format!("/api/v1/registers/workshops/records/{record}"),
        &format!("/api/v1/registers/workshops/records/{record}/history"),
        "/api/v1/registers/workshops/records",
    ] {
        assert!(!server.get(path, "").contains("599000201"), "{path}");
        let stranger = server.sign_in("secretariat@demo.example");
        assert!(!server.get(path, &stranger).contains("599000201"), "{path}");
    }
    let own = citizen.ask("GET", &format!("/registers/workshops/records/{record}"), &[], &Value::Null).2;
    assert_eq!(own["values"]["phone"], "+970599000201");

    // The office reads, and the person sees that it did.
    let readings = || citizen.ask("GET", "/readings", &[], &Value::Null).2["items"].as_array().unwrap().len();
    let before = readings();
    assert!(server.get(&page, &office).contains("599000201"));
    assert_eq!(readings(), before + 1);
    clerk.ask("GET", &format!("/registers/workshops/records/{record}"), &[], &Value::Null);
    assert_eq!(readings(), before + 2);
    let reference = case["reference"].as_str().unwrap();
    server.get(&format!("/en/cases/{reference}"), &office);
    assert_eq!(readings(), before + 3, "answers that are personal count too");
    let told = server.get("/en/my-data", &me);
    assert!(
        told.contains("Karim Haddad") && told.contains("Clerk for crafts") && told.contains("Read: Telephone"),
        "{told}"
    );
    assert!(!server.get("/en/my-data", &office).contains("Read: Telephone"), "who reads is not who is read about");

    // The grant is about the workshop, and so about its owner.
    let granted = clerk.ask("POST", &format!("/cases/{reference}/actions/grant"), &[], &Value::Null);
    assert_eq!(granted.0, 200, "{}", granted.2);
    let grants = server.get("/en/registers/grants", &me);
    assert!(grants.contains("1,200.500 JOD"), "{grants}");
    assert!(!server.get("/en/registers/grants", "").contains("1,200.500"));

    // As it stood on a day: the demo's today is the day on which the record was made.
    let then = |day: &str| {
        citizen.ask("GET", &format!("/registers/workshops/records/{record}?as_of={day}"), &[], &Value::Null)
    };
    assert_eq!(then("2024-12-18").0, 404);
    assert_eq!(then("2024-12-19").2["version"], 1);
    assert_eq!(then("yesterday").0, 400);
    assert!(
        server
            .get(&format!("{page}?as_of=2024-12-19"), "")
            .contains("This is the record as it stood on 19 December 2024")
    );
    assert!(
        server.get(&format!("{page}?as_of=2024-12-18"), "").contains("There was no such record on 18 December 2024")
    );
}

#[test]
fn records_are_named_by_those_who_may_and_readings_are_told() {
    records_are_named_and_readings_are_noted(&Server::of_pack("records", None, &pack_with_grants("records")));
}

#[test]
fn records_are_named_by_those_who_may_and_readings_are_told_on_postgresql() {
    let Some(database) = postgres("records") else { return };
    records_are_named_and_readings_are_noted(&Server::of_pack(
        "records-pg",
        Some(&database),
        &pack_with_grants("records-pg"),
    ));
}

/// Applies for the entry of an owner as the citizen; the reference.
fn entry(server: &Server) -> String {
    let citizen = Caller::sign_in(server, "citizen@demo.example");
    let (status, _, deed) = citizen.send("/documents?name=deed.pdf", "%PDF-1.7 a deed");
    assert_eq!(status, 201, "{deed}");
    let data = json!({"data": {"name": "Mariam Nasser", "deed": deed["answer"]}});
    let (status, _, case) = citizen.ask("POST", "/services/owner-entry/cases", &[], &data);
    assert_eq!(status, 201, "{case}");
    case["reference"].as_str().unwrap().to_owned()
}

fn granted(clerk: &Caller, reference: &str) -> Value {
    let (status, _, answer) = clerk.ask("POST", &format!("/cases/{reference}/actions/grant"), &[], &Value::Null);
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Enters an owner for the citizen; the record, which has the reference of its case.
fn owner(server: &Server) -> String {
    let reference = entry(server);
    granted(&Caller::sign_in(server, "clerk@demo.example"), &reference);
    reference
}

fn all_ways_to_what_is_personal_are_noted(server: &Server) {
    let (workshop, owner) = (workshop(server), owner(server));
    let citizen = Caller::sign_in(server, "citizen@demo.example");
    let clerk = Caller::sign_in(server, "clerk@demo.example");
    let (me, office) = (server.sign_in("citizen@demo.example"), server.sign_in("clerk@demo.example"));
    // How many readings there are, and what the last was of.
    let readings = || {
        let items = citizen.ask("GET", "/readings", &[], &Value::Null).2["items"].as_array().unwrap().clone();
        let last = items.first().map(|item| (item["row"].clone(), item["fields"].clone()));
        (items.len(), last.unwrap_or_default())
    };
    let noted = |what: &str, row: &str, field: &str, read: &dyn Fn() -> String| {
        let (before, _) = readings();
        let shown = read();
        assert_eq!(readings(), (before + 1, (json!(row), json!([field]))), "{what}");
        shown
    };

    // What an action answers with.
    let applied = entry(server);
    let (before, _) = readings();
    assert_eq!(granted(&clerk, &applied)["data"]["name"], "Mariam Nasser");
    assert_eq!(readings(), (before + 1, (json!(applied), json!(["name", "deed"]))), "an action");

    // A file that answers a personal question.
    let deed = format!("cases/{owner}/documents/deed");
    let page = noted("the page of a file", &owner, "deed", &|| server.get(&format!("/en/{deed}"), &office));
    assert_eq!(page, "%PDF-1.7 a deed");
    noted("a file", &owner, "deed", &|| {
        assert_eq!(clerk.ask("GET", &format!("/{deed}"), &[], &Value::Null).0, 200);
        String::new()
    });
    let (before, _) = readings();
    assert_eq!(server.get(&format!("/en/{deed}"), &me), "%PDF-1.7 a deed");
    assert_eq!(readings().0, before, "one's own is not noted");

    // A record that another names goes by a label, which is personal here.
    let new = json!({"values": {"number": "D1", "owner": owner}});
    let (status, _, named) = clerk.ask("POST", "/registers/deeds/records", &[], &new);
    assert_eq!(status, 201, "{named}");
    let deeds = format!("/en/registers/deeds/records/{}", named["id"].as_str().unwrap());
    let page = noted("the label of another record", &owner, "name", &|| server.get(&deeds, &office));
    assert!(page.contains("Mariam Nasser"));
    let (before, _) = readings();
    assert!(!server.get(&deeds, "").contains("Mariam Nasser"));
    assert_eq!(readings().0, before);

    // What was emptied since is told by the history, and so is all that a removed record held.
    let at = format!("/registers/workshops/records/{workshop}");
    let (page, history) = (format!("/en{at}"), format!("{at}/history"));
    let old = || clerk.ask("GET", &history, &[], &Value::Null).2.to_string();
    let tag = |(status, head, body): (u16, String, Value)| {
        assert_eq!(status, 200, "{body}");
        header(&head, "etag")
    };
    let seen = tag(clerk.ask("GET", &at, &[], &Value::Null));
    let change = |seen: &str, phone: Value| {
        tag(clerk.ask("PUT", &at, &[("If-Match", seen)], &json!({"values": {"phone": phone}})))
    };
    let seen = change(&seen, json!("0599000777"));
    let seen = change(&seen, Value::Null);
    assert!(
        noted("the page of an emptied field", &workshop, "phone", &|| server.get(&page, &office)).contains("599000777")
    );
    assert!(noted("the history of an emptied field", &workshop, "phone", &old).contains("599000777"));
    assert_eq!(clerk.ask("DELETE", &at, &[("If-Match", &seen)], &Value::Null).0, 204);
    assert!(
        noted("the page of a removed record", &workshop, "phone", &|| server.get(&page, &office)).contains("599000777")
    );
    assert!(noted("the history of a removed record", &workshop, "phone", &old).contains("599000777"));
    assert!(!server.get(&format!("/api/v1{history}"), "").contains("599000"));
}

fn a_register_of_holders_is_theirs_alone(server: &Server) {
    let (workshop, owner) = (workshop(server), owner(server));
    let records = |caller: &Caller, query: &str| {
        let (status, _, page) = caller.ask("GET", &format!("/registers/owners/records{query}"), &[], &Value::Null);
        assert_eq!(status, 200, "{page}");
        (page["items"].as_array().unwrap().len(), page.to_string())
    };
    let [citizen, clerk, stranger] =
        ["citizen", "clerk", "secretariat"].map(|who| Caller::sign_in(server, &format!("{who}@demo.example")));
    let company = json!({"values": {"name": "Somebody else", "note": "a remark"}});
    assert_eq!(clerk.ask("POST", "/registers/owners/records", &[], &company).0, 201);
    let about = json!({"values": {"name": "A partner", "note": "of the workshop", "holder": workshop}});
    assert_eq!(clerk.ask("POST", "/registers/owners/records", &[], &about).0, 201);

    assert_eq!(records(&clerk, "").0, 3);
    for query in ["", "?limit=1", "?q=Mariam"] {
        let (found, page) = records(&stranger, query);
        assert!(found == 0 && !page.contains(&owner) && !page.contains("next"), "{page}");
    }
    let (found, own) = records(&citizen, "");
    assert!(
        found == 2 && own.contains(&owner) && own.contains("of the workshop") && !own.contains("a remark"),
        "{own}"
    );
    assert!(!own.contains("Mariam Nasser"), "the register does not open the name to the holder: {own}");
    assert_eq!(records(&citizen, "?limit=1").0, 1);
    assert_eq!(stranger.ask("GET", &format!("/registers/owners/records/{owner}/history"), &[], &Value::Null).0, 404);

    let list = "/en/registers/owners";
    let (me, other) = (server.sign_in("citizen@demo.example"), server.sign_in("secretariat@demo.example"));
    for cookie in ["", other.as_str()] {
        let page = server.get(list, cookie);
        assert!(!page.contains(&owner) && !page.contains("/records/"), "{page}");
    }
    let page = server.get(list, &me);
    assert!(page.contains(&owner) && page.contains("of the workshop") && !page.contains("a remark"), "{page}");

    // Their own records are listed and offered to them by what they may read.
    let page = server.get("/en/my-data", &me);
    assert!(page.contains(&format!("/registers/owners/records/{owner}")) && !page.contains("Mariam Nasser"), "{page}");
    let draft = server.post("/en/services/owner-entry", "/en/services/owner-entry/start", &me, "");
    let page = server.get(&draft, &me);
    assert!(page.contains(&format!("value=\"{owner}\"")) && !page.contains("Mariam Nasser"), "{page}");
    let page = server.get(&format!("/en/registers/owners/records/{owner}"), &me);
    assert!(page.contains("You see what the register opens to you") && !page.contains("Mariam Nasser"), "{page}");
}

#[test]
fn a_register_of_holders_is_for_them_only() {
    let pack = pack_with_grants("records-holders");
    a_register_of_holders_is_theirs_alone(&Server::of_pack("records-holders", None, &pack));
}

#[test]
fn a_register_of_holders_is_for_them_only_on_postgresql() {
    let Some(database) = postgres("records_holders") else { return };
    let pack = pack_with_grants("records-holders-pg");
    a_register_of_holders_is_theirs_alone(&Server::of_pack("records-holders-pg", Some(&database), &pack));
}

/// The register asks for more than the service does: what is missing is told by its title, in the reader's language.
fn a_record_that_cannot_be_made_says_why(server: &Server) {
    let citizen = Caller::sign_in(server, "citizen@demo.example");
    let (_, _, deed) = citizen.send("/documents?name=deed.pdf", "%PDF-1.7 a deed");
    let data = json!({"data": {"name": "ليلى", "deed": deed["answer"], "remark": "long enough to be refused"}});
    let (status, _, case) = citizen.ask("POST", "/services/owner-entry/cases", &[], &data);
    assert_eq!(status, 201, "{case}");
    let page = format!("/ar/cases/{}", case["reference"].as_str().unwrap());
    let office = server.sign_in("clerk@demo.example");
    let csrf = between(&server.get(&page, &office), "name=\"csrf\" value=\"", "\"");
    let (status, _, told) = server.send("POST", &format!("{page}/grant"), &office, &format!("csrf={csrf}"));
    assert!(status == 409 && told.contains("ملاحظة: ") && !told.contains("note: "), "{status} {told}");
}

#[test]
fn a_record_that_cannot_be_made_is_told_by_the_title_of_its_field() {
    let pack = pack_with_grants("records-faults");
    a_record_that_cannot_be_made_says_why(&Server::of_pack("records-faults", None, &pack));
}

#[test]
fn nothing_personal_is_shown_before_its_reading_is_noted() {
    let pack = pack_with_grants("records-noted");
    all_ways_to_what_is_personal_are_noted(&Server::of_pack("records-noted", None, &pack));
}

#[test]
fn nothing_personal_is_shown_before_its_reading_is_noted_on_postgresql() {
    let Some(database) = postgres("records_noted") else { return };
    let pack = pack_with_grants("records-noted-pg");
    all_ways_to_what_is_personal_are_noted(&Server::of_pack("records-noted-pg", Some(&database), &pack));
}

#[test]
fn a_form_is_filled_in_from_the_record_that_was_chosen() {
    let Some(browser) = Browser::open("records", Look { width: 320, scripts: false }) else { return };
    let server = Server::of_pack("records-form", None, &pack_with_grants("records-form"));
    let record = workshop(&server);
    for lang in ["ar", "en"] {
        browser.sign_in(&server.address, lang, "citizen@demo.example");
        browser.go(&format!("http://{}/{lang}/services/machine-grant", server.address));
        browser.follow(SUBMIT);
        assert!(
            browser.is_shown(&format!("[name=workshop][value={record}]:checked")),
            "the only one is chosen already"
        );
        browser.picture(&format!("records-1-{lang}"));
        browser.fill("[name=partner]", "nowhere");
        browser.follow(SUBMIT);
        browser.picture(&format!("records-2-wrong-{lang}"));
        assert!(!browser.text(".error-summary").is_empty());
        browser.fill("[name=partner]", &record);
        browser.follow(SUBMIT);
        assert_eq!(browser.value("[name=phone]"), "+970599000201", "what the register knows need not be typed");
        browser.fill("input[name=price]", "١٢٠٠٫٥٠٥");
        browser.follow(SUBMIT);
        browser.picture(&format!("records-3-decimals-{lang}"));
        browser.click("select[name=price] option[value=JOD]");
        browser.follow(SUBMIT);
        assert!(browser.text("main").contains("Olive Wood"), "a record goes by its label: {}", browser.text("main"));
        assert!(browser.text("main").contains("1,200.505 JOD"), "{}", browser.text("main"));
        browser.picture(&format!("records-4-check-{lang}"));
        browser.go(&format!("http://{}/{lang}/registers/workshops/records/{record}?as_of=2024-12-19", server.address));
        browser.picture(&format!("records-5-record-{lang}"));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "clerk@demo.example");
        browser.go(&format!("http://{}/{lang}/registers/workshops/records/{record}", server.address));
        browser.sign_out();
        browser.sign_in(&server.address, lang, "citizen@demo.example");
        browser.go(&format!("http://{}/{lang}/my-data", server.address));
        browser.picture(&format!("records-6-my-data-{lang}"));
        browser.sign_out();
    }
}
