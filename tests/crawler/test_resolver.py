from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.guard import Guard
from crawler.resolver import GuardedResolver

Receive = Callable[[str], list[str]]


class _Names:
    """A resolver with fixed answers, in place of the reactor's."""

    def __init__(self, answers: dict[str, list[str]]) -> None:
        self.answers = answers
        self.nameResolver = self

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> Any:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.answers[name]:
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()
        return None


class _Receiver:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, _: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def resolve(name: str, answers: list[str], guard: Guard | None = None) -> tuple[list[str], GuardedResolver]:
    resolver = GuardedResolver(_Names({name: answers}), guard or Guard())
    receiver = _Receiver()
    resolver.resolveHostName(receiver, name, 80)
    assert receiver.complete
    return receiver.addresses, resolver


def test_public_addresses_pass_in_order() -> None:
    answers = ["93.184.215.14", "2606:4700::1111"]
    assert resolve("example.com", answers)[0] == answers


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:192.168.0.1", "fd00::1"])
def test_one_address_out_of_bounds_refuses_all(bad: str) -> None:
    addresses, resolver = resolve("example.com", ["93.184.215.14", bad])
    assert addresses == []
    assert bad in resolver.refused["example.com"]


@pytest.mark.parametrize("literal", ["127.0.0.1", "::1", "169.254.169.254"])
def test_literals_are_judged_too(literal: str) -> None:
    assert resolve(literal, [literal])[0] == []


def test_localhost_names_need_no_resolver_and_no_leave_changes_that() -> None:
    guard = Guard(allow_loopback=True, hosts=("site.localhost",))
    assert resolve("site.localhost", ["8.8.8.8"], guard)[0] == ["127.0.0.1"]
    assert resolve("site.localhost", ["8.8.8.8"])[0] == []


def test_memory_of_refusals_is_bounded() -> None:
    names = {f"h{i}.example": ["10.0.0.1"] for i in range(1200)}
    resolver = GuardedResolver(_Names(names), Guard())
    for name in names:
        resolver.resolveHostName(_Receiver(), name, 80)
    assert len(resolver.refused) == 1000
    assert "h1199.example" in resolver.refused
