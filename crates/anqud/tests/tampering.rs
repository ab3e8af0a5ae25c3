//! Whatever is changed behind the back of the program is found by `anqud audit`: a table of ways to tamper with a
//! database that has a history. The triggers that refuse changes are taken away first, as an attacker would.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

#[path = "../src/everything.rs"]
mod everything;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use jiff::Timestamp;
use measure::Indicator;
use store::{By, Migration, Store, StoreError};

const PACK: &str = "packs/palestine";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn works(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
    let output = command.current_dir(root()).env_remove("ANQUD_DATABASE").args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn migrations() -> Vec<Migration> {
    [identity::MIGRATIONS, register::MIGRATIONS, pay::MIGRATIONS, service::MIGRATIONS, measure::MIGRATIONS].concat()
}

async fn open(database: &str) -> Store {
    Store::open(database, &migrations(), vec![]).await.unwrap()
}

async fn run(store: &Store, script: &str) {
    for sql in script.split("; ") {
        let text = sql.to_owned();
        let by = By::new("nobody", "tampering", Timestamp::UNIX_EPOCH);
        let done: Result<u64, StoreError> = store
            .write(by, move |tx| {
                let text = text.clone();
                Box::pin(async move { tx.run(&text, &[]).await })
            })
            .await;
        assert!(done.unwrap() > 0 || sql.starts_with("DROP"), "this changes nothing: {sql}");
    }
}

async fn unguard(store: &Store) {
    for table in ["journal", "checkpoint", "ledger_transfer", "ledger_posting"] {
        for event in ["update", "delete"] {
            let of = if store.is_postgres() { format!(" ON {table}") } else { String::new() };
            run(store, &format!("DROP TRIGGER {table}_no_{event}{of}")).await;
        }
    }
}

async fn found(store: &Store, indicators: &Arc<Vec<Indicator>>) -> Vec<String> {
    let report = everything::audit(store, indicators.clone(), None).await.unwrap();
    let mut wrong = report.wrong();
    wrong.extend((report.more() > 0).then(|| format!("and {} more", report.more())));
    wrong
}

/// What somebody does to a database, in statements.
const TAMPERINGS: &[&str] = &[
    // The journal and its seals.
    "UPDATE journal SET actor = 'nobody' WHERE seq = 7",
    "UPDATE journal SET cause = 'nothing' WHERE seq = 8",
    "UPDATE journal SET recorded = '2021-01-01T00:00:00.000000000Z' WHERE seq = 9",
    "UPDATE journal SET effective = '2021-01-09' WHERE seq = 10",
    "UPDATE journal SET kind = 'other' WHERE seq = 11",
    "UPDATE journal SET before = '{}' WHERE seq = 12",
    "UPDATE journal SET after = '{}' WHERE seq = 13",
    "UPDATE journal SET after = 'no document' WHERE seq = 14",
    "UPDATE journal SET print = '00' WHERE seq = 15",
    "DELETE FROM journal WHERE seq = 16",
    "DELETE FROM journal WHERE seq > 2000",
    "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
    "UPDATE journal SET seq = -5 WHERE seq = 17",
    "INSERT INTO journal (seq, recorded, actor, cause, source, kind, row_key, effective) VALUES (0, 'x', 'x', 'x', 'x', 'x', 'x', 'x')",
    "UPDATE journal SET seq = 999999 WHERE seq = 18; UPDATE journal SET seq = 18 WHERE seq = 19; UPDATE journal SET seq = 19 WHERE seq = 999999",
    "DELETE FROM checkpoint WHERE seq = (SELECT max(seq) FROM checkpoint)",
    "DELETE FROM checkpoint WHERE seq = (SELECT min(seq) FROM checkpoint)",
    "DELETE FROM checkpoint",
    "UPDATE checkpoint SET hash = 'ab' WHERE seq = (SELECT max(seq) FROM checkpoint)",
    "INSERT INTO checkpoint (seq, hash, recorded) VALUES (999999, 'ab', 'x')",
    // Cases and what people were told of them.
    "UPDATE case_file SET state = 'granted' WHERE reference = (SELECT min(reference) FROM case_file WHERE outcome IS NULL)",
    "UPDATE case_file SET outcome = 'granted' WHERE reference = (SELECT min(reference) FROM case_file WHERE outcome = 'refused' OR outcome IS NULL)",
    "UPDATE case_file SET answers = '{}' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET applicant = 'nobody' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET assignee = 'nobody' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET due = '2030-01-01' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET duty = 'nobody' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET filed = '2020-01-01' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET days = 1 WHERE reference = (SELECT min(reference) FROM case_file WHERE days > 1)",
    "UPDATE case_file SET on_time = 1 - on_time WHERE reference = (SELECT min(reference) FROM case_file WHERE on_time IS NOT NULL)",
    "UPDATE case_file SET version = 'other' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET revision = revision + 1 WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET note = 'another' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET seat = 'another' WHERE reference = (SELECT min(reference) FROM case_file)",
    "DELETE FROM case_file WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE case_file SET reference = 'SL-0000-0000' WHERE reference = (SELECT min(reference) FROM case_file)",
    "UPDATE message SET state = 'other' WHERE id = (SELECT min(id) FROM message)",
    "UPDATE message SET account = 'nobody' WHERE id = (SELECT min(id) FROM message)",
    "UPDATE message SET told = '2030-01-01' WHERE id = (SELECT min(id) FROM message)",
    "DELETE FROM message WHERE id = (SELECT max(id) FROM message)",
    "UPDATE document SET body = 'AAAA' WHERE id = (SELECT min(id) FROM document)",
    "UPDATE document SET account = 'nobody' WHERE id = (SELECT min(id) FROM document)",
    "DELETE FROM document WHERE id = (SELECT min(id) FROM document)",
    "UPDATE service_version SET definition = '{}' WHERE service = (SELECT min(service) FROM service_version)",
    "INSERT INTO service_version (service, version, definition) VALUES ('company-registration', 'mine', '{}')",
    // Records.
    "UPDATE record SET holder = 'nobody' WHERE id = (SELECT min(id) FROM record)",
    "UPDATE record SET doc = '{}' WHERE id = (SELECT min(id) FROM record)",
    "UPDATE record SET label = 'another' WHERE id = (SELECT min(id) FROM record)",
    "UPDATE record SET version = version + 1 WHERE id = (SELECT min(id) FROM record)",
    "DELETE FROM record WHERE id = (SELECT min(id) FROM record)",
    "INSERT INTO record (id, register, label, folded, doc, version, changed) VALUES ('mine', 'companies', 'x', 'x', '{}', 1, 'x')",
    "DELETE FROM record_key WHERE record = (SELECT min(record) FROM record_key)",
    "INSERT INTO record_key (register, field, value, record) VALUES ('companies', 'number', 'mine', 'mine')",
    // Accounts, roles and keys.
    "UPDATE account SET roles = '[\"admin\"]' WHERE id = 'citizen@demo.example'",
    "UPDATE account SET password = 'known' WHERE id = 'citizen@demo.example'",
    "UPDATE account SET email = 'other@demo.example' WHERE id = 'citizen@demo.example'",
    "UPDATE account SET person_id = '999999999' WHERE id = 'citizen@demo.example'",
    "INSERT INTO account (id, email, name, password, roles) VALUES ('mine', 'mine', '{}', 'known', '[]')",
    "DELETE FROM account WHERE id = 'citizen@demo.example'",
    "UPDATE seal SET seed = 'mine'",
    // Money.
    "UPDATE payment SET amount = amount + 1 WHERE id = (SELECT min(id) FROM payment)",
    "UPDATE payment SET state = 'refunded' WHERE id = (SELECT min(id) FROM payment WHERE state = 'paid')",
    "UPDATE payment SET refunded = 5 WHERE id = (SELECT min(id) FROM payment)",
    "UPDATE payment SET payer = 'nobody' WHERE id = (SELECT min(id) FROM payment)",
    "UPDATE payment SET receipt = receipt || '9' WHERE id = (SELECT min(id) FROM payment WHERE receipt IS NOT NULL)",
    "UPDATE payment SET fee = '{}' WHERE id = (SELECT min(id) FROM payment)",
    "DELETE FROM payment WHERE id = (SELECT min(id) FROM payment)",
    "UPDATE receipt_counter SET last = last + 1",
    "UPDATE refund SET amount = amount + 1 WHERE id = (SELECT min(id) FROM refund)",
    "UPDATE refund SET iban = 'PS00MINE' WHERE id = (SELECT min(id) FROM refund)",
    "UPDATE refund SET decided_by = 'nobody' WHERE id = (SELECT min(id) FROM refund)",
    "DELETE FROM refund WHERE id = (SELECT max(id) FROM refund)",
    "UPDATE ledger_posting SET amount = 2 * amount WHERE transfer = (SELECT min(transfer) FROM ledger_posting)",
    "UPDATE ledger_posting SET account = (SELECT max(account) FROM ledger_posting) WHERE transfer = (SELECT min(transfer) FROM ledger_posting) AND line = 0",
    "DELETE FROM ledger_posting WHERE transfer = (SELECT min(transfer) FROM ledger_posting)",
    "UPDATE ledger_transfer SET actor = 'nobody' WHERE id = (SELECT min(id) FROM ledger_transfer)",
    "UPDATE ledger_transfer SET about = 'another' WHERE id = (SELECT min(id) FROM ledger_transfer)",
    "INSERT INTO ledger_transfer (id, day, recorded, actor, about, memo) VALUES ('mine', '2021-01-01', 'x', 'x', 'x', 'x')",
    "UPDATE ledger_account SET balance = balance + 100 WHERE id = (SELECT min(id) FROM ledger_account) AND part = (SELECT min(part) FROM ledger_account a WHERE a.id = ledger_account.id)",
    "UPDATE ledger_account SET held = held + 1 WHERE id = (SELECT min(account) FROM ledger_hold)",
    "UPDATE ledger_hold SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger_hold)",
    "UPDATE till_settlement SET state = 'asked' WHERE id = (SELECT min(id) FROM till_settlement WHERE state <> 'asked')",
    "UPDATE till_settlement SET decided_by = 'nobody' WHERE id = (SELECT min(id) FROM till_settlement)",
    "UPDATE budget_change SET state = 'rejected' WHERE id = (SELECT min(id) FROM budget_change)",
    "UPDATE budget_change SET asked_by = 'nobody' WHERE id = (SELECT min(id) FROM budget_change)",
    "UPDATE loan SET borrower = 'nobody' WHERE id = (SELECT min(id) FROM loan)",
    "UPDATE loan SET terms = '{}' WHERE id = (SELECT min(id) FROM loan)",
    "UPDATE loan_tranche SET amount = amount + 1 WHERE loan = (SELECT min(loan) FROM loan_tranche) AND number = 1",
    "UPDATE loan_instalment SET paid_principal = paid_principal + 1 WHERE loan = (SELECT min(loan) FROM loan_instalment)",
    "DELETE FROM loan_instalment WHERE loan = (SELECT max(loan) FROM loan_instalment)",
    "INSERT INTO bank_balance (account, currency, statement, day, closing, recorded) VALUES ('PS', 'ILS', 'S1', '2021-01-01', 5, 'x')",
    "INSERT INTO day_close VALUES ('card', '2021-01-01', 'ILS', 0, 0, 0, 0, 0, 0, 'x', 'x')",
    "INSERT INTO payment_difference (id, found, day, way, kind, currency) VALUES ('mine', 'x', 'x', 'card', 'x', 'ILS')",
    // Figures and what they come from.
    "UPDATE observation_version SET micros = micros + 1 WHERE indicator = (SELECT min(indicator) FROM observation_version)",
    "UPDATE observation_version SET source = 'mine' WHERE indicator = (SELECT min(indicator) FROM observation_version)",
    "DELETE FROM observation_version WHERE indicator = (SELECT min(indicator) FROM observation_version)",
    "UPDATE delta SET number = number + 1 WHERE id = 5",
    "UPDATE delta SET row_key = 'mine' WHERE id = 5",
    "DELETE FROM delta WHERE id = 5",
    "UPDATE figure_day SET micros = micros + 1 WHERE indicator = (SELECT min(indicator) FROM figure_day)",
    "DELETE FROM figure_day WHERE indicator = (SELECT max(indicator) FROM figure_day)",
];

/// Some of it in words that PostgreSQL takes too, and how it is undone.
const ON_POSTGRES: &[(&str, &str)] = &[
    (
        "UPDATE journal SET actor = actor || 'x' WHERE seq = 7",
        "UPDATE journal SET actor = substr(actor, 1, length(actor) - 1) WHERE seq = 7",
    ),
    (
        "UPDATE case_file SET applicant = applicant || 'x'",
        "UPDATE case_file SET applicant = substr(applicant, 1, length(applicant) - 1)",
    ),
    ("UPDATE record SET label = label || 'x'", "UPDATE record SET label = substr(label, 1, length(label) - 1)"),
    (
        "UPDATE account SET password = password || 'x'",
        "UPDATE account SET password = substr(password, 1, length(password) - 1)",
    ),
    ("UPDATE seal SET seed = seed || 'x'", "UPDATE seal SET seed = substr(seed, 1, length(seed) - 1)"),
    (
        "UPDATE ledger_posting SET amount = amount * 2 WHERE line < 2",
        "UPDATE ledger_posting SET amount = amount / 2 WHERE line < 2",
    ),
    ("UPDATE payment SET amount = amount + 1", "UPDATE payment SET amount = amount - 1"),
    ("UPDATE observation_version SET micros = micros + 1", "UPDATE observation_version SET micros = micros - 1"),
    ("UPDATE delta SET number = number + 1", "UPDATE delta SET number = number - 1"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_tampering_is_found() {
    let folder = std::env::temp_dir().join(format!("anqud-tampering-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let data = folder.display().to_string();
    works(&["demo", "--pack", PACK, "--cases", "120", "--no-serve", "--data", &data]);
    let path = |name: &str| folder.join(name).display().to_string();
    let (demo, template, kept) = (path("anqud-demo.db"), path("template.db"), path("checkpoints"));
    works(&["journal", "checkpoint", "--append", &kept, "--database", &demo]);
    let audited = works(&["audit", "--pack", PACK, "--against", &kept, "--database", &demo]);
    assert!(audited.contains("all of it agrees"), "{audited}");
    works(&["journal", "verify", "--against", &kept, "--database", &demo]);

    let pack = pack::Pack::read(&root().join(PACK)).map_err(|reports| format!("{}", reports[0])).unwrap();
    let indicators = pack.indicators.clone();
    unguard(&open(&demo).await).await;
    store::copy_sqlite(Path::new(&demo), Path::new(&template)).unwrap();
    assert_eq!(found(&open(&template).await, &indicators).await, Vec::<String>::new());
    let mut missed = Vec::new();
    for (number, tampering) in TAMPERINGS.iter().enumerate() {
        let copy = path(&format!("copy-{number}.db"));
        fs::copy(&template, &copy).unwrap();
        let store = open(&copy).await;
        run(&store, tampering).await;
        if found(&store, &indicators).await.is_empty() {
            missed.push(*tampering);
        }
        fs::remove_file(&copy).unwrap();
    }
    assert!(TAMPERINGS.len() >= 60);
    assert_eq!(missed, Vec::<&str>::new(), "{} of {}", missed.len(), TAMPERINGS.len());

    if let Ok(url) = std::env::var("ANQUD_TEST_POSTGRES") {
        let (schema, file) = (format!("anqud_tampering_{}", std::process::id()), path("all.jsonl"));
        store::testing::fresh_schema(&url, &schema).await.unwrap();
        let database = format!("{url}?options=-csearch_path%3D{schema}");
        works(&["export", &file, "--database", &template]);
        works(&["import", &file, "--database", &database]);
        let store = open(&database).await;
        unguard(&store).await;
        assert_eq!(found(&store, &indicators).await, Vec::<String>::new());
        for (tampering, back) in ON_POSTGRES {
            run(&store, tampering).await;
            assert!(!found(&store, &indicators).await.is_empty(), "{tampering}");
            run(&store, back).await;
        }
        assert_eq!(found(&store, &indicators).await, Vec::<String>::new());
    }
    fs::remove_dir_all(folder).unwrap();
}
