"""The registered packages, ready to be searched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.settings import SoftwareMatcherSettings
from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.software.containment import Overlap, Shares, overlap, shares
from matcher.software.payload import SoftwarePrint, unpack
from matcher.software.rarity import shared_members
from matcher.software.tlsh import band_terms
from matcher.software.verdict import Judgement, judge
from matcher.terms import LocalTermIndex
from matcher.worktypes import VERDICT_ORDER, Reference

U64 = NDArray[np.uint64]

MOST_VERIFIED = 40
"""Works compared member by member, those with the most weight in common first."""
MOST_POSTINGS = 5000
MOST_SPANS = 200
BAND_VALUE = 0.25
"""What a band in common counts among the votes, beside the weight of a member that is the same."""
METHOD = "software-members"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered package that a query shares members with."""

    index: int
    overlap: Overlap
    shares: Shares


class SoftwareReferences:
    """A `References` of packages."""

    def __init__(self, references: Sequence[Reference], settings: SoftwareMatcherSettings) -> None:
        self._references = references
        self._settings = settings
        self._prints = [unpack(reference.fingerprint) for reference in references]
        shared = shared_members(self._prints, [r.owner for r in references], settings.near_distance)
        self._own = [
            np.where(mask, 0.0, each.rows["weight"].astype(np.float64))
            for each, mask in zip(self._prints, shared, strict=True)
        ]
        keys = [each.rows["exact"][mask] for each, mask in zip(self._prints, shared, strict=True)]
        self._shared = np.unique(np.concatenate(keys)) if keys else np.zeros(0, np.uint64)
        self._named: dict[str, list[int]] = {}
        for i, package in enumerate(self._prints):
            for identity in package.identities:
                self._named.setdefault(identity, []).append(i)
        self._index = self._make_index()

    def __len__(self) -> int:
        return len(self._references)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        package = unpack(query)
        indexes = dict.fromkeys(self._voted(package))
        for name in package.identities:
            indexes |= dict.fromkeys(self._named.get(name, ()))
        return self.compare_with(package, list(indexes))

    def compare_with(self, package: SoftwarePrint, indexes: Sequence[int]) -> Sequence[Comparison]:
        """Compare a package with the registered ones of these numbers, member by member."""
        # What several owners hold is nobody's, so it is no other content of the package either.
        rest = np.where(np.isin(package.rows["exact"], self._shared), 0.0, package.rows["weight"].astype(np.float64))
        candidates = [self._candidate(package, rest, index) for index in indexes]
        judged: list[tuple[Candidate, Judgement, Candidate | None]] = []
        for candidate in candidates:
            rival = self._rival(candidate, candidates)
            judgement = judge(candidate.shares, rival.shares if rival else None, self._settings)
            if judgement is None and self._common_name(package, candidate.index):
                judgement = Judgement(Verdict.PARTIAL, ReasonCode.SOFTWARE_SAME_NAME, candidate.shares.share)
            if judgement is not None:
                judged.append((candidate, judgement, rival))
        judged.sort(key=lambda each: (VERDICT_ORDER[each[1].verdict], -each[0].shares.own_found, each[0].index))
        best: dict[str, Comparison] = {}
        for candidate, judgement, rival in judged:
            work_id = self._references[candidate.index].work_id
            if work_id not in best:
                best[work_id] = self._comparison(package, candidate, judgement, rival)
        return tuple(best.values())

    def _common_name(self, package: SoftwarePrint, index: int) -> str | None:
        """A name that the package and the work give themselves, and no other owner's work does."""
        owner = self._references[index].owner
        for name in package.identities:
            named = self._named.get(name, [])
            if index in named and all(self._references[other].owner == owner for other in named):
                return name
        return None

    def _make_index(self) -> LocalTermIndex:
        """Terms of every member; its position is its row."""
        each = [_terms(package) for package in self._prints]
        terms = np.concatenate([t for t, _ in each]) if each else np.zeros(0, np.uint64)
        positions = np.concatenate([p for _, p in each]) if each else np.zeros(0, np.uint32)
        owners = np.repeat(np.arange(len(each), dtype=np.uint32), [t.size for t, _ in each])
        return LocalTermIndex.build(terms, owners, positions)

    def _voted(self, package: SoftwarePrint) -> list[int]:
        """The registered packages with the most in common with `package`, by weight."""
        terms, positions = _terms(package)
        hits = self._index.lookup(terms, MOST_POSTINGS)
        members = 2 * len(package)
        value = np.where(hits.query < members, package.rows["weight"][positions[hits.query]], BAND_VALUE)
        votes = np.bincount(hits.owner, weights=value, minlength=len(self._prints))
        ranked = np.argsort(-votes, kind="stable")[:MOST_VERIFIED]
        return [int(i) for i in ranked if votes[i] > 0]

    def _candidate(self, package: SoftwarePrint, rest: NDArray[np.float64], index: int) -> Candidate:
        work = self._prints[index]
        found = overlap(work, package, self._settings.near_distance)
        return Candidate(index, found, shares(work, self._own[index], package, rest, found))

    def _rival(self, candidate: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
        """The best candidate of another owner; an owner's works do not compete with each other."""
        owner = self._references[candidate.index].owner
        others = (c for c in candidates if self._references[c.index].owner != owner)
        return max(others, key=lambda c: (c.shares.own_found, c.shares.all_found), default=None)

    def _comparison(
        self, package: SoftwarePrint, candidate: Candidate, judgement: Judgement, rival: Candidate | None
    ) -> Comparison:
        reference, found = self._references[candidate.index], candidate.shares
        values: dict[str, str | int | float] = {"found": found.found_files, "files": found.own_files}
        if judgement.code is ReasonCode.SOFTWARE_AMBIGUOUS_SOURCE and rival is not None:
            values = {"other": self._references[rival.index].title, "share": round(judgement.similarity, 4)}
        elif judgement.code is ReasonCode.SOFTWARE_SAME_NAME:
            values = self._name_values(package, candidate.index)
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
            spans=self._spans(package, candidate),
        )

    def _name_values(self, package: SoftwarePrint, index: int) -> dict[str, str | int | float]:
        signers, name = self._prints[index].signers, self._common_name(package, index) or ""
        values: dict[str, str | int | float] = {"name": name.partition(":")[2], "signer_zh": "", "signer_en": ""}
        if signers and package.signers:
            same = not set(signers).isdisjoint(package.signers)
            values["signer_zh"] = "，签名证书相同" if same else "，签名证书不同"
            values["signer_en"] = f", signed by {'the same' if same else 'another'} certificate"
        return values

    def _spans(self, package: SoftwarePrint, candidate: Candidate) -> tuple[Span, ...]:
        """The members that correspond, the heaviest kept, in the work's order."""
        partner, work = candidate.overlap.partner, self._prints[candidate.index]
        found = np.nonzero((partner >= 0) & (work.rows["weight"] > 0))[0]
        heaviest = found[np.argsort(-self._own[candidate.index][found], kind="stable")][:MOST_SPANS]
        return tuple(
            Span(unit=SpanUnit.MEMBER, query=(package.paths[partner[i]],), work=(work.paths[i],))
            for i in np.sort(heaviest)
        )


def _terms(package: SoftwarePrint) -> tuple[U64, NDArray[np.uint32]]:
    """Terms of a package and the rows they stand for: bytes of all members, lines of all, then bands of near ones."""
    rows = np.arange(len(package), dtype=np.uint32)
    near = np.nonzero((package.rows["has_near"] == 1) & (package.rows["weight"] > 0))[0].astype(np.uint32)
    bands = band_terms(package.rows["near"][near])
    terms = np.concatenate([package.rows["exact"], package.rows["text"], bands.ravel()])
    return terms, np.concatenate([rows, rows, np.repeat(near, bands.shape[1])])
