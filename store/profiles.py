"""Site profiles and campaigns as TOML files: read strictly, refused with what is wrong and how to mend it."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.toml import read_toml
from domain.campaigns import Campaign, RobotsPolicy, SiteProfile
from domain.errors import UsageError
from domain.hosts import is_localhost
from store.cron import Schedule

Check = Callable[[Any], str | None]
"""What is wrong with a value, with the mend, or None."""


def load_site(path: Path) -> SiteProfile:
    """A site profile. Raises `UsageError` naming file, key, reason and mend."""
    return SiteProfile(**_load(path, SiteProfile, SITE_CHECKS))


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
        for url in (*site.start_urls, *site.sitemaps):
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
    reason, _, mend = problem.partition(". ")
    return UsageError(f"{path}: {key} {reason}.", mend)


def _name(value: Any) -> str | None:
    if isinstance(value, str) and re.fullmatch(r"[\w.-]{1,128}", value):
        return None
    return "is no name. Use letters, digits, dots, hyphens and underscores, at most 128."


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be text. Put it in quotes."


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false. Write it without quotes."


def _number(kinds: tuple[type[int] | type[float], ...], least: float) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, kinds) and not isinstance(value, bool) and value >= least:
            return None
        return f"must be a number of at least {least:g}. Write it without quotes."

    return check


def _each(check: Check, *, some: bool = False) -> Check:
    def checks(values: Any) -> str | None:
        if not isinstance(values, list) or (some and not values):
            return 'must be a list. Write it as ["…"].'
        return next((problem for value in values if (problem := check(value)) is not None), None)

    return checks


def _host(value: Any) -> str | None:
    if isinstance(value, str) and re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", value):
        return None
    return f"has {value!r}, which is no host name. Write it in lower case without scheme, port or path."


def _address(value: Any) -> str | None:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts and parts.scheme in {"http", "https"} and parts.hostname:
        return None
    return f"has {value!r}, which is no web address. Begin it with http:// or https://."


def _pattern(value: Any) -> str | None:
    try:
        re.compile(value)
    except (re.error, TypeError) as error:
        return f"has {value!r}, which is no regular expression ({error}). Mend or remove it."
    return None


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


SITE_CHECKS: dict[str, Check] = {
    "name": _name,
    "hosts": _each(_host, some=True),
    "start_urls": _each(_address, some=True),
    "sitemaps": _each(_address),
    "allow": _each(_pattern),
    "deny": _each(_pattern),
    "max_depth": _number((int,), 0),
    "max_pages": _number((int,), 1),
    "delay_seconds": _number((int, float), 0),
    "concurrency": _number((int,), 1),
}
CAMPAIGN_CHECKS: dict[str, Check] = {
    "name": _name,
    "sites": _each(_name, some=True),
    "schedule": _cron,
    "time_zone": _zone,
    "robots": _one_of([policy.value for policy in RobotsPolicy]),
    "robots_ground": _text,
    "allow_loopback": _flag,
    "max_fetches": _number((int,), 1),
}
