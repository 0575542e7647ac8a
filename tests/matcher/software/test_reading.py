"""Honest archives of every kind that is read give back their members."""

import bz2
import gzip
import lzma
import random
import sys
import zipfile
from collections.abc import Callable

import pytest

from config.loading import load_settings
from matcher.software.archives import foreign
from matcher.software.archives.formats import is_archive
from matcher.software.archives.walk import Walk
from tests.matcher.software.installers import WORD, appimage, cab, disc, installer, msi, rar, squashfs
from tests.matcher.software.packing import Files, ar, deb, program, seven, tarred, zipped

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SETTINGS = load_settings().matcher.software
CHANCE = random.Random(5)
FILES = {
    "app/main.py": b"print('hello')\r\n" * 40,
    "app/数据/blob.bin": CHANCE.randbytes(70_000),
    "app/calls.bin": b"\xe8\x10\x20\x00\x00\x55\x89\xe5" * 20_000,
    "readme.txt": b"read me\n",
}
KINDS: dict[str, Callable[[Files], bytes]] = {
    "zip": zipped,
    "zip stored": lambda files: zipped(files, zipfile.ZIP_STORED),
    "zip bzip2": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "zip lzma": lambda files: zipped(files, zipfile.ZIP_LZMA),
    "tar": tarred,
    "tar.gz": lambda files: tarred(files, "w:gz"),
    "tar.bz2": lambda files: tarred(files, "w:bz2"),
    "tar.xz": lambda files: tarred(files, "w:xz"),
    "tar.zst": lambda files: zstd.compress(tarred(files)),
    "tar.gz of two streams": lambda files: gzip.compress(tarred(files)[:700]) + gzip.compress(tarred(files)[700:]),
    "7z": seven,
    "7z plain header": lambda files: seven(files, packed_header=False),
    "7z copy": lambda files: seven(files, "copy"),
    "7z lzma": lambda files: seven(files, "lzma"),
    "7z bzip2": lambda files: seven(files, "bzip2"),
    "7z deflate": lambda files: seven(files, "deflate"),
    "7z x86": lambda files: seven(files, "x86"),
    "7z x86 named last": lambda files: seven(files, "x86 last"),
    "7z delta": lambda files: seven(files, "delta"),
    "program with zip behind": lambda files: program(b"\x90" * 64, zipped(files)),
    "program with 7z behind": lambda files: program(b"\x90" * 64, seven(files)),
    "program with 7z behind a text": lambda files: program(b"\x90" * 64, b";!@Install@!UTF-8!\n" + seven(files)),
    "program with a cabinet inside": lambda files: installer(cab(files)),
    "program with rar behind": lambda files: program(b"\x90" * 64, rar(files)),
    "cabinet": cab,
    "cabinet stored": lambda files: cab(files, 0),
    "squashfs": squashfs,
    "squashfs plain": lambda files: squashfs(files, packed=False),
    "program that is an AppImage": lambda files: appimage(squashfs(files)),
    "rar": rar,
}


def read(data: bytes, name: str = "sample") -> tuple[dict[str, bytes], Walk]:
    walk = Walk(SETTINGS)
    return {member.path: member.data for member in walk.members(data, name)}, walk


NEEDS_PROGRAM = {"rar", "program with rar behind"}
needs_bsdtar = pytest.mark.skipif(foreign.program() is None, reason="needs bsdtar: apt-get install libarchive-tools")


@pytest.mark.parametrize("kind", [pytest.param(k, marks=needs_bsdtar if k in NEEDS_PROGRAM else ()) for k in KINDS])
def test_every_member_comes_back(kind: str) -> None:
    found, walk = read(KINDS[kind](FILES))
    if kind.startswith("program"):
        assert found.pop("sample").startswith((b"MZ", b"\x7fELF"))
    assert found == FILES
    assert (walk.problems, walk.bound) == ([], "")


def test_the_cabinets_in_an_installer_package_are_opened() -> None:
    # "disk1.cab" as such packages write it: two characters in one.
    found, walk = read(msi({"\u482d": b"table", chr(0x3800 + 39 + (44 << 6)) + "sk1.cab": cab(FILES)}), "setup.msi")
    assert {path.partition("!/")[2]: data for path, data in found.items() if "!/" in path} == FILES
    assert {path.partition("!/")[0] for path in found} == {"j", "disk1.cab"}
    assert not walk.problems


def test_a_document_of_the_same_form_is_no_installer_package() -> None:
    document = msi({"WordDocument": cab(FILES)}, WORD)
    assert not is_archive(document)
    assert list(read(document, "letter.doc")[0]) == ["letter.doc"]


@needs_bsdtar
def test_a_disc_image_is_read() -> None:
    files = {"SETUP.EXE": program(b"\x90" * 5000), "DATA.ZIP": zipped(FILES)}
    found, walk = read(disc(files), "x.iso")
    assert found == {"SETUP.EXE": files["SETUP.EXE"]} | {f"DATA.ZIP!/{name}": data for name, data in FILES.items()}
    assert not walk.problems


def test_without_the_other_program_a_rar_file_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found, walk = read(rar(FILES), "x.rar")
    assert list(found) == ["x.rar"]
    assert walk.problems == ["x.rar: it is read by bsdtar (libarchive-tools), which is not on this machine"]
    assert walk.unopened


def test_a_debian_package_is_read_through() -> None:
    found, walk = read(deb(FILES))
    assert {path.partition("!/")[2]: data for path, data in found.items() if path.startswith("data")} == FILES
    assert found["control.tar.gz!/control"] == b"Package: sample\n"
    assert not walk.problems


def test_archives_inside_archives_are_opened() -> None:
    found, walk = read(zipped({"outer.txt": b"1", "in.tar.gz": tarred({"deep.7z": seven(FILES)}, "w:gz")}))
    assert found == {"outer.txt": b"1"} | {f"in.tar.gz!/deep.7z!/{name}": data for name, data in FILES.items()}
    assert not walk.problems


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_single_compressed_file_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    found, _ = read(pack(b"one file\n" * 9), "notes.txt.gz")
    assert found == {"notes.txt": b"one file\n" * 9}


def test_a_file_that_is_no_archive_is_its_own_member() -> None:
    found, walk = read(program(b"\xcc" * 99), "setup.exe")
    assert list(found) == ["setup.exe"]
    assert not walk.problems


def test_names_of_chinese_packers_are_read() -> None:
    placeholder, name = b"AAAA.txt", "软件.txt".encode("gb18030")
    found, _ = read(zipped({"AAAA.txt": b"text"}).replace(placeholder, name))
    assert list(found) == ["软件.txt"]


def test_members_of_an_ar_file_may_have_odd_lengths() -> None:
    assert read(ar({"a": b"123", "b": b"4"}))[0] == {"a": b"123", "b": b"4"}
