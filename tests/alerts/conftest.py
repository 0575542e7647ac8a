import pytest

from store.database import Database
from tests.alerts.world import World


@pytest.fixture
def world(database: Database) -> World:
    """Stores on each kind of database."""
    return World(database)
