"""Works registered by an earlier version of the program."""

import json
from pathlib import Path

from sqlalchemy import update

from config.loading import load_settings
from domain.ids import Digest, WorkId
from monitor.wiring import Platform
from store.tables import fingerprints
from tests.mocksite.catalogue import STORIES, write_catalogue
from tests.support.commands import run

POSTMAN = WorkId("story-postman")


def test_what_an_earlier_version_registered_is_fingerprinted_anew(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run(data, "works", "import", str(write_catalogue(tmp_path / "material")), "--json")[0] == 0
    platform = Platform(data, load_settings(None, {}))
    with platform.database.write() as connection:
        mine = fingerprints.c.work_id == POSTMAN
        connection.execute(update(fingerprints).where(mine).values(version=0, payload=b"of another version"))
    [(work_id, digest)] = platform.works.outdated("text", platform.matchers[-1].version)
    assert work_id == POSTMAN
    (tmp_path / "copy.txt").write_text((STORIES / "zh-postman.txt").read_text()[300:1500])
    _, out, _ = run(data, "match", str(tmp_path / "copy.txt"), "--json")
    assert json.loads(out)["matches"][0]["work_id"] == POSTMAN
    assert platform.works.outdated("text", platform.matchers[-1].version) == []
    renewed = platform.works.fingerprint_of(POSTMAN, Digest(digest), "text")
    assert renewed is not None
    assert renewed.version == platform.matchers[-1].version
    platform.database.close()
