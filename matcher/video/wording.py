"""What is said of a stretch of film."""

from domain.reasons import Value
from matcher.video.alignment import Stretch

SAME_SPEED = 0.015
"""Departure from the work's speed that is not worth saying."""


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours from the first on."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def values_of(stretch: Stretch) -> dict[str, Value]:
    """When, how long and in what form the stretch runs along the work."""
    first, last = stretch.work_span
    speed = round(stretch.line.speed, 2)
    moved = abs(speed - 1) > SAME_SPEED
    return {
        "seconds": round(stretch.seconds),
        "query": clock(stretch.start),
        "work": f"{clock(first)}–{clock(last)}",
        "form_zh": ("，左右镜像" if stretch.line.mirrored else "") + (f"，速度为{speed:g}倍" if moved else ""),
        "form_en": (", mirrored" if stretch.line.mirrored else "") + (f", {speed:g} × as fast" if moved else ""),
    }
