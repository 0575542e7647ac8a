"""What players are told to play: the variables of MacCMS sites, and addresses in any other script.

MacCMS writes `var player_xxxx={…,"encrypt":0|1|2,"url":…}`: plain, escaped, or base64 of the escaped address
(magicblack/maccms10, static/js/player.js).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.leads import media
from crawler.leads.disguises import from_base64, unescaped, unquoted
from crawler.leads.forms import Hidden
from domain.leads import Disguise, LeadKind

VARIABLE = re.compile(r"\bplayer_\w{1,20}\s*=\s*(?=\{)")
MOST_VARIABLES = 20
LONGEST = 20_000
PLAYED = ("url", "url_next")


def variables_in(script: str) -> Iterator[Hidden]:
    """What the player variables in a script name."""
    decoder = json.JSONDecoder()
    for number, match in enumerate(VARIABLE.finditer(script)):
        if number == MOST_VARIABLES:
            return
        try:
            told, length = decoder.raw_decode(script[match.end() : match.end() + LONGEST])
        except (ValueError, RecursionError):
            continue
        if isinstance(told, dict):
            for key in PLAYED:
                if found := _played(told, key):
                    yield replace(found, at=match.start(), end=match.end() + length, names=_names(told))


def _played(told: dict[str, object], key: str) -> Hidden | None:
    value = told.get(key)
    if not isinstance(value, str) or not value:
        return None
    address = unescaped(unquoted(value))
    if str(told.get("encrypt", "0")) == "2":
        address = unescaped(unquoted(from_base64(value)))
    if not media.ADDRESS.fullmatch(address) or not urlsplit(address).hostname:
        return None
    found = media.of_address(address) or media.handed_to_player(address)
    if found is None and not media.is_official(address):
        found = Hidden(kind=LeadKind.PLAYER, target=address, written=value)
    return replace(found, written=value, disguise=Disguise.SCRIPT) if found else None


def _names(told: dict[str, object]) -> tuple[str, ...]:
    about = told.get("vod_data")
    named = about.get("vod_name") if isinstance(about, dict) else None
    return (named[:300],) if isinstance(named, str) and named else ()
