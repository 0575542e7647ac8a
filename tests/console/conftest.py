"""A filled console: one for all who only read, and one of its own for each test that changes anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.console.samples import add_oddities, fill
from tests.console.world import NAME, PASSWORD, World, build
from tests.support.databases import sqlite_database

# Browsers say so of their own requests; the test client does not.
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("console")
    with sqlite_database(folder) as database:
        world = build(database, folder)
        fill(world)
        add_oddities(world)
        yield world


@pytest.fixture(scope="session")
def reader(filled: World) -> Iterator[TestClient]:
    """Someone signed in who changes nothing."""
    with client_of(filled) as client:
        sign_in(client)
        yield client


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with sqlite_database(tmp_path) as database:
        world = build(database, tmp_path)
        fill(world)
        yield world


@pytest.fixture
def visitor(world: World) -> Iterator[TestClient]:
    """Someone who has not signed in."""
    with client_of(world) as client:
        yield client


@pytest.fixture
def staff(visitor: TestClient) -> TestClient:
    """Someone who has."""
    sign_in(visitor)
    return visitor


def client_of(world: World) -> TestClient:
    """A browser without cookies; it follows no redirect, and an error of the console is an answer."""
    return TestClient(world.app(), follow_redirects=False, headers=OWN_PAGE, raise_server_exceptions=False)


def sign_in(client: TestClient) -> None:
    assert client.post("/sign-in", data={"name": NAME, "password": PASSWORD}).status_code == 303
