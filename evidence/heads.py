"""The heads of HTTP messages (first line and headers), kept byte for byte as they were sent.

Text stands for bytes in Latin-1, as HTTP has it. A line break inside a part would end its line early, so it is
percent-encoded, as is whatever else would make a header's name be read as something else.
"""

from typing import Any

from warcio.statusandheaders import StatusAndHeaders

END = b"\r\n\r\n"
COMMON_VERSIONS = ("HTTP/1.0", "HTTP/1.1")
"""Those that WARC readers take for HTTP."""

Headers = tuple[tuple[str, str], ...]


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """Written as it is; warcio would percent-encode every byte outside ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return bytes(self.to_str(filter_func).encode("latin-1") + b"\r\n")


def response_head(version: str, status: str, headers: Headers) -> StatusAndHeaders:
    """The head of a response, for warcio. `status` is the number and its phrase."""
    protocol = version if version in COMMON_VERSIONS else COMMON_VERSIONS[-1]
    return _Head(one_line(status), _lines(headers), protocol=protocol)


def request_head(method: str, target: str, version: str, headers: Headers) -> StatusAndHeaders:
    """The head of a request, for warcio."""
    return _Head(one_line(f"{method} {target} {version}"), _lines(headers), is_http_request=True)


def split_head(message: bytes) -> tuple[list[str], Headers, bytes]:
    """The words of the first line (at most three), the headers and the body of a message as WARC keeps it."""
    head, _, body = message.partition(END)
    first, *lines = head.decode("latin-1").split("\r\n")
    parted = (line.partition(":") for line in lines)
    return first.split(" ", 2), tuple((name, value.removeprefix(" ")) for name, _, value in parted), body


def one_line(text: str) -> str:
    """Text that can stand in a line of a head; what is not Latin-1 was sent as UTF-8."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "backslashreplace").decode("latin-1")
    return text.replace("\r", "%0D").replace("\n", "%0A")


def _lines(headers: Headers) -> list[tuple[str, str]]:
    return [(_name(name), one_line(value)) for name, value in headers]


def _name(name: str) -> str:
    plain = one_line(name).replace(":", "%3A")
    # A line that begins with a space continues the line before it.
    return f"%{ord(plain[0]):02X}{plain[1:]}" if plain.startswith((" ", "\t")) else plain
