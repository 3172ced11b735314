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

# In German, French, Spanish, Portuguese, Dutch and Italian; names from the CLDR.
_ELSEWHERE: Mapping[str, str] = {
    "US": "etats unis, verenigde staten, stati uniti",
    "GB": "royaume uni, reino unido, verenigd koninkrijk, regno unito", "CA": "kanada", "AU": "australien, australie",
    "NZ": "neuseeland, nouvelle zelande, nueva zelanda, nova zelandia, nieuw zeeland, nuova zelanda",
    "IE": "irland, irlande, irlanda, ierland", "DE": "alemanha, duitsland, germania", "AT": "autriche, oostenrijk",
    "CH": "suiza, suica, zwitserland", "FR": "franca, frankrijk", "BE": "belgica, belgio",
    "NL": "niederlande, pays bas, paises bajos, paises baixos, paesi bassi", "LU": "luxemburg, luxemburgo, lussemburgo",
    "ES": "spanien, espagne, espanha, spanje, spagna", "PT": "portogallo", "IT": "italien, italie",
    "DK": "danemark, dinamarca, denemarken, danimarca", "SE": "schweden, suede, suecia, zweden, svezia",
    "NO": "norwegen, norvege, noruega, noorwegen, norvegia", "FI": "finnland, finlande, finlandia",
    "IS": "island, islande, islandia, ijsland, islanda", "PL": "polen, pologne, polonia",
    "CZ": "tschechien, tchequie, chequia, tchequia, tsjechie, cechia",
    "SK": "slowakei, slovaquie, eslovaquia, slowakije, slovacchia",
    "HU": "ungarn, hongrie, hungria, hongarije, ungheria", "RO": "rumanien, roumanie, rumania, romenia, roemenie",
    "BG": "bulgarien, bulgarie, bulgarije", "GR": "griechenland, grece, grecia, griekenland",
    "HR": "kroatien, croatie, croacia, kroatie, croazia", "SI": "slowenien, slovenie, eslovenia",
    "EE": "estland, estonie", "LV": "lettland, lettonie, letonia, letland, lettonia",
    "LT": "litauen, lituanie, lituania, litouwen", "MT": "malte", "CY": "zypern, chypre, chipre, cipro",
    "TR": "turkei, turquie, turquia, turkije, turchia", "UA": "ucrania, oekraine, ucraina",
    "RU": "russland, russie, rusia, rusland", "IL": "israele",
    "AE": "vereinigte arabische emirate, emirats arabes unis, emiratos arabes unidos, emirados arabes unidos",
    "SA": "saudi arabien, arabie saoudite, arabia saudi, arabia saudita, saoedi arabie", "QA": "katar, catar",
    "EG": "agypten, egypte, egipto, egito, egitto", "MA": "marokko, maroc, marruecos, marrocos, marocco",
    "TN": "tunesien, tunisie, tunez, tunesie", "ZA": "sudafrika, afrique du sud, sudafrica, africa do sul, zuid afrika",
    "KE": "kenia, quenia", "IN": "indien, inde", "CN": "chine, cina", "JP": "japon, japao, giappone",
    "KR": "sudkorea, coree du sud, corea del sur, coreia do sul, zuid korea, corea del sud",
    "SG": "singapur, singapour, singapura",
    "TH": "thailande, tailandia, thailandia", "VN": "vietna", "MY": "malaisie, malasia, maleisie",
    "ID": "indonesien, indonesie", "PH": "philippinen, filipinas, filipijnen, filippine",
    "MX": "mexiko, mexique, messico", "BR": "brasilien, bresil, brazilie, brasile",
    "AR": "argentinien, argentine, argentinie", "CL": "chili, cile", "CO": "kolumbien, colombie", "PE": "perou",
    "UY": "uruguai", "PY": "paraguai", "BO": "bolivien, bolivie", "EC": "equateur, equador", "CU": "kuba",
    "DO": "dominikanische republik, republique dominicaine, republica dominicana",
    "RS": "serbien, serbie, servia, servie",
    "AL": "albanien, albanie",
    "MD": "republik moldau, moldavie, moldavia", "GE": "georgien, georgie", "AM": "armenien, armenie",
    "AZ": "aserbaidschan, azerbaidjan, azerbaiyan, azerbaijao, azerbeidzjan, azerbaigian",
    "KZ": "kasachstan, kazajistan, cazaquistao, kazachstan, kazakistan", "PK": "paquistao",
    "BD": "bangladesch, banglades", "AD": "andorre",
    "DZ": "algerien, algerie, argelia, algerije", "GH": "gana", "CI": "costa do marfim, ivoorkust, costa d avorio",
    "CM": "kamerun, cameroun, camerun, camaroes, kameroen", "ET": "athiopien, ethiopie, etiopia",
    "TZ": "tansania, tanzanie", "UG": "ouganda, oeganda", "ZM": "sambia, zambie", "ZW": "simbabwe, zimbabue",
    "JM": "jamaika, jamaique, giamaica", "SV": "salvador",
}  # fmt: skip


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country that `text` names, with the code of three letters, too."""
    return _codes().get(_key(text))


def country_name(code: str) -> str:
    """The English name of the country; `code` itself where it has none."""
    return _names().get(code, code)


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
    for code, name in _names().items():
        codes[_key(code)] = code
        names.setdefault(_key(name), set()).add(code)
        names.setdefault(_key(name.partition("(")[0]), set()).add(code)
    clear = {name: next(iter(found)) for name, found in names.items() if len(found) == 1}
    also = {_key(name): code for table in (_ELSEWHERE, _ALSO) for code, listed in table.items()
            for name in listed.split(",")}  # fmt: skip
    return clear | also | codes


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    text = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("\t", 1) for line in lines)


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ").replace("ß", "ss")
    words = re.findall(r"[^\W_]+", "".join(each for each in folded if not unicodedata.combining(each)))
    return " ".join(words).removeprefix("the ")
