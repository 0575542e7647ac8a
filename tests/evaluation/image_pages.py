"""Drawn pictures that look alike on purpose: pages of text, windows of one program, comic pages, covers of one series.

The same for the same number; two of a kind share their layout, never their contents.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.mocksite.pictures import cover
from tests.support.data import ROOT

STORIES = ROOT / "tests" / "mocksite" / "works" / "stories"
CHINESE_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""Debian package fonts-noto-cjk."""
PAGE = (760, 1000)
WINDOW = (1000, 640)
MARGIN = 70
INK, PAPER, FRAME, ACCENT = (25, 25, 25), (252, 252, 250), (225, 228, 232), (40, 90, 160)

Font = ImageFont.ImageFont | ImageFont.FreeTypeFont


@lru_cache(maxsize=2)
def _words(language: str) -> tuple[str, ...]:
    """Words, or single characters of Chinese, as often as the bundled stories have them."""
    text = " ".join(path.read_text() for path in sorted(STORIES.glob(f"{language}-*.txt")))
    return tuple(text.split()) if language == "en" else tuple(c for c in text if not c.isspace())


def _line(chance: np.random.Generator, language: str, characters: int) -> str:
    """About so many characters of words drawn by chance, so that no two lines are alike."""
    words, joint, line = _words(language), " " if language == "en" else "", ""
    while len(line) < characters:
        line += joint + words[int(chance.integers(len(words)))]
    return line.strip()


def english_page(number: int) -> Image.Image:
    return _page(number, "en", ImageFont.load_default(18), 68)


def chinese_page(number: int) -> Image.Image:
    return _page(number, "zh", ImageFont.truetype(CHINESE_FONT, 20), 31)


def _page(number: int, language: str, font: Font, characters: int) -> Image.Image:
    """A page of a book: a head line, paragraphs, a page number."""
    chance = np.random.default_rng(number)
    image = Image.new("RGB", PAGE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, 36), _line(chance, language, characters // 3), INK, font)
    for row in range(29):
        end = int(chance.integers(characters // 4, characters)) if chance.random() < 0.15 else characters
        draw.text((MARGIN, 82 + 29 * row), _line(chance, language, end)[:end], INK, font)
    draw.text((PAGE[0] // 2, 960), str(number), INK, font)
    return image


def program_window(number: int) -> Image.Image:
    """A window of one program: the same bars, buttons and cards, other words, numbers and curves."""
    chance = np.random.default_rng(10_000 + number)
    image = Image.new("RGB", WINDOW, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WINDOW[0], 44), ACCENT)
    for n in range(3):
        draw.ellipse((16 + 26 * n, 14, 32 + 26 * n, 30), fill=("tomato", "gold", "limegreen")[n])
    draw.text((120, 12), "Overview   Orders   Customers   Reports   Settings", "white", font_size=18)
    draw.rectangle((0, 44, 180, WINDOW[1]), FRAME)
    for n in range(9):
        draw.rounded_rectangle((16, 64 + 58 * n, 164, 104 + 58 * n), 8, outline=ACCENT, width=2)
        draw.text((30, 74 + 58 * n), _line(chance, "en", 10)[:12], INK, font_size=16)
    for n in range(6):
        left, top = 204 + 264 * (n % 3), 66 + 286 * (n // 3)
        draw.rounded_rectangle((left, top, left + 244, top + 266), 10, outline=(180, 185, 190), width=2)
        draw.text((left + 14, top + 10), _line(chance, "en", 16)[:20], ACCENT, font_size=18)
        draw.text((left + 14, top + 36), f"{int(chance.integers(1000, 99999)):,}", INK, font_size=28)
        curve = np.cumsum(chance.normal(0, 12, 12)).clip(-70, 70)
        places = [(left + 14 + 19 * i, top + 160 + float(y)) for i, y in enumerate(curve)]
        draw.line(places, tuple(int(v) for v in chance.integers(0, 200, 3)), 3)
        draw.text((left + 14, top + 238), _line(chance, "en", 26)[:28], INK, font_size=14)
    return image


def comic_page(number: int) -> Image.Image:
    """Six panels with figures in lines and a bubble each."""
    chance = np.random.default_rng(20_000 + number)
    image = Image.new("RGB", PAGE, "white")
    draw = ImageDraw.Draw(image)
    for n in range(6):
        left, top = 30 + 355 * (n % 2), 30 + 320 * (n // 2)
        draw.rectangle((left, top, left + 340, top + 300), outline=INK, width=4)
        for _ in range(14):
            x, y = left + int(chance.integers(20, 260)), top + int(chance.integers(90, 250))
            w, h = (int(v) for v in chance.integers(15, 70, 2))
            start = int(chance.integers(0, 360))
            draw.arc((x, y, x + w, y + h), start, start + int(chance.integers(90, 360)), INK, 2)
            draw.line((x, y, *(int(v) for v in (x + chance.integers(-20, 60), y + chance.integers(-40, 40)))), INK, 2)
        x = left + int(chance.integers(10, 150))
        draw.ellipse((x, top + 12, x + 180, top + 84), "white", INK, 3)
        draw.text((x + 30, top + 28), _line(chance, "en", 12)[:14], INK, font_size=16)
        draw.text((x + 30, top + 48), _line(chance, "en", 12)[:14], INK, font_size=16)
    return image


def series_cover(number: int) -> Image.Image:
    """A cover of a series: one frame, another title."""
    return cover(_line(np.random.default_rng(30_000 + number), "en", 8)[:14])


def kinds(missing: list[str]) -> Mapping[str, Callable[[int], Image.Image]]:
    """What can be drawn here; what can't is added to `missing`."""
    drawn = {"english page": english_page, "window": program_window, "comic": comic_page, "cover": series_cover}
    if CHINESE_FONT.is_file():
        return {**drawn, "chinese page": chinese_page}
    missing.append("fonts-noto-cjk")
    return drawn
