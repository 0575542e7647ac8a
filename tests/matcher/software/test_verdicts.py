"""What is called a copy of a program, what waits for a person, and what is left alone."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from config.loading import load_settings
from domain.findings import Comparison, SpanUnit, Verdict
from domain.fingerprints import Abstention, Fingerprint
from domain.ids import WorkId, digest_of
from domain.reasons import ReasonCode
from matcher.segments.upkeep import open_references
from matcher.software.boilerplate import weights
from matcher.software.payload import unpack
from matcher.software.worktype import SoftwareMatcher
from matcher.worktypes import Content, Reference
from tests.evaluation.software_corpus import reference
from tests.matcher.software.packing import Files, program, seven, tarred, zipped

SETTINGS = load_settings().matcher.software
MATCHER = SoftwareMatcher(SETTINGS)


def binaries(seed: int, folder: str, count: int = 8) -> Files:
    chance = random.Random(seed)
    return {f"{folder}/{n}.bin": chance.randbytes(chance.randrange(2000, 9000)) for n in range(count)}


APP, OTHER_APP, LIBRARY = binaries(1, "app"), binaries(2, "app"), binaries(3, "libs", 12)


def compare(registered: list[Reference], query: Files, folder: Path) -> list[Comparison]:
    made = MATCHER.fingerprint(Content(data=zipped(query), name="query.zip"))
    assert isinstance(made, Fingerprint)
    return list(open_references(MATCHER, registered, folder).compare(made))


def test_files_that_two_owners_hold_accuse_nobody(tmp_path: Path) -> None:
    registered = [reference(MATCHER, "a", APP | LIBRARY), reference(MATCHER, "b", OTHER_APP | LIBRARY)]
    assert compare(registered, binaries(9, "app") | LIBRARY, tmp_path) == []
    assert compare(registered, LIBRARY, tmp_path) == []


def test_a_library_that_is_most_of_a_work_is_for_a_person_to_judge(tmp_path: Path) -> None:
    found = compare([reference(MATCHER, "a", APP | LIBRARY)], OTHER_APP | LIBRARY, tmp_path)
    assert [(c.verdict, c.reason.code) for c in found] == [(Verdict.PARTIAL, ReasonCode.SOFTWARE_PART)]


def test_a_library_in_a_folder_for_other_peoples_code_weighs_nothing(tmp_path: Path) -> None:
    bundled = {f"node_modules/{name}": data for name, data in LIBRARY.items()}
    assert compare([reference(MATCHER, "a", APP | bundled)], OTHER_APP | LIBRARY, tmp_path) == []


def test_a_copy_is_told_by_the_files_that_are_only_in_it(tmp_path: Path) -> None:
    registered = [reference(MATCHER, "a", APP | LIBRARY), reference(MATCHER, "b", OTHER_APP | LIBRARY)]
    [found] = compare(registered, {f"renamed/{n}": d for n, d in (APP | LIBRARY).items()}, tmp_path)
    assert (found.work_id, found.verdict, found.similarity) == ("a", Verdict.COPY, 1.0)
    assert found.reason.sentence("en").startswith(
        "8 of 8 files that only this work holds are here (8 of them the same)"
    )
    pairs = {(span.query[0], span.work[0]) for span in found.spans}
    assert pairs == {(f"renamed/{name}", name) for name in APP | LIBRARY}
    assert {span.unit for span in found.spans} == {SpanUnit.MEMBER}


def test_two_owners_of_one_program_are_named_to_a_person(tmp_path: Path) -> None:
    registered = [reference(MATCHER, "a", APP), reference(MATCHER, "b", APP)]
    found = compare(registered, APP, tmp_path)
    assert [(c.verdict, c.reason.code) for c in found] == [(Verdict.PARTIAL, ReasonCode.SOFTWARE_AMBIGUOUS_SOURCE)] * 2
    assert dict(found[0].reason.values)["other"] == "b"


def test_two_versions_of_one_owner_do_not_hide_each_other(tmp_path: Path) -> None:
    registered = [reference(MATCHER, "a", APP, "owner"), reference(MATCHER, "a2", APP | LIBRARY, "owner")]
    found = compare(registered, APP | LIBRARY, tmp_path)
    assert [(c.work_id, c.verdict) for c in found] == [("a2", Verdict.COPY), ("a", Verdict.COPY)]


def test_a_bundle_of_many_programs_is_found_to_hold_a_whole_one(tmp_path: Path) -> None:
    bundle = {"setup.zip": zipped(APP)} | {f"{n}.zip": zipped(binaries(100 + n, "x", 12)) for n in range(9)}
    [found] = compare([reference(MATCHER, "a", APP)], bundle, tmp_path)
    assert found.verdict is Verdict.COPY


def test_half_a_work_in_a_larger_program_is_for_a_person_to_judge(tmp_path: Path) -> None:
    half = dict(list(APP.items())[:5])
    [found] = compare([reference(MATCHER, "a", APP)], half | binaries(7, "new", 20), tmp_path)
    assert found.verdict is Verdict.PARTIAL


def test_one_file_that_only_resembles_another_is_for_a_person_to_judge(tmp_path: Path) -> None:
    chance = random.Random(4)
    words = [chance.randbytes(chance.randrange(2, 9)) for _ in range(60)]
    text = b"".join(chance.choices(words, k=3000))
    made = MATCHER.fingerprint(Content(data=program(text), name="a.exe"), registering=True)
    assert isinstance(made, Fingerprint)
    [row] = unpack(made).rows
    assert row["has_near"]
    changed = MATCHER.fingerprint(Content(data=program(text[:9000] + text[9100:]), name="b.exe"))
    assert isinstance(changed, Fingerprint)
    whole = Reference(work_id=WorkId("a"), title="a", owner="a", digest=digest_of(text), fingerprint=made)
    [found] = open_references(MATCHER, [whole], tmp_path).compare(changed)
    assert found.verdict is Verdict.PARTIAL


def test_a_reference_that_passes_a_bound_is_refused_and_a_suspect_is_still_compared(tmp_path: Path) -> None:
    small = SoftwareMatcher(SETTINGS.model_copy(update={"max_members": 6}))
    refused = small.fingerprint(Content(data=zipped(APP), name="a.zip"), registering=True)
    assert isinstance(refused, Abstention)
    assert "more than 6 members" in refused.reason.sentence("en")
    assert isinstance(small.fingerprint(Content(data=zipped(APP), name="a.zip")), Fingerprint)


@pytest.mark.parametrize("pack", [zipped, seven])
def test_an_archive_that_cannot_be_opened_is_not_judged(pack: object) -> None:
    assert callable(pack)
    data = bytearray(pack(APP))
    if pack is zipped:
        at = 0
        while (at := data.find(b"PK\1\2", at)) >= 0:
            data[at + 8] |= 1
            at += 4
    else:
        data = data[:-20]
    refused = MATCHER.fingerprint(Content(data=bytes(data), name="a"))
    assert isinstance(refused, Abstention)
    assert refused.reason.code is ReasonCode.SOFTWARE_NOT_OPENED


def test_documents_that_are_zip_files_are_no_software() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
    assert not MATCHER.accepts(Content(data=out.getvalue(), name="book.epub"))
    assert not MATCHER.accepts(Content(data=b"<html>", name="page.html"))
    assert all(MATCHER.accepts(Content(data=pack(APP), name="")) for pack in (zipped, tarred, seven))
    assert MATCHER.accepts(Content(data=program(b"x"), name="a.exe"))


def test_licences_stubs_and_libraries_weigh_nothing() -> None:
    paths = {
        "LICENSE": 0, "app/main.py": 5, "app/__init__.py": 0, "app/jquery-3.7.1.min.js": 0, "web/vendor/x.js": 0,
        "x-1.0.dist-info/RECORD": 0, "lib/LICENSE.txt": 0, "lib/code.c": 0, "lib/deep/code.c": 0, "app/COPYING": 0,
    }  # fmt: skip
    sizes = [100 if path == "app/__init__.py" else 1024 for path in paths]
    # The licence in app is the one above it; that in lib is another's.
    digests = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]
    assert list(weights(list(paths), sizes, digests)) == list(paths.values())
