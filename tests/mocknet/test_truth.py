"""Every planted copy is matched when its file is given directly, and no decoy: a miss in a sweep is the crawler's."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.loading import load_settings
from domain.findings import Verdict
from domain.ids import Digest, digest_of
from matcher.engine import Engine, MatchResult
from matcher.worktypes import Content
from monitor.importing import import_works
from monitor.wiring import Platform
from tests.mocknet.network import build
from tests.mocknet.truth import Sample
from tests.mocknet.works import write_catalogue
from tests.mocknet.world import Network

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.xdist_group("network")]

PORT = 8_123
Matches = Mapping[tuple[Digest, str], MatchResult]


@pytest.fixture(scope="module")
def network() -> Network:
    return build(PORT)


@pytest.fixture(scope="module")
def platform(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The works of the network, registered."""
    folder = tmp_path_factory.mktemp("works")
    made = Platform(folder / "data", load_settings(None, {}))
    report = import_works(made, write_catalogue(network.described, folder / "works"), media=folder / "works")
    assert (report.imported, report.rejected) == (len(network.described.works), 0), report.problems
    yield made
    made.workers.close()
    made.database.close()


@pytest.fixture(scope="module")
def matches(network: Network, platform: Platform) -> Matches:
    """What the engine says of every sample, by its content; sites of one operator show the same files."""
    samples = [copy.sample for copy in network.truth.copies] + [decoy.sample for decoy in network.truth.decoys]
    unique = {_key(sample): sample for sample in samples if sample}
    engine = platform.engine()
    with ThreadPoolExecutor(platform.workers.processes) as pool:
        results = pool.map(lambda sample: _matched(engine, sample), unique.values())
        return dict(zip(unique, results, strict=True))


def test_every_planted_copy_is_matched_as_a_copy_of_its_work_alone(network: Network, matches: Matches) -> None:
    wrong = []
    for copy in network.truth.copies:
        assert copy.sample is not None
        told = matches[_key(copy.sample)]
        copied = {str(c.work_id) for c in told.comparisons if c.verdict is Verdict.COPY}
        if copied != {copy.work_id}:
            wrong.append((copy.form, copy.urls[0], copy.work_id, copied, told.reason.sentence("en")))
    assert wrong == []


def test_no_decoy_is_matched_even_for_a_person(network: Network, matches: Matches) -> None:
    """A quotation accuses nobody, and is what a review holds."""
    wrong = [
        (decoy.form, decoy.url, [(c.work_id, c.verdict) for c in matches[_key(decoy.sample)].accusing])
        for decoy in network.truth.decoys
        if decoy.sample and matches[_key(decoy.sample)].accusing
    ]
    assert wrong == []


def test_some_decoys_are_quotations(network: Network, matches: Matches) -> None:
    verdicts = {c.verdict for d in network.truth.decoys if d.sample for c in matches[_key(d.sample)].comparisons}
    assert verdicts == {Verdict.QUOTATION}


def _key(sample: Sample) -> tuple[Digest, str]:
    return digest_of(sample.data), sample.name


def _matched(engine: Engine, sample: Sample) -> MatchResult:
    content = Content(data=sample.data, name=sample.name, media_type=sample.media_type, charset=sample.charset)
    return engine.match(content)
