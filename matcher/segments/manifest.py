"""Which segments make up an index now: one small file, replaced by rename."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from domain.errors import IntegrityError
from domain.ids import Digest, digest_of
from matcher.segments.columns import MEND, sync

NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A segment, and the file that says which of its rows are removed (none when empty)."""

    name: str
    header: Digest
    removed: str = ""
    removed_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The state of an index. Every change has a generation of its own."""

    recipe: str
    """What segments are made by: fingerprint kind and version, and settings that shape columns."""
    generation: int = 0
    parts: tuple[Part, ...] = ()

    def save(self, folder: Path) -> None:
        """Make this the state of the index in `folder`, durably and in one step."""
        body = json.dumps(asdict(self), sort_keys=True)
        made = folder / f".{NAME}-{os.getpid()}"
        made.write_text(json.dumps({"sha256": digest_of(body.encode()), "body": body}))
        sync(made)
        made.replace(folder / NAME)
        sync(folder)

    @classmethod
    def load(cls, folder: Path) -> "Manifest | None":
        """The state of the index in `folder`, None when there is none. Raises `IntegrityError` when it is damaged."""
        file = folder / NAME
        try:
            outer = json.loads(file.read_bytes())
            if digest_of(outer["body"].encode()) != outer["sha256"]:
                raise IntegrityError(f"{file} was changed.", MEND)
            body = json.loads(outer["body"])
            parts = tuple(Part(**part) for part in body.pop("parts"))
            return cls(parts=parts, **body)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise IntegrityError(f"{file} cannot be read ({error}).", MEND) from error
