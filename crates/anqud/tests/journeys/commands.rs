//! The commands besides serving: a new pack, a copy of the database and the way back, the seals upon
//! the journal, and accounts.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

fn anqud(args: &[&str]) -> Output {
    anqud_hears(args, "")
}

/// The command, with something on its standard input.
fn anqud_hears(args: &[&str], input: &str) -> Output {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
    command.current_dir(root).env_remove("ANQUD_DATABASE").args(args);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    // One that ends without listening closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[track_caller]
fn works(args: &[&str]) -> String {
    let output = anqud(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refuses(args: &[&str], why: &str) {
    let output = anqud(args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains(why), "{args:?}: {said}");
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("anqud-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

#[test]
fn a_new_pack_passes_the_check_and_is_not_written_over() {
    let folder = folder("new");
    let pack = path(&folder, "pack");
    works(&["new", &pack]);
    assert!(works(&["check", &pack]).contains("nothing is wrong"));
    refuses(&["new", &pack], "is not empty");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_database_moves_from_one_engine_to_the_other_and_back() {
    let folder = folder("move");
    let data = folder.display().to_string();
    works(&["demo", "--pack", "packs/starter", "--cases", "30", "--no-serve", "--data", &data]);
    let [database, file, again, back, once_more] =
        ["anqud-demo.db", "all.jsonl", "again.db", "back.jsonl", "more.db"].map(|name| path(&folder, name));
    works(&["journal", "checkpoint", "--database", &database]);
    works(&["export", &file, "--database", &database]);
    refuses(&["export", &file, "--database", &database], "exists");
    refuses(&["import", &file, "--database", &database], "holds something already");
    let whole = |database: &str| {
        let verified = works(&["recompute", "--verify", "--pack", "packs/starter", "--database", database]);
        assert!(verified.contains("every figure is what they give"), "{verified}");
        works(&["journal", "verify", "--database", database]);
    };
    let mut engines = vec![again];
    let url = std::env::var("ANQUD_TEST_POSTGRES").ok();
    let schema = format!("anqud_move_{}", std::process::id());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(url) = &url {
        runtime.block_on(store::testing::fresh_schema(url, &schema)).unwrap();
        engines.push(format!("{url}?options=-csearch_path%3D{schema}"));
    }
    for engine in &engines {
        works(&["import", &file, "--database", engine]);
        whole(engine);
        refuses(&["import", &file, "--database", engine], "holds something already");
    }
    // A file that was cut short is refused, and leaves nothing behind.
    let text = std::fs::read_to_string(&file).unwrap();
    let (cut, fresh) = (path(&folder, "cut.jsonl"), path(&folder, "fresh.db"));
    std::fs::write(&cut, &text[..text.len() * 2 / 3]).unwrap();
    refuses(&["import", &cut, "--database", &fresh], "cut short");
    works(&["import", &file, "--database", &fresh]);
    whole(&fresh);
    // What came goes on: the next entry has the next number.
    let last = engines.last().unwrap();
    works(&["user", "roles", "clerk@demo.example", "crafts-clerk", "--pack", "packs/starter", "--database", last]);
    works(&["export", &back, "--database", last]);
    works(&["import", &back, "--database", &once_more]);
    whole(&once_more);
    std::fs::write(&back, "{\"anqud\":2,\"migrations\":[]}\n").unwrap();
    refuses(&["import", &back, "--database", &path(&folder, "other.db")], "another version");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_backup_gives_the_database_back() {
    let folder = folder("backup");
    let data = folder.display().to_string();
    works(&["demo", "--pack", "packs/starter", "--cases", "30", "--no-serve", "--data", &data]);
    let [database, copy, again] = ["anqud-demo.db", "copy.db", "again.db"].map(|name| path(&folder, name));
    works(&["backup", &copy, "--database", &database]);
    refuses(&["backup", &copy, "--database", &database], "exists already");
    refuses(&["restore", &copy, "--database", &database], "exists already");
    works(&["restore", &copy, "--database", &again]);
    let verify = |database: &str| {
        let said = works(&["recompute", "--verify", "--pack", "packs/starter", "--database", database]);
        said.split(' ').next().unwrap().to_owned()
    };
    assert_eq!(verify(&again), verify(&database));

    std::fs::write(&copy, "not a database, but long enough to be taken for one by its size alone").unwrap();
    refuses(&["restore", &copy, "--database", &path(&folder, "third.db")], "is no database");
    refuses(&["backup", &path(&folder, "fourth.db"), "--database", "postgres://nowhere/anqud"], "pg_dump");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_journal_is_sealed_and_held_against_its_seals() {
    let folder = folder("journal");
    let data = folder.display().to_string();
    works(&["demo", "--pack", "packs/starter", "--cases", "30", "--no-serve", "--data", &data]);
    let database = path(&folder, "anqud-demo.db");
    let sealed = works(&["journal", "checkpoint", "--database", &database]);
    let (seq, hash) = sealed.trim().split_once(' ').unwrap();
    assert_eq!(hash.len(), 64);
    let said = works(&["journal", "verify", "--database", &database]);
    assert!(said.starts_with(&format!("{seq} entries are what they were; 1 are not sealed yet")), "{said}");
    assert!(said.contains(hash));
    assert_eq!(works(&["journal", "checkpoint", "--database", &database]), sealed);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn accounts_are_made_and_changed() {
    let folder = folder("user");
    let database = path(&folder, "anqud.db");
    let user = |args: &[&str], input: &str| {
        let place = ["--pack", "packs/starter", "--database", &database];
        let output = anqud_hears(&[&["user"], args, &place].concat(), input);
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
        (output.status.success(), said)
    };
    let add = ["add", "Nadia@office.example", "--name", "Nadia", "--role", "crafts-clerk"];
    assert!(!user(&add, "short\n").0);
    assert!(user(&add, "a long enough password\n").0);
    assert!(!user(&add, "a long enough password\n").0, "twice");
    let (done, said) = user(&["roles", "nadia@office.example", "crafts-clark"], "");
    assert!(!done && said.contains("did you mean «crafts-clerk»?"), "{said}");
    assert!(user(&["roles", "nadia@office.example", "auditor", "crafts-clerk"], "").0);
    assert!(user(&["password", "nadia@office.example"], "another long password").0);
    assert!(!user(&["password", "nobody@office.example"], "another long password").0);
    let (_, said) = user(&["list"], "");
    assert!(said.contains("nadia@office.example") && said.contains("auditor, crafts-clerk"), "{said}");
    std::fs::remove_dir_all(folder).unwrap();
}
