"""From what a capture matches to findings: the best comparison of each work, and where it stands."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from crawler.urls import host_of
from domain.captures import Capture
from domain.findings import Comparison, Finding, FindingState, Verdict
from domain.ids import WorkId, finding_id_of
from domain.works import Work, WorkType
from matcher.engine import Engine, MatchResult
from store.works import WorkStore


class Accuser:
    """Turns matches into findings; what is lawful where it was found is *licensed*."""

    def __init__(self, engine: Engine, works: WorkStore) -> None:
        self._engine = engine
        self._works = works

    def findings(
        self, capture: Capture, match: MatchResult, zone: ZoneInfo, *, only: Collection[WorkId] | None = None
    ) -> list[Finding]:
        """The findings of one capture, about `only` these works if given. Licences run by the days of `zone`."""
        best: dict[WorkId, Comparison] = {}
        for comparison in match.accusing:
            if only is None or comparison.work_id in only:
                best.setdefault(comparison.work_id, comparison)
        pairs = ((self._works.get(comparison.work_id), comparison) for comparison in best.values())
        return [self._finding(capture, match, zone, work, comparison) for work, comparison in pairs if work]

    def _finding(
        self, capture: Capture, match: MatchResult, zone: ZoneInfo, work: Work, comparison: Comparison
    ) -> Finding:
        if match.fingerprint is None or match.type is None or capture.record_digest is None:
            raise ValueError("a match has a type, a fingerprint and evidence")
        url = capture.canonical_url
        page_url = capture.found_on if match.type is not WorkType.TEXT and capture.found_on else url
        day = capture.fetched_at.astimezone(zone).date()
        free = work.is_free_at((host_of(url), host_of(page_url)), day)
        return Finding(
            finding_id=finding_id_of(work.work_id, url, match.fingerprint.kind),
            work_id=work.work_id,
            work_title=work.title,
            owner=work.owner,
            type=match.type,
            url=url,
            page_url=page_url,
            host=capture.shown_by or capture.host,
            comparison=comparison,
            thresholds=self._engine.thresholds(match.type, work.work_id),
            state=FindingState.LICENSED if free else _state_of(comparison.verdict),
            found_at=capture.fetched_at,
            sweep_id=capture.sweep_id,
            capture_id=capture.capture_id,
            evidence=capture.record_digest,
        )


def _state_of(verdict: Verdict) -> FindingState:
    return FindingState.OPEN if verdict is Verdict.COPY else FindingState.REVIEW
