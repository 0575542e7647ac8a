"""What a check of an evidence folder finds, and what it lets pass."""

import gzip
import io
import os
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from domain.evidence import CustodyAction, EvidenceVerdict
from domain.ids import Digest
from evidence import custody
from evidence.exchange import to_warc
from evidence.vault import LOG, FolderVault
from evidence.verification import verify
from tests.evidence.test_exchange import EXCHANGE
from tests.evidence.test_vault import NOON, item, problems, put

WARC = to_warc(EXCHANGE)
ENDS = [at for at in range(1, len(WARC)) if WARC.startswith(b"\x1f\x8b\x08\0\0\0\0\0", at)]
MEMBERS = [WARC[start:end] for start, end in zip([0, *ENDS], [*ENDS, len(WARC)], strict=True)]


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    made = FolderVault(tmp_path / "evidence")
    put(made, b"page")
    return made


def changed(old: bytes, new: bytes) -> bytes:
    """The exchange with some bytes of its records replaced."""
    records = [gzip.decompress(member) for member in MEMBERS]
    assert any(old in record for record in records)
    return b"".join(gzip.compress(record.replace(old, new), mtime=0) for record in records)


def stored_by_others(**kinds: str) -> bytes:
    """A WARC file of another program, with other digests than ours."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for record in ArchiveIterator(io.BytesIO(WARC)):
        for name, value in kinds.items():
            record.rec_headers.replace_header(name.replace("_", "-"), value)
        writer.write_record(record)
    return out.getvalue()


@pytest.mark.parametrize(
    ("stored", "fault"),
    [
        (WARC[:-20], "its compressed data break off"),
        (WARC[:100], "its compressed data break off"),
        (WARC + b"more", "its record 1 cannot be read (Error -3 while decompressing data: incorrect header check)"),
        (changed(b"charset=gbk", b"charset=big"), "its record 3 was changed: block digest failed: sha256:"),
        (changed(b"User-Agent: p", b"User-Agent: q"), "its record 2 was changed: block digest failed: sha256:"),
        (changed(b"Content-Length: 56", b"Content-Length: 66"), "its record 1 breaks off"),
        (changed(b"WARC-Type: response", b"WARC-Type response"), "its record 3 was changed: payload digest failed"),
    ],
    ids=range(7),
)
def test_a_damaged_record_is_named_though_the_file_is_what_was_stored(
    vault: FolderVault, stored: bytes, fault: str
) -> None:
    digest = put(vault, stored)
    (problem,) = verify(vault.root).problems
    assert problem.item == item(digest)
    assert problem.problem.startswith(f"was stored damaged: {fault}")
    assert problem.mend == "Do not rely on it; sweep the address again."


@pytest.mark.parametrize(
    "stored",
    [
        WARC,
        b"".join(gzip.decompress(member) for member in MEMBERS),
        gzip.compress(b"".join(gzip.decompress(member) for member in MEMBERS)),
        stored_by_others(WARC_Block_Digest="blake3:abc", WARC_Payload_Digest="blake3:abc"),
        gzip.compress(b"a page"),
        gzip.compress(b"a page")[:-3],
        b"",
        b"WARC",
    ],
    ids=["ours", "plain", "in one piece", "other digests", "gzip", "broken gzip", "empty", "no WARC"],
)
def test_unusual_files_are_not_accused(vault: FolderVault, stored: bytes) -> None:
    put(vault, stored)
    assert problems(vault) == []


def test_an_unusual_place_is_not_accused(vault: FolderVault, tmp_path: Path) -> None:
    (vault.root / "objects" / "zz").mkdir()
    (tmp_path / "link").symlink_to(vault.root)
    report = verify(tmp_path / "link")
    assert (report.verdict, report.checked, report.problems) == (EvidenceVerdict.UNTIMED, 1, ())


def test_links_are_not_followed(vault: FolderVault, tmp_path: Path) -> None:
    digest, other = put(vault, b"a file elsewhere"), put(vault, b"a folder elsewhere")
    for path in (vault.path_of(digest), vault.path_of(other).parent, vault.root / LOG):
        path.rename(tmp_path / path.name)
        path.symlink_to(tmp_path / path.name)
    link = "is a link, and evidence must lie here itself"
    assert sorted(problems(vault)) == sorted(
        [
            (LOG, link),
            (item(digest), link),
            (item(digest), "is in the log but missing"),
            (f"objects/{other[:2]}", link),
            (item(other), "is in the log but missing"),
        ]
    )


def test_a_folder_or_pipe_is_no_file(vault: FolderVault) -> None:
    digest = put(vault, b"two")
    vault.path_of(digest).unlink()
    vault.path_of(digest).mkdir()
    os.mkfifo(vault.root / "pipe")
    assert problems(vault) == [("pipe", "is neither file nor folder"), (item(digest), "is in the log but missing")]


@pytest.mark.parametrize("name", ["../../outside", "/etc/hostname", "", "A" * 64, "0" * 63])
def test_the_log_cannot_point_elsewhere(vault: FolderVault, tmp_path: Path, name: str) -> None:
    (tmp_path / "outside").write_bytes(b"outside")
    with (vault.root / LOG).open("a+b") as log:
        custody.append(log, {Digest(name): 7}, at=NOON, action=CustodyAction.STORED, by="a stranger")
    assert problems(vault) == [(LOG, "line 2 is not a sound log line")]


@pytest.mark.parametrize("line", [b"[" * 4000, b'{"sequence": Infinity, "hash": "\\ud800"}', b"\xff", b"{}", b"1"])
def test_no_line_ends_the_check(vault: FolderVault, line: bytes) -> None:
    with (vault.root / LOG).open("ab") as log:
        log.write(line + b"\n")
    assert problems(vault) == [(LOG, "line 2 is not a sound log line")]


def test_a_log_line_written_otherwise_was_changed(vault: FolderVault) -> None:
    log = vault.root / LOG
    log.write_bytes(log.read_bytes().replace(b": ", b":\t", 1))
    assert (LOG, "line 1 is not a sound log line") in problems(vault)


def test_foreign_names_are_shown_harmlessly(vault: FolderVault) -> None:
    (vault.root / "a\nb\x1b[2J").write_bytes(b"")
    (vault.root / "incoming" / "note.txt").write_bytes(b"")
    assert sorted(problems(vault)) == [
        (r"'a\nb\x1b[2J'", "does not belong here"),
        ("incoming/note.txt", "does not belong here"),
    ]


def test_every_problem_says_how_to_go_on(vault: FolderVault) -> None:
    (vault.root / "note.txt").write_bytes(b"")
    (vault.root / LOG).unlink()
    assert all(problem.mend.endswith(".") for problem in verify(vault.root).problems)
