"""Where the people concerned live: a state of the US, a province or a country, and how many there are where known."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commands.rules.dates.countries import country_code, country_name

_COUNT = re.compile(r"^(?P<place>.*?)[\s:=]+(?P<count>\d{1,3}(?:,\d{3})+|\d+)\s*(?:people|residents|persons)?$")
_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
# A comma between three digits belongs to a number.
_BETWEEN = re.compile(r"[;\n]|,(?!\d{3}(?!\d))|,(?=\D)")
_PROVINCES = {"quebec": "CA-QC", "québec": "CA-QC", "alberta": "CA-AB", "ontario": "CA-ON", "british columbia": "CA-BC"}
_TERRITORIES = ("US-AS", "US-GU", "US-MP", "US-PR", "US-VI")
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

    `states` maps names of US states in small letters to their codes. What names both a state and a country is the state
    where the client is in the US or nowhere that is known, else the country. It is not guessed beside the code of
    another country, or beside another state where it would be the country.

    Raises ValueError naming what was not read.
    """
    parts = [part for text in texts for part in map(str.strip, _BETWEEN.split(text)) if part]
    readings = [_readings(_name(part), states) for part in parts]
    is_us = country in (None, "US")
    beside_others = any(
        (state is None and _is_foreign_code(_name(part), nation)) if is_us else (state is not None and nation is None)
        for part, (state, nation) in zip(parts, readings, strict=True)
    )
    found: dict[str, Place] = {}
    for part, (state, nation) in zip(parts, readings, strict=True):
        if state and nation and beside_others:
            country_words = nation if country_name(nation).casefold() in states else country_name(nation)
            raise ValueError(f'"{_name(part)}" may be a state or a country: write {state} or {country_words}.')
        place = _place(part, (state or nation) if is_us else (nation or state))
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


def _place(part: str, code: str | None) -> Place:
    counted = _COUNT.match(part)
    count = int(counted["count"].replace(",", "")) if counted else None
    if count is not None and count > MOST_PEOPLE:
        raise ValueError(f'"{part}" is too large; at most {MOST_PEOPLE:,} is read.')
    if code is None:
        raise ValueError(
            f'"{_name(part)}" is no state or country that is known. Write such as TX, Texas 1200, Germany or CA-QC.'
        )
    return Place(code, count)


def _is_foreign_code(name: str, nation: str | None) -> bool:
    """FR, FRA or CA-QC; "France" in full says nothing of what the codes beside it are."""
    return nation not in (None, "US") and (len(name) <= 3 or name.upper() == nation)


def _readings(name: str, states: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The codes of the US state and of the country or province that `name` may mean."""
    known = set(states.values())
    upper = name.upper()
    if _CODE.fullmatch(upper):
        nation, _, region = upper.partition("-")
        if nation == "US":
            return (upper if upper in known else None), None
        return None, (upper if country_code(nation) == nation and region else None)
    state = states.get(name.casefold()) or (f"US-{upper}" if f"US-{upper}" in known else None)
    if state in _TERRITORIES:  # a country of ISO 3166, too, but the same place
        return state, None
    return state, country_code(name) or _PROVINCES.get(name.casefold())
