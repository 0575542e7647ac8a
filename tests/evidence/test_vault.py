import multiprocessing
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import IntegrityError, NotFoundError
from domain.evidence import EvidenceVerdict
from domain.ids import Digest, digest_of
from evidence.custody import read as read_log
from evidence.vault import INCOMING, LOG, FolderVault
from evidence.verification import verify

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "evidence")


def put(vault: FolderVault, data: bytes) -> Digest:
    return vault.put(data, at=NOON, by="sweep s1")


def problems(vault: FolderVault) -> list[tuple[str, str]]:
    return [(p.item, p.problem) for p in verify(vault.root).problems]


def item(digest: Digest) -> str:
    return f"objects/{digest[:2]}/{digest}"


def test_what_is_put_is_read(vault: FolderVault) -> None:
    digest = put(vault, b"page")
    assert digest == digest_of(b"page")
    assert vault.has(digest)
    assert vault.read(digest) == b"page"
    assert vault.path_of(digest).stat().st_mode & 0o222 == 0


def test_putting_again_adds_nothing(vault: FolderVault) -> None:
    put(vault, b"page")
    put(vault, b"page")
    assert len(list(read_log(vault.root / LOG))) == 1


def test_what_is_not_there_or_was_changed_is_not_read(vault: FolderVault) -> None:
    with pytest.raises(NotFoundError, match="has no file"):
        vault.read(digest_of(b"other"))
    digest = put(vault, b"page")
    vault.path_of(digest).chmod(0o644)
    vault.path_of(digest).write_bytes(b"pace")
    with pytest.raises(IntegrityError, match="was changed"):
        vault.read(digest)


def test_an_intact_folder_lacks_only_trusted_times(vault: FolderVault) -> None:
    for n in range(5):
        put(vault, b"page %d" % n)
    report = verify(vault.root)
    assert (report.verdict, report.checked, report.problems) == (EvidenceVerdict.UNTIMED, 5, ())


def test_one_changed_byte_anywhere_names_the_file(vault: FolderVault) -> None:
    digests = [put(vault, b"page %d" % n) for n in range(3)]
    files = {item(d): vault.path_of(d) for d in digests} | {LOG: vault.root / LOG}
    for name, path in files.items():
        original = path.read_bytes()
        path.chmod(0o644)
        for offset in range(len(original)):
            changed = bytearray(original)
            changed[offset] ^= 1
            path.write_bytes(changed)
            report = verify(vault.root)
            assert report.verdict is EvidenceVerdict.INVALID
            assert name in {p.item for p in report.problems}, (name, offset)
        path.write_bytes(original)
    assert problems(vault) == []


def test_removed_added_and_cut_files_are_named(vault: FolderVault) -> None:
    kept, removed, cut = (put(vault, data) for data in (b"kept", b"removed", b"cut short"))
    vault.path_of(removed).unlink()
    vault.path_of(cut).chmod(0o644)
    vault.path_of(cut).write_bytes(b"cut")
    (vault.root / "objects" / "note.txt").write_text("foreign")
    smuggled = digest_of(b"smuggled")
    vault.path_of(smuggled).parent.mkdir(exist_ok=True)
    vault.path_of(smuggled).write_bytes(b"smuggled")
    assert sorted(problems(vault)) == sorted(
        [
            (item(removed), "is in the log but missing"),
            (item(cut), "was changed: its bytes do not have the digest it is named by"),
            ("objects/note.txt", "does not belong here"),
            (item(smuggled), "is not in custody.jsonl"),
        ]
    )
    assert item(kept) not in dict(problems(vault))


def test_lines_taken_from_the_log_are_noticed(vault: FolderVault) -> None:
    digests = [put(vault, b"page %d" % n) for n in range(3)]
    log = vault.root / LOG
    first, second, third = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + third)
    assert (LOG, "line 2 does not follow the line before it") in problems(vault)
    log.write_bytes(first + second)
    assert problems(vault) == [(item(digests[2]), "is not in custody.jsonl")]
    log.unlink()
    assert problems(vault)[0][0] == LOG


def test_a_half_written_line_is_dropped_with_its_file(vault: FolderVault) -> None:
    put(vault, b"one")
    with (vault.root / LOG).open("ab") as log:
        log.write(b'{"sequence": 2, "at": "20')
    (vault.root / INCOMING / digest_of(b"two")).write_bytes(b"two")
    put(vault, b"three")
    assert problems(vault) == []
    assert not vault.has(digest_of(b"two"))


def test_a_logged_file_that_was_not_yet_moved_is_moved(vault: FolderVault) -> None:
    digest = put(vault, b"one")
    vault.path_of(digest).rename(vault.root / INCOMING / digest)
    assert problems(vault) == []
    vault.settle()
    assert vault.read(digest) == b"one"


def test_files_that_are_put_together_are_kept_once_each(vault: FolderVault) -> None:
    files = [b"%d" % (n % 100) for n in range(150)]
    assert vault.put_all(files, at=NOON, by="sweep s1") == [digest_of(data) for data in files]
    assert [vault.read(digest_of(data)) for data in files] == files
    events = [event for event in read_log(vault.root / LOG) if not isinstance(event, str)]
    assert [event.object for event in events] == [digest_of(b"%d" % n) for n in range(100)]
    assert problems(vault) == []


def test_what_a_crash_left_of_a_group_is_moved_on_where_it_was_logged(vault: FolderVault) -> None:
    digests = vault.put_all([b"one", b"two", b"three"], at=NOON, by="sweep s1")
    for digest in digests[1:]:
        vault.path_of(digest).rename(vault.root / INCOMING / digest)
    (vault.root / INCOMING / digest_of(b"four")).write_bytes(b"four")
    put(vault, b"five")
    assert [vault.read(digest) for digest in digests] == [b"one", b"two", b"three"]
    assert not vault.has(digest_of(b"four"))
    assert problems(vault) == []


def test_a_damaged_log_is_not_written_on(vault: FolderVault) -> None:
    put(vault, b"one")
    (vault.root / LOG).write_bytes(b"nonsense\n")
    with pytest.raises(IntegrityError, match="end of the custody log"):
        put(vault, b"two")


def test_a_long_damaged_end_of_the_log_is_seen_and_not_written_on(vault: FolderVault) -> None:
    digest = put(vault, b"one")
    for garbage in (b"x" * 20_000, b" " * 20_000, bytes(20_000)):
        original = (vault.root / LOG).read_bytes()
        (vault.root / LOG).write_bytes(original + garbage)
        with pytest.raises(IntegrityError, match="end of the custody log"):
            put(vault, b"two")
        assert (vault.root / LOG).read_bytes() == original + garbage
        assert problems(vault) == [(LOG, "line 2 is longer than a line of the log can be")]
        (vault.root / LOG).write_bytes(original)
    assert vault.read(digest) == b"one"


def test_a_file_is_on_the_disk_before_its_name_is_used(vault: FolderVault, monkeypatch: pytest.MonkeyPatch) -> None:
    put(vault, b"the first makes the folders")
    steps: list[tuple[str, bool, bool]] = []
    digest = digest_of(b"page")
    sync = os.fsync

    def watched(descriptor: int) -> None:
        synced = Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(vault.root)
        logged = digest.encode() in (vault.root / LOG).read_bytes()
        steps.append((str(synced), logged, vault.has(digest)))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    put(vault, b"page")
    assert steps == [
        (f"incoming/{digest}", False, False),
        ("incoming", False, False),
        (LOG, True, False),
        ("objects", True, False),
        (f"objects/{digest[:2]}", True, True),
    ]


def test_writers_killed_at_random_leave_a_sound_folder(vault: FolderVault) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_many, args=(vault.root, n)) for n in range(3)]
    for writer in writers:
        writer.start()
    log = vault.root / LOG
    while not log.exists() or log.stat().st_size < 20_000:
        assert any(writer.is_alive() for writer in writers)
    for writer in writers[:2]:
        assert writer.pid
        os.kill(writer.pid, signal.SIGKILL)
    for writer in writers:
        writer.join()
    vault.settle()
    assert problems(vault) == []
    assert {event.by for event in read_log(log) if not isinstance(event, str)} >= {"writer 2"}


def _write_many(root: Path, writer: int) -> None:
    vault = FolderVault(root)
    for n in range(200):
        vault.put_all([b"%d %d of %d" % (part, n, writer) for part in range(3)], at=NOON, by=f"writer {writer}")
