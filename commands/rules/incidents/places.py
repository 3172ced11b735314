"""Where the people concerned live: a state of the US, a province or a country, and how many there are where known."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commands.rules.dates.countries import country_code

_COUNT = re.compile(r"^(?P<place>.*?)[\s:=]+(?P<count>\d{1,3}(?:,\d{3})+|\d+)\s*(?:people|residents|persons)?$")
_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
# A comma between three digits belongs to a number.
_BETWEEN = re.compile(r"[;\n]|,(?!\d{3}(?!\d))|,(?=\D)")
_PROVINCES = {"quebec": "CA-QC", "québec": "CA-QC", "alberta": "CA-AB", "ontario": "CA-ON", "british columbia": "CA-BC"}
MOST_PEOPLE = 999_999_999


@dataclass(frozen=True, slots=True)
class Place:
    """`code` is ISO 3166 (US-TX, DE). `count`: how many of the people concerned live there; None where not known."""

    code: str
    count: int | None = None

    @property
    def entry(self) -> str:
        """As it is kept: US-TX, or US-TX 1200."""
        return self.code if self.count is None else f"{self.code} {self.count}"


def read_places(texts: Iterable[str], states: Mapping[str, str], country: str | None) -> tuple[Place, ...]:
    """What was typed, such as "Texas 1,200, CA" or "Germany"; of one place the last count holds.

    `states` maps names of US states in small letters to their codes. Two letters that name both a state and a country
    are the state where the client is in the US or nowhere that is known, and beside another state.

    Raises ValueError naming what was not read.
    """
    found: dict[str, Place] = {}
    parts = [part for text in texts for part in map(str.strip, _BETWEEN.split(text)) if part]
    beside_states = any(_is_only_a_state(_name(part), states) for part in parts)
    for part in parts:
        place = _read(part, states, country, beside_states=beside_states)
        found[place.code] = place
    return tuple(found.values())


def kept_places(entries: Iterable[str]) -> tuple[Place, ...]:
    """The places of a record."""
    split = (each.partition(" ") for each in entries)
    return tuple(Place(code, int(count) if count.isdecimal() else None) for code, _, count in split)


def _name(part: str) -> str:
    """What is said of a place without how many live there."""
    counted = _COUNT.match(part)
    return (counted["place"] if counted else part).strip()


def _is_only_a_state(name: str, states: Mapping[str, str]) -> bool:
    is_state = name.casefold() in states or f"US-{name.upper()}" in states.values()
    return is_state and country_code(name) is None


def _read(part: str, states: Mapping[str, str], country: str | None, *, beside_states: bool) -> Place:
    counted, name = _COUNT.match(part), _name(part)
    count = int(counted["count"].replace(",", "")) if counted else None
    if count is not None and count > MOST_PEOPLE:
        raise ValueError(f'"{part}" is too large; at most {MOST_PEOPLE:,} is read.')
    code = _code(name, states, country, beside_states=beside_states)
    if code is None:
        raise ValueError(
            f'"{name}" is no state or country that is known. Write such as TX, Texas 1200, Germany or CA-QC.'
        )
    return Place(code, count)


def _code(name: str, states: Mapping[str, str], country: str | None, *, beside_states: bool) -> str | None:
    known = set(states.values())
    upper = name.upper()
    if _CODE.fullmatch(upper):
        nation, _, region = upper.partition("-")
        if nation == "US":
            return upper if upper in known else None
        return upper if country_code(nation) == nation and region else None
    state = states.get(name.casefold()) or (f"US-{upper}" if f"US-{upper}" in known else None)
    nation_code = country_code(name)
    is_us = country in (None, "US") or (beside_states and nation_code != country)
    if state is not None and (nation_code is None or is_us):
        return state
    if name.casefold() in _PROVINCES:
        return _PROVINCES[name.casefold()]
    return nation_code
