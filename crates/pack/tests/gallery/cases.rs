//! The mistakes of the gallery.

#[path = "dangers.rs"]
mod dangers;

use crate::Patch::{self, Remove, Replace, Write};

const SERVICE: &str = "services/crafts-office/workshop-registration.yaml";
const REGISTER: &str = "registers/workshops.yaml";
const INDICATOR: &str = "indicators/workshops-registered.yaml";
const PLAN: &str = "plan/crafts.yaml";

/// Every mistake by its name.
pub fn cases() -> Vec<(&'static str, Vec<Patch>)> {
    let mut all = Vec::new();
    all.extend(yaml());
    all.extend(shapes());
    all.extend(expressions());
    all.extend(names());
    all.extend(stories());
    all.extend(atlas());
    all.extend(dangers::dangers());
    all.extend(dangers::pitfalls());
    all
}

/// Files that cannot be read at all.
fn yaml() -> Vec<(&'static str, Vec<Patch>)> {
    vec![
        ("yaml-bracket-not-closed", vec![Replace(INDICATOR, "by: [region]", "by: [region")]),
        ("yaml-tab-indentation", vec![Replace(SERVICE, "    by: crafts-clerk", "\tby: crafts-clerk")]),
        ("yaml-quote-not-closed", vec![Replace("entities.yaml", r#""Crafts Office""#, r#""Crafts Office"#)]),
        ("yaml-key-twice", vec![Replace(REGISTER, "label: name", "label: name\nlabel: number")]),
        ("yaml-colon-in-text", vec![Replace("pack.yaml", "pack: starter", "pack: starter: small")]),
        ("yaml-indented-too-far", vec![Replace(PLAN, "to: 2025-12-31\n", "  to: 2025-12-31\n")]),
        ("file-missing", vec![Remove("regions.yaml")]),
        ("file-empty", vec![Write("clusters.yaml", Vec::new())]),
        ("file-not-utf-8", vec![Write("roles.yaml", b"roles:\n  - {role: clerk, title: {en: Caf\xe9}}\n".to_vec())]),
        ("file-too-long", vec![Write("plan/long.yaml", vec![b'#'; (1 << 20) + 1])]),
    ]
}

/// Files whose keys and values are not those that are expected.
fn shapes() -> Vec<(&'static str, Vec<Patch>)> {
    vec![
        ("key-misspelt", vec![Replace(SERVICE, "    within: 3 working days", "    witihn: 3 working days")]),
        ("key-of-nothing", vec![Replace(INDICATOR, "by: [region]", "by: [region]\ncolour: blue")]),
        ("key-missing", vec![Replace(REGISTER, "keeper: crafts-office\n", "")]),
        ("key-missing-in-list", vec![Replace("regions.yaml", ", cell: [0, 2]", "")]),
        ("type-text-for-list", vec![Replace("clusters.yaml", "regions: [north, centre]", "regions: north")]),
        ("type-text-for-number", vec![Replace(PLAN, "amount: 20000", "amount: twenty thousand")]),
        (
            "type-one-text-for-all",
            vec![Replace(PLAN, r#"title: {en: "Registration drive", ar: "حملة التسجيل"}"#, "title: Drive")],
        ),
        ("type-list-for-text", vec![Replace(SERVICE, "next: review", "next: [review]")]),
        ("type-word-for-true", vec![Replace(REGISTER, "open-data: true", "open-data: always")]),
        ("word-unknown", vec![Replace(INDICATOR, "better: more", "better: mroe")]),
        ("duration-bad", vec![Replace(SERVICE, "promise: 5 working days", "promise: one week")]),
        ("date-bad", vec![Replace(PLAN, "from: 2024-01-01", "from: 2024-13-01")]),
        ("date-in-other-order", vec![Replace("demo.yaml", "today: 2024-12-19", "today: 19/12/2024")]),
        (
            "several-in-one-file",
            vec![
                Replace(SERVICE, "    within: 3 working days", "    witihn: 3 working days"),
                Replace(SERVICE, "promise: 5 working days", "promise: one week"),
                Replace(SERVICE, "next: review", "next: [review]"),
                Replace(SERVICE, "owner: crafts-office\n", "colour: blue\n"),
            ],
        ),
        (
            "several-in-several-files",
            vec![
                Replace(REGISTER, "keeper: crafts-office\n", ""),
                Replace(REGISTER, "open-data: true", "open-data: always"),
                Replace(INDICATOR, "better: more", "better: mroe"),
                Replace(INDICATOR, "by: [region]", "by: region"),
                Replace(PLAN, "amount: 20000", "amount: twenty thousand"),
                Replace(PLAN, "from: 2024-01-01", "from: 2024-13-01"),
                Replace("clusters.yaml", "regions: [north, centre]", "regions: north"),
            ],
        ),
        (
            "key-twice-and-more",
            vec![
                Replace(REGISTER, "label: name", "label: name\nlabel: number"),
                Replace(REGISTER, "open-data: true", "opendata: true"),
            ],
        ),
        (
            "file-size-bad",
            vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: file, accept: [pdf], max: 5 megabytes,")],
        ),
        ("file-size-too-large", vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: file, max: 50 MB,")]),
        ("file-size-is-a-number", vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: file, max: 5,")]),
        ("limit-is-a-size", vec![Replace(SERVICE, "max: 500}", "max: 5 MB}")]),
        (
            "files-of-a-page-too-large",
            vec![Replace(
                SERVICE,
                "      phone: {type: phone,",
                "      a: {type: file, title: {en: A, ar: أ}, max: 10 MB}\n      b: {type: file, title: {en: B, ar: ب}, max: 10 MB}\n      phone: {type: file, max: 1 MB,",
            )],
        ),
        ("currency-with-other-decimals", vec![Replace("pack.yaml", "decimals: 2", "decimals: 3")]),
        ("currency-nobody-knows", vec![Replace("pack.yaml", "currency: USD", "currency: USB")]),
        (
            "money-in-another-currency",
            vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: money, currency: [USD, ILS],")],
        ),
        (
            "money-with-a-limit-in-several-currencies",
            vec![
                Replace(
                    "pack.yaml",
                    "symbol: \"$\"}",
                    "symbol: \"$\"}\n  - {currency: JOD, decimals: 3, title: {en: Dinar, ar: دينار}}",
                ),
                Replace(SERVICE, "phone: {type: phone,", "phone: {type: money, max: 100,"),
            ],
        ),
        (
            "money-compared-as-a-whole",
            vec![
                Replace(
                    "pack.yaml",
                    "symbol: \"$\"}",
                    "symbol: \"$\"}\n  - {currency: JOD, decimals: 3, title: {en: Dinar, ar: دينار}}",
                ),
                Replace(SERVICE, "phone: {type: phone,", "phone: {type: money,"),
                Replace(SERVICE, r#"when: "staff >= 1""#, r#"when: "phone > 1""#),
            ],
        ),
        ("personal-in-public", vec![Replace(REGISTER, "public: [name,", "public: [name, phone,")]),
        ("write-by-everybody", vec![Replace(REGISTER, "write: {", "write: {public: all, ")]),
        ("held-is-no-record", vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: phone, held: true,")]),
        (
            "prefill-says-nothing",
            vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: phone, prefill: phone,")],
        ),
        (
            "prefill-unknown-fact",
            vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: phone, prefill: applicant.fone,")],
        ),
        (
            "prefill-does-not-fit",
            vec![Replace(SERVICE, "min: 1, max: 500}", "min: 1, max: 500, prefill: applicant.name}")],
        ),
        (
            "prefill-from-no-record",
            vec![Replace(SERVICE, "phone: {type: phone,", "phone: {type: phone, prefill: workshop.phone,")],
        ),
        (
            "prefill-of-a-field-that-is-not-there",
            vec![Replace(
                SERVICE,
                "      phone: {type: phone,",
                "      before: {type: record, of: workshops, held: true, title: {en: Before, ar: قبل}, prefill: applicant.record}\n      phone: {type: phone, prefill: before.fone,",
            )],
        ),
        (
            "prefill-of-another-type",
            vec![Replace(
                SERVICE,
                "      phone: {type: phone,",
                "      before: {type: record, of: workshops, title: {en: Before, ar: قبل}}\n      phone: {type: phone, prefill: before.since,",
            )],
        ),
        (
            "supervisor-unknown",
            vec![Replace("roles.yaml", "supervisor: crafts-supervisor}", "supervisor: crafts-superviser}")],
        ),
        (
            "supervisor-of-itself",
            vec![Replace("roles.yaml", "supervisor: crafts-supervisor}", "supervisor: crafts-clerk}")],
        ),
        ("name-bad", vec![Replace(INDICATOR, "indicator: workshops-registered", "indicator: Workshops Registered")]),
    ]
}

/// Conditions and formulas.
fn expressions() -> Vec<(&'static str, Vec<Patch>)> {
    vec![
        ("condition-unknown-name", vec![Replace(SERVICE, r#"when: "staff >= 1""#, r#"when: "staf >= 1""#)]),
        ("condition-wrong-type", vec![Replace(SERVICE, r#"when: "staff >= 1""#, r#"when: "staff >= 'one'""#)]),
        ("condition-no-condition", vec![Replace(SERVICE, r#"when: "staff >= 1""#, r#"when: "staff + 1""#)]),
        ("condition-syntax", vec![Replace(SERVICE, r#"when: "staff >= 1""#, r#"when: "staff >= ""#)]),
        ("condition-single-equals", vec![Replace(SERVICE, r#"when: "staff >= 1""#, r#"when: "staff = 1""#)]),
        ("condition-text-not-closed", vec![Replace(SERVICE, r#"when: "staff >= 1""#, r#"when: "name == 'a""#)]),
        ("condition-unknown-choice", vec![Replace(INDICATOR, "outcome == 'granted'", "outcome == 'grunted'")]),
        (
            "condition-on-a-later-question",
            vec![Replace(SERVICE, "region: {type: region,", r#"region: {type: region, show-when: "staff > 5","#)],
        ),
        (
            "condition-on-its-own-answer",
            vec![Replace(SERVICE, "min: 1, max: 500}", r#"min: 1, max: 500, show-when: "staff > 5"}"#)],
        ),
        (
            "condition-of-a-question-on-the-day",
            vec![Replace(SERVICE, "min: 1, max: 500}", r#"min: 1, max: 500, show-when: "today > '2024'"}"#)],
        ),
        ("fee-cell-bad", vec![Replace(SERVICE, r#"["< 5", 10]"#, r#"["< ", 10]"#)]),
    ]
}

/// Names of what does not exist.
fn names() -> Vec<(&'static str, Vec<Patch>)> {
    vec![
        ("unknown-entity", vec![Replace(SERVICE, "owner: crafts-office", "owner: craft-office")]),
        ("unknown-role", vec![Replace(SERVICE, "by: crafts-clerk", "by: crafts-clark")]),
        ("unknown-region", vec![Replace("clusters.yaml", "[north, centre]", "[north, center]")]),
        ("unknown-currency-of-fee", vec![Replace(SERVICE, "currency: USD", "currency: USB")]),
        ("unknown-currency-of-plan", vec![Replace(PLAN, "currency: USD", "currency: EUR")]),
        ("unknown-register", vec![Replace(SERVICE, "register: workshops", "register: workshop")]),
        ("unknown-indicator", vec![Replace(PLAN, "{indicator: workshops-registered", "{indicator: workshops-closed")]),
    ]
}

/// Stories and what follows what.
fn stories() -> Vec<(&'static str, Vec<Patch>)> {
    const STORY: &str = "stories/first-workshop.md";
    vec![
        ("story-without-title", vec![Replace(STORY, "---\ntitle", "title")]),
        ("story-language-missing", vec![Replace(STORY, "# ar\n", "## ar\n")]),
        ("story-language-unknown", vec![Replace(STORY, "# en\n", "# fr\n")]),
        ("story-unknown-indicator", vec![Replace(STORY, "[workshops-registered]", "[workshop-registered]")]),
        (
            "formula-wrong",
            vec![Write(
                "indicators/growth.yaml",
                b"indicator: growth\ntitle: {en: Growth, ar: \xd9\x86\xd9\x85\xd9\x88}\nunit: {en: \"%\", ar: \"%\"}\n\
                  by: [region]\nformula: \"workshop_registered / 2\"\n"
                    .to_vec(),
            )],
        ),
        ("activity-before-its-time", vec![Replace(PLAN, "from: 2024-07-01", "from: 2024-06-01")]),
    ]
}

/// The starter has no atlas; one is written with a mistake in it.
fn atlas() -> Vec<(&'static str, Vec<Patch>)> {
    const TABLE: &str = "table:
  title: {en: Jobs, ar: وظائف}
  notice: {en: Invented., ar: مختلقة.}
  unit: {en: people, ar: شخص}
  file: data/jobs.csv
  activities: {wood: {en: Wood, ar: الخشب}, glass: {en: Glass, ar: الزجاج}}
";
    let with = |rows: &str, more: &str| {
        vec![
            Write("data/jobs.csv", format!("place,activity,value\n{rows}").into_bytes()),
            Write("atlas.yaml", format!("{TABLE}{more}").into_bytes()),
        ]
    };
    let rows = "north,wood,5\ncentre,glass,7\n";
    let scenario = "scenario: {start: 2021-01, until: 2022-12, parameters: {applicants: 10}}\n";
    vec![
        ("atlas-scenario-without-notice", with(rows, scenario)),
        ("atlas-claim-unknown-cluster", with(rows, "clusters: {craft: {activities: [wood]}}\n")),
        ("atlas-claim-unknown-activity", with(rows, "clusters: {crafts: {activities: [wool]}}\n")),
        ("atlas-row-bad", with("north,wood,5\nnorth,glass,many\nnorht,wood,1\n", "")),
    ]
}
