"""The form of an image fingerprint: a fixed head, then one row a keypoint. Little-endian throughout."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from domain.ids import Digest
from matcher.image.features import Features, from_arrays

KIND = "image"
VERSION = 1
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
        ("whole", "u1", (ORIENTATIONS, 32)),
        ("trimmed", "u1", (ORIENTATIONS, 32)),
    ]
)
KEYPOINT = np.dtype([("place", "<f4", 4), ("signature", "<u8", 2), ("mirrored", "<u8", 2)])


@dataclass(frozen=True, slots=True)
class ImagePrint:
    """What identifies a picture. `whole` and `trimmed` are PDQ hashes of the eight orientations, 8×32 bytes."""

    digest: Digest
    size: tuple[int, int]
    """Width and height as stored."""
    decoded: tuple[int, int]
    """Width and height as decoded and turned upright; points are in these pixels."""
    quality: int
    trimmed_quality: int
    whole: NDArray[np.uint8]
    trimmed: NDArray[np.uint8]
    features: Features


def pack(image: ImagePrint) -> Fingerprint:
    """The fingerprint of a picture."""
    head = np.zeros((), HEAD)
    head["digest"] = np.frombuffer(bytes.fromhex(image.digest), np.uint8)
    head["width"], head["height"] = image.size
    head["decoded_width"], head["decoded_height"] = image.decoded
    head["quality"], head["trimmed_quality"] = image.quality, image.trimmed_quality
    head["whole"], head["trimmed"] = image.whole, image.trimmed
    rows = np.zeros(len(image.features), KEYPOINT)
    rows["place"][:, :2] = image.features.points
    rows["place"][:, 2], rows["place"][:, 3] = image.features.angles, image.features.scales
    rows["signature"], rows["mirrored"] = image.features.signatures, image.features.mirrored
    return Fingerprint(kind=KIND, version=VERSION, payload=head.tobytes() + rows.tobytes())


def unpack(fingerprint: Fingerprint) -> ImagePrint:
    """The picture a fingerprint identifies. Raises ValueError when it is of another kind or version."""
    if (fingerprint.kind, fingerprint.version) != (KIND, VERSION):
        msg = f"{fingerprint.kind}@{fingerprint.version} is not {KIND}@{VERSION}"
        raise ValueError(msg)
    head = np.frombuffer(fingerprint.payload, HEAD, count=1)[0]
    rows = np.frombuffer(fingerprint.payload, KEYPOINT, offset=HEAD.itemsize)
    return ImagePrint(
        digest=Digest(head["digest"].tobytes().hex()),
        size=(int(head["width"]), int(head["height"])),
        decoded=(int(head["decoded_width"]), int(head["decoded_height"])),
        quality=int(head["quality"]),
        trimmed_quality=int(head["trimmed_quality"]),
        whole=head["whole"],
        trimmed=head["trimmed"],
        features=from_arrays(rows["place"], rows["signature"], rows["mirrored"]),
    )
