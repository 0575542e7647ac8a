"""Pictures made to harm their decoder."""

import io
import struct
import zlib
from collections.abc import Callable

from tests.matcher.hostile.cases import LARGE, PLAIN, READ, SMALL, UNREADABLE, Case
from tests.mocksite.pictures import as_jpeg, as_png, drawing

MB = 1 << 20


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 0, interlaced: int = 0) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def pixels(data: bytes) -> bytes:
    return chunk(b"IDAT", zlib.compress(data, 9))


def grey_png(side: int, *chunks: bytes) -> bytes:
    return png(side, side, *chunks, pixels(bytes((side + 1) * side)))


def whole(form: str = "PNG") -> bytes:
    if form == "PNG":
        return as_png(drawing(3))
    out = io.BytesIO()
    drawing(3).save(out, form)
    return out.getvalue()


def cut(form: str, share: float) -> Callable[[], bytes]:
    return lambda: whole(form)[: int(len(whole(form)) * share)]


def changed(form: str, find: bytes, offset: int, value: bytes) -> Callable[[], bytes]:
    def make() -> bytes:
        data = bytearray(whole(form))
        at = data.find(find) + offset
        data[at : at + len(value)] = value
        return bytes(data)

    return make


def gif(width: int, height: int, *frames: bytes) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + b"".join(frames) + b";"


def frame(left: int, top: int, width: int, height: int, data: bytes = b"\x02\x02\x4c\x01\x00") -> bytes:
    return b"," + struct.pack("<HHHHB", left, top, width, height, 0) + data


def tiff(*entries: tuple[int, int, int, int], following: int = 0, tail: bytes = b"") -> bytes:
    """Little-endian; its one directory stands at 8, and says that the next stands at `following`."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows + struct.pack("<I", following) + tail


def tiff_grey(width: int, height: int, *, compression: int = 1, following: int = 0, tail: bytes = b"") -> bytes:
    end = 8 + 2 + 8 * 12 + 4
    values = (
        (256, width),
        (257, height),
        (258, 8),
        (259, compression),
        (262, 1),
        (273, end),
        (278, height),
        (279, len(tail)),
    )
    return tiff(*((tag, 4, 1, value) for tag, value in values), following=following, tail=tail)


def bmp(width: int, height: int, compression: int = 0, data: bytes = b"", bits: int = 8) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(data), 0, 0, 256, 0)
    at = 14 + 40 + 1024
    return b"BM" + struct.pack("<IHHI", at + len(data), 0, 0, at) + info + bytes(1024) + data


def ico(count: int, size: int, at: int) -> bytes:
    return struct.pack("<HHH", 0, 1, count) + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, size, at) * min(count, 4000)


def many_scans() -> bytes:
    """A progressive JPEG whose scans are sent over and over."""
    out = io.BytesIO()
    drawing(3).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    begin, end = data.rfind(b"\xff\xda"), data.rfind(b"\xff\xd9")
    return data[:begin] + data[begin:end] * 3000 + data[end:]


def with_exif(ifd: bytes) -> bytes:
    data = as_jpeg(drawing(3))
    exif = b"Exif\0\0" + ifd
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


def comments() -> bytes:
    data = as_jpeg(drawing(3))
    return data[:2] + (b"\xff\xfe\xff\xff" + b"c" * 65_533) * 200 + data[2:]


def riff(form: bytes, *chunks: bytes) -> bytes:
    body = form + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


HUGE = LARGE | UNREADABLE
ENDLESS_IFD = tiff((274, 3, 1, 6), following=8)
PICTURES = {
    "png of 60,000 by 60,000": Case(make=lambda: png(60_000, 60_000, pixels(bytes(MB))), said=HUGE),
    "png of 2^31 by 1": Case(make=lambda: png(2**31 - 1, 1, pixels(bytes(MB))), said=HUGE),
    "png of 64 million pixels in 8 KB": Case(
        make=lambda: png(8000, 8000, pixels(bytes(1001 * 8000)), depth=1), said=PLAIN
    ),
    "png whose data unpack to 400 MB": Case(
        make=lambda: png(100, 100, pixels(bytes(400 * MB))), said=PLAIN | UNREADABLE
    ),
    "png text of 200 MB": Case(
        make=lambda: grey_png(100, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 * MB)))),
        said=PLAIN | UNREADABLE,
    ),
    "png colour profile of 200 MB": Case(
        make=lambda: grey_png(100, chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(200 * MB)))), said=PLAIN | UNREADABLE
    ),
    "png of a thousand texts": Case(
        make=lambda: grey_png(100, *[chunk(b"zTXt", b"C\0\0" + zlib.compress(bytes(MB)))] * 1000),
        said=PLAIN | UNREADABLE,
    ),
    "png without data": Case(make=lambda: png(100, 100), said=PLAIN | UNREADABLE),
    "png of no size": Case(make=lambda: png(0, 0, pixels(b"")), said=UNREADABLE | SMALL),
    "png with half a header": Case(make=lambda: png(100, 100)[:20], said=UNREADABLE),
    "png whose checksum lies": Case(make=changed("PNG", b"IDAT", 8, b"\xff\xff\xff"), said=UNREADABLE),
    "png cut in half": Case(make=cut("PNG", 0.5), said=UNREADABLE | READ),
    "png without its palette": Case(
        make=lambda: png(100, 100, pixels(bytes(101 * 100)), colour=3), said=PLAIN | UNREADABLE
    ),
    "png of unknown depth": Case(make=lambda: png(100, 100, pixels(bytes(9000)), depth=77), said=UNREADABLE),
    "png interlaced and short": Case(
        make=lambda: png(2000, 2000, pixels(bytes(999)), interlaced=1), said=PLAIN | UNREADABLE
    ),
    "apng of 2^31 frames": Case(
        make=lambda: grey_png(100, chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))), said=PLAIN | UNREADABLE
    ),
    "gif of 65,535 by 65,535": Case(make=lambda: gif(65_535, 65_535, frame(0, 0, 65_535, 65_535)), said=HUGE),
    "gif of 50,000 frames": Case(
        make=lambda: gif(100, 100, *[frame(0, 0, 100, 100)] * 50_000), said=PLAIN | UNREADABLE
    ),
    "gif frame outside its canvas": Case(
        make=lambda: gif(100, 100, frame(60_000, 60_000, 5000, 5000)), said=PLAIN | LARGE | UNREADABLE
    ),
    "gif of an impossible code size": Case(
        make=lambda: gif(100, 100, frame(0, 0, 100, 100, b"\x0d\x02\x4c\x01\x00")), said=PLAIN | UNREADABLE
    ),
    "gif that never ends": Case(
        make=lambda: gif(100, 100, b"!\xfe" + (b"\xff" + b"c" * 255) * 40_000), said=PLAIN | UNREADABLE
    ),
    "gif cut short": Case(make=cut("GIF", 0.3), said=UNREADABLE | READ),
    "jpeg of 65,535 by 65,535": Case(make=changed("JPEG", b"\xff\xc0", 5, b"\xff\xff\xff\xff"), said=HUGE),
    "jpeg of no height": Case(make=changed("JPEG", b"\xff\xc0", 5, b"\0\0"), said=UNREADABLE | SMALL),
    "jpeg of 255 components": Case(make=changed("JPEG", b"\xff\xc0", 9, b"\xff"), said=UNREADABLE),
    "jpeg whose tables are noise": Case(make=changed("JPEG", b"\xff\xc4", 5, b"\xff" * 16), said=UNREADABLE),
    "jpeg of 3,000 scans": Case(make=many_scans, said=UNREADABLE | READ),
    "jpeg of 13 MB of comments": Case(make=comments, said=READ),
    "jpeg cut after its header": Case(make=cut("JPEG", 0.1), said=UNREADABLE),
    "jpeg cut short": Case(make=cut("JPEG", 0.7), said=UNREADABLE | READ),
    "jpeg whose exif goes round in a circle": Case(make=lambda: with_exif(ENDLESS_IFD), said=READ),
    "jpeg whose exif is noise": Case(make=lambda: with_exif(b"II*\0\xff\xff\xff\x7f" + bytes(90)), said=READ),
    "jpeg turned ninety-nine times": Case(make=lambda: with_exif(tiff((274, 3, 1, 99))), said=READ),
    "jpeg of 60,000 exif values": Case(
        make=lambda: with_exif(tiff(*((n, 7, 60_000, 8) for n in range(4000)))), said=READ
    ),
    "tiff of 2^32 by 2^32": Case(make=lambda: tiff_grey(2**32 - 1, 2**32 - 1), said=HUGE),
    "tiff whose directory is its own next": Case(
        make=lambda: tiff_grey(100, 100, following=8, tail=bytes(10_000)), said=PLAIN | UNREADABLE
    ),
    "tiff of 65,535 entries": Case(make=lambda: tiff(*((n, 4, 2**30, 8) for n in range(65_535))), said=UNREADABLE),
    "tiff of a deflate bomb": Case(
        make=lambda: tiff_grey(100, 100, compression=8, tail=zlib.compress(bytes(200 * MB))), said=PLAIN | UNREADABLE
    ),
    "tiff whose strips are elsewhere": Case(make=lambda: tiff_grey(500, 500), said=PLAIN | UNREADABLE),
    "webp of 16,384 by 16,384": Case(
        make=lambda: riff(b"WEBP", b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\x3f\0\xff\x3f\0"),
        said=HUGE,
    ),
    "webp cut short": Case(make=cut("WEBP", 0.5), said=UNREADABLE | READ),
    "webp of nothing": Case(make=lambda: riff(b"WEBP"), said=UNREADABLE),
    "bmp of 2^31 by 2^31": Case(make=lambda: bmp(2**31 - 1, 2**31 - 1), said=HUGE),
    "bmp of negative width": Case(make=lambda: bmp(-100, 100), said=UNREADABLE | SMALL),
    "bmp of runs that overflow": Case(make=lambda: bmp(2000, 2000, 1, b"\xff\x01" * 500_000), said=PLAIN | UNREADABLE),
    "bmp of leaps": Case(make=lambda: bmp(100, 100, 1, b"\0\x02\xff\xff" * 100_000), said=PLAIN | UNREADABLE),
    "bmp of 255 bits": Case(make=lambda: bmp(100, 100, bits=255), said=UNREADABLE),
    "ico of 65,535 pictures": Case(make=lambda: ico(65_535, 100, 6), said=UNREADABLE | SMALL, name="a.ico"),
    "ico that holds itself": Case(make=lambda: ico(1, 22, 0), said=UNREADABLE, name="a.ico"),
    "ico that holds a huge png": Case(
        make=lambda: ico(1, 5000, 22) + png(60_000, 60_000, pixels(bytes(MB))), said=HUGE, name="a.ico"
    ),
    "ppm of 10^9 by 10^9": Case(
        make=lambda: b"P6 1000000000 1000000000 255\n", said=HUGE, media_type="image/x-portable-pixmap"
    ),
    "ppm of an endless comment": Case(
        make=lambda: b"P6 #" + b"c" * 20_000_000, said=UNREADABLE, media_type="image/x-portable-pixmap"
    ),
    "ppm without a scale": Case(
        make=lambda: b"P6 100 100 0\n" + bytes(30_000), said=UNREADABLE, media_type="image/x-portable-pixmap"
    ),
    "noise called a picture": Case(make=lambda: bytes(range(256)) * 40, said=UNREADABLE, media_type="image/png"),
}
