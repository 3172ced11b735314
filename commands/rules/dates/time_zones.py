"""Time zones as people write them: IANA names, Windows' names, the usual abbreviations, and cities."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process
from tzlocal.windows_tz import win_tz

from commands.rules.dates.countries import country_code
from storage.records.zones import zone_names

# Where an abbreviation or a word is used most, among the clients of managed service providers.
_USUAL: Mapping[str, str] = {
    "America/New_York": "est, edt, et, eastern", "America/Chicago": "cst, cdt, ct, central",
    "America/Denver": "mst, mdt, mt, mountain", "America/Los_Angeles": "pst, pdt, pt, pacific",
    "America/Anchorage": "akst, akdt, alaska, alaskan", "Pacific/Honolulu": "hst, hdt, hawaii, hawaiian",
    "America/Phoenix": "arizona", "America/Indiana/Indianapolis": "indiana",
    "America/Halifax": "ast, adt, atlantic", "America/St_Johns": "nst, ndt, newfoundland",
    "Europe/London": "bst, gmt, british, british summer, uk, greenwich mean", "Europe/Dublin": "irish",
    "Europe/Brussels": "met", "Europe/Paris": "cet, cest, central european",
    "Europe/Athens": "eet, eest, eastern european", "Europe/Lisbon": "wet, west, western european",
    "Europe/Moscow": "msk, moscow", "Africa/Johannesburg": "sast, south african", "Asia/Dubai": "gst, gulf",
    "Asia/Kolkata": "ist, india, indian", "Asia/Shanghai": "china", "Asia/Hong_Kong": "hkt",
    "Asia/Singapore": "sgt, singapore", "Asia/Tokyo": "jst, japan", "Asia/Seoul": "kst, korea",
    "Asia/Manila": "pht", "Australia/Sydney": "aest, aedt, aet, australian eastern",
    "Australia/Adelaide": "acst, acdt, act, australian central", "Australia/Perth": "awst, australian western",
    "Pacific/Auckland": "nzst, nzdt, new zealand", "UTC": "utc, z, zulu, coordinated universal",
}  # fmt: skip
_BY_COUNTRY: Mapping[tuple[str, str], str] = {
    ("eastern", "CA"): "America/Toronto", ("central", "CA"): "America/Winnipeg", ("mountain", "CA"): "America/Edmonton",
    ("pacific", "CA"): "America/Vancouver", ("eastern", "AU"): "Australia/Sydney",
    ("central", "AU"): "Australia/Adelaide", ("western", "AU"): "Australia/Perth",
    ("central", "MX"): "America/Mexico_City",
    ("pacific", "MX"): "America/Mazatlan", ("mountain", "MX"): "America/Mazatlan",
}  # fmt: skip
# Cities without a zone of their own that Windows names beside others.
_BESIDE: Mapping[str, str] = {
    "Europe/Zurich": "bern", "Europe/London": "edinburgh", "Europe/Moscow": "st. petersburg", "Asia/Dubai": "abu dhabi",
    "Asia/Karachi": "islamabad", "Asia/Kolkata": "chennai, mumbai, new delhi", "Asia/Bangkok": "hanoi",
    "Asia/Tokyo": "osaka, sapporo", "Australia/Sydney": "canberra", "Pacific/Auckland": "wellington",
    "Africa/Johannesburg": "pretoria", "America/Mexico_City": "guadalajara", "America/Guayaquil": "quito",
}  # fmt: skip
_GENERIC = {"et": "eastern", "ct": "central", "mt": "mountain", "pt": "pacific"}
_OFFSET = re.compile(r"^\((?:utc|gmt)[^)]*\)\s*", re.IGNORECASE)
_NOISE = frozenset({"time", "zone", "standard", "daylight", "the"})


def read_zone(text: str, country: str | None = None) -> str | None:
    """The IANA name of the zone that `text` names, for a client in `country` (ISO 3166-1); None where it names none."""
    typed = " ".join(_OFFSET.sub("", text).replace("_slash_", "/").split())
    names = _names()
    if (exact := names.get(_key(typed))) is not None and typed.casefold() not in _usual():
        return exact
    if (windows := _windows().get(_key(typed))) is not None and not _spelled(typed):
        return windows
    if "," in typed and "(" not in typed:
        return _of_cities(typed.split(","), country)
    words, country = _words(typed, country)
    return _by_words(words, country) or _windows().get(_key(typed)) or _of_cities([words], country)


def near_zones(text: str) -> list[str]:
    """IANA names of places that come close, nearest first."""
    places = {key: name for key, name in _names().items() if "/" in name and not name.startswith(("Etc/", "US/"))}
    cities = {key: name for key, name in _cities().items() if len(key) > 3}
    found = process.extract(_key(text), {**cities, **places}.keys(), scorer=fuzz.ratio, score_cutoff=70, limit=3)
    return list(dict.fromkeys({**cities, **places}[key] for key, _, _ in found))


def _of_cities(cities: Sequence[str], country: str | None) -> str | None:
    """The zone of a city, or of a list of cities as Windows shows one: that of the client's country, else the first.

    A country at the end is that of the city: "Paris, France". None where one of them is no city that is known
    ("Melbourne, Florida"), none is in the country, or their clocks differ, so that it matters which one is meant.
    """
    if len(cities) > 1 and (named := country_code(cities[-1])) is not None and _key(cities[-1]) not in _cities():
        cities, country = cities[:-1], named
    zones = [zone for city in cities if (zone := _cities().get(_key(city)) or _beside().get(_key(city)))]
    if len(zones) < len(cities):
        return None
    if country is not None:
        return next((zone for zone in zones if zone in _zones_of(country)), None)
    return zones[0] if len({_offsets(zone) for zone in zones}) == 1 else None


def _by_words(words: str, country: str | None) -> str | None:
    generic = _GENERIC.get(words, words)
    if country is not None and (zone := _BY_COUNTRY.get((generic, country))) is not None:
        return zone
    usual = _usual().get(words)
    if country is None or (usual is not None and usual in _zones_of(country)):
        return usual
    there = (zone for zone in _zones_of(country) if words.upper() in _abbreviations(zone))
    return next(there, usual)


def _words(typed: str, country: str | None) -> tuple[str, str | None]:
    """What is left of a name without "time" and the like, and the country that it names itself."""
    inside = [part for part in re.findall(r"\(([^)]*)\)", typed) for part in re.split(r"[&,/]|\band\b", part)]
    named = next((code for part in inside if (code := country_code(part))), None)
    rest = re.sub(r"\([^)]*\)", " ", typed).casefold().replace(".", "")
    words = [word for word in re.findall(r"[^\W_]+", rest) if word not in _NOISE]
    if len(words) > 1 and (code := country_code(words[0])) and words[0] in ("us", "usa", "canada", "canadian"):
        named, words = code, words[1:]
    return " ".join(words), named or country


def _spelled(typed: str) -> bool:
    """Whether Windows' name is also that of a zone whose place depends on the country: Central Standard Time."""
    return _words(typed, None)[0] in _usual() and "gmt" not in typed.casefold()


def _key(text: str) -> str:
    return re.sub(r"[\s_]+", "_", text.strip().casefold())


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return {_key(name): name for name in zone_names()}


@lru_cache(maxsize=1)
def _windows() -> Mapping[str, str]:
    zones = zone_names()
    return {_key(name): zone for name, zone in win_tz.items() if zone in zones}


@lru_cache(maxsize=1)
def _usual() -> Mapping[str, str]:
    return {word.strip(): zone for zone, words in _USUAL.items() for word in words.split(",")}


@lru_cache(maxsize=1)
def _beside() -> Mapping[str, str]:
    return {_key(city): zone for zone, cities in _BESIDE.items() for city in cities.split(",")}


@lru_cache(maxsize=1)
def _cities() -> Mapping[str, str]:
    """City -> zone, where only one zone has a city of that name."""
    found: dict[str, set[str]] = {}
    for zone, _ in _table():
        found.setdefault(_key(zone.rpartition("/")[2]), set()).add(zone)
    return {city: zones.pop() for city, zones in found.items() if len(zones) == 1}


@lru_cache(maxsize=256)
def _zones_of(country: str) -> tuple[str, ...]:
    return tuple(zone for zone, countries in _table() if country in countries)


def _table() -> Iterator[tuple[str, list[str]]]:
    text = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            countries, _, zone = line.split("\t")[:3]
            yield zone, countries.split(",")


@lru_cache(maxsize=1024)
def _abbreviations(zone: str) -> frozenset[str]:
    """What its clocks are called in winter and in summer."""
    return frozenset(day.tzname() or "" for day in _winter_and_summer(zone))


def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    return tuple(day.utcoffset() for day in _winter_and_summer(zone))


def _winter_and_summer(zone: str) -> list[datetime]:
    return [datetime(2026, month, 15, tzinfo=UTC).astimezone(ZoneInfo(zone)) for month in (1, 7)]
