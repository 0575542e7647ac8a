import socket

import pytest

from tests.support.network import OutsideNetworkError, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "::ffff:127.0.0.1"])
def test_loopback_is_allowed(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "10.0.0.1", "169.254.169.254", "example.org", "::ffff:8.8.8.8"])
def test_anything_else_is_not(host: str) -> None:
    assert not is_loopback(host)


def test_a_socket_to_the_outside_fails_the_test() -> None:
    with socket.socket() as outside, pytest.raises(OutsideNetworkError):
        outside.connect(("192.0.2.1", 80))
