"""One spelling for every address.

Parsing follows the WHATWG URL standard (ada-url), so that an address means here what it means to a browser: odd
number literals become dotted addresses, default ports and dot segments go, names are in ASCII.
"""

import re

from ada_url import URL

from domain.ids import short_digest

# Parameters that say where a visitor came from, not what is shown.
TRACKING = frozenset(
    str.split(
        "fbclid gclid dclid gbraid wbraid msclkid yclid twclid igshid mc_cid mc_eid _ga _gl _hsenc _hsmi mkt_tok spm "
        "scm vd_source share_source share_medium share_token bd_vid qhclickid"
    )
)
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_")
# Parameters that name a visit: every visit would make a new address of the same page.
SESSION = frozenset(
    str.split("phpsessid jsessionid aspsessionid asp.net_sessionid sessionid session_id sessid cftoken zenid oscsid")
)
# Short names that also number stories; a visit only when the value is long and random-looking.
PERHAPS_SESSION = frozenset({"sid", "s", "session", "token"})
SESSION_VALUE = re.compile(r"(?=.*\d)[0-9A-Za-z_-]{16,}")


def canonical(url: str) -> str:
    """The one spelling of `url`, without fragment, credentials, tracking and session parameters.

    Raises ValueError for what is no absolute http or https address.
    """
    parsed = URL(url.strip())
    if parsed.protocol not in {"http:", "https:"}:
        raise ValueError(f"no http or https address: {url[:200]!r}")
    parsed.hash = ""
    parsed.username = parsed.password = ""
    parsed.hostname = parsed.hostname.rstrip(".")
    parsed.pathname = _without_session(parsed.pathname)
    parsed.search = _query(parsed.search)
    return str(parsed.href)


def resolve(base: str, reference: str) -> str | None:
    """The canonical address of a reference found on `base`; None when it is not one that can be fetched."""
    try:
        return canonical(URL(reference.strip(), base=base).href)
    except (ValueError, UnicodeError):
        return None


def host_of(url: str) -> str:
    """The host of a canonical address, in lower case and without port."""
    return str(URL(url).hostname)


def path_of(url: str) -> str:
    """The path of a canonical address."""
    return str(URL(url).pathname)


def url_key(canonical_url: str) -> str:
    """A short name for a canonical address: the first 20 characters of the base32 SHA-256."""
    return short_digest(canonical_url)


def _without_session(path: str) -> str:
    """Drop `;jsessionid=…` as servlet containers append it to paths."""
    head, mark, tail = path.partition(";")
    return head if mark and tail.split("=")[0].lower() in SESSION else path


def _query(search: str) -> str:
    """The query in order of names. Values stay as written: percent-encoded GBK must reach the server unchanged."""
    parts = [part for part in search.removeprefix("?").split("&") if part and not _is_noise(*_halves(part))]
    return "&".join(sorted(parts, key=lambda part: _halves(part)[0]))


def _halves(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.lower(), value


def _is_noise(name: str, value: str) -> bool:
    if name in TRACKING or name.startswith(TRACKING_PREFIXES) or name in SESSION:
        return True
    return name in PERHAPS_SESSION and SESSION_VALUE.fullmatch(value) is not None
