"""Thresholds that single works have of their own."""

from collections.abc import Mapping

from sqlalchemy import Row, delete, insert, select

from domain.ids import WorkId
from domain.works import WorkType
from store.database import Database
from store.tables import work_thresholds, works


class ThresholdStore:
    """The thresholds that differ from the settings, by work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, work_id: WorkId, values: Mapping[str, float]) -> None:
        """Make these the thresholds of a work that is registered; none leave it to the settings."""
        rows = [{"work_id": work_id, "name": name, "value": value} for name, value in sorted(values.items())]
        with self._database.write() as connection:
            connection.execute(delete(work_thresholds).where(work_thresholds.c.work_id == work_id))
            if rows:
                connection.execute(insert(work_thresholds), rows)

    def of(self, work_id: WorkId) -> dict[str, float]:
        """The thresholds of one work; empty when it has none of its own."""
        query = select(work_thresholds).where(work_thresholds.c.work_id == work_id).order_by(work_thresholds.c.name)
        with self._database.read() as connection:
            return {row.name: row.value for row in connection.execute(query)}

    def of_type(self, work_type: WorkType) -> dict[WorkId, dict[str, float]]:
        """The thresholds of every work of a type that has any."""
        query = (
            select(work_thresholds)
            .join(works, works.c.work_id == work_thresholds.c.work_id)
            .where(works.c.type == work_type.value)
            .order_by(work_thresholds.c.work_id, work_thresholds.c.name)
        )
        found: dict[WorkId, dict[str, float]] = {}
        with self._database.read() as connection:
            rows: list[Row[tuple[str, str, float]]] = list(connection.execute(query))
        for row in rows:
            found.setdefault(WorkId(row.work_id), {})[row.name] = row.value
        return found
