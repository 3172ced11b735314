"""The growth curves as a PNG: one panel a figure, each database by its line's shade and by its name."""

import math
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _PANEL, _HEIGHT, _TOP = 1200, 400, 330, 62
_LEFT, _RIGHT, _BOTTOM = 62, 22, 52
_INK, _FAINT = "#1d2733", "#d5dbe2"
_LINES = {"SQLite": "#2f5d8a", "PostgreSQL": "#b3261e"}
_PANELS = (("median", "ms for one question, median"), ("memory_mb", "MB resident"), ("ready_s", "seconds to start"))

Details = Mapping[str, Any]


def draw(rows: Sequence[Details], path: Path) -> None:
    """`rows` are the details of the benchmark of growth."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    canvas = ImageDraw.Draw(image)
    sizes = sorted({row["clients"] for row in rows})
    title = f"From {sizes[0]:,} to {sizes[-1]:,} clients of 200 rows each"
    canvas.text((20, 12), title, fill=_INK, font=ImageFont.load_default(20))
    for number, (key, words) in enumerate(_PANELS):
        _panel(canvas, rows, sizes, key, words, number * _PANEL)
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    path.write_bytes(content.getvalue())


def _panel(
    canvas: ImageDraw.ImageDraw, rows: Sequence[Details], sizes: Sequence[int], key: str, words: str, left: int
) -> None:
    most = _round_up(max(row[key] for row in rows))
    small = ImageFont.load_default(13)
    canvas.text((left + 20, _TOP - 16), words, fill=_INK, font=ImageFont.load_default(15))

    def place(size: int, value: float) -> tuple[float, float]:
        first, last = math.log(sizes[0]), math.log(sizes[-1])
        share = (math.log(size) - first) / (last - first)
        bottom = _HEIGHT - _BOTTOM
        return (
            left + _LEFT + share * (_PANEL - _LEFT - _RIGHT - 30),
            bottom - value / most * (bottom - _TOP - 22),
        )

    for step in range(5):
        value = most * step / 4
        start, end = place(sizes[0], value), place(sizes[-1], value)
        canvas.line((*start, *end), fill=_FAINT)
        canvas.text((start[0] - 10, start[1]), f"{value:g}", fill=_INK, font=small, anchor="rm")
    for size in sizes:
        across, bottom = place(size, 0)
        canvas.text((across, bottom + 8), f"{size:,}", fill=_INK, font=small, anchor="mt")
    for database, shade in _LINES.items():
        points = [place(row["clients"], row[key]) for row in rows if row["database"] == database]
        canvas.line(points, fill=shade, width=3)
        for across, down in points:
            canvas.ellipse((across - 4, down - 4, across + 4, down + 4), fill=shade)
    for number, (database, shade) in enumerate(_LINES.items()):
        across = left + _LEFT + number * 110
        canvas.line((across, _HEIGHT - 14, across + 18, _HEIGHT - 14), fill=shade, width=3)
        canvas.text((across + 24, _HEIGHT - 14), database, fill=_INK, font=small, anchor="lm")


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8 times a power of ten."""
    power = 10 ** math.floor(math.log10(value))
    found: float = next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)
    return found
