"""The end of a sweep, on every database."""

from datetime import UTC, datetime, timedelta

from domain.campaigns import SweepState
from store.database import Database
from store.outbox import Outbox
from store.sweeps import SweepStore

NIGHT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def test_a_sweep_ends_once(database: Database) -> None:
    sweeps = SweepStore(database)
    sweep = sweeps.start("night", NIGHT)
    sweeps.end(sweep.sweep_id, SweepState.STOPPED, NIGHT)
    sweeps.end(sweep.sweep_id, SweepState.FINISHED, NIGHT + timedelta(hours=1))
    ended = sweeps.get(sweep.sweep_id)
    assert (ended.state, ended.ended_at) == (SweepState.STOPPED, NIGHT)
    assert [(event.topic, event.key) for event in Outbox(database).take("alerts", 10)] == [("sweep", sweep.sweep_id)]
