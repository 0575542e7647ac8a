"""Leads in the records."""

from datetime import timedelta

from domain.campaigns import Sweep
from domain.ids import CaptureId, WorkId
from domain.leads import Lead, LeadKind, Nearness
from store import leads
from store.database import Database
from store.leads import PAGE, LeadStore
from store.sweeps import SweepStore
from tests.support.leads import LEAD, NOON, lead


def seen(database: Database, *found: Lead) -> None:
    with database.write() as connection:
        leads.record(connection, found)


def sweep(database: Database, hours: int = 0) -> Sweep:
    return SweepStore(database).start("night", NOON + timedelta(hours=hours))


def test_what_is_recorded_comes_back(database: Database) -> None:
    seen(database, LEAD)
    assert list(LeadStore(database).export()) == [LEAD]
    assert "海边的灯" in LEAD.reason.sentence("zh-CN")


def test_the_same_link_on_the_same_page_is_one_lead_that_follows_what_was_seen_last(database: Database) -> None:
    first, second = sweep(database), sweep(database, 1)
    later = lead(
        code="zzzz",
        works=(WorkId("w2"),),
        nearness=Nearness.PAGE,
        seen_at=NOON + timedelta(days=1),
        sweep_id=second.sweep_id,
        capture_id=CaptureId("c2"),
    )
    seen(database, lead(sweep_id=first.sweep_id), lead(sweep_id=first.sweep_id))
    seen(database, later)
    (stored,) = LeadStore(database).export()
    assert (stored.code, stored.works, stored.nearness) == ("zzzz", (WorkId("w2"),), Nearness.PAGE)
    assert (stored.capture_id, stored.seen_at) == (CaptureId("c2"), NOON)
    assert [SweepStore(database).counts(each.sweep_id).leads for each in (first, second)] == [1, 1]


def test_another_page_or_kind_is_another_lead(database: Database) -> None:
    seen(database, LEAD, lead(page_url="http://bbs.example/2.html"), lead(kind=LeadKind.PLAYER))
    assert len(list(LeadStore(database).export())) == 3


def test_many_come_in_the_order_first_seen(database: Database) -> None:
    many = [lead(target=f"t{n}", seen_at=NOON + timedelta(seconds=n // 7)) for n in range(PAGE + 30)]
    seen(database, *many)
    assert list(LeadStore(database).export()) == sorted(many, key=lambda each: (each.seen_at, each.lead_id))


def test_text_that_no_database_takes_is_kept_as_far_as_it_goes(database: Database) -> None:
    seen(database, lead(written="a\x00b", detail="\ud800"))
    (stored,) = LeadStore(database).export()
    assert (stored.written, stored.detail) == ("a\ufffdb", "\ufffd")
