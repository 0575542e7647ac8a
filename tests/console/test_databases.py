"""The console on every kind of records database."""

from pathlib import Path

from store.database import Database
from tests.console.conftest import client_of, sign_in
from tests.console.html import parse
from tests.console.samples import fill
from tests.console.world import build


def test_reading_deciding_and_taking_back(database: Database, tmp_path: Path) -> None:
    world = build(database, tmp_path)
    fill(world)
    finding = f"/findings/{world.ids['zh']}"
    with client_of(world) as client:
        sign_in(client)
        assert len(parse(client.get("/findings").text).all("//tr[@data-finding]")) == len(world.ids)
        seen = parse(client.get(finding).text).form(f"{finding}/decisions")
        decision = seen | {"state": "confirmed", "reason": "逐段相同"}
        assert client.post(f"{finding}/decisions", data=decision).status_code == 303
        assert client.post(f"{finding}/decisions", data=decision).status_code == 409
        undo = parse(client.get(finding).text).form(f"{finding}/undo")
        assert client.post(f"{finding}/undo", data=undo).status_code == 303
        assert client.post(f"{finding}/undo", data=undo).status_code == 409
        assert client.get(f"/findings?decided={world.ids['zh']}").status_code == 200
        for path in ("/findings/%00", "/findings/%ED%A0%80"):
            assert client.get(path).status_code == 404
        for name in ("a\x00b", "\ud800".encode(errors="surrogatepass").decode("latin-1")):
            answer = client.post("/sign-in", data={"name": name, "password": "x\x00"})
            assert answer.status_code in {401, 422}
