"""Which addresses may be contacted: public ones, over http and https, on ports where web servers are.

Everything that decides is here and touches no network. It is asked for every URL (redirects included), for every
address a name resolves to before any of them is connected to, and once more for the address that answered.
"""

from dataclasses import dataclass

from ada_url import URL, HostType

from domain.addresses import BAD_PORTS, is_public, parse_address
from domain.errors import GuardRefusalError
from domain.hosts import is_localhost, is_within


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The bounds of one crawl.

    With `allow_loopback` (demonstrations and tests) only loopback may be contacted, and only under the names in
    `hosts`; names under `.localhost` are then 127.0.0.1 without asking any resolver (RFC 6761).
    """

    allow_loopback: bool = False
    hosts: tuple[str, ...] = ()

    def check_url(self, url: str) -> None:
        """Raise `GuardRefusalError` unless `url` may be asked for. Names are judged again when they are resolved."""
        try:
            parsed = URL(url)
        except (ValueError, UnicodeError):
            raise _refused(url, "it is no valid address") from None
        if parsed.protocol not in {"http:", "https:"}:
            raise _refused(url, f"only http and https are fetched, not {parsed.protocol}")
        if parsed.username or parsed.password:
            raise _refused(url, "it carries credentials")
        if parsed.port and int(parsed.port) in BAD_PORTS:
            raise _refused(url, f"port {parsed.port} is not for web pages")
        host = parsed.hostname.rstrip(".").lower()
        if self.allow_loopback and not is_within(host, self.hosts):
            raise _refused(url, "only the campaign's own hosts are fetched while loopback is allowed")
        if is_localhost(host) and not self.allow_loopback:
            raise _refused(url, "it names this machine")
        if parsed.host_type is not HostType.DEFAULT:
            self.check_address(host.strip("[]"))

    def check_address(self, address: str) -> None:
        """Raise `GuardRefusalError` unless the IP `address` may be connected to."""
        try:
            parsed = parse_address(address)
        except ValueError as error:
            raise _refused(address, str(error)) from None
        if self.allow_loopback:
            if not parsed.is_loopback:
                raise _refused(address, "only loopback is contacted while the campaign allows it")
        elif not is_public(parsed):
            raise _refused(address, "it is not a public address")


def _refused(what: str, why: str) -> GuardRefusalError:
    return GuardRefusalError(f"{what[:200]} was refused: {why}.", "Nothing needs to be done; the page is left out.")
