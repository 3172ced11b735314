"""What a rule says has to be told, by whom, to whom and within which time; and the days on which rules change.

Read from the catalogue's TOML files. A rule that names no number of hours or days is kept in its own words: nothing
here makes a number out of "without unreasonable delay".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

_TYPED = re.compile(
    r"(?P<who>owner|processor) tells (?P<tells>people|authority|media|owner)"
    r"(?: within (?P<within>\d{1,3} (?:hours?|days?|business days?))| (?P<promptly>(?!within\b).+?))"
    r"(?: if (?P<if>.+))?",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"(\d{1,3}) (hours?|days?|business days?)")


class Teller(StrEnum):
    """Whose duty it is: whoever owns or licenses the data, or whoever keeps it for them, as an MSP may."""

    OWNER = "owner"
    PROCESSOR = "processor"


class Told(StrEnum):
    PEOPLE = "people"
    AUTHORITY = "authority"
    MEDIA = "media"
    OWNER = "owner"


class Start(StrEnum):
    """What the time is counted from."""

    DISCOVERY = "discovery"
    DETERMINATION = "determination"
    NOTICE_TO_PEOPLE = "notice_to_people"
    YEAR_END = "year_end"

    @property
    def in_words(self) -> str:
        """discovering it"""
        return _START_WORDS[self]


class TimeUnit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business days"


_START_WORDS = {
    Start.DISCOVERY: "discovering it",
    Start.DETERMINATION: "determining that it was one",
    Start.NOTICE_TO_PEOPLE: "telling the people",
    Start.YEAR_END: "the end of the calendar year",
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day that matters to those who are bound or measured by it, and where that stands."""

    on: date
    what: str
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that is not law. `as_of`: the last day it was seen to be only proposed."""

    what: str
    as_of: date
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One duty to tell. `within` is None where the rule has words only, which are in `promptly`.

    `authority` names who is told where that is one; `condition`: when there is the duty at all. `since`: the first day
    of this rule, where it is new. `is_compared` is False where nobody compared it when its entry was.
    """

    who: Teller
    tells: Told
    start: Start = Start.DISCOVERY
    within: int | None = None
    unit: TimeUnit | None = None
    promptly: str | None = None
    authority: str | None = None
    condition: str | None = None
    citation: str | None = None
    since: date | None = None
    is_compared: bool = True

    @property
    def time_in_words(self) -> str:
        """within 30 days of discovering it; without unreasonable delay"""
        if self.within is None or self.unit is None:
            return self.promptly or "no time is stated"
        unit = self.unit.value if self.within != 1 else self.unit.value.removesuffix("s")
        also = f", and {self.promptly}" if self.promptly else ""
        return f"within {self.within} {unit} of {self.start.in_words}{also}"

    @property
    def whom_in_words(self) -> str:
        """the people concerned; Attorney General"""
        words = {Told.PEOPLE: "the people concerned", Told.MEDIA: "the media", Told.OWNER: "the owner of the data"}
        return self.authority or words.get(self.tells, "the authority")


def read_deadlines(stanzas: Iterable[Mapping[str, Any]]) -> tuple[Deadline, ...]:
    """Raises ValueError that says what is wrong."""
    return tuple(map(_deadline, stanzas))


def typed_deadline(text: str) -> dict[str, str]:
    """What somebody typed, as a stanza: owner tells people within 30 days if 500 or more. Raises ValueError."""
    found = _TYPED.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError(
            f'"{text}" is no time to tell somebody: write such as "owner tells people within 30 days", '
            '"processor tells owner immediately", "owner tells authority within 72 hours if 500 or more"'
        )
    said = {name: value for name, value in found.groupdict().items() if value}
    return {name: value.casefold() if name in ("who", "tells", "within") else value for name, value in said.items()}


def typed_milestone(text: str) -> dict[str, str]:
    """2027-01-01 phase 2 begins: the day and what it is. Raises ValueError."""
    day, _, what = text.strip().partition(" ")
    on = read_day(day.rstrip(":"))
    if not what.strip():
        raise ValueError(f'"{text}" does not say what begins or ends: write such as "{on} phase 2 begins"')
    return {"on": str(on), "what": what.strip()}


def read_milestones(stanzas: Iterable[Mapping[str, Any]]) -> tuple[Milestone, ...]:
    return tuple(Milestone(read_day(each["on"]), each["what"], each.get("source_url")) for each in stanzas)


def read_proposals(stanzas: Iterable[Mapping[str, Any]]) -> tuple[Proposal, ...]:
    return tuple(Proposal(each["what"], read_day(each["as_of"]), each.get("source_url")) for each in stanzas)


def read_day(text: Any) -> date:
    """A day as TOML has it, quoted or not. Raises ValueError."""
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f'"{text}" is not a day: write YYYY-MM-DD') from error


def _deadline(stanza: Mapping[str, Any]) -> Deadline:
    fields = dict(stanza)
    fields["who"], fields["tells"] = Teller(fields["who"]), Told(fields["tells"])
    fields["start"] = Start(fields.get("start", Start.DISCOVERY))
    fields["condition"] = fields.pop("if", None)
    fields["is_compared"] = not fields.pop("not_compared", False)
    if "since" in fields:
        fields["since"] = read_day(fields["since"])
    if (within := fields.pop("within", None)) is not None:
        matched = _WITHIN.fullmatch(within)
        if matched is None:
            raise ValueError(f'"{within}" is not a time to tell somebody: write 72 hours, 30 days or 4 business days')
        fields["within"] = int(matched[1])
        fields["unit"] = TimeUnit(matched[2] if matched[2].endswith("s") else f"{matched[2]}s")
    elif "promptly" not in fields:
        raise ValueError("a deadline says within: or promptly:")
    return Deadline(**fields)
