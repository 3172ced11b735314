"""Loads ordinary English words, people's names and towns: they tell whether a word may be somebody's name."""

import tomllib
from functools import cache
from importlib.resources import files

from storage.records.vocabulary import Names


@cache
def names() -> Names:
    """The shipped names, read once per process."""
    found = tomllib.loads(_file("names.toml"))
    return Names(
        towns=frozenset(" ".join(town.split()) for town in found["towns"].split(",")),
        ordinary_stems=frozenset(_file("words.txt").split()),
        **{
            key: frozenset(found[key].split())
            for key in ("given_names", "chat", "brands", "company_names", "company_stems")
        },
    )


def _file(name: str) -> str:
    return files("storage.catalog").joinpath("english", name).read_text(encoding="utf-8")
