"""Site profiles and campaigns as TOML files: read strictly, refused with what is wrong and how to mend it."""

import codecs
import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ada_url import URL
from cssselect import HTMLTranslator, SelectorError

from config.toml import read_toml
from domain.campaigns import Campaign, RobotsPolicy, SiteProfile
from domain.errors import UsageError
from domain.hosts import is_localhost, is_within
from store.cron import Schedule

Check = Callable[[Any], str | None]
"""What is wrong with a value, with the mend, or None."""

MOST_VALUES = 10_000
LONGEST_HOST = 253
LONGEST_ADDRESS = 2000
LONGEST_PATTERN = 1000
LONGEST_SHOWN = 100
_LABEL = r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"({_LABEL}\.)*{_LABEL}")


def load_site(path: Path) -> SiteProfile:
    """A site profile. Raises `UsageError` naming file, key, reason and mend."""
    site = SiteProfile(**_load(path, SiteProfile, SITE_CHECKS))
    for key in ADDRESSES:
        for url in getattr(site, key):
            if not is_within(str(URL(url).hostname).rstrip("."), site.hosts):
                raise _refusal(path, key, f"has {_shown(url)}, which is on none of the hosts. Add its host to hosts.")
    return site


def load_campaign(path: Path) -> Campaign:
    """A campaign. Raises `UsageError` naming file, key, reason and mend."""
    values = _load(path, Campaign, CAMPAIGN_CHECKS)
    values["robots"] = RobotsPolicy(values.get("robots", RobotsPolicy.OBEY))
    if values["robots"] is RobotsPolicy.IGNORE and not values.get("robots_ground", "").strip():
        raise _refusal(path, "robots_ground", "is empty while robots = 'ignore'. Name the legal ground.")
    return Campaign(**values)


def check_campaign(campaign: Campaign, sites: Iterable[SiteProfile]) -> None:
    """Refuse (`UsageError`) a campaign whose sites are on this machine without its saying so."""
    for site in sites:
        for url in (url for key in ADDRESSES for url in getattr(site, key)):
            if is_on_loopback(urlsplit(url).hostname or "") and not campaign.allow_loopback:
                raise UsageError(
                    f"Site {site.name} starts at {url}, which is this machine.",
                    f"For a demonstration or test, set allow_loopback = true in campaign {campaign.name}.",
                )


def is_on_loopback(host: str) -> bool:
    """Whether a host name or literal plainly means this machine."""
    if is_localhost(host):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _load(path: Path, kind: type, checks: dict[str, Check]) -> dict[str, Any]:
    given = read_toml(path)
    known = {field.name for field in fields(kind)}
    required = {field.name for field in fields(kind) if field.default is MISSING}
    for key in sorted(given.keys() - known):
        raise _refusal(path, key, f"is not known. Known are: {', '.join(sorted(known))}.")
    for key in sorted(required - given.keys()):
        raise _refusal(path, key, "is missing. Add it.")
    for key, value in given.items():
        if (problem := checks[key](value)) is not None:
            raise _refusal(path, key, problem)
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}


def _refusal(path: Path, key: str, problem: str) -> UsageError:
    # A mend is one sentence; what comes before it may quote a value that holds anything.
    reason, _, mend = problem.rpartition(". ")
    return UsageError(f"{path}: {key} {reason}.", mend)


def _name(value: Any) -> str | None:
    if isinstance(value, str) and re.fullmatch(r"[\w.-]{1,128}", value):
        return None
    return "is no name. Use letters, digits, dots, hyphens and underscores, at most 128."


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be text. Put it in quotes."


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false. Write it without quotes."


def _number(kinds: tuple[type[int] | type[float], ...], least: int, most: int) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most:
            return None
        kind = "whole number" if float not in kinds else "number"
        return f"must be a {kind} from {least} to {most}. Write it without quotes."

    return check


def _each(check: Check, *, some: bool = False) -> Check:
    def checks(values: Any) -> str | None:
        if not isinstance(values, list) or (some and not values):
            return 'must be a list. Write it as ["…"].'
        if len(values) > MOST_VALUES:
            return f"has {len(values)} values, more than {MOST_VALUES}. Divide the site among several profiles."
        return next((problem for value in values if (problem := check(value)) is not None), None)

    return checks


def _host(value: Any) -> str | None:
    if isinstance(value, str) and len(value) <= LONGEST_HOST and HOST.fullmatch(value):
        return None
    return f"has {_shown(value)}, which is no host name. Write it in lower case without scheme, port or path."


def _address(value: Any) -> str | None:
    try:
        parts = urlsplit(value) if isinstance(value, str) and len(value) <= LONGEST_ADDRESS else None
        # As the crawler will read it: of hosts and ports, the standard of browsers knows more than `urlsplit`.
        if parts and parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and URL(value).hostname:
            return None
    except ValueError:
        pass
    return f"has {_shown(value)}, which is no web address. Write it as in https://novels.example/ or with a port."


def _pattern(value: Any) -> str | None:
    if isinstance(value, str) and len(value) > LONGEST_PATTERN:
        return f"has an expression of {len(value)} characters, more than {LONGEST_PATTERN}. Divide or shorten it."
    try:
        re.compile(value)
    except (re.error, TypeError, OverflowError, RecursionError) as error:
        return f"has {_shown(value)}, which is no regular expression ({error}). Mend or remove it."
    return None


def _shown(value: Any) -> str:
    """A refused value, briefly."""
    written = repr(value)
    return written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}…"


def _one_of(values: Sequence[str]) -> Check:
    return lambda value: None if value in values else f"must be one of {', '.join(values)}. Choose one."


def _cron(value: Any) -> str | None:
    try:
        if value != "":
            Schedule(value, ZoneInfo("UTC"))
    except (ValueError, TypeError, AttributeError) as error:
        return f"is no cron line ({error}). Write five fields, as in '0 3 * * *'."
    return None


def _zone(value: Any) -> str | None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return f"is no time zone: {value!r}. Write one as in 'Asia/Shanghai'."
    return None


def _template(name: str) -> Check:
    """An address with one placeholder in its path or query."""

    def check(value: Any) -> str | None:
        given = value if isinstance(value, str) else ""
        if given.count(f"{{{name}}}") != 1 or f"{{{name}}}" not in given.partition("://")[2].partition("/")[2]:
            return f"has {_shown(value)}, which has not {{{name}}} once after the host. Write {{{name}}} where it goes."
        return _address(given.replace(f"{{{name}}}", "1"))

    return check


def _charset(value: Any) -> str | None:
    try:
        if isinstance(value, str) and codecs.lookup(value)._is_text_encoding:
            return None
    except (LookupError, ValueError):
        pass
    return f"is no charset: {_shown(value)}. Write one as in 'gbk'."


def _selector(value: Any) -> str | None:
    try:
        if (
            isinstance(value, str)
            and len(value) <= LONGEST_PATTERN
            and (not value or HTMLTranslator().css_to_xpath(value))
        ):
            return None
    except (SelectorError, RecursionError):
        pass
    return f"is no CSS selector: {_shown(value)}. Write one as in 'li.result h3'."


ADDRESSES = ("start_urls", "sitemaps", "feeds", "apis", "lists", "numbered", "searches", "opensearch")
"""The keys of a profile whose addresses are fetched, each on one of its hosts."""
SITE_CHECKS: dict[str, Check] = {
    "name": _name,
    "hosts": _each(_host, some=True),
    "start_urls": _each(_address, some=True),
    "sitemaps": _each(_address),
    "feeds": _each(_address),
    "apis": _each(_address),
    "api_hours": _number((int,), 0, 100_000),
    "lists": _each(_address),
    "numbered": _each(_template("page")),
    "searches": _each(_template("title")),
    "search_charset": _charset,
    "opensearch": _each(_address),
    "results": _selector,
    "max_searches": _number((int,), 1, 1_000_000),
    "allow": _each(_pattern),
    "deny": _each(_pattern),
    "max_depth": _number((int,), 0, 1000),
    "max_pages": _number((int,), 1, 100_000_000),
    "delay_seconds": _number((int, float), 0, 86_400),
    "concurrency": _number((int,), 1, 100),
}
CAMPAIGN_CHECKS: dict[str, Check] = {
    "name": _name,
    "sites": _each(_name, some=True),
    "schedule": _cron,
    "time_zone": _zone,
    "robots": _one_of([policy.value for policy in RobotsPolicy]),
    "robots_ground": _text,
    "allow_loopback": _flag,
    "max_fetches": _number((int,), 1, 1_000_000_000),
    "canaries": _each(_address),
}
