//! The atlas as an economist asks it: every example of docs/atlas.md runs, and says what the document says.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

use crate::server::{Server, between};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anqud")).current_dir(root()).arg("atlas").args(arguments).output().unwrap()
}

fn text_of(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn file(name: &str) -> String {
    format!("crates/anqud/tests/journeys/atlas/{name}")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&text_of(arguments)).unwrap()
}

#[test]
fn every_example_of_the_document_runs() {
    let document = fs::read_to_string(root().join("docs/atlas.md")).unwrap();
    let examples: Vec<&str> = document.lines().filter_map(|line| line.strip_prefix("anqud atlas ")).collect();
    assert!(examples.len() >= 10, "{examples:?}");
    for example in examples {
        let arguments: Vec<&str> = example.split_whitespace().collect();
        let (first, second) = (text_of(&arguments), text_of(&arguments));
        assert!(!first.is_empty() && !first.contains("NaN"), "{example}");
        assert_eq!(first, second, "{example}: the same question has the same answer");
    }
}

#[test]
fn complexity_names_places_and_activities() {
    let found = json(&["complexity", &file("jobs.csv"), "--opportunities", "2"]);
    let place = &found["places"][3];
    assert_eq!((place["id"].as_str(), place["diversity"].as_u64()), (Some("Ramallah"), Some(2)));
    assert!((place["eci"].as_f64().unwrap() - 1.603_567_451_474_546).abs() < 1e-9);
    assert_eq!(place["opportunities"].as_array().unwrap().len(), 2);
    let activity = &found["activities"][0];
    assert_eq!((activity["id"].as_str(), activity["ubiquity"].as_u64()), (Some("Food"), Some(2)));
    assert!(activity["pci"].is_number());
}

/// 25 places and 40 activities, a third of the cells empty: enough for every thread to have something to do.
fn large(name: &str) -> String {
    let path = std::env::temp_dir().join(format!("anqud-atlas-{name}-{}.csv", std::process::id()));
    let mut out = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    writeln!(out, "place,activity,value").unwrap();
    for (place, activity) in (0..25_u64).flat_map(|place| (0..40_u64).map(move |activity| (place, activity))) {
        let value = (17 * place + 31 * activity + 7 * place * activity + place * place * activity) % 101;
        if value > 33 {
            writeln!(out, "p{place},a{activity},{}", value * value).unwrap();
        }
    }
    out.flush().unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let table = large("threads");
    let with = |arguments: &[&str], threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
        let output = command
            .current_dir(root())
            .env("RAYON_NUM_THREADS", threads)
            .arg("atlas")
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let people = file("people.yaml");
    for arguments in [
        &["specialisation", table.as_str(), "--draws", "50"][..],
        &["concentration", &table],
        &["relatedness", &table, "--measure", "association"],
        &["relatedness", &table, "--density"],
        &["complexity", &table, "--opportunities", "5"],
        &["clusters", &table, "--most", "8"],
        &["clusters", &table, "--most", "8", "--format", "svg"],
        &["simulate", &people, "--runs", "200"],
    ] {
        assert_eq!(with(arguments, "1"), with(arguments, "2"), "{arguments:?}");
        assert_eq!(with(arguments, "1"), with(arguments, "5"), "{arguments:?}");
    }
    fs::remove_file(&table).unwrap();
}

#[test]
fn a_file_of_several_years_is_read_once_and_answers_for_each() {
    let years = std::env::temp_dir().join(format!("anqud-atlas-panel-{}.csv", std::process::id()));
    let mut text = "year,country,product,value\n".to_owned();
    for (year, name) in [("2015", "jobs.csv"), ("2020", "later.csv")] {
        let rows = fs::read_to_string(root().join(file(name))).unwrap();
        rows.lines().skip(1).for_each(|row| text.push_str(&format!("{year},{row}\n")));
    }
    fs::write(&years, &text).unwrap();
    let panel = years.to_str().unwrap();
    // Columns in their order under other names, the year among them.
    let all = json(&["complexity", panel, "--every-year"]);
    assert_eq!(all["years"][0]["year"], "2015");
    assert_eq!(all["years"][0]["places"], json(&["complexity", &file("jobs.csv")])["places"]);
    assert_eq!(all["years"][1]["places"], json(&["complexity", panel, "--year", "2020"])["places"]);
    let rows = text_of(&["complexity", panel, "--every-year", "--format", "csv"]);
    assert!(rows.starts_with("year,kind,id,diversity,ubiquity,eci,pci,"), "{rows}");
    let growth = text_of(&["growth", panel, "--from-year", "2015", "--to-year", "2020"]);
    assert_eq!(growth, text_of(&["growth", &file("jobs.csv"), &file("later.csv"), "--years", "5"]));
    fs::remove_file(&years).unwrap();
}

#[test]
fn an_edited_division_is_scored_by_the_same_rule() {
    let found = json(&["clusters", &file("jobs.csv")]);
    let path = std::env::temp_dir().join(format!("anqud-atlas-division-{}.csv", std::process::id()));
    let edited = path.to_str().unwrap();
    // The answer as CSV is what can be edited and given back.
    let answer = text_of(&["clusters", &file("jobs.csv"), "--format", "csv"]);
    fs::write(&path, &answer).unwrap();
    let again = json(&["clusters", &file("jobs.csv"), "--division", edited]);
    assert_eq!(again["best"]["score"], found["best"]["score"]);
    assert_eq!(again["clusters"], found["clusters"]);
    fs::write(&path, answer.lines().filter(|line| !line.starts_with("Food,")).collect::<Vec<_>>().join("\n")).unwrap();
    let output = run(&["clusters", &file("jobs.csv"), "--division", edited]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("«Food» has no cluster; add a row for it"));
    fs::remove_file(&path).unwrap();
}

#[test]
fn pictures_are_whole() {
    let jobs = file("jobs.csv");
    let (later, sales, output) = (file("later.csv"), file("sales.csv"), file("output.csv"));
    for arguments in [
        &["complexity", jobs.as_str()][..],
        &["specialisation", &jobs],
        &["relatedness", &jobs],
        &["clusters", &jobs],
        &["growth", &jobs, &later],
        &["impact", &sales, "--output", &output],
        &["portfolio", &file("choice.yaml")],
        &["simulate", &file("people.yaml"), "--runs", "100"],
    ] {
        let drawn = text_of(&[arguments, &["--format", "svg"]].concat());
        assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>\n"), "{arguments:?}: {drawn}");
        assert!(!drawn.contains("NaN") && !drawn.contains("inf\""), "{arguments:?}: {drawn}");
        assert!(drawn.contains("xmlns=\"http://www.w3.org/2000/svg\""), "{arguments:?}");
    }
}

#[test]
fn a_target_out_of_reach_is_called_so() {
    let found = json(&["simulate", &file("people.yaml"), "--runs", "200"]);
    assert_eq!(found["target"]["intake"]["answer"], "not-within-these-limits");
}

#[test]
fn bad_rows_are_told_with_their_lines() {
    let output = run(&["complexity", &file("bad.csv")]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    let place = file("bad.csv");
    assert!(told.contains(&format!("{place}:3: the value -7 is negative")), "{told}");
    assert!(told.contains(&format!("{place}:4: «many» is no number; write digits")), "{told}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_misspelt_parameter_is_told() {
    let path = std::env::temp_dir().join(format!("anqud-atlas-misspelt-{}.yaml", std::process::id()));
    fs::write(&path, "start: 2021-01\nuntil: 2021-12\nparameters: {aplicants: 3}\n").unwrap();
    let output = run(&["simulate", path.to_str().unwrap()]);
    fs::remove_file(&path).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("aplicants"));
}

#[test]
fn a_million_rows_are_read() {
    let path = std::env::temp_dir().join(format!("anqud-atlas-million-{}.csv", std::process::id()));
    let mut out = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    writeln!(out, "place,activity,value").unwrap();
    for row in 0..1_000_000_u32 {
        writeln!(out, "p{},a{},{}", row % 10, row / 10 % 100, row % 13).unwrap();
    }
    out.flush().unwrap();
    let found = text_of(&["concentration", path.to_str().unwrap(), "--format", "csv", "--duplicates", "sum"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(found.lines().count(), 101);
}

#[test]
fn the_pages_answer_in_words_and_label_what_is_invented() {
    let server = Server::start("atlas-pages", None);
    for path in ["", "/clusters", "/places/jenin", "/space", "/simulator", "/portfolio"] {
        for (lang, word) in [
            ("en", ["Synthetic data", "assumption made for the demonstration"]),
            ("ar", ["بيانات افتراضية", "افتراضات"]),
        ] {
            let page = server.get(&format!("/{lang}/atlas{path}"), "");
            assert!(word.iter().any(|word| page.contains(word)), "{lang} {path}");
        }
    }
    let clusters = server.get("/en/atlas/clusters", "");
    // What the programme says of Jenin, and what the figures say to that.
    let jenin = between(&clusters, "<article class=\"card\" id=\"jenin\">", "</article>");
    for expected in ["Agriculture", "the figures agree", "times the country", "of 16 places", "strong in"] {
        assert!(jenin.contains(expected), "{expected}: {jenin}");
    }
    let gaza = between(&clusters, "<article class=\"card\" id=\"gaza\">", "</article>");
    assert!(gaza.contains("activities of equal size"), "{gaza}");
    // Ten percent to twelve in three years.
    let share = server.get("/en/atlas/share?from=%D9%A1%D9%A0&to=12&years=3&whole=0", "");
    assert!(share.contains("6.27% a year faster than the whole") && share.contains("7.06%"), "{share}");
    assert!(server.get("/en/atlas/share?from=0&to=12", "").contains("write a number from 0.01 to 100"));
    // A form that is sent as it stands changes nothing.
    let simulator = server.get("/en/atlas/simulator", "");
    let fields: Vec<String> = simulator
        .split("<input id=\"")
        .skip(1)
        .map(|field| format!("{}={}", field.split('"').next().unwrap(), between(field, "value=\"", "\"")))
        .collect();
    assert!(fields.len() > 8 && simulator.contains("Not within these limits"), "{fields:?}");
    let again = server.get(&format!("/en/atlas/simulator?{}", fields.join("&")), "");
    assert_eq!(
        between(&again, "role=\"status\">", "</section>"),
        between(&simulator, "role=\"status\">", "</section>")
    );
    let easier = server.get("/en/atlas/simulator?target=6000", "");
    assert!(easier.contains("It can be reached"), "{easier}");
    // Another division is scored by the rule that scored the best.
    let moved = server.get("/en/atlas/space?in-a=2", "");
    assert!(moved.contains("Your division: ") && moved.contains("The division that the data forms has "), "{moved}");
    let poorer = server.get("/en/atlas/portfolio?budget=1000000&gaza=60&hebron=60", "");
    assert!(poorer.contains("No choice satisfies these limits"), "{poorer}");
}

/// As a browser sends it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn a_table_of_ones_own_is_seen_before_it_is_studied() {
    let server = Server::start("atlas-import", None);
    let send = |lang: &str, body: &str| {
        let (status, _, page) = server.send("POST", &format!("/{lang}/atlas/import"), "", body);
        assert_eq!(status, 200, "{page}");
        page
    };
    let mut table = "year;country;product;exports\n2019;Old;Tin;5\n".to_owned();
    for (at, country) in ["Jordan", "Egypt", "Tunisia", "Oman"].iter().enumerate() {
        for (of, product) in ["Olives", "Textiles", "Software", "Medicines"].iter().enumerate().skip(at / 2) {
            table.push_str(&format!("2020;{country};{product};{}\n", 1 + (at * 7 + of * 5) % 11));
        }
    }
    let text = encoded(&table);
    // The columns are guessed from their order, the last year is taken, and all of it can be chosen otherwise.
    let preview = send("en", &format!("text={text}"));
    assert!(preview.contains("Rows read: 14, places: 4, activities: 4."), "{preview}");
    assert!(preview.contains("<option value=\"1\" selected>country") && preview.contains("<option selected>2020"));
    let other = send("en", &format!("text={text}&place=2&activity=1&year=2019"));
    assert!(other.contains("Rows read: 1, places: 1, activities: 1."), "{other}");
    let study = send("ar", &format!("text={text}&step=study"));
    for expected in ["Tunisia", "Medicines", "class=\"network\"", "عدد الصفوف المقروءة: 14"] {
        assert!(study.contains(expected), "{expected}: {study}");
    }
    // Mistakes are told with their lines, and nothing is studied before they are gone.
    let wrong = send("ar", &format!("step=study&text={}", encoded("place,activity,value\na,x,٣\nb,x,-4\nc\n")));
    assert!(wrong.contains("الصف 3: «-4»") && wrong.contains("الصف 4:") && !wrong.contains("الصف 2"), "{wrong}");
    assert!(!wrong.contains("class=\"network\""));
    assert!(send("en", "text=").contains("There are no values above zero"));
    // Each row a place and an activity of its own: more cells than anybody should wait for.
    let wide: String = (0..1_100).map(|row| format!("p{row},a{row},1\n")).collect();
    assert!(send("en", &format!("text={}", encoded(&format!("place,activity,value\n{wide}")))).contains("too large"));
    // Few cells, but more activities than can be compared with each other while somebody waits.
    let of = |activities: usize| {
        let long: String = (0..activities).map(|row| format!("p{},a{row},1\n", row % 2)).collect();
        send("en", &format!("text={}", encoded(&format!("place,activity,value\n{long}"))))
    };
    assert!(of(2_001).contains("too large"));
    assert!(of(2_000).contains("Rows read: 2,000, places: 2, activities: 2,000."));
}

/// A form with files, as a browser sends it.
fn parts(parts: &[(&str, &str)]) -> String {
    let part =
        |(name, value): &(&str, &str)| format!("--x\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n");
    format!("{}--x--\r\n", parts.iter().map(part).collect::<String>())
}

#[test]
fn a_table_is_carried_through_all_steps_up_to_what_is_announced() {
    let server = Server::start("atlas-large", None);
    let send = |kind: &str, body: &str| {
        let (status, _, page) = server.ask("POST", "/en/atlas/import", &[("Content-Type", kind)], body);
        assert_eq!(status, 200, "{page}");
        page
    };
    let multipart = |body: &[(&str, &str)]| send("multipart/form-data; boundary=x", &parts(body));
    // A hundred bytes a row.
    let table = |bytes: usize| {
        let row = |row: usize| format!("Place {},Activity {:\u{2d}<80},{}\r\n", row % 160, row / 160, 1 + row % 7);
        let rows: String = (0..bytes / 100).map(row).collect();
        format!("place,activity,value\r\n{rows}")
    };
    for bytes in [300 << 10, 1_900 << 10] {
        let table = table(bytes);
        assert!(table.len() > bytes - 200, "{}", table.len());
        let rows = base_number(bytes / 100);
        let activities = (bytes / 100).div_ceil(160);
        let summary = format!("Rows read: {rows}, places: 160, activities: {activities}.");
        let file = ("\"file\"; filename=\"table.csv\"", table.as_str());
        assert!(multipart(&[file, ("text", "")]).contains(&summary), "as a file");
        let preview = multipart(&[("\"file\"; filename=\"\"", ""), ("text", &table)]);
        assert!(preview.contains(&summary), "as text: {}", &preview[..2_000]);
        // From then on the page carries the table, in a form that is sent as the browser sends it unless told.
        let next = |page: &str, more: &str| {
            let form = between(page, "<form", "</form>");
            let form = page.split("<form").find(|form| form.contains("type=\"hidden\" name=\"text\"")).unwrap_or(&form);
            assert!(!form.split('>').next().unwrap().contains("enctype"), "{}", &form[..200]);
            let text = between(form, "name=\"text\" value=\"", "\"").replace('\n', "\r\n");
            assert_eq!(text.len(), table.len());
            send("application/x-www-form-urlencoded", &format!("text={}{more}", encoded(&text)))
        };
        let study = next(&preview, "&place=0&activity=1&value=2&step=study");
        assert!(study.contains(&summary) && study.contains("Place 29"), "it is studied");
        assert!(next(&study, "&place=0&activity=1&value=2").contains(&summary), "and comes back");
    }
    let page = multipart(&[("text", &table((2 << 20) + 10_000))]);
    assert!(page.contains("The table is too large"), "what is too large is told on the page");
}

/// With commas, as pages say it.
fn base_number(number: usize) -> String {
    format!("{},{:03}", number / 1_000, number % 1_000)
}

#[test]
fn odd_tables_have_a_defined_answer_or_a_clear_error() {
    let path = std::env::temp_dir().join(format!("anqud-atlas-odd-{}.csv", std::process::id()));
    let file = path.to_str().unwrap();
    let tables = [
        ("", "expected the columns place, activity, value"),
        ("place,activity,value\n", "there are no values"),
        ("place,activity,value\na,x,0\nb,x,0\n", "there are no values"),
        ("place,activity,value\na,x,5\nb,x,6\nc,x,7\n", "takes at least"),
        ("place,activity,value\na,x,5\na,y,6\n", "takes at least"),
        ("place,activity,value\na,x,5\na,y,5\nb,z,5\nb,w,5\n", "groups that have no activity in common"),
        ("place,activity,value\na,x,5\na,y,5\nb,x,5\nb,y,5\nc,x,1\nc,y,1\n", "the same structure"),
        ("place,activity,value\na,x,1\nb,y,1\nc,z,1\na,y,1\nb,z,1\nc,x,1\n", "eigenvalue are equal"),
        ("place,activity,value\na,x,1e300\nb,y,1e300\n", ":2: the value 1e300"),
        ("place,activity,value\na,x,NaN\n", ":2: «NaN» is no number"),
    ];
    for (table, expected) in tables {
        fs::write(&path, table).unwrap();
        let output = run(&["complexity", file]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && told.contains(expected), "{table}: {told}");
        for question in ["specialisation", "concentration", "relatedness", "clusters"] {
            for format in ["json", "csv", "svg"] {
                let output = run(&[question, file, "--format", format]);
                let told = String::from_utf8(output.stdout).unwrap();
                assert!(matches!(output.status.code(), Some(0 | 1)), "{question} {format} {table}");
                assert!(
                    !told.contains("NaN") && !told.contains("inf,") && !told.contains(",inf"),
                    "{question}: {told}"
                );
            }
        }
    }
    fs::remove_file(&path).unwrap();
}
