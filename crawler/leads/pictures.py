"""Links that a picture holds as a QR code."""

from collections.abc import Sequence
from dataclasses import replace

import cv2

from config.settings import ImageMatcherSettings
from crawler.leads.finding import links_within
from crawler.leads.forms import Hidden
from domain.leads import LONGEST_WRITTEN, Disguise
from domain.reasons import Reason
from matcher.image.decode import U8, decode

SIDE = 900
"""Pixels of the longer side at which codes are looked for; one that telephones read is still readable."""
MOST_CODES = 8


def codes_in(data: bytes, settings: ImageMatcherSettings) -> tuple[Hidden, ...]:
    """What the QR codes of a picture lead to; nothing for what cannot be decoded within the bounds of `settings`."""
    decoded = decode(data, settings)
    if isinstance(decoded, Reason):
        return ()
    found = (each for text in _texts(decoded.grey) for each in links_within(text))
    return tuple(
        replace(each, at=0, end=0, written=each.written[:LONGEST_WRITTEN], disguise=Disguise.PICTURE) for each in found
    )


def _texts(grey: U8) -> Sequence[str]:
    """What the codes say, at most `MOST_CODES`."""
    scale = SIDE / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    try:
        _, texts, _, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(small)
    except cv2.error:
        return ()  # it gives up so on some shapes that are no codes
    return [text for text in texts[:MOST_CODES] if text]
