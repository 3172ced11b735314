"""Text to values, one reader per kind of parameter. Each raises ValueError with what is accepted."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from rapidfuzz import process

from commands.context import Context
from commands.limits import shortened, too_long
from commands.registry import Kind, Parameter
from commands.rules.terms import LONGEST, is_longer
from storage.records import Period
from storage.records.plain_text import plain_text

_MAX_TEXT = 4000
_MAX_DIGITS = 20
_MAX_URL = 1000
_FREE = (Kind.TEXT, Kind.LONG_TEXT, Kind.REST)
_WRITTEN_DATES = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
_PERSON = re.compile(r"<@(?P<mention>[UW][A-Z0-9]{2,30})(?:\|[^>]*)?>|(?P<id>[UW][A-Z0-9]{2,30})")
_CHANNEL = re.compile(r"<#(?P<mention>[CG][A-Z0-9]{2,30})(?:\|[^>]*)?>|(?P<id>[CG][A-Z0-9]{2,30})")
_LINK = re.compile(r"<(?P<url>https?://[^|>]+)(?:\|[^>]*)?>")
_YES_NO = {"yes": True, "y": True, "true": True, "on": True, "no": False, "n": False, "false": False, "off": False}


class QuestionNumber(int):
    """The number of a scope question: in a form, it says which client the other inputs are about."""


def read_value(parameter: Parameter, text: str, ctx: Context) -> object:
    """`text` as the value that `parameter` takes. Raises ValueError."""
    text = plain_text(text).strip() if parameter.kind in _FREE else text.strip()
    if not text:
        raise ValueError("is empty.")
    if len(text) > _MAX_TEXT:
        raise ValueError(too_long(len(text), _MAX_TEXT))
    return _READERS.get(parameter.kind, _text)(parameter, text, ctx)


def read_date(text: str, today: date) -> date:
    """An ISO date, a date with the month in letters, or today, tomorrow, yesterday. Raises ValueError.

    01/02/2027 is refused: it is the first of February to some and the second of January to others.
    """
    nearby = {"today": 0, "tomorrow": 1, "yesterday": -1}.get(text.lower())
    if nearby is not None:
        return today + timedelta(days=nearby)
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else _written_date(text)
    except ValueError:
        raise ValueError(f'"{shortened(text)}" is not a date. Write 2026-03-31 or "31 March 2026".') from None


def _written_date(text: str) -> date:
    words = re.sub(r"[,.]", " ", re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text))
    for shape in _WRITTEN_DATES:
        try:
            return datetime.strptime(" ".join(words.split()), shape).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise ValueError(text)


def _text(parameter: Parameter, text: str, ctx: Context) -> str:
    return text


def _date(parameter: Parameter, text: str, ctx: Context) -> date:
    return read_date(text, ctx.today)


def _period(parameter: Parameter, text: str, ctx: Context) -> Period:
    period = Period.parse(text)
    if is_longer(period, LONGEST):
        raise ValueError(f"is {period.in_words}; at most {LONGEST.in_words} are kept.")
    return period


def _integer(parameter: Parameter, text: str, ctx: Context) -> int:
    digits = text.removeprefix("#")
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValueError(f'"{shortened(text)}" is not a whole number of 0 or more.')
    if len(digits) > _MAX_DIGITS or int(digits) > parameter.most:
        raise ValueError(f'"{shortened(text)}" is too large; at most {parameter.most:,} is read.')
    return int(digits)


def _question(parameter: Parameter, text: str, ctx: Context) -> QuestionNumber:
    return QuestionNumber(_integer(parameter, text, ctx))


def _percent(parameter: Parameter, text: str, ctx: Context) -> Decimal:
    try:
        value = Decimal(text.rstrip("% ").strip())
    except InvalidOperation:
        raise ValueError(f'"{shortened(text)}" is not a percentage. Write for example 3.5.') from None
    if not value.is_finite() or not -100 <= value <= 1000:
        raise ValueError(f'"{shortened(text)}" is not a percentage between -100 and 1000.')
    return value.quantize(Decimal("0.01"))


def _yes_no(parameter: Parameter, text: str, ctx: Context) -> bool:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        raise ValueError(f'"{shortened(text)}" is neither yes nor no.') from None


def _url(parameter: Parameter, text: str, ctx: Context) -> str:
    link = _LINK.fullmatch(text)
    url = link["url"] if link else text
    if not re.fullmatch(r"https?://[^\s<>|\"]{3,}", url):
        raise ValueError(f'"{shortened(text)}" is not a link that starts with https://.')
    if len(url) > _MAX_URL:
        raise ValueError(too_long(len(url), _MAX_URL))
    return url


def _zone(parameter: Parameter, text: str, ctx: Context) -> str:
    zones = {zone.lower(): zone for zone in available_timezones()}
    if (zone := zones.get(text.lower())) is not None:
        return zone
    near = process.extractOne(text.lower(), zones.keys(), score_cutoff=70)
    hint = f" Did you mean {zones[near[0]]}?" if near else " Write for example America/Chicago or Europe/London."
    raise ValueError(f'"{shortened(text)}" is not a time zone.{hint}')


def _choice(parameter: Parameter, text: str, ctx: Context) -> object:
    assert parameter.choices is not None
    word = re.sub(r"[\s/-]+", "_", text.lower())
    word = parameter.words.get(word, word)
    try:
        return parameter.choices(word)
    except ValueError:
        accepted = ", ".join(member.value for member in parameter.choices)
        raise ValueError(f'"{shortened(text)}" is not one of {accepted}.') from None


def _person(parameter: Parameter, text: str, ctx: Context) -> str:
    if text.lower() == "me":
        return ctx.actor.user
    match = _PERSON.fullmatch(text)
    if match is None:
        raise ValueError(
            f'"{shortened(text)}" is not a person in this workspace. Type @ and pick the name, or write me.'
        )
    return match["mention"] or match["id"]


def _channel(parameter: Parameter, text: str, ctx: Context) -> str:
    if text.lower() == "here" and ctx.channel:
        text = ctx.channel
    match = _CHANNEL.fullmatch(text)
    if match is None:
        raise ValueError(f'"{shortened(text)}" is not a channel. Type # and pick it, or write here.')
    return match["mention"] or match["id"]


_READERS: dict[Kind, Callable[[Parameter, str, Context], object]] = {
    Kind.DATE: _date,
    Kind.PERIOD: _period,
    Kind.INTEGER: _integer,
    Kind.QUESTION: _question,
    Kind.PERCENT: _percent,
    Kind.YES_NO: _yes_no,
    Kind.URL: _url,
    Kind.ZONE: _zone,
    Kind.CHOICE: _choice,
    Kind.PERSON: _person,
    Kind.CHANNEL: _channel,
}
