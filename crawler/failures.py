"""What it means that there was no answer."""

import logging

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.errors import OutOfBoundsError, RobotsError, RobotsUnreachableError
from crawler.outcomes import Judgement
from domain.captures import FetchOutcome

logger = logging.getLogger(__name__)

FINAL: tuple[tuple[type[BaseException], FetchOutcome, str], ...] = (
    (OutOfBoundsError, FetchOutcome.REFUSED, ""),
    (RobotsError, FetchOutcome.ROBOTS, ""),
    (UnsupportedURLSchemeError, FetchOutcome.REFUSED, "only http and https are fetched"),
    (NotSupported, FetchOutcome.REFUSED, "only http and https are fetched"),
    (DownloadCancelledError, FetchOutcome.TOO_LARGE, "larger than the limit"),
)
PASSING: tuple[tuple[type[BaseException], FetchOutcome, str], ...] = (
    (RobotsUnreachableError, FetchOutcome.ERROR, "robots.txt could not be read, so nothing is fetched from there"),
    (DownloadTimeoutError, FetchOutcome.TOO_SLOW, "took too long"),
    (CannotResolveHostError, FetchOutcome.ERROR, "the name has no address"),
    (DownloadConnectionRefusedError, FetchOutcome.ERROR, "nothing answers there"),
    (ResponseDataLossError, FetchOutcome.BROKEN, "the answer broke off"),
    (DownloadFailedError, FetchOutcome.BROKEN, "the answer broke off"),
)


def judgement_of(error: BaseException) -> tuple[Judgement, bool]:
    """What a failed try came to, and whether that is final."""
    for kind, outcome, reason in FINAL:
        if isinstance(error, kind):
            return Judgement(outcome=outcome, reason=reason or str(error)), True
    for kind, outcome, reason in PASSING:
        if isinstance(error, kind):
            return Judgement(outcome=outcome, reason=reason), False
    logger.warning("An unforeseen failure of a fetch: %s: %s", type(error).__name__, error)
    return Judgement(outcome=FetchOutcome.ERROR, reason=type(error).__name__), False
