"""Sound files made for tests."""

import io
import wave
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

Samples = NDArray[np.int16]


def tone(seconds: float, *, rate: int = 22_050, hertz: float = 440.0) -> Samples:
    moments = np.arange(int(seconds * rate)) / rate
    return np.asarray(12_000 * np.sin(2 * np.pi * hertz * moments), np.int16)


def wav(samples: Samples, *, rate: int = 22_050, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples, channels).tobytes())
    return out.getvalue()


def encoded(samples: Samples, container: str, codec: str, *, rate: int = 22_050, bit_rate: int = 0) -> bytes:
    """`samples` as the encoders of the `av` wheel write them."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = cast("AudioStream", file.add_stream(codec, rate=rate))
        stream.layout = "mono"
        if bit_rate:
            stream.bit_rate = bit_rate
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)
    return out.getvalue()
