"""No test may reach anything but this machine."""

import ipaddress
import socket
import sys


class OutsideNetworkError(RuntimeError):
    """A test tried to reach an address that is not loopback."""


def forbid_outside_network() -> None:
    """From now on, and for the life of the process, sockets to anything but loopback raise `OutsideNetworkError`."""
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        _, address = arguments
    elif event == "socket.sendto":
        address = arguments[1]
    else:
        return
    if isinstance(address, tuple) and not is_loopback(str(address[0])):
        msg = f"a test tried to reach {address!r}; only loopback addresses are allowed"
        raise OutsideNetworkError(msg)


def is_loopback(host: str) -> bool:
    """Whether `host` is a loopback literal or one of its well-known names."""
    if host in {"localhost", "localhost.localdomain", ""}:
        return True
    try:
        address = ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def unused_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port
