"""`leads list` and `leads export`."""

import csv
import io
import json
from pathlib import Path

from domain.leads import LeadKind, Nearness
from store import leads
from tests.support.commands import run
from tests.support.leads import LEAD, lead
from tests.support.platforms import platform_in


def test_leads_are_listed_and_exported(tmp_path: Path) -> None:
    data = tmp_path / "data"
    platform = platform_in(tmp_path)
    other = lead(kind=LeadKind.MAGNET, target="magnet:?xt=urn:btih:x", works=(), nearness=Nearness.NOWHERE, code="=1+1")
    with platform.database.write() as connection:
        leads.record(connection, [LEAD, other])
    code, out, _ = run(data, "leads", "export", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert {row["lead_id"] for row in rows} == {LEAD.lead_id, other.lead_id}
    shown = next(row for row in rows if row["lead_id"] == LEAD.lead_id)
    assert (shown["target"], shown["code"], shown["works"]) == (LEAD.target, "a1b2", ["w1"])
    assert "海边的灯" in shown["reason"]
    _, out, _ = run(data, "leads", "list", "--named", "--json")
    assert [json.loads(line)["lead_id"] for line in out.splitlines()] == [LEAD.lead_id]
    _, out, _ = run(data, "leads", "list", "--kind", "magnet", "--json")
    assert [json.loads(line)["lead_id"] for line in out.splitlines()] == [other.lead_id]
    _, out, _ = run(data, "leads", "export", "--format", "csv")
    cells = list(csv.DictReader(io.StringIO(out)))
    assert {row["code"] for row in cells} == {"a1b2", "'=1+1"}
    code, out, _ = run(data, "leads", "list")
    assert code == 0
    assert "2 leads" in out
