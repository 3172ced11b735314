"""Countries as people write them: the code of ISO 3166-1, the name, and the usual short and local names."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from rapidfuzz import fuzz, process

_ALSO: Mapping[str, str] = {
    "US": "usa, u s, u s a, us of a, united states of america, america, the states, estados unidos, vereinigte staaten",
    "GB": """uk, u k, united kingdom, great britain, britain, england, scotland, wales, northern ireland,
        united kingdom of great britain and northern ireland, vereinigtes konigreich, grossbritannien""",
    "DE": "deutschland, alemania, allemagne, federal republic of germany, brd", "AT": "osterreich, oesterreich",
    "CH": "schweiz, suisse, svizzera", "ES": "espana", "FR": "francia, frankreich", "IT": "italia",
    "NL": "holland, nederland, the netherlands", "BE": "belgie, belgique, belgien", "IE": "eire, republic of ireland",
    "DK": "danmark", "SE": "sverige", "NO": "norge", "FI": "suomi", "PL": "polska", "CZ": "czechia, cesko",
    "MX": "mexico, estados unidos mexicanos", "BR": "brasil", "NZ": "aotearoa", "AE": "uae, emirates",
    "KR": "korea, republic of korea", "TR": "turkiye, turkey", "ZA": "rsa", "CI": "ivory coast", "CV": "cape verde",
    "SZ": "swaziland", "MK": "macedonia", "RU": "russian federation", "VN": "viet nam", "TW": "taiwan",
    "HK": "hong kong",
    "PR": "puerto rico", "CD": "dr congo, democratic republic of the congo", "PS": "palestine", "LA": "laos",
}  # fmt: skip


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country that `text` names, with the code of three letters, too."""
    return _codes().get(_key(text))


def near_countries(text: str) -> list[str]:
    """Codes of countries whose names come close, nearest first."""
    found = process.extract(_key(text), _codes().keys(), scorer=fuzz.ratio, score_cutoff=80, limit=3)
    return list(dict.fromkeys(_codes()[name] for name, _, _ in found))


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    from holidays.registry import COUNTRIES

    names: dict[str, set[str]] = {}
    codes: dict[str, str] = {}
    for name, (_, two, three, *_rest) in COUNTRIES.items():
        names.setdefault(_key(name), set()).add(two)
        codes |= {_key(two): two, _key(three): two}
    text = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, name = line.split("\t")
            codes[_key(code)] = code
            names.setdefault(_key(name), set()).add(code)
            names.setdefault(_key(name.partition("(")[0]), set()).add(code)
    clear = {name: next(iter(found)) for name, found in names.items() if len(found) == 1}
    also = {_key(name): code for code, listed in _ALSO.items() for name in listed.split(",")}
    return clear | also | codes


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ").replace("ß", "ss")
    words = re.findall(r"[^\W_]+", "".join(each for each in folded if not unicodedata.combining(each)))
    return " ".join(words).removeprefix("the ")
