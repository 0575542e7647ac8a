"""How good a sweep of the network was: what it found against the truth, by the form that things take."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from domain.findings import Finding, FindingState
from tests.mocknet.keys import keys_of
from tests.mocknet.truth import PlantedCopy, PlantedLead, Truth

ACCUSING = frozenset({FindingState.OPEN, FindingState.CONFIRMED})
REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLead:
    """A lead as a sweep tells of it. `work_ids` is empty when it names no work."""

    kind: str
    target: str
    page: str = ""
    work_ids: frozenset[str] = frozenset()

    @property
    def keys(self) -> tuple[str, ...]:
        """What it points to; a hit of a title points to the page it stands on."""
        return (f"title:{self.page}",) if self.kind == "title" else keys_of(self.target)


@dataclass(kw_only=True)
class Row:
    """One form: how many were planted, found, and left to a person; decoys, and how many were fallen for."""

    planted: int = 0
    found: int = 0
    for_a_person: int = 0
    decoys: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """Share of what was planted that was found; 1.0 when nothing was."""
        return self.found / self.planted if self.planted else 1.0


@dataclass(kw_only=True)
class Score:
    """The whole result."""

    copies: dict[str, Row] = field(default_factory=dict)
    leads: dict[str, Row] = field(default_factory=dict)
    walls: dict[str, Row] = field(default_factory=dict)
    """Planted walls and those recorded as what they are; decoys are pages that only look like walls."""
    false_findings: list[tuple[str, str]] = field(default_factory=list)
    """Address and work of accusations of what is no copy, or a licensed one."""
    wrong_leads: list[tuple[str, str]] = field(default_factory=list)
    """Target and reason."""
    taken_for_removed: list[str] = field(default_factory=list)
    """Addresses recorded as removed that are not."""
    licensed: Row = field(default_factory=Row)
    """Licensed copies, and those recorded as licensed."""
    unattributed: Counter[str] = field(default_factory=Counter)
    """Leads to decoys that name no work, by kind: they cost a person's time, and say nothing wrong."""
    other_leads: Counter[str] = field(default_factory=Counter)
    """Leads of which the truth says nothing, by kind: other works' links, titles in lists of other pages."""
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    """Form, page and work of what was planted and not found."""

    def recall(self) -> float:
        """Over all copies and leads that are planted."""
        rows = [*self.copies.values(), *self.leads.values()]
        planted = sum(row.planted for row in rows)
        return sum(row.found for row in rows) / planted if planted else 1.0

    def table(self) -> str:
        """The report by form, for people."""
        lines = [f"{'form':<16}{'planted':>8}{'found':>7}{'person':>8}{'recall':>8}{'decoys':>8}{'wrong':>7}"]
        for heading, rows in (("copies", self.copies), ("leads", self.leads), ("walls", self.walls)):
            lines.append(f"-- {heading}")
            lines += [_line(form, row) for form, row in sorted(rows.items())]
        lines += [
            f"licensed copies recorded as such: {self.licensed.found} of {self.licensed.planted}",
            f"false findings: {len(self.false_findings)}; wrong leads: {len(self.wrong_leads)}; "
            f"taken for removed: {len(self.taken_for_removed)}; other leads: {dict(self.other_leads)}",
            f"leads to decoys that name no work: {dict(self.unattributed)}",
            f"recall of all planted copies and leads: {self.recall():.3f}",
        ]
        return "\n".join(lines)


class Scorer:
    """Compares one sweep with the truth.

    A copy counts as found when an accusation of its work names its page or where its content lies: sites of one
    operator show the same files, of which a sweep tells once.
    """

    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    def score(self, findings: Iterable[Finding], leads: Iterable[FoundLead], outcomes: Mapping[str, str]) -> Score:
        """Score the findings, leads and outcomes (by canonical address) of a sweep."""
        score = Score()
        self._copies(score, list(findings))
        self._leads(score, list(leads))
        self._walls(score, outcomes)
        return score

    @cached_property
    def _works_at(self) -> Mapping[str, set[str]]:
        """The works that are copied at an address without licence."""
        works: dict[str, set[str]] = {}
        for copy in self._truth.copies:
            for url in () if copy.licensed else copy.urls:
                works.setdefault(url, set()).add(copy.work_id)
        return works

    def _copies(self, score: Score, findings: list[Finding]) -> None:
        named: dict[str, set[tuple[str, str]]] = {state: set() for state in FindingState}
        for finding in findings:
            named[finding.state] |= {(url, str(finding.work_id)) for url in (finding.url, finding.page_url)}
        accused = set[tuple[str, str]]().union(*(named[state] for state in ACCUSING))
        for copy in self._truth.copies:
            row = score.licensed if copy.licensed else score.copies.setdefault(copy.form, Row())
            row.planted += 1
            found = _names(copy, named[FindingState.LICENSED] if copy.licensed else accused)
            row.found += found
            row.for_a_person += not found and _names(copy, named[FindingState.REVIEW])
            if not found:
                score.missed.append((copy.form, copy.urls[0], copy.work_id))
        for finding in findings:
            places = (finding.url, finding.page_url)
            right = any(finding.work_id in self._works_at.get(url, ()) for url in places)
            if finding.state in ACCUSING and not right:
                score.false_findings.append((finding.url, str(finding.work_id)))
        fallen_for = {url for url, _ in score.false_findings}
        for decoy in self._truth.decoys:
            if decoy.form in score.copies:
                score.copies[decoy.form].decoys += 1
                score.copies[decoy.form].wrong += decoy.url in fallen_for

    def _leads(self, score: Score, leads: list[FoundLead]) -> None:
        told = {key for lead in leads for key in lead.keys}
        attributed = {key for lead in leads if lead.work_ids for key in lead.keys} - self._planted.keys()
        for planted in self._truth.leads:
            row = score.leads.setdefault(planted.form, Row())
            row.planted += 1
            found = any(key in told for key in planted.keys)
            row.found += found
            if not found:
                score.missed.append((planted.form, planted.page, planted.work_id))
        for lead in leads:
            if reason := self._objection(lead):
                score.wrong_leads.append((lead.target, reason))
            elif not any(key in self._planted for key in lead.keys):
                known = any(key in self._misleading for key in lead.keys)
                (score.unattributed if known else score.other_leads)[lead.kind] += 1
        for decoy in self._truth.decoys:
            if decoy.form in score.leads:
                score.leads[decoy.form].decoys += 1
                score.leads[decoy.form].wrong += any(key in attributed for key in decoy.keys)

    def _objection(self, lead: FoundLead) -> str:
        """Why a lead is wrong; empty when it is right, or nothing is known of it."""
        planted = next((self._planted[key] for key in lead.keys if key in self._planted), None)
        if planted is None:
            misled = lead.work_ids and any(key in self._misleading for key in lead.keys)
            return f"a decoy, taken for {sorted(lead.work_ids)}" if misled else ""
        attributed = planted.work_id and lead.work_ids and planted.work_id not in lead.work_ids
        return f"of {planted.work_id}, not {sorted(lead.work_ids)}" if attributed else ""

    @cached_property
    def _planted(self) -> Mapping[str, PlantedLead]:
        return {key: lead for lead in self._truth.leads for key in lead.keys}

    @cached_property
    def _misleading(self) -> frozenset[str]:
        return frozenset(key for decoy in self._truth.decoys for key in decoy.keys)

    def _walls(self, score: Score, outcomes: Mapping[str, str]) -> None:
        for wall in self._truth.walls:
            row = score.walls.setdefault(wall.form, Row())
            outcome = outcomes.get(wall.url)
            if wall.is_decoy:
                row.decoys += 1
                row.wrong += outcome not in {*wall.outcomes, None}
            else:
                row.planted += 1
                row.found += outcome in wall.outcomes
            if outcome == REMOVED and REMOVED not in wall.outcomes:
                score.taken_for_removed.append(wall.url)


def _names(copy: PlantedCopy, named: set[tuple[str, str]]) -> bool:
    return any((url, copy.work_id) in named for url in copy.urls)


def _line(form: str, row: Row) -> str:
    return (
        f"{form:<16}{row.planted:>8}{row.found:>7}{row.for_a_person:>8}{row.recall:>8.2f}{row.decoys:>8}{row.wrong:>7}"
    )
