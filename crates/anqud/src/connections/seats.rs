//! Who is connected: a bounded number in all and from each address, and who gives way when all seats are taken.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::http::HeaderMap;
use futures::task::AtomicWaker;
use tokio::sync::Notify;

use super::Limits;

/// So many more than allowed may be there for the moment in which those who gave way are leaving.
const LEAVING_MAX: usize = 32;

/// Why somebody is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Everybody who is connected is being served.
    Full,
    /// Too many come from this address.
    TooMany,
}

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Stage {
    /// Nothing is asked.
    Idle,
    /// A request has begun to come.
    Head,
    /// A request is being served.
    Serving,
    /// It is to end as if the other side had closed it.
    Leaving,
}

/// What the connection itself and those who may end it share.
struct Line {
    stage: AtomicU8,
    waker: AtomicWaker,
}

impl Line {
    fn leave(&self) {
        self.stage.store(Stage::Leaving as u8, SeqCst);
        self.waker.wake();
    }
}

pub(super) struct Seats {
    limits: Limits,
    taken: Mutex<Taken>,
    left: Notify,
}

#[derive(Default)]
struct Taken {
    number: usize,
    addresses: HashMap<IpAddr, usize>,
    /// Those who are not being served, in the order in which they began to wait.
    waiting: BTreeMap<u64, Arc<Line>>,
    turn: u64,
    draining: bool,
}

impl Taken {
    fn wait(&mut self, line: &Arc<Line>) -> u64 {
        self.turn += 1;
        self.waiting.insert(self.turn, line.clone());
        self.turn
    }

    /// Whoever has waited longest leaves; whether there was somebody.
    fn make_room(&mut self) -> bool {
        self.waiting.pop_first().map(|(_, line)| line.leave()).is_some()
    }
}

/// Addresses that one subscriber has are counted as one.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        v4 => v4,
    }
}

impl Seats {
    pub fn new(limits: Limits) -> Seats {
        Seats { limits, taken: Mutex::default(), left: Notify::new() }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Nothing below the lock panics half-way, so what it holds is whole.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.limits.proxies.iter().any(|network| network.holds(address))
    }

    /// How many there may be together with those who are leaving.
    fn most(&self) -> usize {
        self.limits.all + LEAVING_MAX.min(self.limits.all)
    }

    /// Waits until those who gave way have left, as far as there are too many of them.
    pub async fn until_left(&self) {
        self.until(|taken| taken.number < self.most()).await;
    }

    async fn until(&self, met: impl Fn(&Taken) -> bool) {
        loop {
            let mut left = std::pin::pin!(self.left.notified());
            // Whoever leaves between the look and the wait is not missed.
            left.as_mut().enable();
            if met(&self.taken()) {
                return;
            }
            left.await;
        }
    }

    /// A seat for somebody who connects.
    pub fn take(self: &Arc<Seats>, peer: IpAddr) -> Result<Seat, Refusal> {
        let counted = (!self.is_proxy(peer)).then(|| subscriber(peer));
        let mut taken = self.taken();
        if let Some(address) = counted
            && taken.addresses.get(&address).is_some_and(|number| *number >= self.limits.per_address)
        {
            return Err(Refusal::TooMany);
        }
        if taken.number >= self.most() || (taken.number >= self.limits.all && !taken.make_room()) {
            return Err(Refusal::Full);
        }
        taken.number += 1;
        if let Some(address) = counted {
            *taken.addresses.entry(address).or_default() += 1;
        }
        let line = Arc::new(Line { stage: AtomicU8::new(Stage::Idle as u8), waker: AtomicWaker::new() });
        let turn = Mutex::new(taken.wait(&line));
        Ok(Seat { seats: self.clone(), peer, counted, line, turn })
    }

    /// Lets whoever has waited longest without asking anything leave.
    pub fn make_room(&self) {
        self.taken().make_room();
    }

    /// Lets everybody leave: who waits, now; who is being served, after the answer.
    pub fn drain(&self) {
        let mut taken = self.taken();
        taken.draining = true;
        while taken.make_room() {}
    }

    /// Waits until nobody is there.
    pub async fn empty(&self) {
        self.until(|taken| taken.number == 0).await;
    }
}

/// A connection's place among the others; free again when it is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    peer: IpAddr,
    counted: Option<IpAddr>,
    line: Arc<Line>,
    /// Since when it waits, in the order of all.
    turn: Mutex<u64>,
}

impl Seat {
    pub fn stage(&self) -> Stage {
        match self.line.stage.load(SeqCst) {
            0 => Stage::Idle,
            1 => Stage::Head,
            2 => Stage::Serving,
            _ => Stage::Leaving,
        }
    }

    /// How long it may stay as it stands; for ever while it is served.
    pub fn patience(&self) -> Option<Duration> {
        match self.stage() {
            Stage::Idle => Some(self.seats.limits.idle),
            Stage::Head => Some(self.seats.limits.head),
            Stage::Serving | Stage::Leaving => None,
        }
    }

    /// How long an answer may stay unread.
    pub fn unread(&self) -> Duration {
        self.seats.limits.unread
    }

    pub fn on_change(&self, waker: &std::task::Waker) {
        self.line.waker.register(waker);
    }

    /// The first bytes of a request have come.
    pub fn begin(&self) {
        let _ = self.line.stage.compare_exchange(Stage::Idle as u8, Stage::Head as u8, SeqCst, SeqCst);
    }

    fn turn(&self) -> MutexGuard<'_, u64> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request is whole and is being served: nobody takes the seat away meanwhile.
    pub fn serve(&self) {
        self.seats.taken().waiting.remove(&self.turn());
        self.line.stage.store(Stage::Serving as u8, SeqCst);
    }

    /// The answer is given: the next request may come.
    pub fn served(&self) {
        let mut taken = self.seats.taken();
        if taken.draining {
            self.line.leave();
        } else {
            *self.turn() = taken.wait(&self.line);
            self.line.stage.store(Stage::Idle as u8, SeqCst);
        }
    }

    /// Where a request comes from: the other side, or whom a proxy names last that is no proxy itself.
    pub fn origin(&self, headers: &HeaderMap) -> IpAddr {
        if !self.seats.is_proxy(self.peer) {
            return self.peer;
        }
        let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let mut named: Vec<&str> = named.flat_map(|value| value.split(',')).collect();
        named.reverse();
        let addresses = named.iter().map_while(|one| one.trim().parse::<IpAddr>().ok());
        addresses.take(16).find(|address| !self.seats.is_proxy(*address)).unwrap_or(self.peer)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.waiting.remove(&self.turn());
        taken.number -= 1;
        if let Some(address) = self.counted
            && let Some(number) = taken.addresses.get_mut(&address)
        {
            *number -= 1;
            if *number == 0 {
                taken.addresses.remove(&address);
            }
        }
        self.seats.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(all: usize, per_address: usize) -> Arc<Seats> {
        let second = Duration::from_secs(1);
        let proxies = vec!["127.0.0.1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        Arc::new(Seats::new(Limits { all, per_address, proxies, idle: second, head: second, unread: second }))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_so_many_seats_and_a_proxy_as_many_as_there_are() {
        let seats = seats(100, 2);
        let taken: Vec<Seat> = (0..2).map(|_| seats.take(ip("192.0.2.1")).unwrap()).collect();
        assert_eq!(seats.take(ip("192.0.2.1")).err(), Some(Refusal::TooMany));
        assert!(seats.take(ip("192.0.2.2")).is_ok());
        drop(taken);
        assert!(seats.take(ip("192.0.2.1")).is_ok(), "a seat is free again");
        let proxy: Vec<_> = (0..20).map(|_| seats.take(ip("127.0.0.1")).unwrap()).collect();
        assert_eq!(proxy.len(), 20);
        let v6: Vec<_> = ["2001:db8::1", "2001:db8::2"].iter().map(|one| seats.take(ip(one)).unwrap()).collect();
        assert_eq!(seats.take(ip("2001:db8::ffff")).err(), Some(Refusal::TooMany), "one subscriber has a /64");
        assert!(seats.take(ip("2001:db8:0:1::1")).is_ok());
        drop(v6);
    }

    #[test]
    fn whoever_waits_longest_gives_way_and_nobody_who_is_served() {
        let seats = seats(3, 10);
        let [first, second, third] = [1, 2, 3].map(|_| seats.take(ip("192.0.2.1")).unwrap());
        first.serve();
        let fourth = seats.take(ip("192.0.2.2")).unwrap();
        assert_eq!([first.stage(), second.stage(), third.stage()], [Stage::Serving, Stage::Leaving, Stage::Idle]);
        third.begin();
        let fifth = seats.take(ip("192.0.2.2")).unwrap();
        assert_eq!(third.stage(), Stage::Leaving, "half a request is no request");
        for seat in [&fourth, &fifth] {
            seat.serve();
        }
        assert_eq!(seats.take(ip("192.0.2.3")).err(), Some(Refusal::Full), "everybody is being served");
        fourth.served();
        assert!(seats.take(ip("192.0.2.3")).is_ok());
        seats.drain();
        assert_eq!((first.stage(), fourth.stage()), (Stage::Serving, Stage::Leaving));
        first.served();
        assert_eq!(first.stage(), Stage::Leaving, "after the answer");
    }

    #[test]
    fn a_proxy_names_where_a_request_comes_from_and_nobody_else_does() {
        let seats = seats(10, 10);
        let check = |peer: &str, named: &str, expect: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", named.parse().unwrap());
            assert_eq!(seats.take(ip(peer)).unwrap().origin(&headers), ip(expect), "{peer} {named}");
        };
        check("192.0.2.1", "198.51.100.7", "192.0.2.1");
        check("127.0.0.1", "198.51.100.7", "198.51.100.7");
        check("127.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.3", "198.51.100.7");
        check("127.0.0.1", "nonsense", "127.0.0.1");
        check("127.0.0.1", "198.51.100.7, nonsense", "127.0.0.1");
        check("127.0.0.1", "10.0.0.1", "127.0.0.1");
    }
}
