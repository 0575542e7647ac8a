"""The registered works' reference files, and their catalogue."""

import csv
from pathlib import Path

from domain.works import WorkType
from tests.mocknet.description import Description, RegisteredWork
from tests.mocknet.media import films, music, packages, pictures
from tests.mocksite.catalogue import STORIES

COLUMNS = (
    *("work_id", "title", "title_en", "aliases", "type", "owner"),
    *("public_domain_since", "licensed_hosts", "files"),
)
ENDINGS = {
    WorkType.TEXT: ".txt",
    WorkType.IMAGE: ".png",
    WorkType.AUDIO: ".flac",
    WorkType.VIDEO: ".mp4",
    WorkType.SOFTWARE: ".zip",
}


def text_of(work: RegisteredWork) -> str:
    return (STORIES / work.story).read_text(encoding="utf-8")


def reference_file(work: RegisteredWork) -> bytes:
    """What the right holder filed."""
    match work.type:
        case WorkType.TEXT:
            return text_of(work).encode()
        case WorkType.IMAGE:
            return pictures.registered(work.seed)
        case WorkType.AUDIO:
            return music.as_flac(work.seed)
        case WorkType.VIDEO:
            return films.as_file(work.seed, quality=20)
        case WorkType.SOFTWARE:
            return packages.registered(work.seed)


def write_catalogue(described: Description, folder: Path) -> Path:
    """Write `catalogue.csv` and the reference files it names into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "catalogue.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for work in described.works:
            name = work.id + ENDINGS[work.type]
            (folder / name).write_bytes(reference_file(work))
            writer.writerow(
                {
                    "work_id": work.id,
                    "title": work.title,
                    "title_en": work.title_en,
                    "aliases": "|".join(work.aliases),
                    "type": work.type,
                    "owner": work.owner,
                    "public_domain_since": work.public_domain_since,
                    "licensed_hosts": "|".join(map(_licence, work.licensed)),
                    "files": name,
                }
            )
    return path


def _licence(label: str) -> str:
    host, mark, days = label.partition("@")
    return f"{host}.localhost{mark}{days}"
