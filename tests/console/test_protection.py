"""What holds for every route: who may ask, where a change may come from, and what every answer says to the browser."""

import pytest
from starlette.testclient import TestClient

from console.security import HEADERS
from tests.console.conftest import client_of
from tests.console.html import parse
from tests.console.world import PASSWORD, World

OPEN_TO_ALL = {"/", "/sign-in", "/healthz", "/readyz", "/mute/unknown"}
FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "null"},
    {},
)


def routes(world: World, method: str) -> list[str]:
    """Every path of the console for a method, filled in with a finding that there is."""
    paths = world.app().openapi()["paths"]
    return [
        path.format(finding_id=world.ids["zh"], token="unknown") for path, methods in paths.items() if method in methods
    ]


def state_of(world: World) -> tuple[object, ...]:
    """Whatever a request could change."""
    finding_id = world.ids["zh"]
    stores = world.stores
    return stores.findings.get(finding_id), stores.findings.history(finding_id), stores.accounts.users()


def test_every_page_asks_for_a_session(filled: World) -> None:
    closed = [path for path in routes(filled, "get") if path not in OPEN_TO_ALL]
    assert len(closed) == 5
    with client_of(filled) as stranger:
        for path in closed:
            answer = stranger.get(path)
            assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?back="), path
            assert answer.content == b""


def test_every_change_asks_for_a_session(filled: World) -> None:
    before = state_of(filled)
    closed = [path for path in routes(filled, "post") if path not in OPEN_TO_ALL]
    assert len(closed) == 4
    with client_of(filled) as stranger:
        for path in closed:
            answer = stranger.post(path, data={"csrf": "", "state": "confirmed", "seen": "open", "reason": "x"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back="), path
    assert state_of(filled) == before


def test_inside_a_fetch_the_whole_page_goes_to_the_sign_in(filled: World) -> None:
    with client_of(filled) as stranger:
        answer = stranger.get("/findings?q=x", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?back=%2Ffindings%3Fq%3Dx")


@pytest.mark.parametrize("token", [None, "", "wrong", "\xe9"])
def test_a_change_without_the_sessions_token_is_refused(reader: TestClient, filled: World, token: str | None) -> None:
    before = state_of(filled)
    data = {"state": "confirmed", "seen": "open", "reason": "x", "step": "1", "language": "zh-CN"}
    for path in routes(filled, "post"):
        if path not in OPEN_TO_ALL:
            answer = reader.post(path, data=data | ({} if token is None else {"csrf": token}))
            assert answer.status_code == 403, path
            assert "did not come from a page of the console" in answer.text
    assert state_of(filled) == before


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_change_from_elsewhere_is_refused_even_with_the_token(
    reader: TestClient, filled: World, origin: dict[str, str]
) -> None:
    before = state_of(filled)
    fields = parse(reader.get("/findings").text).form("/language")
    data = fields | {"state": "confirmed", "seen": "open", "reason": "x", "step": "1", "language": "zh-CN"}
    with client_of(filled) as elsewhere:
        elsewhere.cookies = reader.cookies
        del elsewhere.headers["Sec-Fetch-Site"]
        # The link of an alert is its own right; mail programs use it from anywhere (tests/console/test_muting.py).
        for path in set(routes(filled, "post")) - {"/mute/unknown"}:
            assert elsewhere.post(path, data=data, headers=origin).status_code == 403, path
    assert state_of(filled) == before


def test_a_browser_that_names_only_the_origin_is_let_in(visitor: TestClient) -> None:
    del visitor.headers["Sec-Fetch-Site"]
    data = {"name": "zhou", "password": PASSWORD}
    assert visitor.post("/sign-in", data=data, headers={"Origin": "http://testserver"}).status_code == 303


def test_another_sessions_token_is_refused(staff: TestClient, world: World) -> None:
    with client_of(world) as other:
        world.stores.accounts.create("li", PASSWORD, at=world.clock.now)
        other.post("/sign-in", data={"name": "li", "password": PASSWORD})
        theirs = parse(other.get("/findings").text).form("/language")
    assert staff.post("/language", data=theirs | {"language": "zh-CN"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/findings", 200),
        ("/sign-in", 303),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/static/base.css", 200),
        ("/static/none.css", 404),
        ("/static/..%2fapp.py", 404),
        ("/none", 404),
        ("/findings/aaaaaaaaaaaaaaaaaaaa", 404),
        ("/findings/%00", 404),
        ("/findings/..%2f..%2fetc", 404),
        ("/findings?similarity=x", 422),
    ],
)
def test_every_answer_carries_the_headers(reader: TestClient, path: str, status: int) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


def test_the_policy_allows_nothing_inline_and_nothing_foreign(reader: TestClient) -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {allowed for name, allowed in policy.items() if name not in {"default-src"}} == {"'self'", "'none'"}
    assert {"script-src", "style-src", "form-action", "base-uri", "frame-ancestors"} <= set(policy)


def test_a_failure_nobody_foresaw_tells_nothing_and_carries_the_headers(staff: TestClient, world: World) -> None:
    world.database.close()
    with world.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE outbox")
    answer = staff.get("/findings", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert parse(answer.text).one("//*[@role='alert']").text_content().strip() == "系统内部出错，详情见日志。"
    assert "outbox" not in answer.text
    assert staff.get("/readyz").status_code == 500
    assert staff.get("/healthz").json() == {"alive": True}


def test_health_is_told_without_a_session(world: World) -> None:
    with client_of(world) as monitor:
        assert monitor.get("/readyz").json() == {"ready": True, "search_lag": 0}


def test_a_body_that_is_too_large_is_not_read(reader: TestClient, filled: World) -> None:
    for content in (b"back=" + b"a" * 70_000, (b"a" * 7_000 for _ in range(11))):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = reader.post("/language", content=content, headers=form)
        assert answer.status_code == 413
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_a_wrong_method_is_refused(reader: TestClient) -> None:
    assert reader.post("/findings").status_code == 405
    assert reader.get("/sign-out").status_code == 405
    assert reader.request("TRACE", "/findings").status_code == 405


def test_no_description_of_the_routes_is_served(reader: TestClient) -> None:
    assert {reader.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")} == {404}
