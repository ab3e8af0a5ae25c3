//! A load generator: connections that are kept open, each sending its next request when it has its answer.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// What is asked.
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// What came of it.
pub struct Load {
    /// Microseconds, sorted.
    times: Vec<u64>,
    seconds: f64,
}

impl Load {
    /// What came of requests that took so many microseconds each.
    pub fn of(mut times: Vec<u64>, length: Duration) -> Load {
        times.sort_unstable();
        Load { times, seconds: length.as_secs_f64() }
    }

    pub fn answers(&self) -> u64 {
        self.times.len() as u64
    }

    pub fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.seconds
    }

    pub fn median_ms(&self) -> f64 {
        self.at(0.5)
    }

    pub fn p99_ms(&self) -> f64 {
        self.at(0.99)
    }

    fn at(&self, share: f64) -> f64 {
        let place = (self.times.len() as f64 * share) as usize;
        self.times[place.min(self.times.len() - 1)] as f64 / 1000.0
    }
}

/// Asks from so many connections for so long. Every answer must have this status.
pub fn run(
    address: &str,
    connections: usize,
    length: Duration,
    status: u16,
    request: &(dyn Fn(u64) -> Request + Sync),
) -> Load {
    let number = AtomicU64::new(0);
    let start = Instant::now();
    let one = || {
        let mut times = Vec::new();
        let mut connection = Connection::open(address);
        while start.elapsed() < length {
            let asked = Instant::now();
            let (answered, body) = connection.ask(&request(number.fetch_add(1, Relaxed)));
            times.push(u64::try_from(asked.elapsed().as_micros()).unwrap());
            assert_eq!(answered, status, "{body}");
        }
        times
    };
    let mut times: Vec<u64> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..connections).map(|_| scope.spawn(one)).collect();
        all.into_iter().flat_map(|connection| connection.join().unwrap()).collect()
    });
    times.sort_unstable();
    Load { times, seconds: start.elapsed().as_secs_f64() }
}

/// A connection that is kept open.
pub struct Connection {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(address: &str) -> Connection {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { address: address.to_owned(), stream: BufReader::new(stream) }
    }

    /// The status and the body.
    pub fn ask(&mut self, request: &Request) -> (u16, String) {
        let mut text = format!("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.path, self.address);
        for (name, value) in &request.headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += &format!("Content-Length: {}\r\n\r\n{}", request.body.len(), request.body);
        self.stream.get_mut().write_all(text.as_bytes()).unwrap();
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if status == 0 {
                status = line.split(' ').nth(1).unwrap().parse().unwrap();
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        (status, String::from_utf8(body).unwrap())
    }
}
