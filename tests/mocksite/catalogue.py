"""The works registered with the site's rights holders, and their catalogue."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image

from tests.mocksite.pictures import PHOTOS, as_png, available, drawing, photo, scene

STORIES = Path(__file__).parent / "works" / "stories"


@dataclass(frozen=True)
class Story:
    """A registered text."""

    work_id: str
    title: str
    title_en: str
    owner: str
    file: str
    licensed_hosts: str = ""
    isbn: str = ""

    @property
    def text(self) -> str:
        return (STORIES / self.file).read_text(encoding="utf-8")

    @property
    def is_chinese(self) -> bool:
        return self.file.startswith("zh-")


STORIES_REGISTERED = (
    Story("story-lighthouse", "守灯人", "The Keeper", "陆见秋", "zh-lighthouse.txt", "shop.localhost", "9787020002207"),
    Story(
        "story-postman",
        "雪线以上",
        "Above the Snow Line",
        "次仁旺堆",
        "zh-postman.txt",
        "shop.localhost@2020-01-01..2020-12-31",
    ),
    Story("story-well", "井底的天气", "Weather at the Bottom of the Well", "沈禾", "zh-well.txt", "shop.localhost"),
    Story("story-noodle", "末班面馆", "The Last Bus Noodle Shop", "唐砚秋", "zh-noodle.txt"),
    Story("story-cinema", "胶片车", "The Film Lorry", "何晓棠", "zh-cinema.txt", "shop.localhost"),
    Story("story-bridge", "数桥的孩子", "The Boy Who Counted Bridges", "温亦平", "zh-bridge.txt"),
    Story(
        "story-tide-clock", "The Tide Clock", "The Tide Clock", "E. M. Carrow", "en-tide-clock.txt", "shop.localhost"
    ),
    Story("story-orchard", "The Orchard Ledger", "The Orchard Ledger", "J. Hallam", "en-orchard.txt"),
    Story("story-bell", "The Borrowed Bell", "The Borrowed Bell", "R. Ashdown", "en-bell.txt", "shop.localhost"),
    Story("story-salt", "Salt for the Road", "Salt for the Road", "Nell Varga", "en-salt.txt"),
)
DRAWINGS, SCENES = 5, 2


@lru_cache(maxsize=1)
def registered_pictures() -> dict[str, Image.Image]:
    """Registered pictures by work id."""
    drawn = {f"drawing-{n}": drawing(n) for n in range(1, DRAWINGS + 1)}
    drawn |= {f"scene-{n}": scene(n) for n in range(1, SCENES + 1)}
    return drawn | {f"photo-{Path(name).stem}": photo(name) for name in available(PHOTOS)}


def write_catalogue(folder: Path) -> Path:
    """Write `catalogue.csv` and the reference files it names into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = ("work_id", "title", "title_en", "type", "owner", "isbn", "licensed_hosts", "files")
    path = folder / "catalogue.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for s in STORIES_REGISTERED:
            (folder / s.file).write_text(s.text, encoding="utf-8")
            writer.writerow((s.work_id, s.title, s.title_en, "text", s.owner, s.isbn, s.licensed_hosts, s.file))
        for work_id, image in registered_pictures().items():
            (folder / f"{work_id}.png").write_bytes(as_png(image))
            writer.writerow((work_id, f"图 {work_id}", work_id, "image", "北屿画社", "", "", f"{work_id}.png"))
    return path
