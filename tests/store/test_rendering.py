"""What is learnt of hosts by drawing their pages."""

from datetime import UTC, datetime, timedelta

from domain.rendering import Experience
from store.database import Database
from store.rendering import RenderingStore, learn

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def test_experiences_are_counted_by_host(database: Database) -> None:
    store = RenderingStore(database)
    assert store.of("a.example") is None
    later = NOW + timedelta(hours=1)
    for host, gained, at in (("a.example", True, NOW), ("b.example", False, NOW), ("a.example", False, later)):
        with database.write() as connection:
            learn(connection, [(host, gained)], at)
    assert store.of("a.example") == Experience(drawn=2, gained=1, last_at=later)
    assert store.of("b.example") == Experience(drawn=1, gained=0, last_at=NOW)
