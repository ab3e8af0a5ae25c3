//! Many who connect and say nothing, or little, or too slowly; and an end in the middle of it.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{
    much,
    node::{Node, history},
};

const MEGABYTES_MAX: usize = 300;
/// Within this time the process ends after SIGTERM. Ten seconds are promised; a slow machine may start it late.
const END_MAX: Duration = Duration::from_secs(12);

/// Lets this process have as many sockets as the system allows.
fn raise_limit() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
}

fn connect(node: &Node) -> TcpStream {
    let stream = TcpStream::connect(&node.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn page_answers(node: &Node) -> Duration {
    let began = Instant::now();
    let (status, _, body) = node.ask("GET", "/en/services", &[], "");
    assert_eq!(status, 200, "{body}");
    began.elapsed()
}

#[test]
fn a_crowd_that_says_nothing_costs_little_and_a_page_answers() {
    raise_limit();
    let crowd = much(2_000, 10_000);
    let node = Node::start(&history("crowd", None), &["--idle-seconds", "600"]);
    page_answers(&node);
    let alone = node.megabytes();
    let mut idle: Vec<TcpStream> = (0..crowd).map(|_| connect(&node)).collect();
    // Every tenth has asked before, and keeps its connection.
    for stream in idle.iter_mut().step_by(10) {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
    }
    let mut times: Vec<Duration> = (0..200).map(|_| page_answers(&node)).collect();
    times.sort();
    let crowded = node.megabytes();
    println!("{crowd} idle: {alone} MB became {crowded} MB; p99 of a page {:?}", times[197]);
    assert!(crowded < MEGABYTES_MAX, "{crowd} idle connections: {crowded} MB");
    // All of them are still there.
    for stream in idle.iter_mut().step_by(100) {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
    }
}

#[test]
fn a_crowd_beyond_the_descriptors_gives_way_to_whoever_asks() {
    raise_limit();
    let node = Node::limited("ulimit -n 1024", &history("descriptors", None), &["--idle-seconds", "600"]);
    let mut crowd = Vec::new();
    for _ in 0..20 {
        crowd.extend((0..100).map(|_| connect(&node)));
        page_answers(&node);
    }
    // Half a request holds no place either.
    for stream in &mut crowd {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\n");
    }
    page_answers(&node);
    // The database still gets the descriptors that it wants.
    node.sign_in("company@demo.example");
    assert!(node.megabytes() < MEGABYTES_MAX);
}

#[test]
fn an_address_that_is_no_proxy_has_its_share_and_is_told_so() {
    let options = ["--proxies", "192.0.2.1", "--connections-per-address-max", "5"];
    let node = Node::start(&history("share", None), &options);
    let mut held: Vec<TcpStream> = (0..5).map(|_| connect(&node)).collect();
    let mut said = String::new();
    // What is said to whoever is one too many may be cut off by what they send; so nothing is sent.
    connect(&node).read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 429 ") && said.contains("Retry-After"), "{said}");
    held.pop();
    // The place is free as soon as the server has seen that it is left.
    let free = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        let mut stream = connect(&node);
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).is_ok() && said.starts_with("HTTP/1.1 200 ")
    });
    assert!(free);
}

#[test]
fn whoever_does_not_come_to_an_end_is_let_go() {
    raise_limit();
    let options = ["--head-seconds", "2", "--body-seconds", "2", "--idle-seconds", "3"];
    let node = Node::start(&history("slow", None), &options);
    let mut crowd: Vec<TcpStream> = (0..much(300, 1_000)).map(|_| connect(&node)).collect();
    let head = "POST /en/sign-in HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    for (index, stream) in crowd.iter_mut().enumerate() {
        match index % 3 {
            0 => {}
            1 => stream.write_all(&head.as_bytes()[..40]).unwrap(),
            _ => write!(stream, "{head}Content-Length: 500\r\n\r\nemail=").unwrap(),
        }
    }
    page_answers(&node);
    for _ in 0..4 {
        // A byte now and then does not keep the place.
        for stream in &mut crowd {
            let _ = stream.write_all(b"a");
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    for (index, mut stream) in crowd.into_iter().enumerate() {
        let mut said = Vec::new();
        let end = stream.read_to_end(&mut said);
        let said = String::from_utf8_lossy(&said);
        let reset = end.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset);
        assert!(end.is_ok() || reset, "connection {index} is still open: {end:?}");
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{index}: {said}");
        if index % 3 == 2 && !reset {
            assert!(said.starts_with("HTTP/1.1 408 "), "{index}: {said}");
        }
    }
    page_answers(&node);
}

#[test]
fn the_program_ends_when_it_is_told_to_whatever_is_half_sent() {
    raise_limit();
    for signal in ["TERM", "INT"] {
        let mut node = Node::start(&history("end", None), &[]);
        let mut crowd: Vec<TcpStream> = (0..60).map(|_| connect(&node)).collect();
        for (index, stream) in crowd.iter_mut().enumerate() {
            let head = "POST /en/sign-in HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n";
            match index % 4 {
                0 => {}
                1 => stream.write_all(b"GET /en").unwrap(),
                2 => stream.write_all(head.as_bytes()).unwrap(),
                _ => write!(stream, "{head}Content-Length: 500\r\n\r\nemail=").unwrap(),
            }
        }
        page_answers(&node);
        node.signal(signal);
        let ended = node.end(END_MAX).unwrap_or_else(|| panic!("still there after {signal}"));
        assert!(ended.success(), "{signal}: {ended}");
    }
}
