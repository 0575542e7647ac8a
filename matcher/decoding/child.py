"""The program of the decoding process: a sound file on standard input, samples on standard output.

It runs by path and imports nothing of ours, so that it starts fast. Before it looks at the file it gives up what it
will not need: it can open no file and no socket, and has little memory and time. A failure is a line on standard error.
"""

import itertools
import resource
import sys
from collections.abc import Iterator

import av

# The library imports these two when it first meets such a stream, which is too late here.
import av.subtitles.codeccontext
import av.subtitles.stream
from av.audio.frame import AudioFrame

# Containers and bare streams of sound. Playlists are not among them: they name other files and addresses.
FORMATS = "aac,ac3,aiff,amr,ape,asf,au,caf,flac,flv,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,ogg,tta,wav,webm,w64,wv"
OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "none", "max_streams": "32", "max_probe_packets": "500"}
MOST_CHANNELS = 32
FAILED = 3


def main() -> None:
    """Decode standard input: `child.py RATE SECONDS MEMORY_BYTES CPU_SECONDS`. Ends with FAILED when it cannot."""
    rate, seconds, memory, cpu = (int(argument) for argument in sys.argv[1:])
    av.logging.set_level(None)
    # Everything is open already: 0 to 2. No number is left for another file or a socket.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        written = _decode(rate, seconds)
    except (av.FFmpegError, MemoryError, ValueError, EOFError) as error:
        _fail(f"{type(error).__name__}: {error}")
    if not written:
        _fail("it holds no sound")


def _decode(rate: int, seconds: int) -> int:
    """Write the first sound stream as mono 16-bit samples, and give their number.

    What follows a damaged place is left out; it is an error only when nothing comes before it.
    """
    written, most = 0, rate * seconds
    with av.open(sys.stdin.buffer, "r", options=OPTIONS) as container:
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


def _until_damage(frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    decoded = False
    while True:
        try:
            frame = next(frames, None)
        except av.FFmpegError:
            if decoded:
                return
            raise
        if frame is None:
            return
        decoded = True
        yield frame


def _fail(problem: str) -> None:
    sys.stderr.write(problem)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
