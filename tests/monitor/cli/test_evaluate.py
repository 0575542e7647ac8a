import json
from pathlib import Path

from tests.evaluation.report import Evaluation, Transformation, wilson
from tests.support.commands import run


def test_intervals_are_wilsons() -> None:
    """Values of Newcombe (1998, Statistics in Medicine 17:857), table I, method 3."""
    for found, queries, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        assert [round(bound, 4) for bound in wilson(found, queries)] == [low, high]
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_report_keeps_to_its_contract() -> None:
    made = Evaluation(
        type="text",
        corpus_digest="0" * 64,
        pairs=200,
        false_positives=1,
        transformations=(Transformation(name="verbatim", queries=4, copies=2, partial=1, wrong=0),),
        speed=1.23456,
        unit="MB/s",
    )
    assert json.loads(json.dumps(made.as_json())) == {
        "type": "text",
        "corpus_digest": "sha256:" + "0" * 64,
        "negatives": {"pairs": 200, "false_positives": 1},
        "innocents": [],
        "transformations": [
            {
                "name": "verbatim",
                "queries": 4,
                "found": 3,
                "copies": 2,
                "partial": 1,
                "wrong": 0,
                "recall": 0.75,
                "low": 0.3006,
                "high": 0.9544,
            }
        ],
        "speed": {"value": 1.235, "unit": "MB/s"},
    }


def test_an_unknown_type_is_refused(tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "data", "evaluate", "smell", "--json")
    assert (code, out) == (2, "")
    assert "smell" in err
