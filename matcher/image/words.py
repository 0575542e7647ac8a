"""Where each word of the registered keypoints stands: one segment's inverted lists, 8 bytes a keypoint.

Each posting carries half of its keypoint's signature, so that a list is read from end to end, and nearly all that only
shares the word is passed over without a look elsewhere (Hamming embedding, Jégou et al. 2008).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.bits import ones
from matcher.segments.stored import StoredValue

KEYPOINT_BITS = 8
MOST_PICTURES, MOST_KEYPOINTS = 1 << (32 - KEYPOINT_BITS), 1 << KEYPOINT_BITS

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Hits:
    """Parallel arrays, one row a pair of keypoints that share a word and nearly the tag."""

    asked: U16
    """Row of the query's keypoint."""
    posting: U32
    """Picture and keypoint registered, as in `WordIndex.postings`."""
    apart: U8
    """Bits in which the tags differ."""


@dataclass(frozen=True, slots=True)
class WordIndex(StoredValue):
    """The postings of one segment, in the order of words, pictures and keypoints."""

    words: U32
    """Sorted, distinct."""
    offsets: U32
    """Row of `postings` at which each word's begin; one more entry at the end."""
    postings: U32
    """Number of the picture in its segment, above the number of the keypoint in its picture."""
    tags: U32
    """Lower half of the keypoint's signature."""

    @classmethod
    def build(cls, words: U32, signatures: U64, starts: I64) -> "WordIndex":
        """The index of all keypoints; those of picture i are rows `starts[i]` to `starts[i + 1]`.

        Raises ValueError for more pictures, or keypoints of one, than a posting can name.
        """
        counts = np.diff(starts)
        if counts.size > MOST_PICTURES or (counts > MOST_KEYPOINTS).any():
            msg = f"one segment holds at most {MOST_PICTURES} pictures of {MOST_KEYPOINTS} keypoints"
            raise ValueError(msg)
        pictures = np.repeat(np.arange(counts.size, dtype=np.uint32), counts)
        keypoints = (np.arange(pictures.size) - np.repeat(starts[:-1], counts)).astype(np.uint32)
        order = np.argsort(words, kind="stable")
        distinct, first = np.unique(words[order], return_index=True)
        return cls(
            words=distinct.astype(np.uint32),
            offsets=np.append(first, words.size).astype(np.uint32),
            postings=((pictures << np.uint32(KEYPOINT_BITS)) | keypoints)[order],
            tags=signatures[order].astype(np.uint32),
        )

    def __len__(self) -> int:
        return int(self.postings.size)

    def lists(self, words: U32) -> tuple[I64, I64]:
        """First and last-but-one row of each word's postings; an empty range for one that is nowhere."""
        if not self.words.size:
            return np.zeros(words.size, np.int64), np.zeros(words.size, np.int64)
        place = np.minimum(np.searchsorted(self.words, words), self.words.size - 1)
        known = self.words[place] == words
        first, last = self.offsets[place].astype(np.int64), self.offsets[place + 1].astype(np.int64)
        return first, np.where(known, last, first)

    def hits(self, order: I64, lists: tuple[I64, I64], signatures: U64, near: int) -> Hits:
        """The postings of the keypoints in `order` whose tags are at most `near` bits from theirs."""
        first, last = lists
        return Hits(*_hits(order, first, last, self.postings, self.tags, signatures.astype(np.uint32), near))


@compiled
def _hits(
    order: I64, first: I64, last: I64, postings: U32, tags: U32, asked_tags: U32, near: int
) -> tuple[U16, U32, U8]:
    read = 0
    for k in order:
        read += last[k] - first[k]
    # One more, for the row that is written before it is known whether it is kept.
    asked, posting, apart = np.empty(read + 1, np.uint16), np.empty(read + 1, np.uint32), np.empty(read + 1, np.uint8)
    count = 0
    for k in order:
        for row in range(first[k], last[k]):
            bits = ones(np.uint64(tags[row] ^ asked_tags[k]))
            asked[count], posting[count], apart[count] = k, postings[row], bits
            count += bits <= near
    return asked[:count], posting[:count], apart[:count]
