"""Which IP addresses and ports are on the public web: asked by the crawl guard and before a webhook is called."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

# IANA IPv4 special-purpose registry: all that is not globally reachable, with multicast and reserved space.
REFUSED_4 = tuple(
    IPv4Network(text)
    for text in str.split(
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
        "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32"  # the last is a cloud's metadata service
    )
)
# Only global unicast space is public, and in it not these (IANA IPv6 special-purpose registry): protocol
# assignments with Teredo, documentation, and segment routing.
PUBLIC_6 = IPv6Network("2000::/3")
REFUSED_6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48"))
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")

# Ports of the Fetch standard's "bad port" list: services that would take a request for commands of their own.
BAD_PORTS = frozenset(
    int(port)
    for port in str.split(
        "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 "
        "123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 "
        "990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080 "
        "2375 2376 2379 3306 5432 6379 9200 9300 11211 27017"  # databases and container sockets, beyond the standard
    )
)


def parse_address(text: str) -> Address:
    """An address without what hides it: a mapped IPv4 address counts as the IPv4 address.

    Raises `ValueError` saying why for what is no address, or names a network interface.
    """
    try:
        parsed = ip_address(text)
    except ValueError:
        raise ValueError("it is no IP address") from None
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id:
            raise ValueError("it names a network interface")
        return parsed.ipv4_mapped or parsed
    return parsed


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_4)
    if address in NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address in SIX_TO_FOUR:
        return is_public(IPv4Address(int(address) >> 80 & 0xFFFF_FFFF))
    # ISATAP puts an IPv4 address behind ::5efe in the interface part (RFC 5214).
    if int(address) >> 32 & 0xFDFF_FFFF == 0x5EFE:
        return False
    return address in PUBLIC_6 and not any(address in network for network in REFUSED_6)
