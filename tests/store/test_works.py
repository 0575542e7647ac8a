from dataclasses import replace
from datetime import date

import pytest

from domain.errors import NotFoundError
from domain.fingerprints import Fingerprint
from domain.ids import Digest, WorkId, digest_of
from domain.works import Licence, LicenceSource, ReferenceFile, Work, WorkType
from store.database import Database
from store.works import PutCounts, WorkStore

FILE = ReferenceFile(name="a.txt", digest=digest_of(b"a"), media_type="text/plain", size=1)
WORK = Work(
    work_id=WorkId("w1"),
    title="海边的灯",
    title_en="The Light by the Sea",
    aliases=("灯塔",),
    type=WorkType.TEXT,
    owner="林晚",
    isbn="9787020002207",
    hot_from=date(2026, 11, 1),
    hot_until=date(2026, 12, 1),
    licences=(Licence(host="shop.example", valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31)),),
    references=(FILE,),
)


@pytest.fixture
def works(database: Database) -> WorkStore:
    return WorkStore(database)


def many(count: int) -> list[Work]:
    return [replace(WORK, work_id=WorkId(f"w{n:05}")) for n in range(count)]


def test_what_is_put_comes_back(works: WorkStore) -> None:
    assert works.put([WORK]) == PutCounts(imported=1, unchanged=0)
    assert works.get(WORK.work_id) == WORK
    assert works.get(WorkId("other")) is None


def test_titles_are_given_by_id_and_unknown_works_left_out(works: WorkStore) -> None:
    works.put([WORK, replace(WORK, work_id=WorkId("w2"), title="潮钟")])
    assert works.titles([WorkId("w2"), WorkId("w9")]) == {WorkId("w2"): "潮钟"}
    assert works.titles([]) == {}


def test_putting_again_changes_nothing(works: WorkStore) -> None:
    works.put(many(3))
    assert works.put(many(3)) == PutCounts(imported=0, unchanged=3)


def test_changed_content_replaces_and_keeps_fingerprints(works: WorkStore) -> None:
    works.put([WORK])
    works.put_fingerprints(WORK.work_id, [(FILE.digest, Fingerprint(kind="text", version=1, payload=b"p"))])
    changed = replace(WORK, title="海边的灯塔", licences=(), aliases=())
    assert works.put([changed]) == PutCounts(imported=1, unchanged=0)
    assert works.get(WORK.work_id) == changed
    assert works.fingerprint_counts() == {"w1": 1}


def test_a_withdrawn_file_takes_its_fingerprints_along(works: WorkStore) -> None:
    withdrawn = replace(FILE, name="b.txt", digest=digest_of(b"b"))
    both = replace(WORK, references=(FILE, withdrawn))
    other = replace(both, work_id=WorkId("w2"))
    works.put([both, other])
    for work in (both, other):
        fingerprint = Fingerprint(kind="text", version=1, payload=b"p")
        works.put_fingerprints(work.work_id, [(file.digest, fingerprint) for file in work.references])
    works.put([WORK, other])
    assert works.fingerprint_counts() == {"w1": 1, "w2": 2}
    assert works.fingerprint_of(WORK.work_id, withdrawn.digest, "text") is None
    works.put([replace(WORK, references=())])
    assert works.fingerprint_counts() == {"w2": 2}


def test_every_work_is_streamed_by_id(works: WorkStore) -> None:
    works.put(many(1203))
    assert [work.work_id for work in works.all()] == [f"w{n:05}" for n in range(1203)]
    assert works.count() == 1203


def test_the_last_of_two_rows_with_one_id_wins(works: WorkStore) -> None:
    works.put([WORK, replace(WORK, title="后来")])
    stored = works.get(WORK.work_id)
    assert stored
    assert stored.title == "后来"


def test_removing_takes_licences_and_fingerprints_along(works: WorkStore) -> None:
    works.put([WORK])
    works.put_fingerprints(WORK.work_id, [(FILE.digest, Fingerprint(kind="text", version=1, payload=b"p"))])
    assert works.remove(WORK.work_id)
    assert not works.remove(WORK.work_id)
    assert works.fingerprint_counts() == {}
    works.put([replace(WORK, licences=())])
    assert works.get(WORK.work_id) == replace(WORK, licences=())


def test_a_licence_is_added_or_replaced(works: WorkStore) -> None:
    works.put([WORK])
    for valid_until in (date(2026, 1, 31), date(2027, 1, 31)):
        works.add_licence(WORK.work_id, by_a_person("new.example", valid_until))
    stored = works.get(WORK.work_id)
    assert stored
    assert stored.licences == (by_a_person("new.example", date(2027, 1, 31)), *WORK.licences)
    with pytest.raises(NotFoundError, match="There is no work w9"):
        works.add_licence(WorkId("w9"), Licence(host="x.example"))


def test_importing_again_replaces_the_catalogues_licences_only(works: WorkStore) -> None:
    works.put([WORK])
    added = (by_a_person("new.example"), by_a_person("shop.example"))
    for licence in added:
        works.add_licence(WORK.work_id, licence)
    assert works.put([WORK]) == PutCounts(imported=0, unchanged=1)
    assert works.put([replace(WORK, title="海边的灯塔", licences=())]) == PutCounts(imported=1, unchanged=0)
    stored = works.get(WORK.work_id)
    assert stored
    assert (stored.title, stored.licences) == ("海边的灯塔", added)


def by_a_person(host: str, valid_until: date | None = None) -> Licence:
    return Licence(host=host, valid_until=valid_until, source=LicenceSource.PERSON)


def test_fingerprints_of_one_kind_and_version(works: WorkStore) -> None:
    works.put(many(2))
    old, new = (Fingerprint(kind="text", version=v, payload=b"p%d" % v) for v in (1, 2))
    works.put_fingerprints(WorkId("w00000"), [(Digest("d1"), old), (Digest("d2"), new)])
    (file,) = works.registered_files("text", 2)
    assert (file.work_id, file.reference, file.owner) == ("w00000", "d2", "林晚")
    asked = [(WorkId("w00000"), Digest("d1")), (WorkId("w00000"), Digest("d2")), (WorkId("w00001"), Digest("d2"))]
    (only,) = works.fingerprints_of(asked, "text", 2)
    assert (only.work_id, only.reference, only.owner, only.fingerprint) == ("w00000", "d2", "林晚", new)
    assert [*works.registered_files("image", 2), *works.fingerprints_of(asked, "image", 2)] == []
    assert works.fingerprint_of(WorkId("w00000"), Digest("d1"), "text") == old
