"""Files that many programs hold and that tell nothing of whose they are: licences, stubs, other people's libraries."""

import math
import re
from collections.abc import Hashable, Iterator, Sequence

THIRD_PARTY = frozenset(
    {
        ".git",
        "3rdparty",
        "__macosx",
        "_vendor",
        "androidx",
        "bower_components",
        "dist-packages",
        "kotlin",
        "meta-inf",
        "node_modules",
        "site-packages",
        "third-party",
        "third_party",
        "thirdparty",
        "vendor",
        "vendors",
    }
)
METADATA = (".dist-info", ".egg-info")
LICENCE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)([._-].*)?", re.IGNORECASE)
COMMON = re.compile(
    r"(authors|contributors|credits|readme|changelog|changes|history|install|manifest|todo)(\.(md|rst|txt|in))?"
    r"|__init__\.pyi?|py\.typed|setup\.(py|cfg)|package(-lock)?\.json|yarn\.lock|gradlew?(\.bat)?|gradle-wrapper\..*"
    r"|\.gitignore|\.gitattributes|\.editorconfig|\.ds_store|thumbs\.db|desktop\.ini|makefile"
    r"|(jquery|bootstrap|react|vue|angular|lodash|moment|d3|axios|backbone|underscore|popper|modernizr|require"
    r"|font-?awesome|echarts|swiper|zepto|layui|element-ui)([.-].*)?\.(js|css|map|mjs)",
    re.IGNORECASE,
)
SMALL_STUB = 256
"""`__init__.py` and the like are common only while they are short."""
SMALLEST = 32
HEAVIEST = 16.0


def weights(paths: Sequence[str], sizes: Sequence[int], digests: Sequence[Hashable]) -> Iterator[float]:
    """What each member weighs: the number of times 32 bytes must be doubled to its size (0 to 16); 0 for boilerplate.

    A folder with a licence of its own, below a folder with another licence, holds somebody else's library.
    """
    foreign = _foreign_folders(paths, digests)
    borrowed: dict[str, bool] = {}
    for path, size in zip(paths, sizes, strict=True):
        folder, _, name = path.rpartition("/")
        if folder not in borrowed:
            borrowed[folder] = _is_borrowed(folder, foreign)
        plain = borrowed[folder] or size < SMALLEST or _is_common(name, size)
        yield 0.0 if plain else min(HEAVIEST, math.log2(size / SMALLEST))


def _is_borrowed(folder: str, foreign: set[str]) -> bool:
    """Whether the files in a folder are other people's, or about the package rather than of it."""
    parts = folder.lower().split("/")
    if not THIRD_PARTY.isdisjoint(parts) or any(part.endswith(METADATA) for part in parts):
        return True
    return folder in foreign or any(above in foreign for above in _above(folder))


def _is_common(name: str, size: int) -> bool:
    if name.startswith("__init__") and size >= SMALL_STUB:
        return False
    return LICENCE.fullmatch(name) is not None or COMMON.fullmatch(name) is not None


def _foreign_folders(paths: Sequence[str], digests: Sequence[Hashable]) -> set[str]:
    licences: dict[str, set[Hashable]] = {}
    for path, digest in zip(paths, digests, strict=True):
        folder, _, name = path.rpartition("/")
        if LICENCE.fullmatch(name):
            licences.setdefault(folder, set()).add(digest)
    return {
        folder
        for folder, own in licences.items()
        if any(above in licences and own.isdisjoint(licences[above]) for above in _above(folder))
    }


def _above(path: str) -> Iterator[str]:
    """The folders that `path` stands in, "" last."""
    while path:
        path = path.rpartition("/")[0]
        yield path
