"""The end of a sweep: pages that were too short to be compared alone are compared as the texts that they make up."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from crawler.accusing import Accuser
from crawler.chapters import JoinedText, joined
from domain.campaigns import Campaign, Sweep
from domain.captures import Capture
from domain.ids import capture_id_of, digest_of
from domain.works import WorkType
from matcher.engine import Engine
from matcher.worktypes import Content
from monitor.wiring import Platform
from store import captures, content_prints, findings

SHORT = 1_000
"""Characters of a page up to which what surrounds its text may keep a copy from being told."""


def join_pages(platform: Platform, engine: Engine, sweep: Sweep, campaign: Campaign) -> None:
    """Compare the texts that the short pages of a sweep make up, and record what is found; safe to repeat."""
    accuser = Accuser(engine, platform.works)
    for text in joined(platform.captures.short(sweep.sweep_id, SHORT)):
        capture_id = capture_id_of(sweep.sweep_id, text.url)
        if platform.captures.get(capture_id) is not None:
            continue
        data = text.text.encode()
        match = engine.match(Content(data=data, name=text.url, media_type="text/plain", charset="utf-8"), WorkType.TEXT)
        if not match.accusing or match.fingerprint is None:
            continue
        evidence = b"".join(platform.vault.read(page.record_digest) for page in text.pages if page.record_digest)
        capture = _capture(text, sweep, evidence, match.fingerprint.digest)
        found = accuser.findings(capture, match, ZoneInfo(campaign.time_zone))
        platform.vault.put(evidence, at=capture.fetched_at, by="crawler")
        with platform.database.write() as connection:
            captures.add(connection, [capture])
            content_prints.keep(connection, [match.fingerprint], capture.fetched_at)
            for finding in sorted(found, key=lambda each: each.finding_id):
                findings.record(connection, replace(finding, page_url=text.pages[0].canonical_url))


def _capture(text: JoinedText, sweep: Sweep, evidence: bytes, fingerprint: str) -> Capture:
    """A capture of the whole; its evidence holds the exchanges of all its pages."""
    first = text.pages[0]
    data = text.text.encode()
    return replace(
        first,
        capture_id=capture_id_of(sweep.sweep_id, text.url),
        canonical_url=text.url,
        reason=f"joined from {len(text.pages)} pages",
        payload_digest=digest_of(data),
        payload_size=len(data),
        record_digest=digest_of(evidence),
        text=text.text,
        fingerprint=fingerprint,
    )
