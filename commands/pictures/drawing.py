"""Pictures as PNG by Typst, which sets the papers, too: letters of every script, and nothing that a start has to load.

A plotting library was tried (matplotlib 3.11): 1.4 s to load and 85 MB more to install, for two charts of squares.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from commands.fonts import fonts

_PIXELS_PER_INCH = 144.0
_MOST_WORDS = 1000


class Theme(StrEnum):
    """What the picture is looked at on."""

    LIGHT = "light"
    DARK = "dark"


def draw(chart: str, data: Mapping[str, Any], theme: Theme | None = None) -> bytes:
    """A PNG, 760 pixels wide and as high as it has to be. `chart` names a function of pictures.typ."""
    import typst

    drawn = typst.compile(
        _template(),
        font_paths=fonts(),
        sys_inputs={"chart": chart, "theme": theme or Theme.LIGHT, "data": json.dumps(data, ensure_ascii=False)},
        format="png",
        ppi=_PIXELS_PER_INCH,
    )
    assert isinstance(drawn, bytes)
    return drawn


def in_words(sentences: list[str]) -> str:
    """Alternative text: as many of the sentences as Slack takes, and how many there are more."""
    said = ""
    for place, sentence in enumerate(sentences):
        rest = f" And {len(sentences) - place} more."
        if len(said) + len(sentence) + len(rest) >= _MOST_WORDS:
            return said + rest
        said = f"{said} {sentence}".strip()
    return said


@cache
def _template() -> bytes:
    return (resources.files("commands.pictures") / "pictures.typ").read_bytes()
