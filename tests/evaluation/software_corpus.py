"""Made-up software, the same on every machine: registered programs, their next versions, and innocent programs.

Programs use libraries out of one pool. Some libraries are used by several registered owners, some by one registered
owner and by innocents, so that nothing but the weighing of members keeps innocents from being accused.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.software.worktype import SoftwareMatcher
from matcher.worktypes import Content, Reference
from tests.matcher.software.packing import Files, zipped

PROGRAMS, LIBRARIES, INNOCENTS = 20, 6, 40
KEYWORDS = ("return", "call", "store", "load", "if", "while", "let", "emit")


@dataclass(frozen=True, slots=True)
class SoftwareCorpus:
    """Files by path, by the name of the program."""

    registered: Mapping[str, Files]
    following: Mapping[str, Files]
    """The next versions of the registered programs."""
    innocent: Mapping[str, Files]

    @property
    def digest(self) -> str:
        """SHA-256 over all names and contents."""
        total = hashlib.sha256()
        for group in (self.registered, self.following, self.innocent):
            for program, files in group.items():
                for name, data in files.items():
                    total.update(f"{program} {name} {len(data)}\n".encode() + data)
        return total.hexdigest()


def make_corpus() -> SoftwareCorpus:
    libraries = [_sources(random.Random(1000 + n), f"libs/lib{n}", 6 + n) for n in range(LIBRARIES)]
    registered, following, innocent = {}, {}, {}
    for n in range(PROGRAMS):
        chance = random.Random(n)
        own = _sources(chance, "app", 6 + 2 * n) | _resources(chance, 2 + n % 4)
        # The last library is used by one registered owner alone.
        shared = libraries[n % (LIBRARIES - 1)] if n else libraries[LIBRARIES - 1]
        registered[f"program{n}"] = own | shared
        following[f"program{n}"] = _next_version(own, chance) | shared
    for n in range(INNOCENTS):
        chance = random.Random(5000 + n)
        own = _sources(chance, "src", 4 + n % 9) | _resources(chance, n % 3)
        innocent[f"innocent{n}"] = own | libraries[n % LIBRARIES] | libraries[(n + 2) % LIBRARIES]
    return SoftwareCorpus(registered=registered, following=following, innocent=innocent)


def reference(matcher: SoftwareMatcher, name: str, files: Files, owner: str = "") -> Reference:
    """A registered package; its owner is its name unless one is given."""
    data = zipped(files)
    made = matcher.fingerprint(Content(data=data, name=f"{name}.zip"), registering=True)
    assert isinstance(made, Fingerprint)
    return Reference(work_id=WorkId(name), title=name, owner=owner or name, digest=digest_of(data), fingerprint=made)


def references(matcher: SoftwareMatcher, corpus: SoftwareCorpus) -> list[Reference]:
    return [reference(matcher, name, files) for name, files in corpus.registered.items()]


def _sources(chance: random.Random, folder: str, count: int) -> Files:
    """Files of statements in words of their own."""
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz_", k=chance.randrange(3, 10))) for _ in range(200)]

    def line() -> str:
        left, right = chance.choice(words), chance.choice(words)
        return f"{' ' * 4 * chance.randrange(1, 4)}{chance.choice(KEYWORDS)} {left}({right}, {chance.randrange(999)})"

    names = chance.sample(sorted(set(words)), count)
    return {
        f"{folder}/{name}.src": "\n".join(line() for _ in range(chance.randrange(30, 220))).encode() + b"\n"
        for name in names
    } | {f"{folder}/LICENSE": f"Licence of {folder}\n".encode() * 30, f"{folder}/__init__.src": b""}


def _resources(chance: random.Random, count: int) -> Files:
    return {f"data/{n}.bin": chance.randbytes(chance.randrange(500, 20_000)) for n in range(count)}


def _next_version(files: Files, chance: random.Random) -> Files:
    """Every file of statements with lines changed, put in and left out; a new one, and one that is gone."""
    out = {}
    for path, data in files.items():
        if not path.endswith(".src") or not data:
            out[path] = data
            continue
        lines = data.decode().splitlines()
        for _ in range(max(1, len(lines) // 40)):
            at = chance.randrange(len(lines))
            lines[at : at + chance.randrange(2)] = [lines[chance.randrange(len(lines))].replace("(", f"({at} + ")]
        out[path] = "\n".join(lines).encode() + b"\n"
    out.pop(next(path for path in out if path.endswith(".src")))
    return out | {"app/added.src": next(iter(_sources(chance, "x", 1).values()))}
