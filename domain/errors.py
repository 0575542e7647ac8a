"""One tree of errors. Each carries what happened and how the reader can mend it."""


class PiracyMonitorError(Exception):
    """An expected failure, shown to the user as one line: what happened, then how to mend it."""

    exit_code = 1

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(f"{problem} {mend}")
        self.problem = problem
        self.mend = mend


class UsageError(PiracyMonitorError):
    """The command, its arguments or the settings were wrong."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file or variable was refused."""


class NotFoundError(UsageError):
    """Something named by the user does not exist."""


class ConflictError(PiracyMonitorError):
    """Somebody else changed the same thing between our looking at it and changing it."""


class StoreError(PiracyMonitorError):
    """The records database, the index or the vault could not be used."""


class IntegrityError(StoreError):
    """Stored bytes are not what their name or checksum says."""


class GuardRefusalError(PiracyMonitorError):
    """The crawl guard refused an address, scheme or port."""
