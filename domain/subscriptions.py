"""Who is told of findings, and what of them."""

from dataclasses import dataclass
from enum import StrEnum

from domain.findings import Finding
from domain.hosts import is_within
from domain.ids import SubscriptionId, WorkId
from domain.works import WorkType


class Channel(StrEnum):
    """How a subscriber is reached."""

    EMAIL = "email"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A wish to be told. Empty filters mean "any"."""

    subscription_id: SubscriptionId
    name: str
    channel: Channel
    target: str
    """An e-mail address, or the webhook's URL."""
    secret: str = ""
    """Signing secret of a webhook (`whsec_…`, Standard Webhooks)."""
    language: str = "zh-CN"
    work_ids: tuple[WorkId, ...] = ()
    owners: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    types: tuple[WorkType, ...] = ()
    minimum_similarity: float = 0.0
    muted: bool = False

    def wants(self, finding: Finding) -> bool:
        """Whether this subscriber asked to be told of `finding`."""
        return (
            not self.muted
            and (not self.hosts or is_within(finding.host, self.hosts))
            and (not self.work_ids or finding.work_id in self.work_ids)
            and (not self.owners or finding.owner in self.owners)
            and (not self.types or finding.type in self.types)
            and finding.comparison.similarity >= self.minimum_similarity
        )
