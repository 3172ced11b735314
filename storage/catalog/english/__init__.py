"""Loads ordinary English words, people's names and towns: they tell whether a word may be somebody's name."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Names:
    """All in lower case. `company_names`: ordinary words that companies are often called. `brands`: by all."""

    given_names: frozenset[str]
    towns: frozenset[str]
    chat: frozenset[str]
    company_names: frozenset[str]
    brands: frozenset[str]


@cache
def names() -> Names:
    """The shipped names, read once per process."""
    found = tomllib.loads(_file("names.toml"))
    towns = frozenset(" ".join(town.split()) for town in found["towns"].split(","))
    others = (frozenset(found[key].split()) for key in ("given_names", "chat", "company_names", "brands"))
    given_names, chat, company_names, brands = others
    return Names(given_names, towns, chat, company_names, brands)


@cache
def ordinary_stems() -> frozenset[str]:
    """The stems of ordinary words, without names of people and places; read once per process."""
    return frozenset(_file("words.txt").split())


def _file(name: str) -> str:
    return files("storage.catalog").joinpath("english", name).read_text(encoding="utf-8")
