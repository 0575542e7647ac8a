"""QR codes in pictures."""

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data as photographs

from config.loading import load_settings
from crawler.leads.pictures import codes_in
from domain.leads import Disguise
from tests.matcher.hostile.pictures import PICTURES

SETTINGS = load_settings().matcher.image
SHARE = "https://pan.quark.cn/s/8c1f0a7b93de"
MAGNET = "magnet:?xt=urn:btih:3f786850e387550fdab836ed7e6dc881de23001b"


def code(text: str, side: int = 240) -> Any:
    """A QR code with its quiet zone."""
    drawn = cv2.QRCodeEncoder.create().encode(text)
    return np.pad(cv2.resize(drawn, (side, side), interpolation=cv2.INTER_NEAREST), 24, constant_values=255)


def file_of(pixels: Any, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form)
    return out.getvalue()


def poster(text: str) -> Any:
    """A photograph with a code in its corner."""
    picture = cv2.resize(photographs.camera(), (1400, 1400))
    small = code(text)
    picture[-small.shape[0] :, -small.shape[1] :] = small
    return picture


@pytest.mark.parametrize(
    ("picture", "target", "extraction"),
    [
        (file_of(code(f"{SHARE}?pwd=Rt5K")), SHARE, "Rt5K"),
        (file_of(code(MAGNET)), MAGNET, ""),
        (file_of(code(f"链接: {SHARE} 提取码: Rt5K", 300)), SHARE, "Rt5K"),
        (file_of(poster(SHARE), "JPEG"), SHARE, ""),
        (file_of(np.rot90(code(SHARE)).copy()), SHARE, ""),
        (file_of(code("https://f.example/app.apk")), "https://f.example/app.apk", ""),
    ],
)
def test_a_code_is_read(picture: bytes, target: str, extraction: str) -> None:
    (found,) = codes_in(picture, SETTINGS)
    assert (found.target, found.code, found.disguise) == (target, extraction, Disguise.PICTURE)


@pytest.mark.parametrize(
    "picture",
    [
        file_of(photographs.camera()),
        file_of(photographs.brick()),
        file_of(code("https://weixin.example/u/abc")),
        file_of(code("WIFI:S:lan;T:WPA;P:1234;;")),
        file_of(np.zeros((300, 300), np.uint8)),
        b"no picture",
        b"",
    ],
)
def test_other_pictures_hold_nothing(picture: bytes) -> None:
    assert codes_in(picture, SETTINGS) == ()


@pytest.mark.parametrize("name", sorted(name for name in PICTURES if "64 million" not in name))
def test_hostile_pictures_are_survived(name: str) -> None:
    assert codes_in(PICTURES[name].make(), SETTINGS) == ()
