"""The registered films, ready to be searched: frames and scenes, then the sound."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from config.settings import VideoMatcherSettings
from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId
from domain.reasons import Reason, ReasonCode, Value
from matcher.segments.snapshot import Snapshot
from matcher.video.alignment import Follower, Stretch
from matcher.video.candidates import Line, Pairs, best_lines, like_frames, like_scenes
from matcher.video.payload import unpack
from matcher.video.prints import FilmPrint
from matcher.video.store import FilmStore
from matcher.video.verdict import Candidate, counts, evidence, judge
from matcher.video.wording import clock, values_of
from matcher.worktypes import VERDICT_ORDER, References

METHOD, SOUND_METHOD = "video-frames", "video-sound"
MOST_LINES = 8
"""Films looked at frame by frame in a window of the query."""
TOGETHER = 1.5
"""Seconds by which pictures and sound may say otherwise where a stretch lies in the work."""


class VideoReferences:
    """A `References` of films."""

    def __init__(self, snapshot: Snapshot, sounds: References, settings: VideoMatcherSettings) -> None:
        self._snapshot = snapshot
        self._settings = settings
        self._store = FilmStore(snapshot)
        self._sounds = sounds

    def __len__(self) -> int:
        return len(self._snapshot)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        film = unpack(query)
        heard = {c.work_id: c for c in self._sounds.compare(film.sound)} if film.sound else {}
        candidates = self._candidates(film)
        best: dict[str, tuple[int, float, Comparison]] = {}
        for candidate in candidates:
            comparison = self._comparison(film, candidate, candidates, heard)
            rank = (VERDICT_ORDER[comparison.verdict], -evidence(candidate.best))
            known = best.get(comparison.work_id)
            if known is None or rank < known[:2]:
                best[comparison.work_id] = (*rank, comparison)
        for work_id, sound in heard.items():
            if work_id not in best and sound.verdict is Verdict.COPY:
                best[work_id] = (VERDICT_ORDER[Verdict.PARTIAL], 0.0, _of_sound_alone(sound))
        return tuple(comparison for _, _, comparison in sorted(best.values(), key=lambda each: each[:2]))

    def _candidates(self, film: FilmPrint) -> list[Candidate]:
        """The registered films with a stretch that counts."""
        if not len(film.frames) or not len(self._snapshot):
            return []
        settings = self._settings
        pairs = like_frames(film, self._store, settings.pdq_quality, settings.pdq_distance)
        follower, found = Follower(film, self._store), dict[int, list[Stretch]]()
        for line in best_lines(Pairs.joined([pairs, like_scenes(film, self._store)]), film, MOST_LINES):
            self._follow(line, follower, film.seconds, found)
        return [
            Candidate(film=number, stretches=tuple(sorted(stretches, key=evidence, reverse=True)))
            for number, stretches in sorted(found.items())
        ]

    def _follow(self, line: Line, follower: Follower, seconds: float, found: dict[int, list[Stretch]]) -> None:
        """Add the stretch along a line, unless one that is there holds its window or shows more."""
        known = found.get(line.film, [])
        if any(s.line.mirrored == line.mirrored and s.start <= line.start and s.end >= line.end for s in known):
            return
        stretch = follower.follow(line)
        if stretch is None or not counts(stretch, seconds, self._settings):
            return
        rivals = [s for s in known if s.start < stretch.end and stretch.start < s.end]
        if all(evidence(stretch) > evidence(s) for s in rivals):
            found[line.film] = [*(s for s in known if s not in rivals), stretch]

    def _comparison(
        self,
        film: FilmPrint,
        candidate: Candidate,
        candidates: Sequence[Candidate],
        heard: Mapping[WorkId, Comparison],
    ) -> Comparison:
        reference = self._snapshot.reference(candidate.film)
        others = [c for c in candidates if self._snapshot.reference(c.film).owner != reference.owner]
        sound = heard.get(reference.work_id)
        together = sound is not None and sound.reference == reference.digest and _agree(candidate.best, sound)
        verdict, code, rival = judge(
            candidate,
            others,
            shown=film.shown(self._settings.pdq_quality),
            work_seconds=self._store.seconds(candidate.film),
            heard=together and sound is not None and sound.verdict is Verdict.COPY,
            settings=self._settings,
        )
        values = values_of(candidate.best)
        values |= {"agreement": round(max(0.0, min(candidate.best.changes, candidate.best.motion)), 2)}
        values |= {
            "sound_zh": "，声音亦同步" if together else "",
            "sound_en": ", and the sound runs along" if together else "",
        }
        if rival is not None:
            values["other"] = self._snapshot.reference(rival.film).title
        return Comparison(
            work_id=reference.work_id,
            reference=reference.digest,
            similarity=min(1.0, candidate.seconds / max(1.0, film.seconds)),
            verdict=verdict,
            method=METHOD,
            reason=Reason.of(code, **values),
            spans=tuple(_span(stretch) for stretch in sorted(candidate.stretches, key=lambda s: s.start)),
        )


def _agree(stretch: Stretch, sound: Comparison) -> bool:
    """Whether the sound lies where the pictures lie."""
    for span in sound.spans:
        (start, end), (first, last) = ([float(v) for v in side] for side in (span.query, span.work))
        middle = (max(start, stretch.start) + min(end, stretch.end)) / 2
        if start <= middle <= end:
            there = first + (middle - start) * (last - first) / max(0.01, end - start)
            return abs(there - (stretch.line.speed * middle + stretch.line.offset)) <= TOGETHER
    return False


def _of_sound_alone(sound: Comparison) -> Comparison:
    first = max(sound.spans, key=lambda span: float(span.query[1]) - float(span.query[0]))
    work = "–".join(clock(float(at)) for at in first.work)
    seconds = round(sum(float(span.query[1]) - float(span.query[0]) for span in sound.spans))
    values: dict[str, Value] = {"seconds": seconds, "query": clock(float(first.query[0])), "work": work}
    reason = Reason.of(ReasonCode.VIDEO_SOUND, **values)
    return replace(sound, verdict=Verdict.PARTIAL, method=SOUND_METHOD, reason=reason)


def _span(stretch: Stretch) -> Span:
    first, last = stretch.work_span
    return Span(
        unit=SpanUnit.SECOND,
        query=(round(stretch.start, 2), round(stretch.end, 2)),
        work=(round(first, 2), round(last, 2)),
    )
