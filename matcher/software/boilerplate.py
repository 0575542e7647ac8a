"""Files that many programs hold and that tell nothing of whose they are: licences, stubs, other people's libraries."""

import math
import re
from collections.abc import Iterator, Sequence

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


def weights(paths: Sequence[str], sizes: Sequence[int], digests: Sequence[int]) -> Iterator[float]:
    """What each member weighs: the number of times 32 bytes must be doubled to its size (0 to 16); 0 for boilerplate.

    A folder with a licence of its own, below a folder with another licence, holds somebody else's library.
    """
    foreign = _foreign_folders(paths, digests)
    for path, size in zip(paths, sizes, strict=True):
        folders = path.lower().split("/")[:-1]
        plain = size < SMALLEST or _is_common(path, size) or not THIRD_PARTY.isdisjoint(folders)
        metadata = any(folder.endswith(METADATA) for folder in folders)
        borrowed = any(folder in foreign for folder in _above(path))
        yield 0.0 if plain or metadata or borrowed else min(HEAVIEST, math.log2(size / SMALLEST))


def _is_common(path: str, size: int) -> bool:
    name = path.rsplit("/", 1)[-1]
    if LICENCE.fullmatch(name):
        return True
    stub = name.startswith("__init__")
    return COMMON.fullmatch(name) is not None and (not stub or size < SMALL_STUB)


def _foreign_folders(paths: Sequence[str], digests: Sequence[int]) -> set[str]:
    licences: dict[str, set[int]] = {}
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
