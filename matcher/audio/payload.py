"""The form of a sound's fingerprint: its length, then one row a peak. Little-endian throughout."""

import numpy as np

from domain.fingerprints import Fingerprint
from matcher.audio.peaks import Peaks

KIND = "audio"
VERSION = 1
PITCH_UNITS = 16
"""Units of pitch in a step."""

HEAD = np.dtype([("samples", "<u8")])
PEAK = np.dtype([("frame", "<u4"), ("pitch", "<u2")])


def pack(samples: int, peaks: Peaks) -> Fingerprint:
    """The fingerprint of a sound of so many samples."""
    head = np.array([(samples,)], HEAD)
    rows = np.zeros(len(peaks), PEAK)
    rows["frame"] = peaks.frames
    rows["pitch"] = np.round(np.maximum(peaks.pitches, 0) * PITCH_UNITS)
    return Fingerprint(kind=KIND, version=VERSION, payload=head.tobytes() + rows.tobytes())


def unpack(fingerprint: Fingerprint) -> tuple[int, Peaks]:
    """The number of samples and the peaks. Raises ValueError when it is of another kind or version."""
    if (fingerprint.kind, fingerprint.version) != (KIND, VERSION):
        msg = f"{fingerprint.kind}@{fingerprint.version} is not {KIND}@{VERSION}"
        raise ValueError(msg)
    head = np.frombuffer(fingerprint.payload, HEAD, count=1)[0]
    rows = np.frombuffer(fingerprint.payload, PEAK, offset=HEAD.itemsize)
    pitches = (rows["pitch"] / PITCH_UNITS).astype(np.float32)
    return int(head["samples"]), Peaks(frames=rows["frame"].astype(np.uint32), pitches=pitches)
