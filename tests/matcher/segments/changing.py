"""A process that changes an index at random until it is killed: `python -m … FOLDER SEED`.

It says on standard output what it is about to do, and again when that is done.
"""

import json
import random
import sys
from pathlib import Path

from matcher.segments.index import RegisterIndex
from matcher.segments.upkeep import compact
from tests.matcher.segments.toy import RECIPE, Register, become, columns, fetching, held


def main(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    titles = held(RegisterIndex(folder, RECIPE).snapshot())
    register: Register = {work: (title, terms_of(work)) for work, title in titles.items()}
    while True:
        changed = dict(register)
        for _ in range(chance.randrange(1, 6)):
            work = f"w{chance.randrange(40)}"
            if chance.random() < 0.6:
                changed[work] = (f"title {chance.randrange(3)}", terms_of(work))
            else:
                changed.pop(work, None)
        say("doing", changed)
        become(folder, changed)
        say("done", changed)
        register = changed
        with RegisterIndex(folder, RECIPE).writing() as writer:
            compact(writer, fetching(register), columns, fully=chance.random() < 0.2)


def terms_of(work: str) -> tuple[int, ...]:
    """Always the same for a work."""
    return tuple(int(work[1:]) + n for n in range(20))


def say(what: str, register: Register) -> None:
    sys.stdout.write(json.dumps({what: {work: title for work, (title, _) in register.items()}}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
