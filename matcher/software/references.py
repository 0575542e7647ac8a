"""The registered packages, ready to be searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from config.settings import SoftwareMatcherSettings
from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.segments.snapshot import Indexed, Snapshot
from matcher.software.containment import Overlap, Shares, overlap, shares
from matcher.software.payload import SoftwarePrint, unpack
from matcher.software.rarity import AT_ONCE, MOST_NEAR, MOST_POSTINGS, Rarity
from matcher.software.storage import Packages, comparable, owner_number
from matcher.software.tlsh import asked_terms
from matcher.software.verdict import Judgement, judge
from matcher.worktypes import VERDICT_ORDER

Weights = NDArray[np.float64]

MOST_VERIFIED = 40
"""Works compared member by member, those with the most weight in common first."""
MOST_KEPT = 256
"""Works of which it is remembered what others hold."""
MOST_SPANS = 200
BAND_VALUE = 0.25
"""What a band in common counts among the votes, beside the weight of a member that is the same."""
METHOD = "software-members"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered package that a query shares members with."""

    number: int
    reference: Indexed
    work: SoftwarePrint
    own: Weights
    """What its members weigh that no other owner's work holds."""
    overlap: Overlap
    shares: Shares


class SoftwareReferences:
    """A `References` of packages. What other owners hold is looked up for the few works compared with a query."""

    def __init__(self, snapshot: Snapshot, settings: SoftwareMatcherSettings) -> None:
        self._snapshot = snapshot
        self._settings = settings
        self._packages = Packages(snapshot)
        self._rarity = Rarity(self._packages, settings.near_distance)
        # Works that are copied are asked for again and again.
        self._own = lru_cache(maxsize=MOST_KEPT)(self._weights_of_own)

    def __len__(self) -> int:
        return len(self._snapshot)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        package = unpack(query)
        named = (number for name in package.identities for number in self._packages.named(name)[:MOST_VERIFIED])
        return self.compare_with(package, list(dict.fromkeys([*self._voted(package), *named])))

    def compare_with(self, package: SoftwarePrint, numbers: Sequence[int]) -> Sequence[Comparison]:
        """Compare a package with the registered ones of these numbers, member by member."""
        overlaps = [
            (number, work, self._overlap(work, package)) for number in numbers for work in [self._packages[number]]
        ]
        if not overlaps:
            return ()
        # What several owners hold is nobody's, so it is no other content of the package either.
        rest = np.where(self._rarity.of_several(package.rows), 0.0, package.rows["weight"].astype(np.float64))
        candidates = [self._candidate(package, rest, *each) for each in overlaps]
        judged: list[tuple[Candidate, Judgement, Candidate | None]] = []
        for candidate in candidates:
            rival = _rival(candidate, candidates)
            judgement = judge(candidate.shares, rival.shares if rival else None, self._settings)
            if judgement is None and self._common_name(package, candidate):
                judgement = Judgement(Verdict.PARTIAL, ReasonCode.SOFTWARE_SAME_NAME, candidate.shares.share)
            if judgement is not None:
                judged.append((candidate, judgement, rival))
        judged.sort(key=lambda each: (VERDICT_ORDER[each[1].verdict], -each[0].shares.own_found, each[0].number))
        best: dict[str, Comparison] = {}
        for candidate, judgement, rival in judged:
            if candidate.reference.work_id not in best:
                best[candidate.reference.work_id] = self._comparison(package, candidate, judgement, rival)
        return tuple(best.values())

    def _voted(self, package: SoftwarePrint) -> list[int]:
        """The registered packages with the most in common with `package`, by weight."""
        weight = package.rows["weight"].astype(np.float64)
        same = self._packages.terms.lookup(np.concatenate([package.rows["exact"], package.rows["text"]]), MOST_POSTINGS)
        near, counts = self._near(package.rows["near"][comparable(package.rows)])
        numbers, place = np.unique(np.concatenate([same.owner, near]), return_inverse=True)
        value = np.concatenate([weight[same.query % max(1, len(package))], BAND_VALUE * counts])
        votes = np.bincount(place, weights=value, minlength=numbers.size)
        ranked = np.argsort(-votes, kind="stable")[:MOST_VERIFIED]
        return [int(numbers[i]) for i in ranked if votes[i] > 0]

    def _near(self, digests: NDArray[np.uint8]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Packages with bands in common with `digests`, and how many; one may come up several times."""
        found = [
            np.unique(self._packages.terms.lookup(terms.ravel(), MOST_NEAR).owner, return_counts=True)
            for at in range(0, len(digests), AT_ONCE)
            for terms in [asked_terms(digests[at : at + AT_ONCE])]
        ]
        numbers = [np.zeros(0, np.uint32), *(each for each, _ in found)]
        return np.concatenate(numbers), np.concatenate([np.zeros(0, np.int64), *(counts for _, counts in found)])

    def _overlap(self, work: SoftwarePrint, package: SoftwarePrint) -> Overlap:
        return overlap(work, package, self._settings.near_distance)

    def _candidate(
        self, package: SoftwarePrint, rest: Weights, number: int, work: SoftwarePrint, found: Overlap
    ) -> Candidate:
        settings = self._settings
        # With less in common nothing can be said of this work nor, as a rival, against another.
        worth = work.rows["weight"][found.partner >= 0].sum() >= settings.runner_up_ratio * settings.minimum_weight
        own = self._own(number) if worth else np.zeros(len(work))
        reference = self._snapshot.reference(number)
        return Candidate(number, reference, work, own, found, shares(work, own, package, rest, found))

    def _weights_of_own(self, number: int) -> Weights:
        """What the members of a work weigh, without those that another owner's work holds."""
        rows = self._packages[number].rows
        others = self._rarity.held_by_others(rows, owner_number(self._snapshot.reference(number).owner))
        return np.where(others, 0.0, rows["weight"].astype(np.float64))

    def _common_name(self, package: SoftwarePrint, candidate: Candidate) -> str | None:
        """A name that the package and the work give themselves, and no other owner's work does."""
        for name in set(package.identities) & set(candidate.work.identities):
            named = self._packages.named(name)
            if named and all(self._snapshot.reference(n).owner == candidate.reference.owner for n in named):
                return name
        return None

    def _comparison(
        self, package: SoftwarePrint, candidate: Candidate, judgement: Judgement, rival: Candidate | None
    ) -> Comparison:
        reference, found = candidate.reference, candidate.shares
        values: dict[str, str | int | float] = {"found": found.found_files, "files": found.own_files}
        if judgement.code is ReasonCode.SOFTWARE_AMBIGUOUS_SOURCE and rival is not None:
            values = {"other": rival.reference.title, "share": round(judgement.similarity, 4)}
        elif judgement.code is ReasonCode.SOFTWARE_SAME_NAME:
            values = self._name_values(package, candidate)
        elif judgement.code is ReasonCode.SOFTWARE_COPY:
            values |= {"same": found.exact_files, "share": round(found.share, 4)}
        else:
            values |= {"share": round(found.share, 4), "query_share": round(found.query_share, 4)}
        return Comparison(
            work_id=reference.work_id,
            reference=reference.digest,
            similarity=min(1.0, judgement.similarity),
            verdict=judgement.verdict,
            method=METHOD,
            reason=Reason.of(judgement.code, **values),
            spans=_spans(package, candidate),
        )

    def _name_values(self, package: SoftwarePrint, candidate: Candidate) -> dict[str, str | int | float]:
        signers, name = candidate.work.signers, self._common_name(package, candidate) or ""
        values: dict[str, str | int | float] = {"name": name.partition(":")[2], "signer_zh": "", "signer_en": ""}
        if signers and package.signers:
            same = not set(signers).isdisjoint(package.signers)
            values["signer_zh"] = "，签名证书相同" if same else "，签名证书不同"
            values["signer_en"] = f", signed by {'the same' if same else 'another'} certificate"
        return values


def _rival(candidate: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """The best candidate of another owner; an owner's works do not compete with each other."""
    others = (c for c in candidates if c.reference.owner != candidate.reference.owner)
    return max(others, key=lambda c: (c.shares.own_found, c.shares.all_found), default=None)


def _spans(package: SoftwarePrint, candidate: Candidate) -> tuple[Span, ...]:
    """The members that correspond, the heaviest kept, in the work's order."""
    partner, work = candidate.overlap.partner, candidate.work
    found = np.nonzero((partner >= 0) & (work.rows["weight"] > 0))[0]
    heaviest = found[np.argsort(-candidate.own[found], kind="stable")][:MOST_SPANS]
    return tuple(
        Span(unit=SpanUnit.MEMBER, query=(package.paths[partner[i]],), work=(work.paths[i],)) for i in np.sort(heaviest)
    )
