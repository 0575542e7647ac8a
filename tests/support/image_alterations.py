"""What copiers do to pictures. Every alteration takes a picture and a random source, and gives the altered picture."""

import io
import random
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Alteration = Callable[[Image.Image, random.Random], Image.Image]


def jpeg(quality: int) -> Alteration:
    def alter(image: Image.Image, _: random.Random) -> Image.Image:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        return Image.open(io.BytesIO(out.getvalue())).convert("RGB")

    return alter


def resized(scale: float) -> Alteration:
    return lambda image, _: image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))


def cropped(share: float) -> Alteration:
    """Keeps 1 - share of the area, at a random place."""

    def alter(image: Image.Image, chance: random.Random) -> Image.Image:
        side = (1 - share) ** 0.5
        width, height = int(image.width * side), int(image.height * side)
        left, top = chance.randint(0, image.width - width), chance.randint(0, image.height - height)
        return image.crop((left, top, left + width, top + height))

    return alter


def watermarked(image: Image.Image, _: random.Random) -> Image.Image:
    layer = image.convert("RGBA")
    marks = Image.new("RGBA", layer.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(marks)
    size = max(14, image.width // 18)
    for y in range(0, image.height, size * 4):
        for x in range(-size * 4, image.width, size * 9):
            draw.text(
                (x + y % (size * 8), y), "www.example.com", font=ImageFont.load_default(size), fill=(255, 255, 255, 130)
            )
    return Image.alpha_composite(layer, marks).convert("RGB")


def with_logo(share: float) -> Alteration:
    def alter(image: Image.Image, _: random.Random) -> Image.Image:
        side = int((share * image.width * image.height) ** 0.5)
        out = image.copy()
        draw = ImageDraw.Draw(out)
        draw.rectangle((image.width - side, image.height - side, image.width, image.height), fill=(200, 30, 40))
        draw.ellipse((image.width - side + 6, image.height - side + 6, image.width - 6, image.height - 6), fill="white")
        return out

    return alter


def captioned(image: Image.Image, _: random.Random) -> Image.Image:
    bar = image.height // 7
    out = Image.new("RGB", (image.width, image.height + 2 * bar), "black")
    out.paste(image, (0, bar))
    font = ImageFont.load_default(max(12, bar // 2))
    ImageDraw.Draw(out).text((10, bar // 4), "WHEN THE NIGHT COMES", font=font, fill="white")
    ImageDraw.Draw(out).text((10, bar + image.height + bar // 4), "share this picture", font=font, fill="white")
    return out


def bordered(share: float, colour: str) -> Alteration:
    return lambda image, _: ImageOps.expand(image, int(share * min(image.size)), colour)


def rotated(degrees: float) -> Alteration:
    return lambda image, _: image.rotate(degrees, Image.Resampling.BICUBIC, expand=False)


def noisy(image: Image.Image, chance: random.Random) -> Image.Image:
    grain = np.random.default_rng(chance.randrange(2**32)).normal(0, 20, (*image.size[::-1], 3))
    return Image.fromarray(np.clip(np.asarray(image, np.float32) + grain, 0, 255).astype(np.uint8))


def on_a_page(image: Image.Image, _: random.Random) -> Image.Image:
    """A screenshot of a page with the picture at about a third of its width."""
    page = Image.new("RGB", (1280, 800), (248, 248, 250))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1280, 60), fill=(30, 60, 120))
    for line in range(30):
        draw.text((700, 90 + 22 * line), "words in a row upon the page, line after line " * 2, fill=(60, 60, 60))
    small = image.copy()
    small.thumbnail((430, 430))
    page.paste(small, (120, 160))
    return page


def in_a_collage(image: Image.Image, chance: random.Random) -> Image.Image:
    """Half of a sheet is the picture, half is patterned noise."""
    sheet = Image.new("RGB", (image.width * 2, image.height), "white")
    grain = np.random.default_rng(chance.randrange(2**32)).integers(0, 255, (24, 24, 3), np.uint8)
    sheet.paste(Image.fromarray(grain).resize(image.size, Image.Resampling.BICUBIC), (image.width, 0))
    sheet.paste(image, (0, 0))
    return sheet


def combined(image: Image.Image, chance: random.Random) -> Image.Image:
    step = cropped(0.15)(image, chance)
    return jpeg(40)(watermarked(resized(0.6)(step, chance), chance), chance)


ALTERATIONS: Mapping[str, Alteration] = {
    "jpeg30": jpeg(30),
    "jpeg10": jpeg(10),
    "resize50": resized(0.5),
    "resize25": resized(0.25),
    "stretch": lambda image, _: image.resize((int(image.width * 1.3), image.height)),
    "crop10": cropped(0.1),
    "crop20": cropped(0.2),
    "crop40": cropped(0.4),
    "watermark": watermarked,
    "logo5": with_logo(0.05),
    "logo20": with_logo(0.2),
    "caption": captioned,
    "bright": lambda image, _: ImageEnhance.Brightness(image).enhance(1.4),
    "contrast": lambda image, _: ImageEnhance.Contrast(image).enhance(1.6),
    "grey": lambda image, _: ImageOps.grayscale(image).convert("RGB"),
    "border": bordered(0.1, "white"),
    "mirror": lambda image, _: ImageOps.mirror(image),
    "rotate2": rotated(2),
    "rotate5": rotated(5),
    "rotate90": lambda image, _: image.transpose(Image.Transpose.ROTATE_90),
    "blur": lambda image, _: image.filter(ImageFilter.GaussianBlur(2)),
    "noise": noisy,
    "screenshot": on_a_page,
    "collage": in_a_collage,
    "combined": combined,
}


def subtitled(image: Image.Image, _: random.Random) -> Image.Image:
    out = image.copy()
    font = ImageFont.load_default(max(14, image.height // 14))
    place = (image.width // 2, int(image.height * 0.9))
    ImageDraw.Draw(out).text(
        place, "and that is how it all began", "white", font, "mm", stroke_width=2, stroke_fill="black"
    )
    return out


def letterboxed(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.expand(image, (0, int(0.12 * image.height)), "black")


def in_perspective(image: Image.Image, _: random.Random) -> Image.Image:
    """The left edge 8 % shorter at both ends, as seen from the right."""
    inset, (width, height) = int(0.08 * image.height), image.size
    corners = (0, -inset, 0, height + inset, width, height, width, 0)
    return image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


ALL_ALTERATIONS: Mapping[str, Alteration] = {
    **ALTERATIONS,
    "jpeg90": jpeg(90),
    "crop5": cropped(0.05),
    "subtitle": subtitled,
    "colourless": lambda image, _: ImageEnhance.Color(image).enhance(0.3),
    "letterbox": letterboxed,
    "perspective": in_perspective,
}
"""With the six that the real site, whose copies are fixed, does not use."""
