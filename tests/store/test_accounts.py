"""People and their sessions, on every database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotFoundError, UsageError
from store.accounts import AccountStore
from store.database import Database
from store.tables import sessions, users

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD = "青石板路 wet paint"
HOUR = timedelta(hours=1)


@pytest.fixture
def accounts(database: Database) -> AccountStore:
    store = AccountStore(database)
    store.create("lin", PASSWORD, at=NOW)
    return store


def test_only_the_right_password_verifies(accounts: AccountStore) -> None:
    user = accounts.verify(" lin ", PASSWORD)
    assert user is not None
    assert (user.name, user.language, user.created_at) == ("lin", "", NOW)
    assert accounts.verify("lin", PASSWORD + "x") is None
    assert accounts.verify("nobody", PASSWORD) is None


def test_no_secret_is_kept(accounts: AccountStore, database: Database) -> None:
    token = accounts.start_session("lin", now=NOW, lifetime=HOUR)
    with database.read() as connection:
        kept = str(connection.execute(select(users)).all()) + str(connection.execute(select(sessions)).all())
    assert PASSWORD not in kept
    assert token not in kept
    assert "$argon2id$" in kept


@pytest.mark.parametrize("name", ["", "  ", "x" * 129, "a\nb"])
def test_bad_names_are_refused(accounts: AccountStore, name: str) -> None:
    with pytest.raises(UsageError, match="user name"):
        accounts.create(name, PASSWORD, at=NOW)


def test_nobody_can_pass_for_the_program(accounts: AccountStore) -> None:
    with pytest.raises(UsageError, match="the program's own"):
        accounts.create(" system", PASSWORD, at=NOW)


def test_a_taken_name_is_refused_in_any_spelling(accounts: AccountStore) -> None:
    with pytest.raises(UsageError, match="already"):
        accounts.create("\uff4cin", PASSWORD, at=NOW)


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_bad_passwords_are_refused(accounts: AccountStore, password: str) -> None:
    with pytest.raises(UsageError, match="password"):
        accounts.create("wang", password, at=NOW)
    assert [user.name for user in accounts.users()] == ["lin"]


def test_a_session_ends_with_time_and_with_sign_out(accounts: AccountStore) -> None:
    token = accounts.start_session("lin", now=NOW, lifetime=HOUR)
    session = accounts.session(token, now=NOW + HOUR - timedelta(seconds=1))
    assert session is not None
    assert session.user.name == "lin"
    assert accounts.session(token, now=NOW + HOUR) is None
    assert accounts.session(token + "x", now=NOW) is None
    accounts.end_session(token)
    assert accounts.session(token, now=NOW) is None


def test_purging_forgets_only_what_is_over(accounts: AccountStore) -> None:
    accounts.start_session("lin", now=NOW, lifetime=HOUR)
    later = accounts.start_session("lin", now=NOW, lifetime=2 * HOUR)
    assert accounts.purge_sessions(now=NOW + HOUR) == 1
    assert accounts.session(later, now=NOW + HOUR) is not None


def test_another_password_ends_every_session(accounts: AccountStore) -> None:
    token = accounts.start_session("lin", now=NOW, lifetime=HOUR)
    accounts.change_password("lin", "a different one")
    assert accounts.session(token, now=NOW) is None
    assert accounts.verify("lin", PASSWORD) is None
    assert accounts.verify("lin", "a different one") is not None


def test_removing_someone_ends_their_sessions(accounts: AccountStore) -> None:
    accounts.create("wang", PASSWORD, at=NOW)
    token = accounts.start_session("lin", now=NOW, lifetime=HOUR)
    accounts.remove(" lin ")
    assert accounts.session(token, now=NOW) is None
    assert accounts.verify("lin", PASSWORD) is None
    assert [user.name for user in accounts.users()] == ["wang"]
    with pytest.raises(NotFoundError, match="There is no user lin"):
        accounts.remove("lin")


def test_a_language_is_remembered(accounts: AccountStore) -> None:
    accounts.set_language("lin", "en")
    assert [user.language for user in accounts.users()] == ["en"]


def test_unknown_users_are_named(accounts: AccountStore) -> None:
    with pytest.raises(NotFoundError, match="wang"):
        accounts.set_language("wang", "en")
