"""Catalogues into the register, with their reference files kept and fingerprinted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from mimetypes import guess_type
from pathlib import Path

from domain.fingerprints import Abstention, Fingerprint
from domain.ids import Digest
from domain.works import ReferenceFile, Work
from matcher.worktypes import Content
from monitor.wiring import Platform
from store.catalogue.importing import ImportReport, Registered, import_catalogue

KEPT_BY = "works import"


def import_works(
    platform: Platform, catalogue: Path, *, media: Path | None = None, progress: Callable[[int], None] = lambda _: None
) -> ImportReport:
    """Import a catalogue; its files are looked for under `media`, else beside it."""
    return import_catalogue(
        catalogue,
        media=media or catalogue.parent,
        works=platform.works,
        register=lambda work, files: register(platform, work, files),
        rejects=platform.folder.rejects / f"{catalogue.stem}-rejects.csv",
        progress=progress,
    )


def register(platform: Platform, work: Work, files: Sequence[Path]) -> Registered:
    """Keep a work's files and fingerprint them, unless the register has these very ones already."""
    if not files:
        return Registered(work=work)
    matcher = platform.matcher_of(work.type)
    filed: list[ReferenceFile] = []
    prints: list[tuple[Digest, Fingerprint]] = []
    refused: list[tuple[str, str, str]] = []
    for path in files:
        data = path.read_bytes()
        digest = platform.references.put(data, at=platform.clock(), by=KEPT_BY)
        media_type = guess_type(path.name)[0] or ""
        filed.append(ReferenceFile(name=path.name, digest=digest, media_type=media_type, size=len(data)))
        if matcher is None:
            continue
        known = platform.works.fingerprint_of(work.work_id, digest, matcher.kind)
        made: Fingerprint | Abstention | None = known if known and known.version == matcher.version else None
        if made is None:
            made = matcher.fingerprint(Content(data=data, name=path.name, media_type=media_type), registering=True)
        if isinstance(made, Abstention):
            reason = made.reason.sentence(platform.settings.general.language)
            refused.append((path.name, reason, "Give a file with enough of the work to tell it by."))
        else:
            prints.append((digest, made))
    return Registered(work=replace(work, references=tuple(filed)), prints=prints, refused=refused)
