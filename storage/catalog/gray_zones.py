"""Areas where each side tends to assume that the other takes care: shipped data, with sources."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class GrayZone:
    """`question` is what the matrix should be able to answer; `assumed` says who is usually assumed to do it."""

    key: str
    title: str
    question: str
    assumed: str
    source: str


@lru_cache(maxsize=1)
def gray_zones() -> tuple[GrayZone, ...]:
    """In the order of gray_zones.toml, next to this file."""
    text = resources.files(__package__).joinpath("gray_zones.toml").read_text(encoding="utf-8")
    return tuple(GrayZone(**each) for each in tomllib.loads(text)["area"])
