"""The form of an image fingerprint: a head, hashes, one row a keypoint, and a thumbnail. Little-endian throughout.

A query's fingerprint also holds what its hashes would be in the other orientations, and what the keypoints would be
called in the mirror image; a registered one's does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from domain.ids import Digest
from matcher.image.features import Features, feature_size
from matcher.image.thumbnail import Box, Thumbnail, sizes

KIND = "image"
VERSION = 4
ORIENTATIONS = 8

HEAD = np.dtype(
    [
        ("digest", "u1", 32),
        ("width", "<u4"),
        ("height", "<u4"),
        ("decoded_width", "<u4"),
        ("decoded_height", "<u4"),
        ("quality", "u1"),
        ("trimmed_quality", "u1"),
        ("registered", "u1"),
        ("keypoints", "<u2"),
        ("content", "<u2", 4),
    ]
)
HASHES = np.dtype([("whole", "u1", 32), ("trimmed", "u1", 32)])
"""For each orientation of a query, upright first; of a registered picture for the upright one alone."""
KEYPOINT = np.dtype(
    [("x", "<u2"), ("y", "<u2"), ("angle", "u1"), ("level", "u1"), ("signature", "<u8"), ("word", "<u4")]
)
"""Places in 1/32 pixel of the scaled picture, angles in 1/256 of a turn."""
MIRRORED = np.dtype([("signature", "<u8"), ("word", "<u4")])
FINENESS = 32
EDGE = 65_535
TURN = 256 / (2 * np.pi)


@dataclass(frozen=True, slots=True)
class ImagePrint:
    """What identifies a picture. `whole` and `trimmed` are PDQ hashes of the eight orientations, 8×32 bytes."""

    digest: Digest
    size: tuple[int, int]
    """Width and height as stored."""
    decoded: tuple[int, int]
    """Width and height as decoded and turned upright."""
    quality: int
    trimmed_quality: int
    whole: NDArray[np.uint8]
    trimmed: NDArray[np.uint8]
    content: Box
    """Left, top, right, bottom of what `trimmed` is of, as shares of the sides."""
    features: Features
    thumbnail: Thumbnail
    registered: bool


def pack(image: ImagePrint) -> Fingerprint:
    """The fingerprint of a picture."""
    features = image.features
    head = np.zeros((), HEAD)
    head["digest"] = np.frombuffer(bytes.fromhex(image.digest), np.uint8)
    head["width"], head["height"] = image.size
    head["decoded_width"], head["decoded_height"] = image.decoded
    head["quality"], head["trimmed_quality"] = image.quality, image.trimmed_quality
    head["registered"], head["keypoints"] = image.registered, len(features)
    head["content"] = np.rint(np.array(image.content) * EDGE)
    hashes = np.zeros(1 if image.registered else ORIENTATIONS, HASHES)
    hashes["whole"], hashes["trimmed"] = image.whole[: hashes.size], image.trimmed[: hashes.size]
    rows, mirrored = rows_of(features)
    small = (image.thumbnail.tones, image.thumbnail.colours)
    parts = (head, hashes, rows, mirrored, *small)
    return Fingerprint(kind=KIND, version=VERSION, payload=b"".join(part.tobytes() for part in parts))


def unpack(fingerprint: Fingerprint) -> ImagePrint:
    """The picture a fingerprint identifies. Raises ValueError when it is of another kind or version."""
    if (fingerprint.kind, fingerprint.version) != (KIND, VERSION):
        msg = f"{fingerprint.kind}@{fingerprint.version} is not {KIND}@{VERSION}"
        raise ValueError(msg)
    data = fingerprint.payload
    head = np.frombuffer(data, HEAD, count=1)[0]
    registered, keypoints = bool(head["registered"]), int(head["keypoints"])
    decoded = (int(head["decoded_width"]), int(head["decoded_height"]))
    hashes = np.frombuffer(data, HASHES, count=1 if registered else ORIENTATIONS, offset=HEAD.itemsize)
    begin = HEAD.itemsize + hashes.nbytes
    rows = np.frombuffer(data, KEYPOINT, count=keypoints, offset=begin)
    begin += rows.nbytes
    mirrored = np.frombuffer(data, MIRRORED, count=0 if registered else keypoints, offset=begin)
    return ImagePrint(
        digest=Digest(head["digest"].tobytes().hex()),
        size=(int(head["width"]), int(head["height"])),
        decoded=decoded,
        quality=int(head["quality"]),
        trimmed_quality=int(head["trimmed_quality"]),
        # A registered picture that is asked for is asked for upright.
        whole=np.resize(hashes["whole"], (ORIENTATIONS, 32)),
        trimmed=np.resize(hashes["trimmed"], (ORIENTATIONS, 32)),
        content=tuple((head["content"] / EDGE).tolist()),
        features=features_from(rows, mirrored, feature_size(decoded, registering=registered)),
        thumbnail=_thumbnail(data[begin + mirrored.nbytes :], decoded, registering=registered),
        registered=registered,
    )


def _thumbnail(data: bytes, decoded: tuple[int, int], *, registering: bool) -> Thumbnail:
    (width, height), (columns, rows) = sizes(decoded, registering=registering)
    cells = np.frombuffer(data, np.uint8)
    return Thumbnail(
        tones=cells[: width * height].reshape(height, width),
        colours=cells[width * height :].reshape(rows, columns, 2),
    )


def rows_of(features: Features) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """The keypoints, and what they would be called in the mirror image, as rows to store."""
    rows = np.zeros(len(features), KEYPOINT)
    rows["x"], rows["y"] = np.rint(features.points.T.clip(0) * FINENESS)
    rows["angle"] = np.rint(features.angles * TURN) % 256
    rows["level"], rows["signature"], rows["word"] = features.levels, features.signatures, features.words
    mirrored = np.zeros(features.mirrored_words.size, MIRRORED)
    mirrored["signature"], mirrored["word"] = features.mirrored_signatures, features.mirrored_words
    return rows, mirrored


def features_from(rows: NDArray[np.void], mirrored: NDArray[np.void], size: tuple[int, int]) -> Features:
    """The features of a picture scaled to `size`, from the rows of `rows_of`."""
    return Features(
        size=size,
        points=np.column_stack([rows["x"], rows["y"]]).astype(np.float32) / np.float32(FINENESS),
        angles=(rows["angle"] / TURN).astype(np.float32),
        levels=rows["level"].copy(),
        signatures=rows["signature"].astype(np.uint64),
        words=rows["word"].astype(np.uint32),
        mirrored_signatures=mirrored["signature"].astype(np.uint64),
        mirrored_words=mirrored["word"].astype(np.uint32),
    )
