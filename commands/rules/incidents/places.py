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
    are the state where the client is in the US or nowhere that is known. Raises ValueError naming what was not read.
    """
    found: dict[str, Place] = {}
    for text in texts:
        for part in filter(None, map(str.strip, _BETWEEN.split(text))):
            place = _read(part, states, country)
            found[place.code] = place
    return tuple(found.values())


def kept_places(entries: Iterable[str]) -> tuple[Place, ...]:
    """The places of a record."""
    split = (each.partition(" ") for each in entries)
    return tuple(Place(code, int(count) if count.isdecimal() else None) for code, _, count in split)


def _read(part: str, states: Mapping[str, str], country: str | None) -> Place:
    counted = _COUNT.match(part)
    name = (counted["place"] if counted else part).strip()
    count = int(counted["count"].replace(",", "")) if counted else None
    if count is not None and count > MOST_PEOPLE:
        raise ValueError(f'"{part}" is too large; at most {MOST_PEOPLE:,} is read.')
    code = _code(name, states, country)
    if code is None:
        raise ValueError(
            f'"{name}" is no state or country that is known. Write such as TX, Texas 1200, Germany or CA-QC.'
        )
    return Place(code, count)


def _code(name: str, states: Mapping[str, str], country: str | None) -> str | None:
    known = set(states.values())
    upper = name.upper()
    if _CODE.fullmatch(upper):
        nation, _, region = upper.partition("-")
        if nation == "US":
            return upper if upper in known else None
        return upper if country_code(nation) == nation and region else None
    state = states.get(name.casefold()) or (f"US-{upper}" if f"US-{upper}" in known else None)
    nation_code = country_code(name)
    if state is not None and (nation_code is None or country in (None, "US")):
        return state
    if name.casefold() in _PROVINCES:
        return _PROVINCES[name.casefold()]
    return nation_code
