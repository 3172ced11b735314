"""The letters that papers and pictures are set in: those of our font packages, for every script."""

from functools import cache
from importlib import resources
from typing import Any

_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")


@cache
def fonts() -> Any:
    """No others: what the machine has must change neither a paper nor a picture."""
    import typst

    folders = [str(resources.files(package)) for package in _PACKAGES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
