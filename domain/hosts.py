"""Host names: which lie within which, and which mean this machine."""

from collections.abc import Iterable


def is_within(host: str, hosts: Iterable[str]) -> bool:
    """Whether `host` is one of `hosts` or below one."""
    return any(host == allowed or host.endswith("." + allowed) for allowed in hosts)


def is_localhost(host: str) -> bool:
    """Whether a name is this machine by definition (RFC 6761)."""
    return is_within(host, ("localhost",))
