"""What the scorer calls found, wrong and unknown."""

from dataclasses import replace

import pytest

from domain.findings import Finding, FindingState
from domain.ids import WorkId
from tests.mocknet.scoring import FoundLead, Row, Scorer
from tests.mocknet.truth import Decoy, PlantedCopy, PlantedLead, Truth, Wall
from tests.support.findings import FINDING

PAGE, FILE = "http://a.localhost/play/1.html", "http://cdn.localhost/1.mp4"
DECOY = f"magnet:?xt=urn:btih:{'cd' * 20}"
MAGNET = f"magnet:?xt=urn:btih:{'ab' * 20}"


def truth() -> Truth:
    return Truth(
        copies=[
            PlantedCopy(form="hls", site="a", work_id="w1", urls=(PAGE, FILE)),
            PlantedCopy(form="hls", site="a", work_id="w2", urls=("http://a.localhost/2.html",)),
            PlantedCopy(form="official", site="b", work_id="w1", urls=("http://b.localhost/1.html",), licensed=True),
        ],
        leads=[PlantedLead(form="magnet", site="a", work_id="w1", keys=(f"btih:{'ab' * 20}",), page=PAGE)],
        decoys=[
            Decoy(form="hls", site="a", url="http://a.localhost/trailer.html"),
            Decoy(form="magnet", site="a", url="http://a.localhost/help.html", keys=(f"btih:{'cd' * 20}",)),
        ],
        walls=[
            Wall(form="captcha", site="a", url="http://a.localhost/w", outcomes=("blocked",)),
            Wall(form="captcha", site="a", url="http://a.localhost/t", outcomes=("content",), is_decoy=True),
        ],
    )


def found(url: str, work: str, state: FindingState, page: str = "") -> Finding:
    return replace(FINDING, url=url, page_url=page or url, work_id=WorkId(work), state=state)


def test_a_copy_is_found_by_its_page_or_its_file() -> None:
    for at in (found(FILE, "w1", FindingState.OPEN, "http://z.localhost/"), found(PAGE, "w1", FindingState.CONFIRMED)):
        score = Scorer(truth()).score([at], (), {})
        assert score.copies["hls"] == Row(planted=2, found=1, decoys=1)
        assert score.false_findings == []
        assert ("hls", "http://a.localhost/2.html", "w2") in score.missed


def test_what_waits_for_a_person_is_neither_found_nor_false() -> None:
    score = Scorer(truth()).score([found(PAGE, "w1", FindingState.REVIEW)], (), {})
    assert score.copies["hls"] == Row(planted=2, for_a_person=1, decoys=1)
    assert score.false_findings == []


@pytest.mark.parametrize(
    ("url", "work"),
    [
        ("http://a.localhost/trailer.html", "w1"),
        (PAGE, "w2"),
        ("http://b.localhost/1.html", "w1"),  # a licensed copy
    ],
)
def test_any_other_accusation_is_false(url: str, work: str) -> None:
    score = Scorer(truth()).score([found(url, work, FindingState.OPEN)], (), {})
    assert score.false_findings == [(url, work)]
    assert score.copies["hls"].wrong == ("trailer" in url)


def test_licensed_copies_are_counted_apart() -> None:
    score = Scorer(truth()).score([found("http://b.localhost/1.html", "w1", FindingState.LICENSED)], (), {})
    assert score.licensed == Row(planted=1, found=1)
    assert "official" not in score.copies


def test_leads_are_compared_by_what_they_point_to() -> None:
    leads = [
        FoundLead(kind="magnet", target=MAGNET.upper().replace("MAGNET:?XT=URN:BTIH:", "magnet:?xt=urn:btih:")),
        FoundLead(kind="magnet", target=DECOY, work_ids=frozenset({"w2"})),
        FoundLead(kind="m3u8", target="http://elsewhere.localhost/x.m3u8"),
    ]
    score = Scorer(truth()).score((), leads, {})
    assert score.leads["magnet"] == Row(planted=1, found=1, decoys=1, wrong=1)
    assert score.wrong_leads == [(DECOY, "a decoy, taken for ['w2']")]
    assert score.other_leads == {"m3u8": 1}


def test_a_lead_to_a_decoy_that_names_no_work_is_only_noise() -> None:
    score = Scorer(truth()).score((), [FoundLead(kind="magnet", target=DECOY)], {})
    assert (score.wrong_leads, score.unattributed) == ([], {"magnet": 1})
    assert score.leads["magnet"] == Row(planted=1, decoys=1)


def test_a_lead_to_the_right_place_about_another_work_is_wrong() -> None:
    lead = FoundLead(kind="magnet", target=MAGNET, work_ids=frozenset({"w2"}))
    assert Scorer(truth()).score((), [lead], {}).wrong_leads == [(MAGNET, "of w1, not ['w2']")]


def test_a_wall_taken_for_removed_is_named() -> None:
    outcomes = {"http://a.localhost/w": "removed", "http://a.localhost/t": "blocked"}
    score = Scorer(truth()).score((), (), outcomes)
    assert score.taken_for_removed == ["http://a.localhost/w"]
    assert score.walls["captcha"] == Row(planted=1, decoys=1, wrong=1)


def test_the_table_names_every_form() -> None:
    table = Scorer(truth()).score((), (), {}).table()
    assert all(form in table for form in ("hls", "magnet", "captcha"))
    assert "recall of all planted copies and leads: 0.000" in table
