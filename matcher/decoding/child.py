"""The program of the decoding process: a file on standard input, samples or pictures on standard output.

It runs by path and imports nothing of ours, so that it starts fast. Before it looks at the file it gives up what it
will not need: it can open no file and no socket, and has little memory and time. A failure is a line on standard error.
"""

import itertools
import resource
import struct
import sys
from collections.abc import Iterator
from math import sqrt
from typing import TypeVar

import av

# The library imports these two when it first meets such a stream, which is too late here.
import av.subtitles.codeccontext
import av.subtitles.stream
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

# Containers and bare streams. Playlists are not among them: they name other files and addresses.
FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dv,flac,flv,h264,hevc,ivf,m4v,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,"
    "mpegvideo,mxf,ogg,rm,tta,wav,webm,w64,wv"
)
OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "none", "max_streams": "32", "max_probe_packets": "500"}
MOST_CHANNELS = 32
NARROWEST, WIDEST = 16, 4.0
"""Shortest side in pixels, and longest shape, of a film that is decoded."""
MANY, CLOSEST = 60, 100
"""Pictures that are enough of a film, and milliseconds between them: of a shorter one they stand closer together."""
FAILED = 3

T = TypeVar("T")


def main() -> None:
    """Decode standard input: `child.py MEMORY_BYTES CPU_SECONDS MODE NUMBER…`. Ends with FAILED when it cannot.

    The mode `sound` takes RATE SECONDS; `film` takes SIDE STEP_MS SPARSE_MS SECONDS MOST_PIXELS.
    """
    memory, cpu, *numbers = (int(argument) for argument in (*sys.argv[1:3], *sys.argv[4:]))
    av.logging.set_level(None)
    # Everything is open already: 0 to 2. No number is left for another file or a socket.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        with av.open(sys.stdin.buffer, "r", options=OPTIONS) as container:
            written = _sound(container, *numbers) if sys.argv[3] == "sound" else _film(container, *numbers)
    except (av.FFmpegError, MemoryError, ValueError, EOFError) as error:
        _fail(f"{type(error).__name__}: {error}")
    if not written:
        _fail(f"it holds no {sys.argv[3]}")


def _sound(container: InputContainer, rate: int, seconds: int) -> int:
    """Write the first sound stream as mono 16-bit samples, and give their number.

    What follows a damaged place is left out; it is an error only when nothing comes before it.
    """
    written, most = 0, rate * seconds
    if not container.streams.audio:
        return 0
    stream = container.streams.audio[0]
    if stream.codec_context.channels > MOST_CHANNELS:
        raise ValueError(f"{stream.codec_context.channels} channels")
    stream.codec_context.thread_count = 1
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    frames = (frame for decoded in _until_damage(container.decode(stream)) for frame in resampler.resample(decoded))
    for frame in itertools.chain(frames, resampler.resample(None)):
        samples = bytes(frame.planes[0])[: 2 * min(frame.samples, most - written)]
        sys.stdout.buffer.write(samples)
        written += len(samples) // 2
        if written >= most:
            break
    return written


def _film(container: InputContainer, side: int, step: int, sparse: int, seconds: int, most_pixels: int) -> int:
    """Write pictures of the first film stream, and give their number.

    A head (width, height, quarter turns to the right and number of sound streams, 16 bits each), then for each picture
    its time in milliseconds (32 bits) and its grey pixels, row by row. The square root of a picture's area is about
    `side`. Pictures are at least `step` milliseconds apart, less in a short film. `sparse` is the mean distance aimed
    at in a long one: key frames are cheap, and what lies between them is decoded only where they are too few.
    """
    if not container.streams.video:
        return 0
    stream = container.streams.video[0]
    codec = stream.codec_context
    width, height = codec.width, codec.height
    if not 0 < width * height <= most_pixels:
        raise ValueError(f"{width}×{height} pixels")
    codec.thread_count = 1
    codec.skip_frame = "NONREF"
    codec.options = {"skip_loop_filter": "all"}
    if container.duration:
        enough = container.duration // (MANY * 1000)
        step = min(step, max(CLOSEST, enough))
        sparse = max(step, min(sparse, enough))
    size, scaler, head, shown = _size(stream, side), VideoReformatter(), False, _Pace(step, sparse)
    for frame in _until_damage(_pictures(container, stream, shown, seconds * 1000)):
        if not head:
            turns, sounds = -int(frame.rotation) // 90 % 4, len(container.streams.audio)
            sys.stdout.buffer.write(struct.pack("<4H", *size, turns, sounds))
            head = True
        grey = scaler.reformat(frame, width=size[0], height=size[1], format="gray", interpolation="AREA")
        plane = grey.planes[0]
        pixels = memoryview(plane)
        sys.stdout.buffer.write(struct.pack("<I", shown.last))
        sys.stdout.buffer.write(
            b"".join(pixels[row * plane.line_size : row * plane.line_size + size[0]] for row in range(size[1]))
        )
    return shown.count


class _Pace:
    """Which times are shown, in milliseconds."""

    def __init__(self, step: int, sparse: int) -> None:
        self.step, self._sparse = step, sparse
        self.count, self.last = 0, -step

    def due(self, time: int) -> bool:
        """Whether enough time has passed since the last picture shown."""
        return time >= self.last + self.step

    def behind(self, time: int) -> bool:
        """Whether fewer pictures were shown than should be by then."""
        return self.count * self._sparse <= time

    def show(self, time: int) -> None:
        self.count, self.last = self.count + 1, time


def _pictures(container: InputContainer, stream: VideoStream, pace: _Pace, end: int) -> Iterator[VideoFrame]:
    """The frames to show."""
    began, start, decoding, fed = None, 0, False, -(1 << 40)
    for packet in container.demux(stream):
        at = _milliseconds(packet, stream)
        if at is not None and packet.size:
            began = at if began is None else began
            if packet.is_keyframe:
                start, decoding = at, pace.behind(at - began)
            # Frames that come after a key frame and are shown before it need what was not decoded.
            elif not decoding or at < start:
                continue
            if packet.is_keyframe and not decoding and at < fed + pace.step:
                continue
            fed = at
        for frame in stream.codec_context.decode(packet):
            shown = _milliseconds(frame, stream)
            if shown is None or began is None or not pace.due(shown - began):
                continue
            if shown - began > end:
                return
            pace.show(shown - began)
            yield frame


def _milliseconds(timed: "Packet[VideoStream] | VideoFrame", stream: VideoStream) -> int | None:
    """Its time of showing or, where the file does not say, of decoding."""
    stamp = timed.pts if timed.pts is not None else timed.dts
    return None if stamp is None or stream.time_base is None else int(stamp * stream.time_base * 1000)


def _size(stream: VideoStream, side: int) -> tuple[int, int]:
    """Width and height of the pictures, of the shape in which the film is shown."""
    codec = stream.codec_context
    aspect = stream.sample_aspect_ratio or codec.sample_aspect_ratio
    width = codec.width * float(aspect) if aspect else float(codec.width)
    if min(width, codec.height) < NARROWEST or not 1 / WIDEST <= width / codec.height <= WIDEST:
        raise ValueError(f"{width:.0f}×{codec.height} pixels")
    ratio = min(1.0, side / sqrt(width * codec.height))
    return max(NARROWEST, round(width * ratio)), max(NARROWEST, round(codec.height * ratio))


def _until_damage(items: Iterator[T]) -> Iterator[T]:
    decoded = False
    while True:
        try:
            item = next(items, None)
        except av.FFmpegError:
            if decoded:
                return
            raise
        if item is None:
            return
        decoded = True
        yield item


def _fail(problem: str) -> None:
    sys.stderr.write(problem)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
