import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import select

from alerts.rendering import render
from domain.campaigns import SweepState
from domain.ids import WorkId
from domain.subscriptions import Channel
from domain.works import WorkType
from store.quarantine import QuarantineStore
from store.sweeps import SweepStore
from store.tables import receipts
from tests.alerts.receivers import smtp_server, webhook_server
from tests.alerts.world import ADMINISTRATOR, DEFAULTS, SECRET, World, copy, settings

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "alert-1.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def sent(world: World, language: str = "en", **changes: Any) -> dict[str, object]:
    """The document of one alert, as the webhook gets it."""
    with webhook_server() as hook:
        world.subscribe(channel=Channel.WEBHOOK, target=hook.url, secret=SECRET, language=language)
        world.sweep(replace(copy(), **changes))
        world.dispatcher(settings()).round()
    document: dict[str, object] = json.loads(hook.calls[0].body)
    return document


def sent_of(world: World, alert_id: str) -> dict[str, object] | None:
    """The document kept with the receipt of a delivered alert."""
    query = select(receipts.c.document).where(receipts.c.alert_id == alert_id, receipts.c.delivered)
    with world.database.read() as connection:
        document: dict[str, object] | None = connection.scalar(query)
    return document


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_alert_follows_the_published_schema(world: World, language: str) -> None:
    document = sent(world, language)
    VALIDATOR.validate(document)
    assert document["language"] == language


def test_the_schema_would_refuse_an_alert_without_a_reason(world: World) -> None:
    document = json.loads(json.dumps(sent(world)))
    del document["sites"][0]["findings"][0]["reason"]
    with pytest.raises(jsonschema.ValidationError, match="'reason' is a required property"):
        VALIDATOR.validate(document)


def test_notices_follow_it_too(world: World) -> None:
    with smtp_server("550 gone") as mailbox:
        world.subscribe()
        world.sweep(copy())
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        sender.round()
        world.sweep(state=SweepState.FAILED)
        sender.round()
    notices = [document for alert, _ in world.stores.alerts.receipts() if (document := sent_of(world, alert.alert_id))]
    assert {document["kind"] for document in notices} == {"sweep_failed", "undelivered"}
    for document in notices:
        VALIDATOR.validate(document)


def test_a_quarantine_and_its_release_follow_it_too(world: World) -> None:
    quality = DEFAULTS.quality.model_copy(update={"flood_least": 2})
    quarantine = QuarantineStore(world.database, quality, [ADMINISTRATOR])
    with smtp_server() as mailbox, webhook_server() as hook:
        world.subscribe(channel=Channel.WEBHOOK, target=hook.url, secret=SECRET, language="en")
        quarantine.watch(world.sweep(*(copy(n) for n in range(3))).sweep_id, world.now)
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        sender.round()
        assert (len(mailbox.mails), hook.calls) == (1, [])
        quarantine.release(WorkId("w1"), by="zhou", at=world.now)
        sender.round()
    told = json.loads(hook.calls[0].body)
    assert told["summary"] == "Released from quarantine: 3 suspected copies on 1 sites"
    notice = [document for alert, _ in world.stores.alerts.receipts() if (document := sent_of(world, alert.alert_id))]
    for document in (told, *notice):
        VALIDATOR.validate(document)
    assert {document["kind"] for document in notice} == {"findings", "work_quarantined"}


def test_text_from_outside_cannot_pose_as_ours(world: World) -> None:
    hostile = "真\r\n\r\n== trusted.example (9) ==\n<script>alert(1)</script>\u202e"
    document = sent(world, work_title=hostile, owner=hostile)
    rendered = render(document)
    assert "\n== trusted.example" not in rendered.text
    assert "<script>" not in rendered.html
    assert "\u202e" not in rendered.text + rendered.html
    assert "\n" not in render(document | {"summary": hostile}).subject


def test_every_type_has_a_name(world: World) -> None:
    document = json.loads(json.dumps(sent(world)))
    for work_type in WorkType:
        document["sites"][0]["findings"][0]["type"] = work_type.value
        assert f"({work_type.value if work_type is not WorkType.IMAGE else 'picture'})" in render(document).text


def test_a_sweep_is_described_as_it_ended(world: World) -> None:
    document = sent(world)
    sweep = SweepStore(world.database).latest("night")
    assert sweep is not None
    assert document["sweep"] == {
        "sweep_id": sweep.sweep_id,
        "campaign": "night",
        "state": "finished",
        "started_at": "2026-11-22T12:00:00+00:00",
        "ended_at": "2026-11-22T12:00:00+00:00",
        "planned_for": None,
    }
