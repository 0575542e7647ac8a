"""Films drawn from seeds, with movement and sound: as files, as HLS with its playlists, and as DASH."""

import tempfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.video.frame import VideoFrame

from matcher.decoding.sound import RATE as SOUND_RATE
from matcher.video.examples import drawn
from tests.mocknet.media.cache import FileSet, kept
from tests.support.film_alterations import cropped, logo, mirrored
from tests.support.films import Film, film_of, write_film
from tests.support.music import piece
from tests.support.sound_alterations import whole

RATE, SCENES, SCENE_SECONDS = 10, 4, 6
SECONDS = SCENES * SCENE_SECONDS
SEGMENT_SECONDS = 4
ALTERATIONS: Mapping[str, Callable[[Film], Film]] = {
    "verbatim": lambda film: film,
    "mirrored": mirrored,
    "cropped": lambda film: cropped(film, 0.1),
    "logo": logo,
}
MASTER, VARIANT = "index.m3u8", "low/index.m3u8"
DASH = {"seg_duration": str(SEGMENT_SECONDS), "use_template": "1", "use_timeline": "1"}
HLS = {"hls_time": str(SEGMENT_SECONDS), "hls_list_size": "0", "hls_playlist_type": "vod"}


def as_file(seed: int, alteration: str = "verbatim", *, quality: int = 28) -> bytes:
    """The film of a seed as MP4."""

    def make() -> FileSet:
        return {"film.mp4": write_film(_film(seed, alteration), quality=quality, sound=_sound(seed), key_frames=40)}

    return kept(("film", seed, alteration, quality), make)["film.mp4"]


def as_hls(seed: int, alteration: str = "verbatim") -> FileSet:
    """A master playlist, that of its only variant, and segments of four seconds, by path below the master's folder."""

    def make() -> FileSet:
        made = _streamed(seed, alteration, "hls", "index.m3u8", HLS)
        master = (
            "#EXTM3U\n#EXT-X-STREAM-INF:PROGRAM-ID=1,BANDWIDTH=300000,RESOLUTION=320x240\n" + VARIANT + "\n"
        ).encode()
        return {MASTER: master} | {f"low/{name}": data for name, data in made.items()}

    return kept(("hls", seed, alteration), make)


def as_dash(seed: int, alteration: str = "verbatim") -> FileSet:
    """`manifest.mpd` and the segments it names."""
    return kept(("dash", seed, alteration), lambda: _streamed(seed, alteration, "dash", "manifest.mpd", DASH))


def hls_as_one(files: FileSet) -> bytes:
    """The segments of an HLS one after the other, as a player gets them."""
    segments = [line for line in files[VARIANT].decode().splitlines() if line and not line.startswith("#")]
    return b"".join(files[f"low/{name}"] for name in segments)


def dash_as_one(files: FileSet) -> bytes:
    """The pictures of a DASH: its first representation's beginning and segments."""
    names = sorted(name for name in files if name.startswith("chunk-stream0-"))
    return files["init-stream0.m4s"] + b"".join(files[name] for name in names)


def _film(seed: int, alteration: str) -> Film:
    frames = drawn(seed, scenes=SCENES, seconds=SCENE_SECONDS, rate=RATE)
    return ALTERATIONS[alteration](film_of(frames, RATE))


def _sound(seed: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return cast("np.ndarray[tuple[int], np.dtype[np.int16]]", whole(piece(seed, SECONDS)))


def _streamed(seed: int, alteration: str, form: str, name: str, options: dict[str, str]) -> FileSet:
    with tempfile.TemporaryDirectory() as folder:
        with av.open(str(Path(folder) / name), "w", format=form, options=options) as file:
            _mux(file, _film(seed, alteration), seed)
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def _mux(file: OutputContainer, film: Film, seed: int) -> None:
    """Write pictures and sound by turns: a muxer that cuts segments waits for the later of the two."""
    pictures = file.add_stream("libx264", rate=Fraction(film.rate).limit_denominator(1001))
    pictures.height, pictures.width = film.frames.shape[1] // 2 * 2, film.frames.shape[2] // 2 * 2
    pictures.pix_fmt, pictures.options = "yuv420p", {"crf": "30", "preset": "superfast"}
    pictures.codec_context.gop_size = RATE * SEGMENT_SECONDS // 2
    sound = file.add_stream("aac", rate=SOUND_RATE, layout="mono")
    heard = AudioFrame.from_ndarray(_sound(seed).reshape(1, -1), format="s16", layout="mono")
    heard.sample_rate, heard.pts, heard.time_base = SOUND_RATE, 0, Fraction(1, SOUND_RATE)
    packets = [*sound.encode(heard), *sound.encode(None)]
    for frame in film.frames:
        picture = VideoFrame.from_ndarray(np.ascontiguousarray(frame[: pictures.height, : pictures.width]))
        packets += pictures.encode(picture)
    packets += pictures.encode(None)
    for packet in sorted(packets, key=lambda p: float((p.dts or 0) * p.time_base)):
        file.mux(packet)
