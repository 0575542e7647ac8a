"""A filled console, made once; tests that decide anything make their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.console.world import NAME, PASSWORD, World, build
from tests.support.databases import sqlite_database

# Browsers say so of their own requests; the test client does not.
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with sqlite_database(tmp_path) as database:
        yield build(database, tmp_path)


@pytest.fixture
def visitor(world: World) -> Iterator[TestClient]:
    """Someone who has not signed in."""
    with TestClient(world.app(), follow_redirects=False, headers=OWN_PAGE) as client:
        yield client


@pytest.fixture
def staff(visitor: TestClient) -> TestClient:
    """Someone who has."""
    answer = visitor.post("/sign-in", data={"name": NAME, "password": PASSWORD})
    assert answer.status_code == 303
    return visitor
