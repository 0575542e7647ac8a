"""Signing in, staying signed in, and out again."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from config.settings import ConsoleSettings
from console.app import create_app
from tests.console.conftest import OWN_PAGE, client_of, sign_in
from tests.console.html import parse
from tests.console.world import NAME, NOW, PASSWORD, SETTINGS, World

START = "/findings?state=open&state=review"


def attempt(client: TestClient, **changes: str) -> tuple[int, str]:
    answer = client.post("/sign-in", data={"name": NAME, "password": PASSWORD, **changes})
    return answer.status_code, answer.headers.get("location", "")


def test_the_right_password_opens_the_findings(visitor: TestClient) -> None:
    assert attempt(visitor) == (303, START)
    assert visitor.get(START).status_code == 200
    assert visitor.get("/").headers["location"] == START
    assert visitor.get("/sign-in").headers["location"] == START


def test_a_name_in_another_spelling_is_the_same(visitor: TestClient) -> None:
    assert attempt(visitor, name=" \uff5ahou ") == (303, START)


@pytest.mark.parametrize("wrong", [{"password": PASSWORD + "x"}, {"name": "nobody"}, {"name": ""}, {"password": ""}])
def test_anything_else_says_the_same_and_opens_nothing(visitor: TestClient, wrong: dict[str, str]) -> None:
    answer = visitor.post("/sign-in", data={"name": NAME, "password": PASSWORD} | wrong)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    page = parse(answer.text)
    assert page.one("//*[@role='alert']").text_content() == "Name and password do not go together."
    assert PASSWORD not in answer.text
    assert visitor.get(START).headers["location"].startswith("/sign-in")


def test_guessing_is_slowed_down_and_the_wait_ends(visitor: TestClient, world: World) -> None:
    for _ in range(5):
        assert attempt(visitor, password="guess")[0] == 401
    answer = visitor.post("/sign-in", data={"name": NAME, "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "901")
    assert "Try again in 16 minutes" in answer.text
    assert attempt(visitor, name="someone-else")[0] == 401
    world.clock.now += timedelta(minutes=15)
    assert attempt(visitor) == (303, START)


def test_a_success_forgets_the_failures_before_it(visitor: TestClient) -> None:
    for password in ["guess"] * 4 + [PASSWORD] + ["guess"] * 4 + [PASSWORD]:
        assert attempt(visitor, password=password)[0] == (303 if password == PASSWORD else 401)


def test_a_session_ends_with_its_time(staff: TestClient, world: World) -> None:
    world.clock.now += timedelta(hours=12) - timedelta(seconds=1)
    assert staff.get(START).status_code == 200
    world.clock.now += timedelta(seconds=1)
    assert staff.get(START).status_code == 303


def test_signing_out_ends_the_session_in_the_records(staff: TestClient, world: World) -> None:
    token = staff.cookies["session"]
    form = parse(staff.get(START).text).form("/sign-out")
    answer = staff.post("/sign-out", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    with client_of(world) as thief:
        thief.cookies.set("session", token)
        assert thief.get(START).status_code == 303


def test_signing_in_gives_a_new_token_and_ends_the_session_brought_along(staff: TestClient, world: World) -> None:
    before = staff.cookies["session"]
    sign_in(staff)
    assert staff.cookies["session"] != before
    assert world.stores.accounts.session(before, now=NOW) is None


def test_a_removed_password_ends_every_session(staff: TestClient, world: World) -> None:
    world.stores.accounts.change_password(NAME, "another lantern entirely")
    assert staff.get(START).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(visitor: TestClient) -> None:
    answer = visitor.post("/sign-in", data={"name": NAME, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))


def test_behind_https_the_cookie_is_bound_to_the_host(world: World) -> None:
    settings = ConsoleSettings(**SETTINGS.model_dump() | {"secure_cookies": True})
    app = create_app(world.stores, settings, clock=world.clock, language="en")
    with TestClient(app, base_url="https://console.example", follow_redirects=False, headers=OWN_PAGE) as client:
        answer = client.post("/sign-in", data={"name": NAME, "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-session=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert client.get(START).status_code == 200


def test_whoever_must_sign_in_first_gets_where_they_wanted(visitor: TestClient) -> None:
    wanted = "/findings?q=灯&state=open"
    answer = visitor.get(wanted)
    form = parse(visitor.get(answer.headers["location"]).text).form("/sign-in")
    code, place = attempt(visitor, back=form["back"])
    assert code == 303
    assert place == "/findings?q=%E7%81%AF&state=open"


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "findings",
        "/%0d%0aSet-Cookie:x=y\r\n",
        "http:evil",
        " //evil.example",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_sent_elsewhere(reader: TestClient, back: str) -> None:
    fields = parse(reader.get("/findings").text).form("/language")
    answer = reader.post("/language", data=fields | {"back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, START)


def test_nobody_is_sent_elsewhere_on_signing_in(visitor: TestClient) -> None:
    form = parse(visitor.get("/sign-in?back=//evil.example").text).form("/sign-in")
    assert attempt(visitor, back=form["back"]) == (303, START)


def test_the_form_speaks_the_language_that_was_asked_for(visitor: TestClient) -> None:
    page = parse(visitor.get("/sign-in?back=/findings", headers={"Accept-Language": "zh-CN"}).text)
    assert page.root.get("lang") == "zh-CN"
    other = page.one("//p[@class='languages']/a")
    assert other.get("href") == "/sign-in?lang=en&back=%2Ffindings"
    assert parse(visitor.get(other.get("href", "")).text).root.get("lang") == "en"


def test_a_language_once_chosen_is_kept(staff: TestClient, world: World) -> None:
    page = parse(staff.get("/findings?q=灯").text)
    answer = staff.post("/language", data=page.form("/language") | {"language": "zh-CN"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/findings?q=%E7%81%AF")
    assert parse(staff.get("/findings", headers={"Accept-Language": "en"}).text).root.get("lang") == "zh-CN"
    assert [user.language for user in world.stores.accounts.users()] == ["zh-CN"]
    staff.post("/language", data=page.form("/language") | {"language": "tlh"})
    assert [user.language for user in world.stores.accounts.users()] == ["zh-CN"]
