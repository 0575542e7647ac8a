"""The link that every alert carries."""

from starlette.testclient import TestClient

from domain.ids import SubscriptionId
from domain.subscriptions import Channel, Subscription
from tests.console.conftest import client_of
from tests.console.samples import HOSTILE
from tests.console.world import World

PRESS = Subscription(
    subscription_id=SubscriptionId("s1"), name=f"海风出版社{HOSTILE}", channel=Channel.EMAIL, target="a@press.example"
)


def link(world: World) -> str:
    world.stores.subscriptions.add(PRESS)
    return f"/mute/{world.stores.subscriptions.mute_token(PRESS.subscription_id)}"


def muted(world: World) -> bool:
    return world.stores.subscriptions.get(PRESS.subscription_id).muted


def test_opening_the_link_changes_nothing(world: World, visitor: TestClient) -> None:
    page = visitor.get(link(world))
    assert page.status_code == 200
    assert "停止发送" in page.text
    assert HOSTILE not in page.text
    assert not muted(world)


def test_the_button_stops_the_messages_and_lets_them_come_again(world: World, visitor: TestClient) -> None:
    path = link(world)
    assert "不再发送通知" in visitor.post(path).text
    assert muted(world)
    assert "停止发送" in visitor.post(path, data={"again": "1"}).text
    assert not muted(world)


def test_a_mail_program_stops_it_with_one_click(world: World) -> None:
    path = link(world)
    with client_of(world) as program:
        program.headers.pop("Sec-Fetch-Site")
        answer = program.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert muted(world)


def test_the_page_speaks_the_subscribers_language_or_the_one_asked_for(world: World, visitor: TestClient) -> None:
    path = link(world)
    assert "Stop the messages" in visitor.get(f"{path}?lang=en").text
    assert 'lang="zh-CN"' in visitor.get(path, headers={"Accept-Language": "en"}).text


def test_a_wrong_token_stops_nothing(world: World, visitor: TestClient) -> None:
    link(world)
    for path in ("/mute/", "/mute/x", "/mute/%00", "/mute/" + "x" * 5000):
        assert visitor.get(path).status_code == 404, path[:20]
        assert visitor.post(path).status_code == 404, path[:20]
    assert not muted(world)
