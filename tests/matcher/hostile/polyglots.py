"""Files that are two things at once, or another thing than they say; each must end in a reason."""

from domain.reasons import ReasonCode as Code
from tests.matcher.hostile.cases import PLAIN, READ, SHORT, SMALL, UNREADABLE, Case
from tests.matcher.hostile.pictures import frame, gif, grey_png, riff
from tests.matcher.hostile.sounds import mp3
from tests.matcher.software.packing import program, tarred, zipped
from tests.mocksite.catalogue import STORIES
from tests.mocksite.pictures import as_jpeg, as_png, drawing

STORY = (STORIES / "zh-postman.txt").read_bytes()
LITTLE = frozenset({Code.SOFTWARE_TOO_LITTLE, Code.SOFTWARE_NOT_OPENED})
UNTOLD = frozenset({Code.UNSUPPORTED_TYPE})

POLYGLOTS = {
    "picture and script": Case(
        make=lambda: b"GIF89a/*" + gif(100, 100, frame(0, 0, 100, 100))[8:] + b"*/=1;alert(1)", said=PLAIN | UNREADABLE
    ),
    "picture and archive": Case(make=lambda: as_png(drawing(3)) + zipped({"a": STORY}), said=READ),
    "document and archive": Case(make=lambda: b"%PDF-1.7\n" + zipped({"a": STORY}), said=UNTOLD, name="a.pdf"),
    "page and picture": Case(
        make=lambda: b"<html><!--" + as_jpeg(drawing(3)) + b"--><p>" + STORY, said=READ | SHORT, name="a.html"
    ),
    "picture and page": Case(make=lambda: as_jpeg(drawing(3)) + b"<html><p>" + STORY, said=READ, name="a.html"),
    "sound and archive": Case(make=lambda: mp3() + zipped({"a": STORY}), said=frozenset({Code.AUDIO_TOO_PLAIN})),
    "sound of the name of a picture": Case(
        make=lambda: riff(b"WAVE", b"WEBPVP8 "), said=UNREADABLE, name="a.webp", media_type="audio/wav"
    ),
    "program and page": Case(make=lambda: program(b"<html><p>" + STORY), said=LITTLE | READ, name="a.html"),
    "archive of the name of a picture": Case(make=lambda: tarred({"GIF89a": STORY}), said=UNREADABLE, name="a.gif"),
    "picture whose pixels are a page": Case(
        make=lambda: grey_png(100)[:-12] + b"<script>alert(1)</script>", said=PLAIN | UNREADABLE | SMALL
    ),
    "text called a picture": Case(make=lambda: STORY, said=UNREADABLE, media_type="image/jpeg"),
    "picture called a text": Case(make=lambda: as_png(drawing(3)), said=READ, media_type="text/plain"),
    "nothing": Case(make=lambda: b"", said=SHORT | UNREADABLE, name="a.txt"),
    "one byte": Case(make=lambda: b"\xff", said=UNTOLD),
}
