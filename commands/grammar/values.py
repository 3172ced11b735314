"""Text to values, one reader per kind of parameter. Each raises ValueError with what is accepted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from commands.command import Context
from commands.grammar.limits import excerpt, too_long
from commands.parameters import Kind, Parameter
from commands.rules.dates.countries import country_code, near_countries
from commands.rules.dates.periods import LONGEST, is_longer
from commands.rules.dates.plausible_dates import implausible
from commands.rules.dates.time_zones import near_zones, read_zone
from commands.rules.dates.written_dates import read_date
from storage.records import Period
from storage.records.plain_text import plain_name, plain_text, visible_text

_MAX_TEXT = 4000
_MAX_DIGITS = 20
_MAX_URL = 1000
_CLEAN = {Kind.TEXT: plain_name, Kind.ITEM: plain_name, Kind.LONG_TEXT: plain_text}  # REST keeps references to channels
_KNOWN_THERE = "Write the id, U..., or a name that is known there; see: engagement-bot people list."
_PERSON = re.compile(r"<@(?P<mention>[UW][A-Z0-9]{2,30})(?:\|[^>]*)?>|(?P<id>[UW][A-Z0-9]{2,30})")
_CHANNEL = re.compile(r"<#(?P<mention>[CG][A-Z0-9]{2,30})(?:\|[^>]*)?>|(?P<id>[CG][A-Z0-9]{2,30})")
_LINK = re.compile(r"<(?P<url>https?://[^|>]+)(?:\|[^>]*)?>")
_YES_NO = {"yes": True, "y": True, "true": True, "on": True, "no": False, "n": False, "false": False, "off": False}


class ReminderNumber(int):
    """The number of a reminder: it says which client the other inputs are about."""


class QuestionNumber(int):
    """The number of a scope question: in a form, it says which client the other inputs are about."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the client is: its calendar day, and its ISO 3166-1 code where that is known."""

    today: date
    country: str | None = None


def read_value(parameter: Parameter, text: str, ctx: Context, place: Place) -> object:
    """`text` as the value that `parameter` takes at `place`. Raises ValueError."""
    text = _CLEAN.get(parameter.kind, visible_text)(text).strip()
    if not text:
        raise ValueError("is empty.")
    if len(text) > _MAX_TEXT:
        raise ValueError(too_long(len(text), _MAX_TEXT))
    return _READERS.get(parameter.kind, _text)(parameter, text, ctx, place)


def _text(parameter: Parameter, text: str, ctx: Context, place: Place) -> str:
    return text


def _date(parameter: Parameter, text: str, ctx: Context, place: Place) -> date:
    day = read_date(text, place.today, place.country)
    wrong = implausible(day, place.today, has_happened=bool(parameter.has_happened), years_ahead=parameter.years_ahead)
    if wrong is not None:
        raise ValueError(wrong)
    return day


def _period(parameter: Parameter, text: str, ctx: Context, place: Place) -> Period:
    period = Period.parse(text)
    if is_longer(period, LONGEST):
        raise ValueError(f"is {period.in_words}; at most {LONGEST.in_words} are kept.")
    return period


def _integer(parameter: Parameter, text: str, ctx: Context, place: Place) -> int:
    digits = text.removeprefix("#")
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValueError(f'"{excerpt(text)}" is not a whole number of 0 or more.')
    if len(digits) > _MAX_DIGITS or int(digits) > parameter.most:
        raise ValueError(f'"{excerpt(text)}" is too large; at most {parameter.most:,} is read.')
    return int(digits)


def _question(parameter: Parameter, text: str, ctx: Context, place: Place) -> QuestionNumber:
    return QuestionNumber(_integer(parameter, text, ctx, place))


def _reminder(parameter: Parameter, text: str, ctx: Context, place: Place) -> ReminderNumber:
    return ReminderNumber(_integer(parameter, text, ctx, place))


def _percent(parameter: Parameter, text: str, ctx: Context, place: Place) -> Decimal:
    try:
        value = Decimal(text.rstrip("% ").strip())
    except InvalidOperation:
        raise ValueError(f'"{excerpt(text)}" is not a percentage. Write for example 3.5.') from None
    if not value.is_finite() or not -100 <= value <= 1000:
        raise ValueError(f'"{excerpt(text)}" is not a percentage between -100 and 1000.')
    return value.quantize(Decimal("0.01"))


def _yes_no(parameter: Parameter, text: str, ctx: Context, place: Place) -> bool:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        raise ValueError(f'"{excerpt(text)}" is neither yes nor no.') from None


def _url(parameter: Parameter, text: str, ctx: Context, place: Place) -> str:
    link = _LINK.fullmatch(text)
    url = link["url"] if link else text
    if not re.fullmatch(r"https?://[^\s<>|\"]{3,}", url):
        raise ValueError(f'"{excerpt(text)}" is not a link that starts with https://.')
    if len(url) > _MAX_URL:
        raise ValueError(too_long(len(url), _MAX_URL))
    return url


def _zone(parameter: Parameter, text: str, ctx: Context, place: Place) -> str:
    found = read_zone(text, place.country)
    if found is not None:
        return found
    near = near_zones(text)
    hint = f" Did you mean {near[0]}?" if near else " Write for example America/Chicago or Europe/London."
    raise ValueError(f'"{excerpt(text)}" is not a time zone.{hint}')


def _country(parameter: Parameter, text: str, ctx: Context, place: Place) -> str:
    if (code := country_code(text)) is not None:
        return code
    near = near_countries(text)
    hint = f" Did you mean {' or '.join(near)}?" if near else " Write its name, or its two letters such as US or GB."
    raise ValueError(f'"{excerpt(text)}" is not a country.{hint}')


def _choice(parameter: Parameter, text: str, ctx: Context, place: Place) -> object:
    assert parameter.choices is not None
    word = re.sub(r"[\s/-]+", "_", text.lower())
    word = parameter.words.get(word, word)
    try:
        return parameter.choices(word)
    except ValueError:
        accepted = ", ".join(member.value for member in parameter.choices)
        raise ValueError(f'"{excerpt(text)}" is not one of {accepted}.') from None


def _person(parameter: Parameter, text: str, ctx: Context, place: Place) -> str:
    is_in_slack = _PERSON.fullmatch(ctx.actor.user) is not None
    if text.lower() == "me":
        if not is_in_slack:
            raise ValueError(f'"{excerpt(text)}" is nobody on the command line. {_KNOWN_THERE}')
        return ctx.actor.user
    match = _PERSON.fullmatch(text)
    if match is None:
        how = "Type @ and pick the name, or write me." if is_in_slack else _KNOWN_THERE
        raise ValueError(f'"{excerpt(text)}" is not a person in this workspace. {how}')
    return match["mention"] or match["id"]


def _channel(parameter: Parameter, text: str, ctx: Context, place: Place) -> str:
    if text.lower() == "here" and ctx.channel:
        text = ctx.channel
    match = _CHANNEL.fullmatch(text)
    if match is None:
        raise ValueError(f'"{excerpt(text)}" is not a channel. Type # and pick it, or write here.')
    return match["mention"] or match["id"]


_READERS: dict[Kind, Callable[[Parameter, str, Context, Place], object]] = {
    Kind.DATE: _date,
    Kind.PERIOD: _period,
    Kind.INTEGER: _integer,
    Kind.QUESTION: _question,
    Kind.REMINDER: _reminder,
    Kind.PERCENT: _percent,
    Kind.YES_NO: _yes_no,
    Kind.URL: _url,
    Kind.ZONE: _zone,
    Kind.COUNTRY: _country,
    Kind.CHOICE: _choice,
    Kind.PERSON: _person,
    Kind.CHANNEL: _channel,
}
