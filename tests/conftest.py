"""Rules and fixtures for every test."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from store.database import Database
from tests.support.databases import postgresql_database, sqlite_database
from tests.support.network import forbid_outside_network

forbid_outside_network()
# Run in the background of a shell, tests and what they start would never hear of an interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
# How long a test takes says nothing about whether it is right, least of all while functions are being compiled.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty records database; each test runs on every kind."""
    with sqlite_database(tmp_path) if request.param == "sqlite" else postgresql_database() as opened:
        yield opened
