"""States and regions as files name them: "Texas" and "TX" are the same one of the US."""

from collections.abc import Mapping
from functools import lru_cache

from commands.rules.matrix_layout.cleaning import comparable

_LONGEST_CODE = 3


def region_code(text: str, country: str | None) -> str | None:
    """The code of the region of `country` (ISO 3166-1) that `text` names; a short code as it is; else None."""
    known = _regions(country) if country else {}
    if (code := known.get(comparable(text))) is not None:
        return code
    typed = text.strip().upper()
    return typed if 0 < len(typed) <= _LONGEST_CODE and typed.isalnum() else None


@lru_cache(maxsize=64)
def _regions(country: str) -> Mapping[str, str]:
    import holidays

    try:
        found = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    names = {comparable(name): code for name, code in found.subdivisions_aliases.items()}
    return names | {comparable(code): code for code in found.subdivisions}
