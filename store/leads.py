"""Leads: what was seen that may hide a copy, recorded with the capture that shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, true, update

from domain.ids import CaptureId, LeadId, SweepId, WorkId
from domain.leads import Disguise, Lead, LeadKind, Nearness
from domain.reasons import Reason, ReasonCode
from store.database import Database
from store.tables import lead_sightings, leads
from store.text import storable
from store.upserts import insert_missing

PAGE = 500
FIRST = frozenset({"lead_id", "kind", "target", "page_url", "seen_at"})
"""What stays as it was when a lead was first seen; the rest follows what was seen last."""


def record(connection: Connection, found: Sequence[Lead]) -> None:
    """Record what one capture shows in the transaction of `connection`; safe to repeat.

    In one order everywhere, so that two sweeps of one site cannot wait for each other.
    """
    for lead in sorted(found, key=lambda each: each.lead_id):
        row = _row(lead)
        if not insert_missing(connection, leads, [row]):
            changed = {name: value for name, value in row.items() if name not in FIRST}
            connection.execute(update(leads).where(leads.c.lead_id == lead.lead_id).values(changed))
        seen = {"lead_id": lead.lead_id, "sweep_id": lead.sweep_id, "capture_id": lead.capture_id}
        insert_missing(connection, lead_sightings, [seen])


class LeadStore:
    """Leads, for reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def export(self) -> Iterator[Lead]:
        """Every lead, in the order first seen; read in pages, so that writers are not held up."""
        query = select(leads).order_by(leads.c.seen_at, leads.c.lead_id).limit(PAGE)
        after: ColumnElement[bool] = true()
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.where(after)).all()
            yield from map(_lead, rows)
            if len(rows) < PAGE:
                return
            last = rows[-1]
            after = (leads.c.seen_at > last.seen_at) | (
                (leads.c.seen_at == last.seen_at) & (leads.c.lead_id > last.lead_id)
            )


def _row(lead: Lead) -> dict[str, Any]:
    values = asdict(lead) | {"last_seen_at": lead.seen_at, "works": list(lead.works)}
    values["reason"] = {"code": lead.reason.code.value, "values": _storable(dict(lead.reason.values))}
    return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}


def _lead(row: Row[Any]) -> Lead:
    return Lead(
        lead_id=LeadId(row.lead_id),
        kind=LeadKind(row.kind),
        target=row.target,
        written=row.written,
        code=row.code,
        provider=row.provider,
        detail=row.detail,
        disguise=Disguise(row.disguise),
        nearness=Nearness(row.nearness),
        works=tuple(WorkId(work_id) for work_id in row.works),
        reason=Reason.of(ReasonCode(row.reason["code"]), **row.reason["values"]),
        page_url=row.page_url,
        host=row.host,
        site=row.site,
        seen_at=row.seen_at,
        sweep_id=SweepId(row.sweep_id),
        capture_id=CaptureId(row.capture_id),
    )
