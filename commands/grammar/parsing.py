"""From what was typed, or filled into a form, to the typed values a handler works with: one validation path."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from commands.arguments import Arguments, Raw
from commands.command import Command, Context
from commands.errors import CommandError, NotFound, UsageError
from commands.grammar import lookup
from commands.grammar.lookup import LONGEST_CHOICE
from commands.grammar.values import Place, QuestionNumber, ReminderNumber, read_value
from commands.grammar.words import straighten
from commands.parameters import Kind, Parameter
from commands.rules.dates.format import format_date
from commands.rules.dates.written_dates import date_order, is_read_by_country, read_date
from commands.rules.text.placeholders import has_blank, is_placeholder, reserved_link
from storage.records import Client, Reminder, ScopeQuestion

_PLACED = (Kind.DATE, Kind.ZONE)
_PROSE = (Kind.LONG_TEXT, Kind.REST)
_WORDED = (Kind.TEXT, Kind.LONG_TEXT, Kind.ITEM)
_NAMES = frozenset({"alias", "category", "industry", "item", "name", "title"})
_PEOPLE = frozenset({"attested-by", "by", "explained-to", "signer", "to"})
_EVIDENCE = _PEOPLE | {
    "basis", "clause", "client-part", "evidence", "insurer", "msp-part", "notice-address", "policy", "reason",
    "reference", "risk-clause", "system", "third-party", "what", "where", "wording",
}  # fmt: skip
# A notice is recorded without a proof that is worth nothing: a deadline is not lost over a link. The reply says so.
_LEFT_OUT = frozenset({"proof"})


def convert(command: Command, raw: Raw, ctx: Context, *, is_whole: bool = False) -> Arguments:
    """The values of `raw`, every problem reported at once. Raises UsageError with a message per field; NotFound where a
    client is needed and there is none yet.
    """
    values: dict[str, Any] = {p.attribute: () if p.many else None for p in command.parameters}
    cleared: set[str] = set()
    wiped: set[str] = set()
    problems: dict[str, str] = {}
    readings: list[str] = []
    no_client = False
    for parameter in command.parameters:
        try:
            given = raw.get(parameter.name)
            if given is None and not parameter.required:
                continue
            if given is None and parameter.kind is Kind.CLIENT:
                linked = channel_client(command, ctx)
                given = linked.name if linked else None
            if isinstance(given, tuple) and given and not any(given):
                wiped.add(parameter.attribute)  # typed as "": an empty cell of a table takes no list away
                given = ()
            if given in (None, "", ()):
                if parameter.required:
                    if parameter.kind is Kind.CLIENT and not ctx.uow.clients.list(offboarded=True):
                        no_client = True
                    problems[parameter.name] = f"is missing: {parameter.help}."
                elif given is not None:
                    cleared.add(parameter.attribute)
                continue
            _refuse_blanks(command, parameter, given)
            value = _read(parameter, given, values, ctx)
            if doubts := _doubts(parameter, given):
                readings += doubts
                continue
            values[parameter.attribute] = value
            readings += _readings(parameter, given, values, ctx)
        except ValueError as error:
            problems[parameter.name] = str(error)
        except CommandError as error:
            problems[parameter.name] = error.message
    if no_client and all(problem.startswith("is missing") for problem in problems.values()):
        raise NotFound("There are no clients yet.", next_steps=("/engagement setup",))
    if problems:
        raise _usage_error(command, problems)
    named = [str(raw[each.name]) for each in command.parameters if each.kind is Kind.CLIENT and each.name in raw]
    return Arguments(values, frozenset(cleared), is_whole, tuple(readings), next(iter(named), None), frozenset(wiped))


def as_stored(command: Command, args: Arguments, raw: Raw, current: Raw) -> Arguments:
    """`args` with the words that a form showed and nobody touched as they are on record, however they are written."""
    untouched = {
        parameter.attribute: current[parameter.name]
        for parameter in command.parameters
        if parameter.kind in (Kind.TEXT, Kind.LONG_TEXT)
        and parameter.name in current
        and raw.get(parameter.name) == current[parameter.name]
    }
    return replace(args, values={**args.values, **untouched})


def readable(command: Command, raw: Raw, ctx: Context) -> dict[str, Any]:
    """What can be read in `raw`, by attribute, the rest left out: for forms that are half filled in."""
    values: dict[str, Any] = {}
    for parameter in command.parameters:
        given = raw.get(parameter.name)
        if given in (None, "", ()):
            continue
        try:
            values[parameter.attribute] = _read(parameter, given, values, ctx)
        except (ValueError, CommandError):
            continue
    return values


def without_blanks(raw: Raw) -> dict[str, str | tuple[str, ...]]:
    """`raw` with its blanks empty: what a form starts with when a proposed command opens it."""
    return {
        name: tuple(text for text in given if not has_blank(text))
        if isinstance(given, tuple)
        else ("" if has_blank(given, is_prose=True) else given)
        for name, given in raw.items()
    }


def with_current_names(command: Command, raw: Raw, ctx: Context) -> dict[str, str | tuple[str, ...]]:
    """`raw` with present names of clients, and names of rows as a form has room for them."""
    known = readable(command, raw, ctx)
    clients = {p.name: known.get(p.attribute) for p in command.parameters if p.kind is Kind.CLIENT}
    raw = {**raw, **{name: client.name for name, client in clients.items() if isinstance(client, Client)}}
    names = [p.name for p in command.parameters if p.kind is Kind.ITEM and len(raw.get(p.name, "")) > LONGEST_CHOICE]
    client = client_among(readable(command, raw, ctx), ctx) if names else None
    rows = ctx.uow.responsibilities.current(client.id) if client else []
    short = {straighten(row.item): lookup.item_written(row) for row in rows}
    return {**raw, **{name: short.get(straighten(str(raw[name])), raw[name]) for name in names}}


def with_iso_dates(
    command: Command, raw: Raw, ctx: Context, about: Raw | None = None
) -> dict[str, str | tuple[str, ...]]:
    """`raw` with its dates as ISO dates, by the day of the client that `about` (else `raw`) names: for a form."""
    place = place_of(readable(command, about if about is not None else raw, ctx), ctx)
    shown = dict(raw)
    for parameter in command.parameters:
        given = raw.get(parameter.name)
        if parameter.kind is Kind.DATE and isinstance(given, str):
            with suppress(ValueError):
                shown[parameter.name] = read_date(given, place.today, place.country).isoformat()
    return shown


def client_among(values: Mapping[str, Any], ctx: Context) -> Client | None:
    """The client that the values are about: named itself, or by the number of a question or reminder about it."""
    for value in values.values():
        if isinstance(value, Client):
            return value
        about: ScopeQuestion | Reminder | None = None
        if isinstance(value, QuestionNumber):
            about = ctx.uow.questions.find(value)
        elif isinstance(value, ReminderNumber):
            about = ctx.uow.reminders.find(value)
        if about is not None and about.client_id is not None:
            return ctx.uow.clients.find(about.client_id)
    return None


def place_of(values: Mapping[str, Any], ctx: Context) -> Place:
    """Where the client is that the values are about; the workspace's day without one."""
    client = client_among(values, ctx)
    country = values.get("country") or (client.country if client else None)
    return Place(ctx.today_for(client) if client else ctx.today, country)


def fingerprint(raw: Raw | None) -> str:
    """Tells one state of a record, as it would be typed, from another."""
    text = json.dumps(raw, sort_keys=True) if raw is not None else ""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def channel_client(command: Command, ctx: Context) -> Client | None:
    """The channel's client; None where a command is about two, for then it would be a guess which of them is meant."""
    is_about_two = sum(parameter.kind is Kind.CLIENT for parameter in command.parameters) > 1
    return None if is_about_two else lookup.linked_client(ctx)


def _read(parameter: Parameter, given: str | tuple[str, ...], values: Mapping[str, Any], ctx: Context) -> Any:
    if parameter.many:
        each = (given,) if isinstance(given, str) else given
        lines = [" ".join(text.split()) for text in each] if parameter.kind is Kind.TEXT else each  # a form: one a line
        return tuple(read_one(parameter, text, values, ctx) for text in lines)
    return read_one(parameter, given if isinstance(given, str) else " ".join(given), values, ctx)


def _refuse_blanks(command: Command, parameter: Parameter, given: str | tuple[str, ...]) -> None:
    """Raises ValueError for what stands where a value belongs: a blank; if it is recorded, a placeholder or example."""
    for text in (given,) if isinstance(given, str) else given:
        if has_blank(text, is_prose=parameter.kind in _PROSE):
            raise ValueError(f"is still a blank ({text.strip()[:40]}): {parameter.help}. Fill it in, or leave it out.")
        if not command.changes:
            continue
        if parameter.kind in _WORDED and (
            is_placeholder(
                text,
                field=parameter.name,
                is_name=parameter.name in _NAMES,
                is_evidence=parameter.name in _EVIDENCE,
                is_person=parameter.name in _PEOPLE,
            )
            or text.strip().casefold() == parameter.help.casefold()
        ):
            raise ValueError(
                f'is "{text.strip()[:60]}", which only shows what belongs there: {parameter.help}. Write the real one, '
                "or leave it out."
            )
        is_link = parameter.kind is Kind.URL or parameter.name in _EVIDENCE
        if is_link and parameter.name not in _LEFT_OUT and (link := reserved_link(text)) is not None:
            raise ValueError(
                f'is "{link[:80]}", a link as in examples: nothing is ever kept there, so it shows nothing. Write the '
                "link of the real document, or leave it out."
            )


def _doubts(parameter: Parameter, given: str | tuple[str, ...]) -> list[str]:
    link = reserved_link(given if isinstance(given, str) else " ".join(given)) if parameter.name in _LEFT_OUT else None
    if link is None:
        return []
    return [
        f"{parameter.name}: {link[:80]} is a link as in examples: it proves nothing and is not kept. Add the real one, "
        "where the receipt or the message is kept."
    ]


def read_one(parameter: Parameter, text: str, values: Mapping[str, Any], ctx: Context) -> Any:
    """The value of one text. Raises ValueError with what is wrong with it, NotFound or UnclearClient for a name."""
    if parameter.kind is Kind.CLIENT:
        return lookup.client_named(ctx, text)
    if parameter.kind is Kind.AGREEMENT:
        client = client_among(values, ctx)
        if client is None:
            raise ValueError("needs a client first.")
        return lookup.agreement_named(ctx, client, text)
    if parameter.kind is Kind.REGULATION:
        return lookup.regulation_named(ctx, text)
    if parameter.kind is Kind.ITEM:
        shown = text.strip()
        named = lookup.item_named(ctx, shown)
        return named if named != shown else read_value(parameter, text, ctx, Place(ctx.today))
    return read_value(parameter, text, ctx, place_of(values, ctx) if parameter.kind in _PLACED else Place(ctx.today))


def _readings(
    parameter: Parameter, given: str | tuple[str, ...], values: Mapping[str, Any], ctx: Context
) -> Iterator[str]:
    """How a date was read that is another day in other countries, and a time zone that was not named in full."""
    value = values[parameter.attribute]
    if parameter.kind is Kind.ZONE and isinstance(given, str) and given.strip().casefold() != value.casefold():
        yield f'{parameter.name}: "{given.strip()}" is read as {value}.'
    if parameter.kind is Kind.DATE and isinstance(given, str) and is_read_by_country(given):
        country = place_of(values, ctx).country
        yield f'{parameter.name}: "{given}" is read as {format_date(value)}, {date_order(country)}, as in {country}.'


def _usage_error(command: Command, problems: dict[str, str]) -> UsageError:
    lines = [f"{name}{'' if text[:1].islower() else ':'} {text}" for name, text in problems.items()]
    return UsageError(" ".join(lines), fields=problems, next_steps=how_to(command))


def how_to(command: Command) -> tuple[str, ...]:
    return (f"Example: {command.example}", f"/engagement help {command.name}")
