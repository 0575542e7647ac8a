import json
from pathlib import Path

from domain.findings import FindingState
from monitor.scoring import Truth, score
from tests.support.findings import finding

TRUTH = Truth(copies={("http://a.example/1", "w1"): "verbatim", ("http://a.example/2", "w1"): "adverts"})


def test_right_wrong_and_missed() -> None:
    found = [finding(url="http://a.example/1"), finding(url="http://a.example/3")]
    result = score(found, TRUTH)
    assert result.right == 1
    assert result.wrong == (("http://a.example/3", "w1"),)
    assert result.missed == (("http://a.example/2", "w1"),)
    assert (result.precision, result.recall) == (0.5, 0.5)


def test_the_wrong_work_is_a_false_accusation() -> None:
    result = score([finding(url="http://a.example/1", work_id="w2")], TRUTH)
    assert result.right == 0
    assert result.wrong == (("http://a.example/1", "w2"),)


def test_what_waits_for_review_or_is_licensed_accuses_nobody() -> None:
    states = (FindingState.REVIEW, FindingState.LICENSED, FindingState.DISMISSED)
    found = [finding(url=f"http://b.example/{state}", state=state) for state in states]
    assert score(found, TRUTH).wrong == ()


def test_truth_is_read_from_the_file_a_site_writes(tmp_path: Path) -> None:
    planted = {"infringing": [{"url": "http://a.example/1", "work_id": "w1", "form": "verbatim"}]}
    (tmp_path / "truth.json").write_text(json.dumps(planted))
    assert Truth.read(tmp_path / "truth.json").copies == {("http://a.example/1", "w1"): "verbatim"}
