//! A mail server that tests speak SMTP with (RFC 5321). It knows as much of it as a client needs.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::server::{Server, between};

/// A letter as it came over the wire.
#[derive(Debug, Clone)]
pub struct Received {
    pub to: String,
    pub head: String,
    pub body: String,
}

/// A mail server that keeps what it is given, and refuses for as long as it is told to.
pub struct MailServer {
    address: String,
    pub received: Arc<Mutex<Vec<Received>>>,
    /// How many letters are still refused, and how many were.
    pub refuses: Arc<Mutex<(u32, u32)>>,
}

impl MailServer {
    pub fn start(refuses: u32) -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (received, refuses): (Arc<Mutex<Vec<_>>>, _) = (Arc::default(), Arc::new(Mutex::new((refuses, 0))));
        let (kept, refusing) = (received.clone(), refuses.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, refusing) = (kept.clone(), refusing.clone());
                std::thread::spawn(move || converse(stream, &kept, &refusing));
            }
        });
        MailServer { address, received, refuses }
    }

    /// Waits until so many letters have come.
    pub fn letters(&self, count: usize) -> Vec<Received> {
        let start = Instant::now();
        loop {
            let received = self.received.lock().unwrap().clone();
            if received.len() >= count {
                return received;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{count} letters are awaited: {received:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until so many letters to an address have come; the last of them.
    pub fn last_to(&self, to: &str, count: usize) -> Received {
        let start = Instant::now();
        loop {
            let received = self.received.lock().unwrap().clone();
            let theirs: Vec<Received> = received.into_iter().filter(|letter| letter.to == to).collect();
            if theirs.len() >= count {
                return theirs[count - 1].clone();
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{count} letters to {to} are awaited: {theirs:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// How many letters to an address have come.
    pub fn count(&self, to: &str) -> usize {
        self.received.lock().unwrap().iter().filter(|letter| letter.to == to).count()
    }
}

/// The first address of a page in a letter.
pub fn link(letter: &Received) -> String {
    let link = letter.body.split_whitespace().find(|word| word.starts_with("http://"));
    link.unwrap_or_else(|| panic!("no link in {}", letter.body)).to_owned()
}

fn converse(mut stream: TcpStream, kept: &Mutex<Vec<Received>>, refuses: &Mutex<(u32, u32)>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut say = move |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 mail.test ESMTP")?;
    let mut to = String::new();
    while let Some(Ok(line)) = lines.next() {
        let command = line.to_ascii_uppercase();
        if command.starts_with("EHLO") {
            say("250-mail.test\r\n250 8BITMIME")?;
        } else if command.starts_with("MAIL FROM") {
            let mut refuses = refuses.lock().unwrap();
            if refuses.0 > 0 {
                *refuses = (refuses.0 - 1, refuses.1 + 1);
                say("451 the mailbox is being moved, try again")?;
            } else {
                say("250 go on")?;
            }
        } else if command.starts_with("RCPT TO") {
            to = between(&line, "<", ">");
            say("250 go on")?;
        } else if command == "DATA" {
            say("354 end with a dot")?;
            let text: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
            let (head, body) = text.join("\n").split_once("\n\n").map(|(h, b)| (h.to_owned(), b.to_owned()))?;
            kept.lock().unwrap().push(Received { to: to.clone(), body: decoded(&head, &body), head });
            say("250 kept")?;
        } else if command == "QUIT" {
            say("221 goodbye")?;
            return Some(());
        } else {
            say("250 as you like")?;
        }
    }
    None
}

/// The text of a letter, whichever way it is carried (RFC 2045).
fn decoded(head: &str, body: &str) -> String {
    let head = head.to_ascii_lowercase();
    if head.contains("content-transfer-encoding: base64") {
        let letters: String = body.split_whitespace().collect();
        return String::from_utf8(STANDARD.decode(letters).unwrap()).unwrap();
    }
    if !head.contains("content-transfer-encoding: quoted-printable") {
        return body.to_owned();
    }
    let (mut bytes, mut rest) = (Vec::new(), body.replace("=\n", "").into_bytes().into_iter());
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A demo that sends its letters there.
pub fn with_mail(name: &str, database: Option<&str>, mail: &MailServer) -> Server {
    let url = format!("smtp://{}", mail.address);
    Server::with(name, database, &["--mail", &url, "--mail-from", "Anqud <portal@gov.example>"])
}
