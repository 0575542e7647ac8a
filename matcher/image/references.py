"""The registered pictures, ready to be searched: same bytes, then PDQ, then local features."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.settings import ImageMatcherSettings
from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import digest_of
from domain.reasons import Reason, ReasonCode
from matcher.image.features import BITS, Features, mirror
from matcher.image.geometry import Agreement, agree
from matcher.image.hashes import HashIndex
from matcher.image.payload import ImagePrint, unpack
from matcher.terms import LocalTermIndex, open_or_build
from matcher.worktypes import Reference

U64 = NDArray[np.uint64]

TABLES, TABLE_BITS = 16, 16
"""Locality-sensitive hashing: so many samples of so many bits of each signature are its terms."""
MOST_POSTINGS = 2000
MOST_VERIFIED = 12
FEWEST_VOTES = 3
PARTIAL_INLIERS = 8
ORDER = {Verdict.COPY: 0, Verdict.PARTIAL: 1, Verdict.QUOTATION: 2}


class ImageReferences:
    """A `References` of pictures."""

    def __init__(self, references: Sequence[Reference], settings: ImageMatcherSettings, cache: Path) -> None:
        self._references = references
        self._settings = settings
        self._prints = [unpack(reference.fingerprint) for reference in references]
        self._by_bytes: dict[str, list[int]] = {}
        for i, image in enumerate(self._prints):
            self._by_bytes.setdefault(image.digest, []).append(i)
        name = digest_of("\n".join(reference.fingerprint.digest for reference in references).encode())
        trusted = [
            (i, image_hash)
            for i, image in enumerate(self._prints)
            for image_hash, quality in ((image.whole[0], image.quality), (image.trimmed[0], image.trimmed_quality))
            if quality >= settings.pdq_quality
        ]
        self._hash_owner = np.array([i for i, _ in trusted], np.int64)
        hashes = np.stack([h for _, h in trusted]) if trusted else np.empty((0, 32), np.uint8)
        self._hashes = HashIndex(hashes, cache / f"{name}-pdq")
        self._features = open_or_build(cache / f"{name}-features", self._make_features)

    def __len__(self) -> int:
        return len(self._references)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        image = unpack(query)
        found: dict[int, Comparison] = {}
        for i in self._by_bytes.get(image.digest, ()):
            found[i] = self._comparison(i, image, Verdict.COPY, "sha256", 1.0, Reason.of(ReasonCode.IMAGE_SAME_FILE))
        for i, distance, form in self._near_hashes(image):
            if i not in found:
                found[i] = self._near_duplicate(i, image, distance, form)
        for i, agreement, mirrored in self._agreeing(image, set(found)):
            if (comparison := self._from_features(i, agreement, image, mirrored=mirrored)) is not None:
                found[i] = comparison
        ranked = sorted(found.items(), key=lambda item: (ORDER[item[1].verdict], -item[1].similarity, item[0]))
        best: dict[str, Comparison] = {}
        for _, comparison in ranked:
            best.setdefault(comparison.work_id, comparison)
        return tuple(best.values())

    def _near_hashes(self, image: ImagePrint) -> list[tuple[int, int, int]]:
        """Registered pictures within the PDQ distance: row, smallest distance, orientation."""
        forms = [
            hashes
            for hashes, quality in ((image.whole, image.quality), (image.trimmed, image.trimmed_quality))
            if quality >= self._settings.pdq_quality
        ]
        if not forms:
            return []
        asked, rows, distances = self._hashes.near(np.concatenate(forms), self._settings.pdq_distance)
        best: dict[int, tuple[int, int]] = {}
        for form, row, distance in zip(asked.tolist(), rows.tolist(), distances.tolist(), strict=True):
            owner = int(self._hash_owner[row])
            best[owner] = min(best.get(owner, (999, 0)), (distance, form % 8))
        return [(owner, distance, form) for owner, (distance, form) in best.items()]

    def _make_features(self) -> LocalTermIndex:
        sizes = [len(image.features) for image in self._prints]
        codes = [image.features.signatures for image in self._prints]
        terms = signature_terms(np.concatenate(codes) if codes else np.empty((0, 2), np.uint64))
        owners = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        rows = np.concatenate([np.arange(n, dtype=np.uint32) for n in sizes]) if sizes else np.empty(0, np.uint32)
        return LocalTermIndex.build(terms.ravel(), np.repeat(owners, TABLES), np.repeat(rows, TABLES))

    def _agreeing(self, image: ImagePrint, known: set[int]) -> list[tuple[int, Agreement, bool]]:
        """Registered pictures whose features are found again, upright or mirrored, but for those known already."""
        found = []
        for mirrored in (False, True):
            features = mirror(image.features, image.decoded[0]) if mirrored else image.features
            for i in self._voted(features):
                if i in known:
                    continue
                work = self._prints[i]
                agreement = agree(features, image.decoded, work.features, work.decoded)
                if agreement is not None:
                    known.add(i)
                    found.append((i, agreement, mirrored))
        return found

    def _voted(self, features: Features) -> list[int]:
        """The registered pictures that share the most features with a query, by distinct query features."""
        hits = self._features.lookup(signature_terms(features.signatures).ravel(), MOST_POSTINGS)
        keypoint = hits.query // np.uint32(TABLES)
        pairs = np.unique(np.stack([hits.owner, keypoint], axis=1), axis=0)
        votes = np.bincount(pairs[:, 0], minlength=len(self._prints)) if pairs.size else np.zeros(0, int)
        ranked = np.argsort(-votes, kind="stable")[:MOST_VERIFIED]
        return [int(i) for i in ranked if votes[i] >= FEWEST_VOTES]

    def _near_duplicate(self, i: int, image: ImagePrint, distance: int, form: int) -> Comparison:
        turned_zh = "，旋转或镜像后" if form else ""
        turned_en = ", turned or mirrored" if form else ""
        reason = Reason.of(ReasonCode.IMAGE_NEAR_DUPLICATE, distance=distance, form_zh=turned_zh, form_en=turned_en)
        return self._comparison(i, image, Verdict.COPY, "pdq", 1 - distance / 256, reason)

    def _from_features(self, i: int, found: Agreement, image: ImagePrint, *, mirrored: bool) -> Comparison | None:
        settings = self._settings
        if found.strength < settings.feature_strength:
            return None
        whole = found.ratio >= settings.feature_inlier_ratio and found.cells >= settings.feature_cell_support
        exact = found.offset <= settings.feature_offset and found.skew <= settings.feature_skew
        if not whole and found.inliers < PARTIAL_INLIERS:
            return None
        code = ReasonCode.IMAGE_LOCAL_FEATURES if exact else ReasonCode.IMAGE_SAME_SCENE
        if not whole:
            code = ReasonCode.IMAGE_SHARED_PART
        reason = Reason.of(code, inliers=found.inliers, cells=round(found.cells, 4))
        left, top, right, bottom = found.query_box
        box = (image.decoded[0] - right, top, image.decoded[0] - left, bottom) if mirrored else found.query_box
        span = Span(unit=SpanUnit.BOX, query=box, work=found.work_box)
        return Comparison(
            work_id=self._references[i].work_id,
            reference=self._references[i].digest,
            similarity=min(1.0, found.cells),
            verdict=Verdict.COPY if whole and exact else Verdict.PARTIAL,
            method="local-features",
            reason=reason,
            spans=(span,),
        )

    def _comparison(
        self, i: int, image: ImagePrint, verdict: Verdict, method: str, similarity: float, reason: Reason
    ) -> Comparison:
        """A comparison of whole pictures."""
        work = self._prints[i]
        span = Span(unit=SpanUnit.BOX, query=(0, 0, *image.decoded), work=(0, 0, *work.decoded))
        return Comparison(
            work_id=self._references[i].work_id,
            reference=self._references[i].digest,
            similarity=similarity,
            verdict=verdict,
            method=method,
            reason=reason,
            spans=(span,),
        )


def signature_terms(codes: U64) -> U64:
    """The terms of signatures (n×2): sixteen samples of sixteen bits each, with the sample's number above (n×16)."""
    bits = np.unpackbits(np.ascontiguousarray(codes).view(np.uint8), axis=1)
    chosen = np.random.default_rng(BITS).permuted(np.tile(np.arange(BITS), (TABLES, 1)), axis=1)[:, :TABLE_BITS]
    sampled = bits.reshape(-1, BITS)[:, chosen]
    values = (sampled.astype(np.uint64) << np.arange(TABLE_BITS, dtype=np.uint64)).sum(axis=2, dtype=np.uint64)
    return np.asarray(values | (np.arange(TABLES, dtype=np.uint64) << np.uint64(TABLE_BITS)), np.uint64)
