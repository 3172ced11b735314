"""Statutes that give a defense, or limit what can be claimed, to those who followed a framework: shipped data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from storage.catalog.deadlines import read_day

_FILE = "safe_harbors.toml"


@dataclass(frozen=True, slots=True)
class Statute:
    """`revision`: within how many months of its publication a newer version of the framework has to be followed.

    `also` are conditions that nothing on record can show. `checked_on`: see Regulation.
    """

    key: str
    title: str
    jurisdiction: str
    citation: str
    gives: str
    source_url: str
    since: date | None = None
    frameworks: tuple[str, ...] = ()
    regulations: tuple[str, ...] = ()
    revision: int | None = None
    max_employees: int | None = None
    also: tuple[str, ...] = ()
    checked_on: date | None = None
    checked_with: str | None = None


@lru_cache(maxsize=1)
def all_of_them() -> tuple[Statute, ...]:
    """In the order of the file."""
    return read(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))


def of_state(country: str | None, subdivision: str | None) -> tuple[Statute, ...]:
    """Those of one state, by ISO 3166."""
    return tuple(each for each in all_of_them() if each.jurisdiction == f"{country}-{subdivision}")


def read(text: str) -> tuple[Statute, ...]:
    """The statutes that a TOML text describes. Raises ValueError naming the stanza that is wrong."""
    return tuple(map(_statute, tomllib.loads(text)["statute"]))


def _statute(stanza: Mapping[str, Any]) -> Statute:
    try:
        fields = dict(stanza)
        for name in ("frameworks", "regulations", "also"):
            fields[name] = tuple(fields.get(name, ()))
        for name in ("since", "checked_on"):
            if name in fields:
                fields[name] = read_day(fields[name])
        return Statute(**fields)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{stanza.get('key', '?')}: {error}") from error
