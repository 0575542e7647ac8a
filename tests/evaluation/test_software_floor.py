"""Accuracy that must not be lost: made-up programs, altered as pirates do (see software_corpus)."""

import random
from pathlib import Path

import pytest

from config.loading import load_settings
from domain.findings import Comparison, Verdict
from domain.fingerprints import Fingerprint
from matcher.segments.upkeep import open_references
from matcher.software.payload import unpack
from matcher.software.references import SoftwareReferences
from matcher.software.worktype import SoftwareMatcher
from matcher.worktypes import Content
from tests.evaluation.software_corpus import SoftwareCorpus, make_corpus, references
from tests.matcher.software.packing import zipped
from tests.support.software_alterations import ALTERATIONS

pytestmark = pytest.mark.xdist_group("software_floor")

DIGEST = "e21eb1390fbdc15fd234d913590da0aab8c32b48bf5e220a1d3469373dcbad49"
FLOOR = 1.0
MATCHER = SoftwareMatcher(load_settings().matcher.software)


@pytest.fixture(scope="module")
def corpus() -> SoftwareCorpus:
    return make_corpus()


@pytest.fixture(scope="module")
def register(corpus: SoftwareCorpus, tmp_path_factory: pytest.TempPathFactory) -> SoftwareReferences:
    opened = open_references(MATCHER, references(MATCHER, corpus), Path(tmp_path_factory.mktemp("index")))
    assert isinstance(opened, SoftwareReferences)
    return opened


def ask(register: SoftwareReferences, data: bytes) -> list[Comparison]:
    fingerprint = MATCHER.fingerprint(Content(data=data, name="query"))
    assert isinstance(fingerprint, Fingerprint)
    found = list(register.compare(fingerprint))
    # The index only chooses whom to compare: all registered works, one by one, come out the same.
    assert found == list(register.compare_with(unpack(fingerprint), range(len(register))))
    return found


def test_the_corpus_is_the_one_the_floors_were_set_on(corpus: SoftwareCorpus) -> None:
    assert corpus.digest == DIGEST


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_repacked_programs_are_called_copies_of_the_right_work(
    corpus: SoftwareCorpus, register: SoftwareReferences, alteration: str
) -> None:
    chance, right = random.Random(2), 0
    for name, files in corpus.registered.items():
        found = ask(register, ALTERATIONS[alteration](files, chance))
        copies = [c.work_id for c in found if c.verdict is Verdict.COPY]
        assert copies in ([], [name]), "the wrong work was named"
        right += copies == [name]
    assert right / len(corpus.registered) >= FLOOR


def test_next_versions_are_found(corpus: SoftwareCorpus, register: SoftwareReferences) -> None:
    right = 0
    for name, files in corpus.following.items():
        found = ask(register, zipped(files))
        assert {c.work_id for c in found} <= {name}
        right += [c.verdict for c in found] == [Verdict.COPY]
    assert right / len(corpus.following) >= FLOOR


def test_innocent_programs_that_use_the_same_libraries_are_not_accused(
    corpus: SoftwareCorpus, register: SoftwareReferences
) -> None:
    for files in corpus.innocent.values():
        assert not [c for c in ask(register, zipped(files)) if c.verdict is Verdict.COPY]
