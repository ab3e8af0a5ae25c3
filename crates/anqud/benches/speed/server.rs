//! The command under measurement.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::load::{Connection, Request};

/// A running server, ended with the measurement.
pub struct Server {
    child: Child,
    pub address: String,
    pub database: String,
}

fn anqud() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).stdout(Stdio::piped());
    command
}

/// `anqud recompute` on a database; what it says.
pub fn run(database: &str, flag: Option<&str>) -> String {
    let output = anqud().args(["recompute", "--database", database]).args(flag).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl Server {
    /// A fresh demo with so many cases.
    pub fn demo(folder: &Path, cases: usize) -> Server {
        let mut command = anqud();
        command.args(["demo", "--listen", "127.0.0.1:0", "--cases", &cases.to_string(), "--data"]).arg(folder);
        Server::started(command, folder.join("anqud-demo.db").display().to_string())
    }

    /// A server on a database that is there.
    pub fn serve(database: &str) -> Server {
        let mut command = anqud();
        command.args(["serve", "--listen", "127.0.0.1:0", "--database", database]);
        Server::started(command, database.to_owned())
    }

    /// A server on a database that is there, whose payment provider has this secret.
    pub fn with_provider(database: &str, secret: &str) -> Server {
        let mut command = anqud();
        command.args(["serve", "--listen", "127.0.0.1:0", "--database", database]);
        command.args(["--gateway", "http://127.0.0.1:9", "--gateway-secret", secret]);
        Server::started(command, database.to_owned())
    }

    /// The same, with a folder for the statements of the bank.
    pub fn with_folder(database: &str, secret: &str, folder: &Path) -> Server {
        let mut command = anqud();
        command.args(["serve", "--listen", "127.0.0.1:0", "--database", database]);
        command.args(["--gateway", "http://127.0.0.1:9", "--gateway-secret", secret, "--statements"]).arg(folder);
        Server::started(command, database.to_owned())
    }

    fn started(mut command: Command, database: String) -> Server {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .find_map(|line| line.unwrap().split_once("http://").map(|(_, rest)| rest.trim_end_matches('/').to_owned()))
            .expect("the command says where it listens");
        Server { child, address, database }
    }

    pub fn get(&self, path: &str) -> String {
        let request = Request { method: "GET", path: path.to_owned(), headers: Vec::new(), body: String::new() };
        let (status, body) = Connection::open(&self.address).ask(&request);
        assert_eq!(status, 200, "{path}");
        body
    }

    /// A token of an account of the demo.
    pub fn sign_in(&self, email: &str) -> String {
        let body = format!(r#"{{"email": "{email}", "password": "anqud-demo"}}"#);
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let request = Request { method: "POST", path: "/api/v1/session".into(), headers, body };
        let (status, body) = Connection::open(&self.address).ask(&request);
        assert_eq!(status, 201, "{body}");
        body.split_once("\"token\":\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    }

    /// The address of the second page of a draft of the licence.
    pub fn draft(&self, token: &str) -> String {
        let service = "/ar/services/software-company-licence";
        let cookie = vec![
            ("Cookie", format!("anqud={token}")),
            ("Content-Type", "application/x-www-form-urlencoded".to_owned()),
        ];
        let mut connection = Connection::open(&self.address);
        let get =
            |path: &str| Request { method: "GET", path: path.into(), headers: cookie.clone(), body: String::new() };
        let (_, page) = connection.ask(&get(service));
        let csrf = page.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let post = Request {
            method: "POST",
            path: format!("{service}/start"),
            headers: cookie.clone(),
            body: format!("csrf={csrf}"),
        };
        assert_eq!(connection.ask(&post).0, 303);
        let (_, mine) = connection.ask(&get("/ar/cases"));
        let draft = mine.split_once("/ar/drafts/").unwrap().1.split_once('"').unwrap().0;
        format!("/ar/drafts/{}/people", draft.split('/').next().unwrap())
    }

    /// The processor time that the process has used.
    pub fn processor_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // After the name in brackets the state comes as the third field; the times are the 14th and 15th, in hundredths.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        [fields[11], fields[12]].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
    }

    /// The most memory that the process has had, in megabytes.
    pub fn memory_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whether it had ended already does not matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
