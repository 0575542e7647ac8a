"""Name resolution within the guard's bounds: the addresses given to Twisted are the very ones that were checked."""

from collections import OrderedDict
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Self

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]  # has no types

from crawler.guard import Guard
from domain.errors import GuardRefusalError
from domain.hosts import is_localhost

REMEMBERED = 1000
# Twisted's interfaces are zope's, which type checkers do not know; hence `Any` for their implementations.
Address = IPv4Address | IPv6Address


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IResolutionReceiver)
class _CheckedReceiver:
    """Holds the answer back until it is complete: one address out of bounds refuses them all."""

    def __init__(self, receiver: Any, resolver: "GuardedResolver", host: str) -> None:
        self._receiver = receiver
        self._resolver = resolver
        self._host = host
        self._addresses: list[Address] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Address) -> None:  # noqa: N802 - Twisted's name
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        for address in self._resolver.within_bounds(self._host, self._addresses):
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Wraps the reactor's resolver. Names and literals alike pass through here before any connection."""

    def __init__(self, reactor: Any, guard: Guard) -> None:
        self._reactor = reactor
        self._inner: Any = reactor.nameResolver
        self._guard = guard
        self.refused: OrderedDict[str, str] = OrderedDict()
        """Why a host was refused, newest last; bounded."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        return cls(reactor, crawler.settings["GUARD"])

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: Sequence[type[Address]] | None = None,  # noqa: N803 - Twisted's name
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's name
    ) -> Any:
        receiver = _CheckedReceiver(resolutionReceiver, self, hostName)
        if is_localhost(hostName.rstrip(".").lower()):
            return _answer(receiver, hostName, "127.0.0.1", portNumber)
        literal = hostName.strip("[]")
        if _is_literal(literal):
            return _answer(receiver, hostName, literal, portNumber)
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)

    def within_bounds(self, host: str, addresses: list[Address]) -> list[Address]:
        """`addresses` if each may be contacted, else none."""
        try:
            for address in addresses:
                self._guard.check_address(address.host)
        except GuardRefusalError as refusal:
            self.refused[host] = refusal.problem
            self.refused.move_to_end(host)
            if len(self.refused) > REMEMBERED:
                self.refused.popitem(last=False)
            return []
        return addresses


def _answer(receiver: _CheckedReceiver, name: str, address: str, port: int) -> Any:
    kind = IPv6Address if ":" in address else IPv4Address
    resolution = _Resolution(name)
    receiver.resolutionBegan(resolution)
    receiver.addressResolved(kind("TCP", address, port))
    receiver.resolutionComplete()
    return resolution


def _is_literal(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
