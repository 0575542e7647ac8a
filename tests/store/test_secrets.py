from pathlib import Path

import pytest

from domain.errors import StoreError
from store.database import database_url


def test_the_password_of_the_records_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss/word:1\n")
    url = database_url("postgresql+psycopg://monitor@records.example:5432/monitor", str(file))
    assert (url.username, url.password, url.host) == ("monitor", "p@ss/word:1", "records.example")
    assert database_url("postgresql://monitor:own@records.example/monitor", "").password == "own"


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing cannot be read"):
        database_url("postgresql://monitor@records.example/monitor", str(tmp_path / "missing"))
