"""Whether an evidence folder is still what it was."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.evidence import EvidenceProblem, EvidenceReport, EvidenceVerdict
from domain.ids import Digest
from evidence import custody
from evidence.inspection import fault_in_warc
from evidence.vault import INCOMING, LOG, object_path

CHUNK = 1 << 20
RESTORE = "Restore it from a backup."
RESTORE_LOG = (
    "Restore it from a backup; if a crash left the last line half written, the next sweep or import cuts it off."
)
MOVE_OUT = "Find out who put it there, and move it out of the folder."


def verify(path: Path) -> EvidenceReport:
    """Check every file of the evidence folder `path` against its name and the custody log, and WARC files inside.

    Reads files in pieces and follows no links. An intact folder is *untimed* as long as no trusted timestamps are kept
    in it.
    """
    check = _Check(path)
    check.log()
    check.files()
    check.missing()
    verdict = EvidenceVerdict.INVALID if check.problems else EvidenceVerdict.UNTIMED
    return EvidenceReport(verdict=verdict, checked=check.checked, problems=tuple(check.problems))


class _Check:
    """One look through a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._logged: dict[Digest, int] = {}
        self._present: set[str] = set()
        self.problems: list[EvidenceProblem] = []
        self.checked = 0

    def log(self) -> None:
        """Read the custody log."""
        log = self._root / LOG
        if not log.is_file():
            problem = "is missing: this is no evidence folder, or its log was removed"
            self._say(log, problem, f"Name the folder that holds it, or restore {LOG} from a backup.")
            return
        for event in custody.read(log):
            if isinstance(event, str):
                self._say(log, event, RESTORE_LOG)
            else:
                self._logged[event.object] = event.size

    def files(self) -> None:
        """Check whatever lies in the folder."""
        folders = [self._root]
        while folders:
            folder = folders.pop()
            with self._reading(folder), os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
                folders += [Path(entry.path) for entry in reversed(entries) if entry.is_dir(follow_symlinks=False)]
                for entry in entries:
                    self._entry(entry)

    def missing(self) -> None:
        """Name the files that are in the log but were not seen."""
        for digest in self._logged:
            if digest not in self._present:
                self._say(object_path(self._root, digest), "is in the log but missing", RESTORE)

    def _entry(self, entry: os.DirEntry[str]) -> None:
        file = Path(entry.path)
        if entry.is_symlink():
            self._say(file, "is a link, and evidence must lie here itself", "Put what it points to in its place.")
        elif entry.is_file():
            if file != self._root / LOG:
                self.checked += 1
                with self._reading(file):
                    self._file(file)
        elif not entry.is_dir():
            self._say(file, "is neither file nor folder", MOVE_OUT)

    def _file(self, file: Path) -> None:
        name = Digest(file.name)
        incoming = self._root / INCOMING / name
        if not custody.DIGEST.fullmatch(name) or file not in {object_path(self._root, name), incoming}:
            self._say(file, "does not belong here", MOVE_OUT)
            return
        if file == incoming and name not in self._logged:
            # Left by a crash before it was logged; the vault drops it when it is next written to.
            return
        self._present.add(name)
        if _digest_of_file(file) != name:
            self._say(file, "was changed: its bytes do not have the digest it is named by", RESTORE)
        elif name not in self._logged:
            self._say(file, f"is not in {LOG}", f"Restore {LOG} from a backup, or find out who added the file.")
        elif file.stat().st_size != self._logged[name]:
            self._say(file, f"has another size than {LOG} says", f"Restore {LOG} from a backup.")
        else:
            self._inside(file)

    def _inside(self, file: Path) -> None:
        with file.open("rb") as data:
            fault = fault_in_warc(data)
        if fault:
            self._say(file, f"was stored damaged: {fault}", "Do not rely on it; sweep the address again.")

    @contextmanager
    def _reading(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._say(path, f"cannot be read ({error.strerror})", "Mend its permissions or the disk, and verify again.")

    def _say(self, file: Path, problem: str, mend: str) -> None:
        item = str(file.relative_to(self._root))
        # Names of foreign files may hold anything.
        shown = item if item.isprintable() else ascii(item)
        self.problems.append(EvidenceProblem(item=shown, problem=problem, mend=mend))


def _digest_of_file(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as data:
        while chunk := data.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
