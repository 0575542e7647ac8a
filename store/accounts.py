"""People who may use the console, and their sessions."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pwdlib import PasswordHash
from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.errors import NotFoundError, UsageError
from domain.findings import SYSTEM
from store.database import Database
from store.tables import sessions, users

LONGEST_NAME = 128
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
"""Characters. Longer input would only make hashing slow."""
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A member of staff; `language` is empty until they choose one."""

    name: str
    language: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. `csrf` must come back with everything it changes."""

    user: User
    csrf: str
    expires_at: datetime


class AccountStore:
    """Users and sessions. Passwords are kept as argon2id hashes, session tokens as their SHA-256."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHash.recommended()
        # Checked for unknown names, so that the time taken does not tell which names exist.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(TOKEN_BYTES))

    def create(self, name: str, password: str, *, at: datetime, language: str = "") -> User:
        """Add a user. Raises `UsageError` for a bad or taken name and for a bad password."""
        plain = normal_name(name)
        if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
            raise UsageError("That is no user name.", f"Use 1 to {LONGEST_NAME} printable characters.")
        if plain == SYSTEM:
            raise UsageError("That name is the program's own in the history of findings.", "Choose another name.")
        row = {"name": plain, "password": self._hashed(password), "language": language, "created_at": at}
        with self._database.write() as connection:
            if _user(connection, plain) is not None:
                raise UsageError(f"There is a user {plain} already.", "Choose another name.")
            connection.execute(insert(users).values(row))
        return User(name=plain, language=language, created_at=at)

    def verify(self, name: str, password: str) -> User | None:
        """The user, if the password is theirs. Takes the same time whether or not the name exists."""
        with self._database.read() as connection:
            row = _user(connection, normal_name(name))
        stored = row.password if row else self._nobody
        right, stronger = self._hasher.verify_and_update(password[: LONGEST_PASSWORD + 1], stored)
        if not row or not right:
            return None
        if stronger:
            with self._database.write() as connection:
                connection.execute(update(users).where(users.c.name == row.name).values(password=stronger))
        return _as_user(row)

    def set_language(self, name: str, language: str) -> None:
        """Remember the language a user chose. Raises `NotFoundError`."""
        with self._database.write() as connection:
            _update(connection, name, language=language)

    def change_password(self, name: str, password: str) -> None:
        """Give a user another password and end all their sessions. Raises `NotFoundError`, `UsageError`."""
        hashed = self._hashed(password)
        with self._database.write() as connection:
            _update(connection, name, password=hashed)
            connection.execute(delete(sessions).where(sessions.c.user == normal_name(name)))

    def remove(self, name: str) -> None:
        """Remove a user and end all their sessions; their decisions keep their name. Raises `NotFoundError`."""
        with self._database.write() as connection:
            gone = connection.execute(delete(users).where(users.c.name == normal_name(name)))
            if not gone.rowcount:
                raise _unknown(name)

    def users(self) -> list[User]:
        """Everyone, by name."""
        with self._database.read() as connection:
            return [_as_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def start_session(self, name: str, *, now: datetime, lifetime: timedelta) -> str:
        """Sign a user in; the token for their browser, which is kept nowhere else."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "token_digest": _digest(token),
            "user": normal_name(name),
            "csrf": secrets.token_urlsafe(TOKEN_BYTES),
            "expires_at": now + lifetime,
        }
        with self._database.write() as connection:
            connection.execute(insert(sessions).values(row))
        return token

    def session(self, token: str, *, now: datetime) -> Session | None:
        """The session a token stands for, unless it is unknown or over."""
        query = (
            select(sessions.c.csrf, sessions.c.expires_at, users)
            .join(users, users.c.name == sessions.c.user)
            .where(sessions.c.token_digest == _digest(token), sessions.c.expires_at > now)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Session(user=_as_user(row), csrf=row.csrf, expires_at=row.expires_at) if row else None

    def end_session(self, token: str) -> None:
        """Sign out. Unknown tokens are passed over."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_digest == _digest(token)))

    def purge_sessions(self, *, now: datetime) -> int:
        """Forget sessions that are over; how many there were."""
        with self._database.write() as connection:
            return connection.execute(delete(sessions).where(sessions.c.expires_at <= now)).rowcount

    def _hashed(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise UsageError(
                "That password is too short or too long.",
                f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a few unrelated words do well.",
            )
        return self._hasher.hash(password)


def normal_name(name: str) -> str:
    """One spelling of a user name: no surrounding space, and one form of each character."""
    return unicodedata.normalize("NFKC", name).strip()


def _user(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(users).where(users.c.name == name)).first()


def _update(connection: Connection, name: str, **values: str) -> None:
    changed = connection.execute(update(users).where(users.c.name == normal_name(name)).values(values))
    if not changed.rowcount:
        raise _unknown(name)


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(f"There is no user {name}.", "See `piracy-monitor users list`.")


def _as_user(row: Row[Any]) -> User:
    return User(name=row.name, language=row.language, created_at=row.created_at)


def _digest(token: str) -> str:
    # A token is 256 random bits, so a plain digest keeps it as safe as a slow one would.
    return hashlib.sha256(token.encode()).hexdigest()
