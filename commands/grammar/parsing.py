"""From what was typed, or filled into a form, to the typed values a handler works with: one validation path."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile
from typing import Any

from commands.arguments import Arguments, Raw
from commands.command import Command, Context
from commands.errors import CommandError, UnclearClient, UsageError
from commands.grammar import lookup
from commands.grammar.client_in_question import refuse_longer_name
from commands.grammar.lookup import LONGEST_CHOICE
from commands.grammar.option_names import options_meant
from commands.grammar.other_clients import client_begun_in
from commands.grammar.spelled_names import LONGEST_NAME, is_ordinary
from commands.grammar.values import Place, QuestionNumber, ReminderNumber, read_value
from commands.grammar.words import Word, quote, split_words, straighten
from commands.parameters import Kind, Parameter
from commands.reply import Choice
from commands.rules.dates.format import format_date
from commands.rules.dates.written_dates import date_order, is_read_by_country, read_date
from commands.rules.text.placeholders import has_blank, is_placeholder, reserved_link
from storage.records import Client, Reminder, ScopeQuestion

_PLACED = (Kind.DATE, Kind.ZONE)
# So many clients are offered as buttons.
_FEW = 5
_MOST_WORDS = 6
_VERSION = re.compile(r"v?\d[\d.]*")
# What takes any words.
_OPEN_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.ITEM, Kind.FILE, Kind.REST})
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


def assign(command: Command, text: str, ctx: Context) -> dict[str, str | tuple[str, ...]]:
    """Which words belong to which parameter, unread. Raises UsageError, or NotFound for a client that is only near."""
    free = any(parameter.kind is Kind.REST for parameter in command.parameters)
    by_name = {parameter.name: parameter for parameter in command.parameters if parameter.kind is not Kind.REST}
    raw: dict[str, str | tuple[str, ...]] = {}
    positional: list[Word] = []
    for word in split_words(text, is_free_text=free):
        parameter = by_name.get(word.key or "")
        if parameter is not None and (word.value or (word.is_quoted and not free)):
            _put(raw, parameter, word.value)
        elif word.key is not None and not word.is_quoted and not free:
            raise _unknown_option(command, word.key, by_name)
        else:
            positional.append(word)
    _assign_positional(command, straighten(text), positional, raw, ctx)
    return raw


def convert(command: Command, raw: Raw, ctx: Context, *, is_whole: bool = False) -> Arguments:
    """The values of `raw`, every problem reported at once. Raises UsageError with a message per field."""
    values: dict[str, Any] = {p.attribute: () if p.many else None for p in command.parameters}
    cleared: set[str] = set()
    wiped: set[str] = set()
    problems: dict[str, str] = {}
    readings: list[str] = []
    for parameter in command.parameters:
        try:
            given = raw.get(parameter.name)
            if given is None and not parameter.required:
                continue
            if given is None and parameter.kind is Kind.CLIENT:
                linked = _linked_client(command, ctx)
                given = linked.name if linked else None
            if isinstance(given, tuple) and given and not any(given):
                wiped.add(parameter.attribute)  # typed as "": an empty cell of a table takes no list away
                given = ()
            if given in (None, "", ()):
                if parameter.required:
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


def parse(command: Command, text: str, ctx: Context) -> Arguments:
    """`assign` and `convert` in one. Raises UsageError or NotFound."""
    return convert(command, assign(command, text, ctx), ctx)


def _assign_positional(
    command: Command, text: str, words: list[Word], raw: dict[str, str | tuple[str, ...]], ctx: Context
) -> None:
    parameters = [parameter for parameter in command.positionals if parameter.name not in raw]
    for place, parameter in enumerate(parameters):
        if not words:
            return
        if parameter.kind is Kind.REST:
            raw[parameter.name] = _without_options(words)
            return
        if parameter.kind is Kind.PERSON and not parameter.required:
            words = _without_person(parameter, words, raw)
            continue
        if parameter.kind is Kind.CLIENT:
            if place and len(words) > 1 and words[0].written.casefold() == parameter.name:  # "merge A into B"
                words = words[1:]
            taken = _take_client(command, parameter, text, words, parameters[place + 1 :], raw, ctx)
        elif parameter.many:
            raw[parameter.name] = tuple(word.value for word in words)
            taken = len(words)
        else:
            needed = sum(1 for other in parameters[place + 1 :] if other.required)
            taken = _count_of(parameter, _leading(words), needed, ctx)
            raw[parameter.name] = " ".join(word.value for word in words[:taken])
        words = words[taken:]
    if words:
        raise UsageError(
            f'"{words[0].written}" was not expected. Put quotes around what has spaces, like "Calder Ridge".',
            next_steps=_how_to(command),
        )


def _without_person(parameter: Parameter, words: list[Word], raw: dict[str, str | tuple[str, ...]]) -> list[Word]:
    """Fill the person from the first mention, wherever it stands, or from "me" in front; the other words."""
    found = next((word for word in words if word.value.startswith("<@")), None)
    if found is None and words and words[0].written.lower() == "me":
        found = words[0]
    if found is None:
        return words
    raw[parameter.name] = found.value
    return [word for word in words if word is not found]


def _take_client(
    command: Command,
    parameter: Parameter,
    text: str,
    words: Sequence[Word],
    later: Sequence[Parameter],
    raw: dict[str, str | tuple[str, ...]],
    ctx: Context,
) -> int:
    """Fill the client from the first words, or leave it to the channel's; the number of words used.

    Words that could name a client (a name, the unique start of one) are read as one before they are anything else,
    unless they are exactly a name that the next parameter takes. Raises UnclearClient where they only come close.
    """
    linked = _linked_client(command, ctx)
    is_question = any(other.kind is Kind.REST for other in later)
    try:
        found = _client_first(_leading(words), later, linked, ctx)
        if found is not None:
            count = 1 if words[0].is_quoted else found[1]
            with_current_names = " ".join(map(_without_colon, words[:count]))
            raw[parameter.name] = with_current_names if found[0].former_name(with_current_names) else found[0].name
            return count
        if linked is not None and not is_question and _leaves_out_client(words, later, linked, ctx):
            raw[parameter.name] = linked.name
            return 0
    except UnclearClient as error:
        _offer(error, command, text, words, linked)
        raise
    if words[0].is_quoted and (parameter.required or is_question):
        lookup.client_named(ctx, words[0].value)
    if is_question or not parameter.required:
        return 0
    lookup.client_named(ctx, words[0].value)
    return 1


def _linked_client(command: Command, ctx: Context) -> Client | None:
    """The channel's client; None where a command is about two, for then it would be a guess which of them is meant."""
    is_about_two = sum(parameter.kind is Kind.CLIENT for parameter in command.parameters) > 1
    return None if is_about_two else lookup.linked_client(ctx)


def _leaves_out_client(words: Sequence[Word], later: Sequence[Parameter], linked: Client, ctx: Context) -> bool:
    """Whether the words are enough, or right, without a client. Raises UnclearClient where they begin with another."""
    needed = sum(1 for other in later if other.required)
    is_right = _is_known(_leading(words), later, linked, ctx) or _fit_without_client(words, later, linked, ctx)
    if len(words) > needed and not is_right:
        return False
    begun = client_begun_in(ctx, words[0].value, linked)
    other = lookup.client_beginning(ctx, words[0].value) or begun
    if other is not None and other.id != linked.id:
        how = "may begin" if other is begun else "begins"
        raise UnclearClient(
            f'"{words[0].value}" {how} with the name of {other.name}, and this channel is about {linked.name}. '
            "Put the client first.",
            "",
            (other.name,),
        )
    return True


def _count_of(parameter: Parameter, words: Sequence[str], needed: int, ctx: Context) -> int:
    """How many of the first words make one value ("nis 2", "does not apply"), `needed` ones left for what follows."""
    if parameter.kind not in (Kind.CHOICE, Kind.REGULATION):
        return 1
    for count in range(min(_MOST_WORDS, len(words) - needed), 1, -1):
        try:
            _read_one(parameter, " ".join(words[:count]), {}, ctx)
        except (ValueError, CommandError):
            continue
        return count
    return 1


def _leading(words: Sequence[Word]) -> list[str]:
    """The words at the beginning that together may be a client's name: a quoted one alone."""
    if words[0].is_quoted:
        return [words[0].value]
    return [_without_colon(word) for word in takewhile(lambda word: not word.is_quoted, words)]


def _without_colon(word: Word) -> str:
    """The word; of what looks like an option without a value its name: "Calder Valley: who patches?"."""
    return word.value if word.value or word.is_quoted else word.written.rstrip(":")


def _client_first(
    words: Sequence[str], later: Sequence[Parameter], linked: Client | None, ctx: Context
) -> tuple[Client, int] | None:
    """The client that the first words name; None where they are something else."""
    if (found := lookup.client_exactly_at(ctx, words)) is not None:
        first = words[:LONGEST_NAME]
        refuse_longer_name(ctx, first, found[0].name, (0, found[1]))
        return found
    if any(other.kind is Kind.REST for other in later[:1]) and is_ordinary(words[0]):
        return None
    if linked is not None and _is_known(words, later, linked, ctx):
        return None
    return lookup.client_at(ctx, words)


def _is_known(words: Sequence[str], later: Sequence[Parameter], linked: Client, ctx: Context) -> bool:
    """Whether the first words are exactly what the parameter behind the client takes, for the channel's client."""
    if not later:
        return False
    needed = sum(1 for other in later[1:] if other.required)
    word = " ".join(words[: _count_of(later[0], words, needed, ctx)])
    if later[0].kind is Kind.AGREEMENT:
        papers = ctx.uow.agreements.of_client(linked.id)
        return straighten(word).casefold() in {straighten(each.reference).casefold() for each in papers}
    if later[0].kind in _OPEN_KINDS:
        return False
    try:
        _read_one(later[0], word, {"client": linked}, ctx)
    except (ValueError, CommandError):
        return False
    return True


def _fit_without_client(words: Sequence[Word], later: Sequence[Parameter], linked: Client, ctx: Context) -> bool:
    """Whether the words are all that is behind the client, in its order: "Payroll server" view, "CIS Controls" 8.1.

    What may be left out has to be exactly one of its values, or a number with its parts: else it could be anything.
    """
    left = [word.value for word in words]
    is_told_apart = False
    for at, other in enumerate(later):
        if not left:
            break
        if other.kind not in _OPEN_KINDS:
            if not _is_known(left, later[at:], linked, ctx):
                return False
            needed = sum(1 for each in later[at + 1 :] if each.required)
            left, is_told_apart = left[_count_of(other, left, needed, ctx) :], True
        elif other.required or _VERSION.fullmatch(left[0]):
            left, is_told_apart = left[1:], is_told_apart or not other.required
        else:
            return False
    return is_told_apart and not left


def _offer(error: UnclearClient, command: Command, text: str, words: Sequence[Word], linked: Client | None) -> None:
    """Give `error` a button for each client that may be meant, and the line to type for the channel's own."""
    start = words[0].start
    end = start
    typed = error.typed
    for word in words:
        if not typed:
            break
        end, typed = word.start + len(word.written), typed[len(word.value) :].strip()
    few = error.candidates[:_FEW]
    error.choices = tuple(
        Choice(name, f"{command.name} {text[:start]}{quote(name)} {text[end:].lstrip()}".strip()) for name in few
    )
    if linked is not None and linked.name not in few:
        line = f"{command.name} {text[:start]}{quote(linked.name)} {text[start:]}"
        error.choices += (Choice(linked.name, line),)
        error.next_steps = (*error.next_steps, f"/engagement {line}")


def _without_options(words: Sequence[Word]) -> str:
    """The rest of the text as written, from the first word on, options cut out."""
    return " ".join(word.written for word in words).strip()


def _put(raw: dict[str, str | tuple[str, ...]], parameter: Parameter, value: str) -> None:
    if parameter.many:
        earlier = raw.get(parameter.name, ())
        raw[parameter.name] = (*earlier, value)
    elif parameter.name in raw:
        raise UsageError(f"{parameter.name}: is given twice.")
    else:
        raw[parameter.name] = value


def _read(parameter: Parameter, given: str | tuple[str, ...], values: Mapping[str, Any], ctx: Context) -> Any:
    if parameter.many:
        each = (given,) if isinstance(given, str) else given
        lines = [" ".join(text.split()) for text in each] if parameter.kind is Kind.TEXT else each  # a form: one a line
        return tuple(_read_one(parameter, text, values, ctx) for text in lines)
    return _read_one(parameter, given if isinstance(given, str) else " ".join(given), values, ctx)


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


def _read_one(parameter: Parameter, text: str, values: Mapping[str, Any], ctx: Context) -> Any:
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


def _unknown_option(command: Command, key: str, by_name: Mapping[str, Parameter]) -> UsageError:
    meant = " or ".join(f'"{name}:"' for name in options_meant(key, by_name))
    hint = f" Did you mean {meant}?" if meant else f" It takes {', '.join(name + ':' for name in by_name)}."
    return UsageError(f'"{command.name}" has no option "{key}:".{hint}', next_steps=_how_to(command))


def _usage_error(command: Command, problems: dict[str, str]) -> UsageError:
    lines = [f"{name}{'' if text[:1].islower() else ':'} {text}" for name, text in problems.items()]
    return UsageError(" ".join(lines), fields=problems, next_steps=_how_to(command))


def _how_to(command: Command) -> tuple[str, ...]:
    return (f"Example: {command.example}", f"/engagement help {command.name}")
