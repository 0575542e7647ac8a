"""Who wants to be told of what."""

import secrets
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from domain.errors import NotFoundError
from domain.ids import SubscriptionId
from domain.subscriptions import Channel, Subscription
from domain.works import WorkType
from store.database import Database
from store.tables import subscriptions

FILTERS = ("work_ids", "owners", "hosts", "types", "minimum_similarity")
PLAIN = ("name", "target", "secret", "language", "muted")


class SubscriptionStore:
    """The subscriptions. Each has a token that lets whoever holds its messages mute it without signing in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscription: Subscription) -> None:
        """Keep a new subscription."""
        given = asdict(subscription)
        row = {key: given[key] for key in ("subscription_id", "channel", *PLAIN)}
        row |= {"filters": {key: given[key] for key in FILTERS}, "mute_token": secrets.token_urlsafe(24)}
        with self._database.write() as connection:
            connection.execute(insert(subscriptions).values(row))

    def all(self) -> list[Subscription]:
        """Every subscription, muted ones too, by name."""
        query = select(subscriptions).order_by(subscriptions.c.name, subscriptions.c.subscription_id)
        with self._database.read() as connection:
            return [_subscription(row) for row in connection.execute(query)]

    def find(self, subscription_id: SubscriptionId) -> Subscription | None:
        with self._database.read() as connection:
            mine = select(subscriptions).where(subscriptions.c.subscription_id == subscription_id)
            row = connection.execute(mine).first()
        return _subscription(row) if row else None

    def get(self, subscription_id: SubscriptionId) -> Subscription:
        """One subscription. Raises `NotFoundError`."""
        subscription = self.find(subscription_id)
        if subscription is None:
            raise _unknown(subscription_id)
        return subscription

    def set_muted(self, subscription_id: SubscriptionId, muted: bool) -> None:
        """Stop telling this subscriber, or begin again. Raises `NotFoundError`."""
        mine = subscriptions.c.subscription_id == subscription_id
        with self._database.write() as connection:
            if not connection.execute(update(subscriptions).where(mine).values(muted=muted)).rowcount:
                raise _unknown(subscription_id)

    def remove(self, subscription_id: SubscriptionId) -> None:
        """Forget a subscription; what was sent stays on record. Raises `NotFoundError`."""
        mine = subscriptions.c.subscription_id == subscription_id
        with self._database.write() as connection:
            if not connection.execute(delete(subscriptions).where(mine)).rowcount:
                raise _unknown(subscription_id)

    def mute_token(self, subscription_id: SubscriptionId) -> str:
        """What the links in this subscription's messages carry. Raises `NotFoundError`."""
        query = select(subscriptions.c.mute_token).where(subscriptions.c.subscription_id == subscription_id)
        with self._database.read() as connection:
            token = connection.scalar(query)
        if token is None:
            raise _unknown(subscription_id)
        return str(token)

    def by_mute_token(self, token: str) -> Subscription | None:
        with self._database.read() as connection:
            row = connection.execute(select(subscriptions).where(subscriptions.c.mute_token == token)).first()
        return _subscription(row) if row else None


def _unknown(subscription_id: SubscriptionId) -> NotFoundError:
    return NotFoundError(f"There is no subscription {subscription_id}.", "See `piracy-monitor subscriptions list`.")


def _subscription(row: Row[Any]) -> Subscription:
    filters = row.filters
    return Subscription(
        subscription_id=SubscriptionId(row.subscription_id),
        channel=Channel(row.channel),
        **{key: getattr(row, key) for key in PLAIN},
        work_ids=tuple(filters["work_ids"]),
        owners=tuple(filters["owners"]),
        hosts=tuple(filters["hosts"]),
        types=tuple(WorkType(name) for name in filters["types"]),
        minimum_similarity=filters["minimum_similarity"],
    )
