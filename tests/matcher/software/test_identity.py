"""What packages say of themselves is read, and what is broken says nothing."""

import hashlib
import random
import struct
from pathlib import Path

import pytest

from config.loading import load_settings
from domain.findings import Comparison, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from domain.reasons import ReasonCode
from matcher.segments.upkeep import open_references
from matcher.software.identity import application_of, product_of, signers_of
from matcher.software.worktype import SoftwareMatcher
from matcher.worktypes import Content, Reference
from tests.matcher.software.packing import zipped

MATCHER = SoftwareMatcher(load_settings().matcher.software)


def manifest(package: str, *, utf8: bool) -> bytes:
    """A compiled manifest with one element and one attribute."""
    texts = ["package", package, "manifest"]
    body, offsets = b"", []
    for text in texts:
        offsets.append(len(body))
        raw = text.encode() if utf8 else text.encode("utf-16-le")
        body += (bytes([len(text), len(raw)]) + raw + b"\0") if utf8 else struct.pack("<H", len(text)) + raw + b"\0\0"
    table = struct.pack(f"<{len(texts)}I", *offsets)
    start = 28 + len(table)
    head = struct.pack("<IIIII", len(texts), 0, 0x100 if utf8 else 0, start, 0)
    pool = struct.pack("<HHI", 1, 28, start + len(body)) + head + table + body
    attributes = struct.pack("<IIIHBBI", 0xFFFFFFFF, 0, 1, 8, 0, 3, 1)
    element = struct.pack("<IIIIHHHHHH", 1, 0xFFFFFFFF, 0xFFFFFFFF, 2, 20, 20, 1, 0, 0, 0) + attributes
    element = struct.pack("<HHI", 0x102, 16, 8 + len(element)) + element
    return struct.pack("<HHI", 3, 8, 8 + len(pool) + len(element)) + pool + element


def part(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def signed(certificate: bytes) -> bytes:
    """A signing block, as it stands before the directory of an APK."""
    signer = part(part(part(b"digests") + part(part(certificate)) + part(b"attributes")) + part(b"signature"))
    pair = struct.pack("<I", 0x7109871A) + part(signer)
    pairs = struct.pack("<QI", 9, 0x42726577) + b"other" + struct.pack("<Q", len(pair)) + pair
    size = struct.pack("<Q", len(pairs) + 24)
    return size + pairs + size + b"APK Sig Block 42"


def version_data(kind: int, company: str = "Example Ltd", product: str = "Ferry") -> bytes:
    fixed = struct.pack("<I", 0xFEEF04BD) + bytes(32) + struct.pack("<I", kind) + bytes(12)
    texts = (("CompanyName", company), ("ProductName", product))
    entries = [
        struct.pack("<HHH", 0, len(value) + 1 if value else 0, 1) + f"{key}\0\0{value}\0".encode("utf-16-le")
        for key, value in texts
    ]
    return b"MZ" + bytes(70) + fixed + b"".join(entries)


@pytest.mark.parametrize("utf8", [True, False])
def test_the_name_of_an_application_is_read(utf8: bool) -> None:
    assert application_of(manifest("com.example.ferry", utf8=utf8)) == "com.example.ferry"
    assert application_of(manifest("no name", utf8=utf8)) is None


def test_the_certificate_of_a_signer_is_named_by_its_digest() -> None:
    data = b"members of the archive" + signed(b"a certificate")
    assert signers_of(data, len(data)) == [hashlib.sha256(b"a certificate").hexdigest()]
    assert signers_of(data, len(data) - 1) == []


def test_only_applications_have_a_product() -> None:
    assert product_of(version_data(1)) == "example ltd/ferry"
    assert product_of(version_data(2)) is None
    assert product_of(version_data(1, company="")) is None


@pytest.mark.parametrize("make", [lambda: manifest("com.example.ferry", utf8=True), lambda: signed(b"certificate")])
def test_damage_makes_no_reader_fail(make: object) -> None:
    assert callable(make)
    whole, chance = make(), random.Random(8)
    for _ in range(500):
        data = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        for _ in range(4):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert "." in (application_of(bytes(data)) or ".")
        assert all(len(each) == 64 for each in signers_of(bytes(data), len(data)))


def apk(seed: int, certificate: bytes, package: str = "com.example.ferry") -> bytes:
    """An application of random code, signed."""
    files = {
        "AndroidManifest.xml": manifest(package, utf8=True),
        "classes.dex": random.Random(seed).randbytes(20_000),
    }
    data, block = zipped(files), signed(certificate)
    directory, end = data.find(b"PK\1\2"), data.rfind(b"PK\5\6")
    place = struct.pack("<I", directory + len(block))
    return data[:directory] + block + data[directory : end + 16] + place + data[end + 20 :]


def ask(registered: dict[str, bytes], query: bytes, folder: Path) -> list[Comparison]:
    references = []
    for name, data in registered.items():
        made = MATCHER.fingerprint(Content(data=data, name=name), registering=True)
        assert isinstance(made, Fingerprint)
        references.append(
            Reference(work_id=WorkId(name), title=name, owner=name, digest=digest_of(data), fingerprint=made)
        )
    made = MATCHER.fingerprint(Content(data=query, name="query.apk"))
    assert isinstance(made, Fingerprint)
    return list(open_references(MATCHER, references, folder).compare(made))


@pytest.mark.parametrize(("certificate", "said"), [(b"one", "the same certificate"), (b"two", "another certificate")])
def test_an_application_of_the_same_name_is_for_a_person_to_judge(
    certificate: bytes, said: str, tmp_path: Path
) -> None:
    [found] = ask({"a": apk(1, b"one")}, apk(2, certificate), tmp_path)
    assert (found.verdict, found.reason.code) == (Verdict.PARTIAL, ReasonCode.SOFTWARE_SAME_NAME)
    assert said in found.reason.sentence("en")
    assert "com.example.ferry" in found.reason.sentence("zh-CN")


def test_another_name_or_one_that_two_owners_use_says_nothing(tmp_path: Path) -> None:
    assert ask({"a": apk(1, b"one")}, apk(2, b"one", "com.example.other"), tmp_path) == []
    assert ask({"a": apk(1, b"one"), "b": apk(3, b"two")}, apk(2, b"one"), tmp_path) == []
