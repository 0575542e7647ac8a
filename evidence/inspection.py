"""What is wrong inside a WARC file, as opposed to its being another file than was stored."""

import zlib
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

CHUNK = 1 << 20
BEGINNING = b"WARC/"
GZIP_MAGIC = b"\x1f\x8b"


def fault_in_warc(file: BinaryIO) -> str:
    """The first fault of a WARC file: what breaks off, cannot be read or has not its digests; empty if there is none.

    Also empty for what does not begin as a WARC file. Reads it in pieces.
    """
    if not _begins_as_warc(file):
        return ""
    number = 0
    try:
        if fault := _fault_in_gzip(file):
            return fault
        file.seek(0)
        for record in ArchiveIterator(file, verify_http=False, check_digests=True):
            number += 1
            while record.raw_stream.read(CHUNK):
                pass
            if fault := _fault_in_record(record):
                return f"its record {number} {fault}"
    except Exception as error:  # warcio raises whatever its parts raise on a broken file
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        if "non-chunked gzip" in detail:
            return ""  # compressed in one piece, as other programs do: unusual, but whole
        return f"its record {number + 1} cannot be read ({detail})"
    return ""


def _begins_as_warc(file: BinaryIO) -> bool:
    head = file.read(CHUNK)
    if head.startswith(GZIP_MAGIC):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, len(BEGINNING))
        except zlib.error:
            return False
    return head.startswith(BEGINNING)


def _fault_in_gzip(file: BinaryIO) -> str:
    """Whether every member is whole; warcio takes one that breaks off for the end of the file."""
    file.seek(0)
    member, data = None, file.read(CHUNK)
    if not data.startswith(GZIP_MAGIC):
        return ""
    while data:
        member = member or zlib.decompressobj(wbits=31)
        member.decompress(data, CHUNK)
        data = (member.unconsumed_tail or member.unused_data) or file.read(CHUNK)
        if member.eof:
            member = None
    return "its compressed data break off" if member else ""


def _fault_in_record(record: Any) -> str:
    if record.length is None or record.raw_stream.limit > 0:
        return "breaks off"
    # A digest by an algorithm that is not known here says nothing against the record.
    failed = [problem for problem in record.digest_checker.problems if "unknown hash algorithm" not in problem]
    return f"was changed: {failed[0]}" if failed else ""
