"""The MSP's customer: a name people type in many ways, and who answers for it."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import Editable, Entry, choice, few, texts
from storage.records.plain_text import as_name, comparable
from storage.records.zones import zone_names

LONGEST_KEY = 200
_LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")


def client_key(name: str) -> str:
    """`name` as it is compared: lower case, accents kept, everything but letters and digits folded to one space."""
    return " ".join(_LETTERS_AND_DIGITS.findall(comparable(name)))


def joined_key(key: str) -> str:
    """The key of a name as it is compared where spaces may differ: "North Star" is "NorthStar", "A & B" "A and B"."""
    return "".join(word for word in key.split() if word != "and")


_LEGAL_FORMS = frozenset(
    (
        "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "gmbh", "mbh", "ag", "kg", "ug", "ohg", "ev", "sa",
        "sas", "sarl", "srl", "spa", "bv", "nv", "oy", "ab", "as", "aps", "pty", "plc", "corp", "corporation", "co",
        "company", "pllc", "pc", "pvt", "se", "kk", "lda", "ltda", "sl",
    )
)  # fmt: skip
_JOINING = frozenset(("and", "und", "et", "y", "e", "the"))
_LATIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def resemblance(name: str) -> str:
    """`name` without what people leave out or write differently: accents, punctuation, spaces, the legal form.

    "Müller & Söhne GmbH", "muller sohne" and "Mueller Soehne" are one; a name of nothing else is kept whole.
    """
    plain = unicodedata.normalize("NFKD", client_key(re.sub(r"[.'’]", "", name)).translate(_LATIN))
    words = "".join(each for each in plain if not unicodedata.combining(each)).split()
    kept = [word for word in words if word not in _JOINING]
    while len(kept) > 1 and kept[-1] in _LEGAL_FORMS:
        kept.pop()
    return re.sub(r"(?<=[aou])e", "", "".join(kept or words))


class ClientStatus(StrEnum):
    ACTIVE = "active"
    OFFBOARDED = "offboarded"


class Client(Editable):
    """`owner` and `backup_owner` are Slack user ids, `channels` Slack channel ids.

    `country` (ISO 3166-1 alpha-2) and `subdivision` (ISO 3166-2 without the country) choose the
    holidays for business days. `employees`: how many people it employs. `matrix_version` grows with every change to the
    client's matrix or agreements. By its `former_names` it is found, too. `offboarded_on` is the last day we worked for
    it, None where nobody noted it. `merged_into` is the id of the client that it became part of, 0 where it was added
    by mistake and taken back: nothing leads to it any more.
    """

    name: str = Field(min_length=1, max_length=80)
    aliases: tuple[Entry, ...] = texts()
    former_names: tuple[Entry, ...] = texts()
    channels: tuple[Entry, ...] = texts()
    owner: str | None = Field(default=None, max_length=32)
    backup_owner: str | None = Field(default=None, max_length=32)
    time_zone: str | None = Field(default=None, max_length=64)
    country: str | None = Field(default=None, regex=r"^[A-Z]{2}$", max_length=2)
    subdivision: str | None = Field(default=None, max_length=8)
    industry: str | None = Field(default=None, max_length=80)
    employees: int | None = Field(default=None, ge=0, le=9_999_999)
    status: ClientStatus = choice(ClientStatus, default=ClientStatus.ACTIVE)
    offboarded_on: date | None = None
    matrix_version: int = 0
    merged_into: int | None = None

    _few = field_validator("aliases", "former_names", "channels")(few)
    _named = field_validator("name", "aliases")(as_name)

    @field_validator("name", "aliases")
    @classmethod
    def _comparable(cls, value: Any) -> Any:
        for name in value if isinstance(value, tuple) else (value,):
            if len(client_key(name)) > LONGEST_KEY:
                raise ValueError(f"has {len(client_key(name))} characters as it is compared; at most {LONGEST_KEY}.")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None and value not in zone_names():
            raise ValueError(f'"{value}" is not a time zone. Write for example America/Chicago or Europe/London.')
        return value

    @property
    def is_offboarded(self) -> bool:
        return self.status is ClientStatus.OFFBOARDED

    def former_name(self, typed: str) -> str | None:
        """The former name that `typed` is, unless it is a present one, too."""
        key = client_key(typed)
        if key in map(client_key, (self.name, *self.aliases)):
            return None
        return next((name for name in self.former_names if client_key(name) == key), None)

    @property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None
