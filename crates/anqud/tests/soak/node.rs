//! A process that serves a database which outlives it, with the limits of the system that a test wants.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::server::ask;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

pub struct Node {
    pub address: String,
    child: Child,
}

/// A folder of its own for a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("anqud-soak-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Fills a database with a small history; its address.
pub fn history(name: &str, database: Option<&str>) -> String {
    let folder = folder(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
    command.current_dir(ROOT).args(["demo", "--cases", "5", "--no-serve", "--data"]).arg(&folder);
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    let made = command.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    database.map_or_else(|| folder.join("anqud-demo.db").display().to_string(), str::to_owned)
}

impl Node {
    pub fn start(database: &str, options: &[&str]) -> Node {
        Node::limited("true", database, options)
    }

    /// With limits that a shell sets before it starts, such as `ulimit -n 1024`.
    pub fn limited(limit: &str, database: &str, options: &[&str]) -> Node {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = Command::new("sh");
        command.current_dir(ROOT).args(["-c", &format!("{limit} && exec \"$0\" \"$@\"")]);
        command.arg(env!("CARGO_BIN_EXE_anqud")).args(["serve", "--database", database, "--listen", &address]);
        let mut child = command.args(options).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.find(|line| line.as_ref().unwrap().contains("http://")).expect("it says where it is").unwrap();
        // What it writes is read to the end, so that it never waits for us.
        std::thread::spawn(move || lines.count());
        Node { address, child }
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String, String) {
        ask(&self.address, method, path, headers, body)
    }

    /// Signs in; what to send as Authorization.
    pub fn sign_in(&self, email: &str) -> String {
        let body = json!({"email": email, "password": "anqud-demo"}).to_string();
        let (status, _, answer) = self.ask("POST", "/api/v1/session", &[("Content-Type", "application/json")], &body);
        assert_eq!(status, 201, "{answer}");
        format!("Bearer {}", serde_json::from_str::<Value>(&answer).unwrap()["token"].as_str().unwrap())
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The memory that it holds, in megabytes.
    pub fn megabytes(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() / 1024
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// How it ended, where it ends within this time.
    pub fn end(&mut self, within: Duration) -> Option<ExitStatus> {
        for _ in 0..within.as_millis() / 20 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
