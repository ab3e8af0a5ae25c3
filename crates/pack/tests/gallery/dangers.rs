//! What is dangerous although it can be read, and what is not what it looks like.

use super::{INDICATOR, PLAN, REGISTER, SERVICE};
use crate::Patch::{self, Replace, Write};

const WHEN: &str = r#"when: "staff >= 1""#;
const TABLE: &str = "    - [\"< 5\", 10]\n    - [\"-\", 25]\n";
const PHONE: &str = "      phone: {type: phone,";
const GOODS: &str = "      goods: {type: choices, title: {en: Goods, ar: بضائع}, of: {food: {en: Food, ar: طعام}, tools: {en: Tools, ar: أدوات}}}\n      kind: {type: choice, title: {en: Kind, ar: نوع}, of: {own: {en: Own, ar: ملك}, rented: {en: Rented, ar: مستأجر}}}\n      first: {type: yes-no, title: {en: First, ar: أول}}\n      metres: {type: decimal, title: {en: Metres, ar: أمتار}, required: false}\n      phone: {type: phone,";

type Case = (&'static str, Vec<Patch>);

/// A condition of who may apply over more questions than the starter has.
fn rule(condition: &'static str) -> Vec<Patch> {
    let condition: &'static str = Box::leak(format!("when: \"{condition}\"").into_boxed_str());
    vec![Replace(SERVICE, PHONE, GOODS), Replace(SERVICE, WHEN, condition)]
}

/// A fee of these rows over these inputs.
fn fee(inputs: &'static str, rows: &'static str) -> Vec<Patch> {
    let inputs: &'static str = Box::leak(format!("inputs: [{inputs}]").into_boxed_str());
    vec![Replace(SERVICE, PHONE, GOODS), Replace(SERVICE, "inputs: [staff]", inputs), Replace(SERVICE, TABLE, rows)]
}

fn body(text: &'static str) -> Vec<Patch> {
    vec![Replace(SERVICE, "the workshop {name} was registered on {today} under number {reference}.", text)]
}

/// Definitions that do what nobody wants.
pub fn dangers() -> Vec<Case> {
    let second = |service: &str, reference: &str| {
        let text = std::fs::read_to_string(crate::root().join("packs/starter").join(SERVICE)).unwrap();
        let text = text.replace("workshop-registration", service).replace("reference: WR", reference);
        vec![Write("services/crafts-office/second.yaml", text.into_bytes())]
    };
    vec![
        ("placeholder-unknown", body("the workshop {nmae} was registered on {today} under number {reference}.")),
        ("placeholder-of-nothing-like-it", body("the workshop {name} {zzzz} of {today}, {reference}.")),
        ("placeholder-with-spaces", body("the workshop { name } of {today}, {reference}.")),
        ("placeholder-empty", body("the workshop {name} {} of {today}, {reference}.")),
        ("placeholder-not-closed", body("the workshop {name of {today}, {reference}.")),
        ("placeholder-not-opened", body("the workshop {name} of today}, {today} {reference}.")),
        ("placeholder-in-one-language-only", body("the workshop was registered on {today} under number {reference}.")),
        (
            "placeholder-in-a-title",
            vec![Replace(SERVICE, r#"en: "Certificate of registration""#, r#"en: "Certificate of {name}""#)],
        ),
        (
            "placeholder-where-nothing-is-filled-in",
            vec![Replace(SERVICE, r#"en: "Under review""#, r#"en: "Under review since {today}""#)],
        ),
        ("table-gap-of-numbers", fee("staff", "    - [\"< 5\", 10]\n    - [\"> 9\", 25]\n")),
        ("table-gap-of-one-number", fee("staff", "    - [\"< 5\", 10]\n    - [\"> 5\", 25]\n")),
        ("table-gap-below", fee("staff", "    - [\"[2..9]\", 10]\n    - [\"> 9\", 25]\n")),
        (
            "table-gap-between-decimals",
            fee("metres", "    - [\"<= 10\", 10]\n    - [\">= 10.5\", 25]\n    - [\"== null\", 5]\n"),
        ),
        ("table-gap-of-an-answer-that-may-be-missing", fee("metres", "    - [\"<= 10\", 10]\n    - [\"> 10\", 25]\n")),
        ("table-gap-of-a-choice", fee("kind", "    - [\"'own'\", 10]\n")),
        ("table-gap-of-yes-and-no", fee("first", "    - [\"true\", 10]\n")),
        ("table-gap-of-two-inputs", fee("staff, kind", "    - [\"< 5\", \"-\", 10]\n    - [\"-\", \"'own'\", 25]\n")),
        ("table-row-never-reached", fee("staff", "    - [\"-\", 25]\n    - [\"< 5\", 10]\n")),
        (
            "table-row-hidden-by-several",
            fee("staff", "    - [\"< 5\", 10]\n    - [\"[4..9]\", 15]\n    - [\"[3..8]\", 20]\n    - [\"-\", 25]\n"),
        ),
        ("table-row-that-nobody-fits", fee("staff", "    - [\"> 500\", 10]\n    - [\"-\", 25]\n")),
        ("table-ranges-that-share-an-end", fee("staff", "    - [\"[1..10]\", 10]\n    - [\"[10..500]\", 25]\n")),
        ("table-cell-of-another-type", fee("staff", "    - [\"== 'six'\", 10]\n    - [\"-\", 25]\n")),
        ("table-cell-of-an-unknown-choice", fee("kind", "    - [\"'owned'\", 10]\n    - [\"-\", 25]\n")),
        (
            "fee-that-no-state-collects",
            vec![Replace(SERVICE, "does: [record, fee, certificate, notify]", "does: [record, certificate, notify]")],
        ),
        ("condition-choice-that-is-not-in-the-list", rule("'foods' in goods")),
        ("condition-number-and-text", rule("metres == 'six'")),
        ("condition-yes-in-quotes", rule("first == 'true'")),
        ("condition-list-as-one-value", rule("goods == 'food'")),
        ("condition-text-and-number", rule("name == 5")),
        ("condition-list-with-an-unknown-choice", rule("kind in ['own', 'lent']")),
        ("condition-in-no-list", rule("'own' in kind")),
        ("condition-never", rule("staff > 5 and staff < 3")),
        ("condition-never-within-limits", rule("staff > 500")),
        ("condition-always", rule("kind == 'own' or kind != 'own'")),
        ("condition-always-over-all-choices", rule("kind in ['own', 'rented']")),
        ("condition-on-the-clock", rule("d(today) < d()")),
        ("condition-on-now", rule("d('now') > d(today)")),
        ("condition-on-chance", rule("rand(10) > staff")),
        (
            "indicator-never",
            vec![Replace(INDICATOR, "outcome == 'granted'", "outcome == 'granted' and outcome == 'refused'")],
        ),
        ("indicator-by-personal", vec![Replace(INDICATOR, "by: [region]", "by: [region, phone]")]),
        ("reference-of-two-services", second("workshop-closing", "reference: WR")),
        ("reference-of-another-shape", vec![Replace(SERVICE, "reference: WR", "reference: wr1")]),
        ("service-twice", second("workshop-registration", "reference: WX")),
        (
            "entity-twice",
            vec![Replace("entities.yaml", "  - {entity: crafts-association", "  - {entity: crafts-office")],
        ),
        (
            "state-waits-for-the-applicant-for-ever",
            vec![Replace(SERVICE, "    within: 30 days\n    then: lapsed\n", "")],
        ),
        (
            "state-follows-without-a-time",
            vec![Replace(SERVICE, "    within: 30 days\n    then: lapsed\n", "    then: lapsed\n")],
        ),
        (
            "state-waits-for-the-fee-for-ever",
            vec![Replace(SERVICE, "    next: review\n", "    until: paid\n    next: review\n")],
        ),
        (
            "state-without-an-end",
            vec![Replace(
                SERVICE,
                "    end: granted\n",
                "    by: crafts-clerk\n    actions:\n      back: {title: {en: Back, ar: رجوع}, to: registered}\n",
            )],
        ),
        (
            "states-that-only-lead-to-each-other",
            vec![Replace(
                SERVICE,
                "states:\n  submitted:",
                "states:\n  submitted:\n    title: {en: \"Submitted\", ar: \"تم تقديم الطلب\"}\n    next: review\n  one:\n    title: {en: One, ar: واحد}\n    next: two\n  two:\n    title: {en: Two, ar: اثنان}\n    by: crafts-clerk\n    actions:\n      forth: {title: {en: Forth, ar: تابع}, to: one}\n      go: {title: {en: Go, ar: اذهب}, to: review}\n  old:",
            )],
        ),
        (
            "state-whose-actions-come-too-late",
            vec![Replace(
                SERVICE,
                "    next: review\n",
                "    next: review\n    by: crafts-clerk\n    actions:\n      stop: {title: {en: Stop, ar: توقف}, to: refused}\n",
            )],
        ),
        ("role-that-nobody-has", vec![Replace("demo.yaml", "roles: [crafts-clerk]", "roles: []")]),
        ("role-of-an-account-unknown", vec![Replace("demo.yaml", "roles: [secretariat]", "roles: [secretary]")]),
        ("right-to-nothing", vec![Replace(REGISTER, "crafts-supervisor: all}", "crafts-supervisor: []}")]),
        ("record-field-unknown", vec![Replace(SERVICE, "    staff: \"staff\"", "    stuff: \"staff\"")]),
        (
            "certificate-that-no-state-gives",
            vec![Replace(SERVICE, "does: [record, fee, certificate, notify]", "does: [record, fee, notify]")],
        ),
        (
            "refund-without-a-fee",
            vec![
                Replace(
                    SERVICE,
                    "fee:\n  currency: USD\n  inputs: [staff]\n  rows:\n    - [\"< 5\", 10]\n    - [\"-\", 25]\n",
                    "",
                ),
                Replace(
                    SERVICE,
                    "does: [record, fee, certificate, notify]",
                    "does: [record, certificate, refund, notify]",
                ),
            ],
        ),
        ("demo-action-unknown", vec![Replace("demo.yaml", "accept: 0.8", "agree: 0.8")]),
    ]
}

/// Files in which something else stands than it seems.
pub fn pitfalls() -> Vec<Case> {
    let choice = |keys: &str| -> Vec<Patch> {
        let text = format!(
            "      fit: {{type: choice, title: {{en: Fit, ar: ملائم}}, of: {{{keys}}}}}\n      phone: {{type: phone,"
        );
        vec![Replace(SERVICE, PHONE, Box::leak(text.into_boxed_str()))]
    };
    vec![
        ("yaml-yes-is-no-text", vec![Replace(SERVICE, r#"en: "Refuse""#, "en: No")]),
        ("yaml-keys-yes-and-no", choice("yes: {en: Fits, ar: ملائم}, no: {en: Does not, ar: غير ملائم}")),
        ("yaml-keys-on-and-y", choice("on: {en: Runs, ar: يعمل}, y: {en: Old, ar: قديم}")),
        ("yaml-keys-numbers", choice("1: {en: One, ar: واحد}, 2021: {en: Year, ar: سنة}, 1.0: {en: Point, ar: نقطة}")),
        (
            "yaml-keys-day-and-time",
            choice("2021-01-01: {en: Day, ar: يوم}, 12:30: {en: Time, ar: وقت}, 0x1F: {en: Hex, ar: ست}"),
        ),
        ("yaml-number-is-no-title", vec![Replace(PLAN, r#"en: "Every workshop is known""#, "en: 2024")]),
        ("yaml-nothing-is-no-title", vec![Replace(PLAN, r#"en: "Every workshop is known""#, "en: ~")]),
        ("yaml-telephone-is-no-number", vec![Replace("demo.yaml", r#"phone: "0599000201""#, "phone: 0599000201")]),
        ("yaml-code-is-no-number", vec![Replace(INDICATOR, r#"code: "9.3""#, "code: 9.3")]),
        ("yaml-smart-quotes", vec![Replace(SERVICE, r#"en: "Refuse""#, "en: “Refuse, please”")]),
        ("yaml-smart-quotes-of-a-rule", vec![Replace(SERVICE, WHEN, "when: \"name != ‘none’\"")]),
        ("yaml-guillemets", vec![Replace(SERVICE, r#"ar: "رفض الطلب""#, "ar: «رفض الطلب»")]),
        ("yaml-no-break-space", vec![Replace(SERVICE, "owner: crafts-office", "owner: crafts-office\u{a0}")]),
        ("yaml-zero-width-space", vec![Replace(SERVICE, "owner: crafts-office", "owner: \u{200b}crafts-office")]),
        ("yaml-mark-of-direction", vec![Replace(SERVICE, "owner: crafts-office", "owner: \u{200f}crafts-office")]),
        (
            "yaml-override-of-direction",
            vec![Replace(SERVICE, "the workshop {name} was", "the workshop \u{202e}{name} was")],
        ),
        ("yaml-tab-within-a-line", vec![Replace(SERVICE, "owner: crafts-office", "owner:\tcrafts-office")]),
        (
            "yaml-byte-order-mark",
            vec![Write(
                "roles.yaml",
                [b"\xef\xbb\xbf".to_vec(), std::fs::read(crate::root().join("packs/starter/roles.yaml")).unwrap()]
                    .concat(),
            )],
        ),
    ]
}
