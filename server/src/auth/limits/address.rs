//! Whose request is it: the client's address behind any number of trusted proxies.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// A block of addresses: `10.0.0.0/8`, `fd00::/8`, or one address (`TRUSTED_PROXIES`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A block of addresses that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no address or network; write for example 10.0.0.0/8, fd00::/8 or 127.0.0.1.")]
pub struct NetworkError(String);

impl Network {
    /// Whether `address` lies in the block. An IPv4 address written as IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let shift = 32 - u32::from(self.prefix);
                let cut = |ip: u32| ip.checked_shr(shift);
                cut(ours.to_bits()) == cut(theirs.to_bits())
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let shift = 128 - u32::from(self.prefix);
                let cut = |ip: u128| ip.checked_shr(shift);
                cut(ours.to_bits()) == cut(theirs.to_bits())
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let wrong = || NetworkError(text.to_owned());
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().map_err(|_| wrong())?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        // Addresses are compared in their canonical form, so this one would never match.
        if address != address.to_canonical() {
            return Err(wrong());
        }
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        if prefix > longest {
            return Err(wrong());
        }
        Ok(Self { address, prefix })
    }
}

/// The client's address. `X-Forwarded-For` (several headers joined by commas, in order) is
/// believed only as far as the proxies are ours: from the right, each hop that a trusted one
/// reports, up to the first that is not trusted. What a client wrote itself is further left and
/// never reached (API.md §2).
pub fn client_address(peer: IpAddr, x_forwarded_for: Option<&str>, trusted: &[Network]) -> IpAddr {
    let mut client = peer.to_canonical();
    for hop in x_forwarded_for.unwrap_or_default().rsplit(',') {
        if !trusted.iter().any(|network| network.contains(client)) {
            break;
        }
        // Unreadable: the proxy that wrote it is the last one known for sure.
        let Some(address) = hop_address(hop.trim()) else {
            break;
        };
        client = address;
    }
    client
}

/// `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:5678`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let address = hop
        .parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()))
        .or_else(|_| {
            hop.trim_matches(['[', ']'])
                .parse::<Ipv6Addr>()
                .map(IpAddr::V6)
        });
    address.ok().map(|address| address.to_canonical())
}

/// What stands for a client when it is counted: the address, for IPv6 the /64 it lies in, because
/// one customer owns at least that much and could otherwise change address for every request.
pub(super) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn networks(list: &str) -> Vec<Network> {
        list.split(' ')
            .map(|network| network.parse().unwrap())
            .collect()
    }

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3/8", "10.9.9.9", true),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("fd00::/8", "fdab::1", true),
            ("fd00::/8", "fe80::1", false),
        ] {
            let network: Network = network.parse().unwrap();
            assert_eq!(
                network.contains(ip(address)),
                inside,
                "{network:?} {address}"
            );
        }
    }

    #[test]
    fn a_bad_network_is_named() {
        for bad in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "proxy.example",
            "10.0.0.0/",
            "1/2/3",
        ] {
            let error = bad.parse::<Network>().unwrap_err().to_string();
            assert!(error.contains(&format!("\"{bad}\"")), "{error}");
        }
    }

    #[test]
    fn the_header_counts_only_as_far_as_the_proxies_are_ours() {
        let ours = networks("10.0.0.0/8 192.0.2.7");
        for (peer, header, client) in [
            // Straight from the network: nobody may name an address.
            ("203.0.113.9", Some("198.51.100.1"), "203.0.113.9"),
            ("203.0.113.9", Some("10.0.0.1"), "203.0.113.9"),
            ("203.0.113.9", None, "203.0.113.9"),
            // Through one proxy, through two, and with what the client made up on the left.
            ("10.0.0.1", Some("203.0.113.9"), "203.0.113.9"),
            ("10.0.0.1", Some("203.0.113.9, 192.0.2.7"), "203.0.113.9"),
            (
                "10.0.0.1",
                Some("127.0.0.1, 1.1.1.1,203.0.113.9"),
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                Some("8.8.8.8, 10.9.9.9, 203.0.113.9"),
                "203.0.113.9",
            ),
            // A client inside our own network.
            ("10.0.0.1", Some("10.2.0.5"), "10.2.0.5"),
            // Nothing readable: the proxy itself.
            ("10.0.0.1", None, "10.0.0.1"),
            ("10.0.0.1", Some(""), "10.0.0.1"),
            ("10.0.0.1", Some("203.0.113.9, unknown"), "10.0.0.1"),
            // The forms proxies write.
            ("::ffff:10.0.0.1", Some("203.0.113.9:4711"), "203.0.113.9"),
            ("10.0.0.1", Some("[2001:db8::1]:443"), "2001:db8::1"),
            ("10.0.0.1", Some("[2001:db8::1]"), "2001:db8::1"),
            ("10.0.0.1", Some("2001:db8::1"), "2001:db8::1"),
            ("10.0.0.1", Some("::ffff:203.0.113.9"), "203.0.113.9"),
        ] {
            assert_eq!(
                client_address(ip(peer), header, &ours),
                ip(client),
                "{peer} {header:?}"
            );
        }
    }

    #[test]
    fn without_proxies_the_header_is_never_believed() {
        assert_eq!(
            client_address(ip("127.0.0.1"), Some("203.0.113.9"), &[]),
            ip("127.0.0.1")
        );
    }
}
