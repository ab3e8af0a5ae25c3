//! A running demo, and how tests talk to it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running demo, ended with the test.
pub struct Server {
    child: Child,
    pub address: String,
    /// What `--database` names it by.
    pub database: String,
}

impl Server {
    pub fn start(name: &str, database: Option<&str>) -> Server {
        Server::with(name, database, &[])
    }

    /// The demo of another pack.
    pub fn of_pack(name: &str, database: Option<&str>, pack: &Path) -> Server {
        Server::with(name, database, &["--pack", pack.to_str().unwrap()])
    }

    /// A demo with more options.
    pub fn with(name: &str, database: Option<&str>, options: &[&str]) -> Server {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let data = std::env::temp_dir().join(format!("anqud-{name}-{}", std::process::id()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
        let cases = if options.contains(&"--cases") { &[][..] } else { &["--cases", "40"] };
        command.current_dir(root).arg("demo").args(cases).args(["--listen", "127.0.0.1:0", "--data"]).arg(&data);
        command.args(options);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .find_map(|line| line.unwrap().split_once("http://").map(|(_, rest)| rest.trim_end_matches('/').to_owned()))
            .expect("the demo says where it listens");
        let file = || data.join("anqud-demo.db").display().to_string();
        Server { child, address, database: database.map_or_else(file, str::to_owned) }
    }

    /// One request with these headers: status, headers, body.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String, String) {
        ask(&self.address, method, path, headers, body)
    }

    /// A form or a page, as a browser asks for it.
    pub fn send(&self, method: &str, path: &str, cookie: &str, body: &str) -> (u16, String, String) {
        let headers = [("Cookie", cookie), ("Content-Type", "application/x-www-form-urlencoded")];
        self.ask(method, path, &headers, body)
    }

    pub fn get(&self, path: &str, cookie: &str) -> String {
        let (status, _, body) = self.send("GET", path, cookie, "");
        assert_eq!(status, 200, "{path}");
        body
    }

    /// Sends a form with the token of its page; where it leads.
    pub fn post(&self, page: &str, action: &str, cookie: &str, fields: &str) -> String {
        let csrf = between(&self.get(page, cookie), "name=\"csrf\" value=\"", "\"");
        let (status, head, body) = self.send("POST", action, cookie, &format!("csrf={csrf}&{fields}"));
        assert_eq!(status, 303, "{action}: {body}");
        header(&head, "location")
    }

    pub fn sign_in(&self, email: &str) -> String {
        let (status, head, _) =
            self.send("POST", "/ar/sign-in", "", &format!("email={}&password=anqud-demo", email.replace('@', "%40")));
        assert_eq!(status, 303, "{email} signs in");
        header(&head, "set-cookie").split(';').next().unwrap().to_owned()
    }

    pub fn granted(&self) -> i64 {
        let page = self.get("/en/indicators/licences-granted", "");
        between(&page, "<p class=\"number\"><bdi>", "</bdi>").replace(',', "").parse().unwrap()
    }
}

/// One request on a connection of its own: status, headers, body.
pub fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    // Nothing that is asked takes a minute; a test that waits for ever says nothing.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).unwrap() > 0, "{path}: the answer ends in its head: {head}");
    }
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).unwrap();
    (status, head, String::from_utf8_lossy(&body).into_owned())
}

/// The address of a fresh schema on the PostgreSQL that tests may use, where there is one.
pub fn postgres(name: &str) -> Option<String> {
    let Ok(url) = std::env::var("ANQUD_TEST_POSTGRES") else {
        eprintln!("left out: ANQUD_TEST_POSTGRES is not set");
        return None;
    };
    let schema = format!("anqud_{name}_{}", std::process::id());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(store::testing::fresh_schema(&url, &schema)).unwrap();
    Some(format!("{url}?options=-csearch_path%3D{schema}"))
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whether it had ended already does not matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0.to_owned()
}

pub fn header(head: &str, name: &str) -> String {
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name} in {head}")).split_once(':').unwrap().1.trim().to_owned()
}
