"""What the console works on."""

from dataclasses import dataclass

from evidence.vault import Vault
from store.accounts import AccountStore
from store.captures import CaptureStore
from store.findings import FindingStore
from store.outbox import Outbox
from store.quarantine import QuarantineStore
from store.search import SearchIndex
from store.subscriptions import SubscriptionStore
from store.works import WorkStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleStores:
    """The records, the search index and the two vaults, as the console needs them."""

    accounts: AccountStore
    findings: FindingStore
    captures: CaptureStore
    works: WorkStore
    quarantine: QuarantineStore
    search: SearchIndex
    subscriptions: SubscriptionStore
    outbox: Outbox
    vault: Vault
    """Evidence: the raw exchanges."""
    references: Vault
    """The files that right holders filed."""
