"""Connections for webhooks: to checked addresses only, and over before a deadline whatever the other side does.

A subscriber chooses the webhook's address, so it must not lead into our own network, and a name is connected to at
the very address that was checked.
"""

import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

from httpcore2 import ConnectTimeout, NetworkBackend, NetworkStream, ReadTimeout, SyncBackend, WriteTimeout

from domain.addresses import BAD_PORTS, is_public, parse_address


class RefusedAddressError(Exception):
    """The webhook leads to a place that must not be called."""


class CheckedBackend(NetworkBackend):
    """Resolves, checks every address, and connects to the first that passes; all of it within `seconds`."""

    def __init__(self, *, seconds: float, allow_private: bool) -> None:
        self._inner = SyncBackend()
        self._deadline = time.monotonic() + seconds
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Raises `RefusedAddressError` when any address of `host` is out of bounds."""
        address = self._checked(host, port)
        left = _left(self._deadline, ConnectTimeout)
        stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
        return _TimedStream(stream, self._deadline)

    def _checked(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise ConnectionError(f"{host} cannot be resolved: {error}") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self._allow_private:
            if port in BAD_PORTS:
                raise RefusedAddressError(f"port {port} is not for the web")
            for address in addresses:
                if not is_public(parse_address(address)):
                    raise RefusedAddressError(f"{host} is {address}, which is not a public address")
        return addresses[0]


class _TimedStream(NetworkStream):
    """A stream whose reads and writes share one deadline, so that a slow drip cannot hold it open."""

    def __init__(self, inner: NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline, ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        left = _left(self._deadline, ConnectTimeout)
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, error: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("the time for this delivery is over")
    return left
