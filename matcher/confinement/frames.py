"""How the two sides talk: a head of JSON and some bytes, each with its length before it.

Nothing is unpickled: whoever takes over a reading process can say what it likes, but not make us do it.
"""

import json
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

LENGTHS = struct.Struct("<IQ")
LONGEST_HEAD = 1 << 20
Head = Mapping[str, Any]


def send(link: socket.socket, head: Head, data: bytes = b"") -> None:
    """Send one frame. Raises OSError when the other side is gone or does not take it in time."""
    encoded = json.dumps(head).encode()
    link.sendall(LENGTHS.pack(len(encoded), len(data)) + encoded)
    link.sendall(data)


def receive(link: socket.socket, most: int, deadline: float | None = None) -> tuple[Head, bytes]:
    """The next frame, by `deadline` (of the monotonic clock) if there is one.

    Raises EOFError when the other side is gone, TimeoutError when it is late, ValueError for what is no frame or
    holds more than `most` bytes.
    """
    head_length, length = LENGTHS.unpack(_exactly(link, LENGTHS.size, deadline))
    if head_length > LONGEST_HEAD or length > most:
        msg = f"a frame of {head_length} and {length} bytes"
        raise ValueError(msg)
    head = json.loads(_exactly(link, head_length, deadline))
    if not isinstance(head, dict):
        msg = "a frame without a head"
        raise ValueError(msg)
    return head, _exactly(link, length, deadline)


def _exactly(link: socket.socket, count: int, deadline: float | None) -> bytes:
    got = bytearray(count)
    view, at = memoryview(got), 0
    while at < count:
        if deadline is not None:
            link.settimeout(max(0.001, deadline - time.monotonic()))
        if not (taken := link.recv_into(view[at:])):
            raise EOFError
        at += taken
    return bytes(got)
