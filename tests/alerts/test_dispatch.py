import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from alerts.notifier import Message
from alerts.webhook import WebhookNotifier
from domain.alerts import AlertKind, AlertState
from domain.campaigns import SweepState
from domain.findings import FindingState, Verdict
from domain.ids import WorkId
from domain.subscriptions import Channel
from domain.works import Licence, WorkType
from tests.alerts.receivers import smtp_server, webhook_server
from tests.alerts.world import ADMINISTRATOR, SECRET, World, copy, settings, work


def test_one_mail_for_a_sweep_and_subscription_then_nothing(world: World) -> None:
    world.subscribe()
    found = [copy(1), copy(2), copy(3, host="pictures.example")]
    with smtp_server() as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        world.sweep(*found)
        assert sender.round().delivered == 1
        world.sweep(*found)
        assert (sender.round().planned, len(mailbox.mails)) == (0, 1)
    mail = mailbox.mails[0]
    assert mail["Subject"] == "night：2个网站上有3处疑似侵权内容"
    assert mail["To"] == "rights@press.example"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert text.count("== novels.example (2) ==") == text.count("== pictures.example (1) ==") == 1
    for finding in found:
        assert finding.comparison.reason.sentence("zh-CN") in text
        assert f"https://console.example/findings/{finding.finding_id}" in text
        assert finding.url in text


def test_a_mail_says_why_it_came_and_how_to_stop_it(world: World) -> None:
    subscription = world.subscribe(hosts=("novels.example",), types=(WorkType.TEXT,), minimum_similarity=0.5)
    world.sweep(copy())
    with smtp_server() as mailbox:
        world.dispatcher(settings(smtp_port=mailbox.port)).round()
    mute = f"https://console.example/mute/{world.stores.subscriptions.mute_token(subscription.subscription_id)}"
    mail = mailbox.mails[0]
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert "订阅“海风出版社”包含：网站novels.example；类型文字；相似度不低于50%" in part.get_content()
        assert mute in part.get_content()
    assert mail["List-Unsubscribe"].strip() == f"<{mute}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_webhook_is_signed_as_standard_webhooks_has_it(world: World) -> None:
    world.now = datetime.now(UTC)  # the library refuses old signatures
    with webhook_server() as hook:
        world.subscribe(channel=Channel.WEBHOOK, target=hook.url, secret=SECRET, language="en")
        world.sweep(copy())
        world.dispatcher(settings()).round()
    call = hook.calls[0]
    document = Webhook(SECRET).verify(call.body, call.headers)
    assert document["alert_id"] == call.headers["webhook-id"]
    assert document["why"] == "You receive this because the subscription “海风出版社” covers: everything."
    with pytest.raises(Exception, match="No matching signature found"):
        Webhook(SECRET).verify(call.body.replace(b"0.93", b"0.99"), call.headers)


def test_a_receiver_that_is_down_at_first_gets_each_alert_once(world: World) -> None:
    with smtp_server("451 later", "450 busy") as mailbox, webhook_server(503, 500) as hook:
        world.subscribe("mail")
        world.subscribe("hook", channel=Channel.WEBHOOK, target=hook.url, secret=SECRET)
        world.sweep(copy())
        sender = world.dispatcher(settings(smtp_port=mailbox.port, backoff_seconds=30.0))
        tallies = [sender.round()]
        assert sender.round() == replace(tallies[0], planned=0, delivered=0, failed=0)  # not before its time
        for wait in (30, 60, 600):
            world.wait(wait)
            tallies.append(sender.round())
    assert [(t.delivered, t.failed) for t in tallies] == [(0, 2), (0, 2), (2, 0), (0, 0)]
    assert (len(mailbox.mails), mailbox.attempts) == (1, 3)
    assert (len(hook.taken), len(hook.calls)) == (1, 3)
    assert len({call.headers["webhook-id"] for call in hook.calls}) == 1
    receipts = {alert.target: [r.delivered for r in tried] for alert, tried in world.stores.alerts.receipts()}
    assert receipts == {"rights@press.example": [False, False, True], hook.url: [False, False, True]}


def test_nobody_is_told_twice_by_dispatchers_side_by_side(world: World) -> None:
    world.subscribe()
    world.sweep(copy())
    with smtp_server() as mailbox:
        first, second = (world.dispatcher(settings(smtp_port=mailbox.port)) for _ in range(2))
        claimed = world.stores.alerts.claim(5, now=world.now, lease=timedelta(minutes=1))
        assert claimed == []
        first.round()
        second.round()
    assert len(mailbox.mails) == 1


def test_a_claim_that_was_left_behind_is_taken_up_after_its_lease(world: World) -> None:
    world.subscribe()
    world.sweep(copy())
    with smtp_server("451 later") as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port, backoff_seconds=1.0))
        sender.round()
        world.wait(1)
        assert len(world.stores.alerts.claim(5, now=world.now, lease=timedelta(minutes=5))) == 1
        assert sender.round().delivered == 0
        world.wait(301)
        assert sender.round().delivered == 1


def test_what_is_given_up_is_told_to_the_administrators_and_owed_again(world: World) -> None:
    world.subscribe()
    world.sweep(copy())
    with smtp_server("550 no such mailbox") as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        assert sender.round().failed == 1
        sender.round()
        assert [mail["To"] for mail in mailbox.mails] == [ADMINISTRATOR]
        assert mailbox.mails[0]["Subject"] == "发给“海风出版社”的通知未能送达：550 no such mailbox"
        world.wait(86_400)
        world.sweep(copy())
        assert sender.round().delivered == 1
    assert mailbox.mails[1]["To"] == "rights@press.example"
    assert world.stores.alerts.counts() == {AlertState.GIVEN_UP: 1, AlertState.DELIVERED: 2}


def test_attempts_end_at_the_limit(world: World) -> None:
    world.subscribe()
    world.sweep(copy())
    with smtp_server(*["451 later"] * 3) as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port, attempts=3, backoff_seconds=1.0))
        for _ in range(5):
            sender.round()
            world.wait(60)
    assert [mail["To"] for mail in mailbox.mails] == [ADMINISTRATOR]


def test_a_receiver_may_ask_for_a_longer_wait_within_bounds(world: World) -> None:
    with webhook_server(429, headers={"Retry-After": "100000"}) as hook:
        world.subscribe(channel=Channel.WEBHOOK, target=hook.url, secret=SECRET)
        world.sweep(copy())
        sender = world.dispatcher(settings(backoff_seconds=1.0, max_backoff_seconds=900.0))
        sender.round()
        world.wait(899)
        assert sender.round().delivered == 0
        world.wait(1)
        assert sender.round().delivered == 1


@pytest.mark.parametrize("decision", [FindingState.DISMISSED, FindingState.LICENSED])
def test_what_was_decided_before_sending_is_not_told(world: World, decision: FindingState) -> None:
    world.subscribe()
    world.sweep(copy(1), copy(2))
    with smtp_server("451 later") as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port, backoff_seconds=1.0))
        sender.round()
        world.findings.decide(
            copy(1).finding_id, decision, seen=FindingState.OPEN, by="zhou", reason="seen", at=world.now
        )
        world.wait(1)
        sender.round()
        body = mailbox.mails[0].get_body(("plain",))
        assert body is not None
        assert copy(1).finding_id not in body.get_content()
        assert copy(2).finding_id in body.get_content()


def test_a_licence_given_before_sending_keeps_an_alert_back(world: World) -> None:
    world.subscribe()
    world.sweep(copy())
    world.stores.works.add_licence(WorkId("w1"), Licence(host="novels.example", valid_from=date(2026, 1, 1)))
    with smtp_server() as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        assert (sender.round().planned, mailbox.mails) == (0, [])


def test_a_message_of_which_nothing_is_left_is_withdrawn(world: World) -> None:
    world.subscribe()
    world.sweep(copy())
    with smtp_server("451 later") as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port, backoff_seconds=1.0))
        sender.round()
        world.stores.works.put([work(licences=(Licence(host="novels.example"),))])
        world.wait(1)
        sender.round()
    assert mailbox.mails == []
    assert world.stores.alerts.counts() == {AlertState.WITHDRAWN: 1}


def test_partial_matches_alert_only_when_a_person_confirmed_them(world: World) -> None:
    world.subscribe()
    unsure = copy()
    unsure = replace(unsure, comparison=replace(unsure.comparison, verdict=Verdict.PARTIAL), state=FindingState.REVIEW)
    with smtp_server() as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        world.sweep(unsure)
        assert sender.round().planned == 0
        confirmed, seen = FindingState.CONFIRMED, FindingState.REVIEW
        world.findings.decide(unsure.finding_id, confirmed, seen=seen, by="zhou", reason="read both", at=world.now)
        world.sweep(unsure)
        assert sender.round().delivered == 1
        assert len(mailbox.mails) == 1


def test_muting_stops_messages_and_loses_nothing(world: World) -> None:
    subscription = world.subscribe()
    with smtp_server() as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        world.stores.subscriptions.set_muted(subscription.subscription_id, muted=True)
        world.sweep(copy())
        sender.round()
        assert mailbox.mails == []
        world.stores.subscriptions.set_muted(subscription.subscription_id, muted=False)
        world.sweep(copy())
        assert sender.round().delivered == 1


def test_each_subscriber_hears_of_what_they_asked_for(world: World) -> None:
    world.stores.works.put([work("w2", owner="陈述")])
    elsewhere = copy(2, host="shop.other.example", work_id=WorkId("w2"), owner="陈述")
    wishes: dict[str, dict[str, Any]] = {
        "all": {},
        "work": {"work_ids": (WorkId("w1"),)},
        "owner": {"owners": ("陈述",)},
        "site": {"hosts": ("other.example",)},
        "type": {"types": (WorkType.IMAGE,)},
        "sure": {"minimum_similarity": 0.99},
    }
    for name, filters in wishes.items():
        world.subscribe(name, target=f"{name}@press.example", **filters)
    world.sweep(copy(1), elsewhere)
    with smtp_server() as mailbox:
        world.dispatcher(settings(smtp_port=mailbox.port)).round()
    told = {}
    for mail in mailbox.mails:
        body = mail.get_body(("plain",))
        assert body is not None
        told[mail["To"].split("@")[0]] = [f.url for f in (copy(1), elsewhere) if f.url in body.get_content()]
    both = [copy(1).url, elsewhere.url]
    assert told == {"all": both, "work": both[:1], "owner": both[1:], "site": both[1:]}


def test_a_sweep_that_fetched_nothing_alarms_the_administrators_once(world: World) -> None:
    sweep = world.sweep(state=SweepState.FAILED)
    with smtp_server() as mailbox:
        sender = world.dispatcher(settings(smtp_port=mailbox.port))
        assert sender.round().delivered == 1
        assert sender.round().delivered == 0
    assert mailbox.mails[0]["To"] == ADMINISTRATOR
    assert mailbox.mails[0]["Subject"] == f"night：巡查{sweep.sweep_id}未能抓取任何内容"
    [(alert, _)] = world.stores.alerts.receipts()
    assert alert.kind is AlertKind.SWEEP_FAILED


def test_a_flood_is_told_in_parts_and_nothing_is_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.documents.MOST_LISTED", 20)
    with webhook_server() as hook:
        world.subscribe(channel=Channel.WEBHOOK, target=hook.url, secret=SECRET)
        found = [copy(number) for number in range(23)]
        sender = world.dispatcher(settings())
        world.sweep(*found)
        sender.round()
        world.wait(86_400)
        world.sweep(*found)
        sender.round()
    first, second = (json.loads(call.body) for call in hook.calls)
    assert (first["total"], first["listed"], second["total"]) == (23, 20, 3)
    ids = [f["finding_id"] for document in (first, second) for site in document["sites"] for f in site["findings"]]
    assert sorted(ids) == sorted(f.finding_id for f in found)


class Broken:
    """A channel with a defect."""

    channel = Channel.EMAIL

    def deliver(self, message: Message) -> str:
        raise RuntimeError(f"cannot say {message.subject}")


def test_one_alert_that_cannot_be_sent_keeps_no_other_back(world: World) -> None:
    with webhook_server() as hook:
        world.subscribe("mail")
        world.subscribe("hook", channel=Channel.WEBHOOK, target=hook.url, secret=SECRET)
        world.sweep(copy())
        tally = world.dispatcher(settings(), Broken(), WebhookNotifier(settings())).round()
    assert (tally.delivered, tally.failed, len(hook.taken)) == (1, 1, 1)
    answers = [receipt.answer for _, tried in world.stores.alerts.receipts() for receipt in tried]
    assert sorted(answers) == ["HTTP 204", "RuntimeError: cannot say night：1个网站上有1处疑似侵权内容"]
