"""The form of an image fingerprint: a fixed head, then one row a keypoint. Little-endian throughout.

A query's fingerprint holds a second table, what the keypoints would be called in the mirror image; a registered one's
does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from domain.ids import Digest
from matcher.image.features import QUERY_SIDE, REGISTERED_SIDE, Features, scaled_size

KIND = "image"
VERSION = 2
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
        ("whole", "u1", (ORIENTATIONS, 32)),
        ("trimmed", "u1", (ORIENTATIONS, 32)),
    ]
)
KEYPOINT = np.dtype(
    [("x", "<u2"), ("y", "<u2"), ("angle", "u1"), ("level", "u1"), ("signature", "<u8"), ("word", "<u4")]
)
"""Places in 1/64 pixel of the scaled picture, angles in 1/256 of a turn."""
MIRRORED = np.dtype([("signature", "<u8"), ("word", "<u4")])
FINENESS = 64
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
    features: Features
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
    head["whole"], head["trimmed"] = image.whole, image.trimmed
    rows, mirrored = rows_of(features)
    return Fingerprint(kind=KIND, version=VERSION, payload=head.tobytes() + rows.tobytes() + mirrored.tobytes())


def unpack(fingerprint: Fingerprint) -> ImagePrint:
    """The picture a fingerprint identifies. Raises ValueError when it is of another kind or version."""
    if (fingerprint.kind, fingerprint.version) != (KIND, VERSION):
        msg = f"{fingerprint.kind}@{fingerprint.version} is not {KIND}@{VERSION}"
        raise ValueError(msg)
    data = fingerprint.payload
    head = np.frombuffer(data, HEAD, count=1)[0]
    rows = np.frombuffer(data, KEYPOINT, count=int(head["keypoints"]), offset=HEAD.itemsize)
    mirrored = np.frombuffer(data, MIRRORED, offset=HEAD.itemsize + rows.nbytes)
    decoded = (int(head["decoded_width"]), int(head["decoded_height"]))
    registered = bool(head["registered"])
    return ImagePrint(
        digest=Digest(head["digest"].tobytes().hex()),
        size=(int(head["width"]), int(head["height"])),
        decoded=decoded,
        quality=int(head["quality"]),
        trimmed_quality=int(head["trimmed_quality"]),
        whole=head["whole"],
        trimmed=head["trimmed"],
        features=features_from(rows, mirrored, scaled_size(decoded, REGISTERED_SIDE if registered else QUERY_SIDE)),
        registered=registered,
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
