"""The form of a film's fingerprint: a head, then its frames, scenes, keypoints and sound. Little-endian throughout.

Only a query's holds what frames and keypoints would be in the mirror image.
"""

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from matcher.image.payload import KEYPOINT, MIRRORED, features_from, rows_of
from matcher.video.prints import THUMB, FilmPrint, Frames

KIND = "video"
VERSION = 1

HEAD = np.dtype(
    [
        ("seconds", "<f4"),
        ("width", "<u2"),
        ("height", "<u2"),
        ("registered", "u1"),
        ("frames", "<u4"),
        ("scenes", "<u4"),
        ("keypoints", "<u4"),
        ("sound_version", "<u2"),
        ("sound", "<u4"),
    ]
)
FRAME = np.dtype([("seconds", "<f4"), ("quality", "u1"), ("hash", "u1", 32), ("thumb", "u1", THUMB * THUMB)])
SCENE = np.dtype([("frame", "<u4"), ("keypoints", "<u2"), ("width", "<u2"), ("height", "<u2")])
HASH = np.dtype([("hash", "u1", 32)])
BYTE = np.dtype([("byte", "u1")])
SOUND_KIND = "audio"


def pack(film: FilmPrint) -> Fingerprint:
    """The fingerprint of a film."""
    keypoints, mirrored = zip(*(rows_of(found) for _, found in film.scenes), strict=True) if film.scenes else ((), ())
    head = np.zeros((), HEAD)
    head["seconds"], head["registered"] = film.seconds, film.registered
    head["width"], head["height"] = film.size
    head["frames"], head["scenes"] = len(film.frames), len(film.scenes)
    head["keypoints"] = sum(len(rows) for rows in keypoints)
    sound = film.sound.payload if film.sound else b""
    head["sound"], head["sound_version"] = len(sound), film.sound.version if film.sound else 0
    frames = np.zeros(len(film.frames), FRAME)
    frames["seconds"], frames["quality"] = film.frames.seconds, film.frames.quality
    frames["hash"], frames["thumb"] = film.frames.hashes, film.frames.thumbs
    scenes = np.array([(frame, len(found), *found.size) for frame, found in film.scenes], SCENE)
    tables = [head, frames, scenes, *keypoints]
    if not film.registered:
        tables += [film.frames.mirrored, *mirrored]
    return Fingerprint(kind=KIND, version=VERSION, payload=b"".join(table.tobytes() for table in tables) + sound)


def unpack(fingerprint: Fingerprint) -> FilmPrint:
    """The film a fingerprint identifies. Raises ValueError when it is of another kind or version."""
    if (fingerprint.kind, fingerprint.version) != (KIND, VERSION):
        msg = f"{fingerprint.kind}@{fingerprint.version} is not {KIND}@{VERSION}"
        raise ValueError(msg)
    rest = _Rest(fingerprint.payload)
    head = rest.rows(HEAD, 1)[0]
    registered = bool(head["registered"])
    frames, scenes = rest.rows(FRAME, int(head["frames"])), rest.rows(SCENE, int(head["scenes"]))
    keypoints = rest.rows(KEYPOINT, int(head["keypoints"]))
    mirrored = rest.rows(HASH, 0 if registered else len(frames))["hash"]
    turned = rest.rows(MIRRORED, 0 if registered else len(keypoints))
    sound = rest.rows(BYTE, int(head["sound"])).tobytes()
    parts = [slice(end - n, end) for n, end in zip(scenes["keypoints"], np.cumsum(scenes["keypoints"]), strict=True)]
    return FilmPrint(
        seconds=float(head["seconds"]),
        size=(int(head["width"]), int(head["height"])),
        frames=Frames(
            seconds=frames["seconds"],
            quality=frames["quality"],
            hashes=frames["hash"],
            mirrored=mirrored,
            thumbs=frames["thumb"],
        ),
        scenes=tuple(
            (
                int(scene["frame"]),
                features_from(keypoints[part], turned[part], (int(scene["width"]), int(scene["height"]))),
            )
            for scene, part in zip(scenes, parts, strict=True)
        ),
        sound=Fingerprint(kind=SOUND_KIND, version=int(head["sound_version"]), payload=sound) if sound else None,
        registered=registered,
    )


class _Rest:
    """What of a payload was not read yet."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def rows(self, kind: "np.dtype[np.void]", count: int) -> NDArray[np.void]:
        """The next rows."""
        read = np.frombuffer(self._data, kind, count=count, offset=self._at) if count else np.empty(0, kind)
        self._at += count * kind.itemsize
        return read
