//! The limits of connections, as they are configured and as the system allows them.

use std::{net::IpAddr, str::FromStr, time::Duration};

use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that are kept free for the database, for letters, for payment providers and for files.
const KEPT_FREE: u64 = 128;

#[derive(Args, Clone)]
pub(crate) struct ConnectionOptions {
    /// How many connections there may be at once; fewer where `ulimit -n` allows fewer
    #[arg(long, env = "ANQUD_CONNECTIONS_MAX", default_value_t = 12_000, value_parser = positive)]
    pub connections_max: usize,
    /// How many of them may come from one address (of IPv6, from one /64)
    #[arg(long, env = "ANQUD_CONNECTIONS_PER_ADDRESS_MAX", default_value_t = 250, value_parser = positive)]
    pub connections_per_address_max: usize,
    /// Proxies before this server, as addresses or networks; what comes from them is not limited by address
    #[arg(long, env = "ANQUD_PROXIES", value_delimiter = ',', default_value = "127.0.0.0/8,::1")]
    pub proxies: Vec<Network>,
    /// A connection on which nothing is asked is closed after so many seconds
    #[arg(long, env = "ANQUD_IDLE_SECONDS", default_value_t = 75, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub idle_seconds: u64,
    /// The head of a request must have come within so many seconds from its first byte
    #[arg(long, env = "ANQUD_HEAD_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub head_seconds: u64,
    /// The body of a request must have come within so many seconds, and one more for every 500 bytes
    #[arg(long, env = "ANQUD_BODY_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub body_seconds: u64,
}

impl ConnectionOptions {
    pub fn body_patience(&self) -> Duration {
        Duration::from_secs(self.body_seconds)
    }
}

fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "give a whole number above 0".to_owned())
}

/// The limits of connections.
pub(crate) struct Limits {
    pub all: usize,
    pub per_address: usize,
    pub proxies: Vec<Network>,
    pub idle: Duration,
    pub head: Duration,
    /// How long an answer may stay unread.
    pub unread: Duration,
}

impl Limits {
    /// What is configured, cut down to what the system allows.
    pub fn of(options: &ConnectionOptions) -> Limits {
        let all = options.connections_max.min(sockets(descriptors()));
        if all < options.connections_max {
            tracing::warn!("`ulimit -n` allows {all} connections rather than {}", options.connections_max);
        }
        Limits {
            all,
            per_address: options.connections_per_address_max,
            proxies: options.proxies.clone(),
            idle: Duration::from_secs(options.idle_seconds),
            head: Duration::from_secs(options.head_seconds),
            unread: Duration::from_secs(options.idle_seconds),
        }
    }
}

/// How many descriptors this process may have. The soft limit is raised to the hard one first, as it is meant to be by
/// programs that wait for sockets without select(2).
fn descriptors() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let now = if raised.is_ok() { maximum } else { current };
    now.unwrap_or(u64::MAX)
}

/// How many of so many descriptors may be connections.
fn sockets(descriptors: u64) -> usize {
    let free = descriptors.saturating_sub(KEPT_FREE).max(descriptors / 4).max(1);
    usize::try_from(free).unwrap_or(usize::MAX)
}

/// A network of addresses: `10.0.0.0/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    address: IpAddr,
    bits: u32,
}

/// An address as a number of 128 bits, IPv4 as in `::ffff:0:0/96`.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Network {
    pub fn holds(&self, address: IpAddr) -> bool {
        let differ = number(self.address) ^ number(address);
        self.bits == 0 || differ >> (128 - self.bits) == 0
    }
}

impl FromStr for Network {
    type Err = String;
    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("«{text}» is neither an address nor a network such as 10.0.0.0/8");
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, bits)| (a, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let (most, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits: u32 = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
        (bits <= most).then_some(Network { address, bits: bits + before }).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_stay_free_for_the_database() {
        for (descriptors, expect) in [(1024, 896), (4096, 3968), (160, 40), (64, 16), (1, 1)] {
            assert_eq!(sockets(descriptors), expect, "{descriptors}");
        }
    }

    #[test]
    fn networks_hold_their_addresses_and_no_others() {
        #[track_caller]
        fn check(network: &str, address: &str, expect: bool) {
            assert_eq!(network.parse::<Network>().unwrap().holds(address.parse().unwrap()), expect);
        }
        check("127.0.0.0/8", "127.9.9.9", true);
        check("127.0.0.0/8", "128.0.0.1", false);
        check("127.0.0.1", "::ffff:127.0.0.1", true);
        check("127.0.0.1", "127.0.0.2", false);
        check("::1", "::1", true);
        check("fd00::/8", "fd12::1", true);
        check("fd00::/8", "fe00::1", false);
        check("0.0.0.0/0", "9.9.9.9", true);
        check("::/0", "9.9.9.9", true);
        for wrong in ["", "here", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0/8"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
