"""The registered pictures of one segment, as columns: bytes, sizes, PDQ hashes, keypoints and their words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.image.hashes import HashIndex
from matcher.image.payload import ImagePrint, unpack
from matcher.image.store import KeypointStore
from matcher.image.thumbnail import COLOURS, TONES, Box, Thumbnail
from matcher.image.words import WordIndex
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Segment
from matcher.terms import PositionIndex
from matcher.worktypes import Reference

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pictures of one segment, by their row in it."""

    base: int
    """Number of its first picture among all."""
    removed: NDArray[np.bool_]
    digests: U8
    """SHA-256 of each file (n×32)."""
    bytes: PositionIndex
    """Rows, by the first 64 bits of the digest."""
    decoded: U32
    """Width and height of each picture as decoded (n×2)."""
    hashes: HashIndex
    """PDQ hashes of the pictures that have enough in them, whole and, where that is another, trimmed."""
    hashed: U32
    """The picture that each hash is of."""
    keypoints: KeypointStore
    words: WordIndex
    tones: U8
    """Tones of the thumbnails (n×32×32)."""
    colours: U8
    """Their colours (n×8×8×2)."""
    content: NDArray[np.float32]
    """Left, top, right, bottom of each picture without its borders, as shares of its sides (n×4)."""

    @classmethod
    def of(cls, segment: Segment) -> "Shelf":
        columns = segment.columns
        return cls(
            base=segment.base,
            removed=segment.removed,
            digests=columns["image.digests"],
            bytes=PositionIndex.of(columns, "image.bytes"),
            decoded=columns["image.decoded"],
            hashes=HashIndex.of(columns, "image.pdq"),
            hashed=columns["image.hashed"],
            keypoints=KeypointStore.of(columns, "image.keypoints"),
            words=WordIndex.of(columns, "image.words"),
            tones=columns["image.tones"],
            colours=columns["image.colours"],
            content=columns["image.content"],
        )

    def __len__(self) -> int:
        return len(self.digests)

    def thumbnail(self, row: int) -> tuple[Thumbnail, Box]:
        """The thumbnail of a picture, and where in it the picture without its borders lies."""
        left, top, right, bottom = self.content[row].tolist()
        return Thumbnail(tones=self.tones[row], colours=self.colours[row]), (left, top, right, bottom)

    def same_bytes(self, digest: str) -> list[int]:
        """Rows of the pictures whose file has this SHA-256."""
        wanted = np.frombuffer(bytes.fromhex(digest), np.uint8)
        first, last = self.bytes.ranges(beginnings(wanted[None]))
        rows = self.bytes.positions[int(first[0]) : int(last[0])]
        same = (self.digests[rows] == wanted).all(axis=1) & ~self.removed[rows]
        return [int(row) for row in rows[same]]


def picture_columns(references: Sequence[Reference], quality: int) -> Columns:
    """The columns of a segment of pictures; PDQ hashes of less than `quality` are left out."""
    prints = [unpack(reference.fingerprint) for reference in references]
    digests = np.frombuffer(b"".join(bytes.fromhex(image.digest) for image in prints), np.uint8).reshape(-1, 32)
    trusted = [(row, told) for row, image in enumerate(prints) for told in trusted_hashes(image, quality)]
    keypoints = KeypointStore.build([image.features for image in prints])
    words = np.concatenate([np.empty(0, np.uint32), *(image.features.words for image in prints)])
    return {
        "image.digests": digests,
        **PositionIndex.build(beginnings(digests), np.arange(len(prints), dtype=np.uint32)).columns("image.bytes"),
        "image.decoded": np.array([image.decoded for image in prints], np.uint32).reshape(-1, 2),
        **HashIndex.build(np.array([told for _, told in trusted], np.uint8).reshape(-1, 32)).columns("image.pdq"),
        "image.hashed": np.array([row for row, _ in trusted], np.uint32),
        **keypoints.columns("image.keypoints"),
        "image.tones": np.array([p.thumbnail.tones for p in prints], np.uint8).reshape(-1, TONES, TONES),
        "image.colours": np.array([p.thumbnail.colours for p in prints], np.uint8).reshape(-1, COLOURS, COLOURS, 2),
        "image.content": np.array([p.content for p in prints], np.float32).reshape(-1, 4),
        **WordIndex.build(words, keypoints.signatures, keypoints.starts).columns("image.words"),
    }


def trusted_hashes(image: ImagePrint, quality: int) -> list[U8]:
    """The upright hashes of a picture that has enough in it, each once."""
    told = [image.whole[0]] if image.quality >= quality else []
    if image.trimmed_quality >= quality and not (told and np.array_equal(image.trimmed[0], told[0])):
        told.append(image.trimmed[0])
    return told


def beginnings(digests: U8) -> NDArray[np.uint64]:
    """The first 64 bits of digests (n×32)."""
    return np.ascontiguousarray(digests[:, :8]).view("<u8").ravel()
