"""From what was typed, or filled into a form, to the typed values a handler works with: one validation path."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

from commands import lookup
from commands.context import Context
from commands.errors import CommandError, UsageError
from commands.lookup import LONGEST_CHOICE
from commands.registry import Command, Kind, Parameter
from commands.values import QuestionNumber, read_value
from commands.words import Word, split_words, straighten
from storage.records import Client

Raw = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Arguments:
    """The values by parameter: `args.initial_term`. What was not given is None, or () where many are taken.

    `cleared` was given as nothing, on purpose. `is_whole`: they come from a form that showed the whole record, so that
    lists are what they shall be, not what is to be added.
    """

    values: Mapping[str, Any]
    cleared: frozenset[str] = frozenset()
    is_whole: bool = False

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"this command has no parameter {name}") from None

    def given(self, *names: str) -> dict[str, Any]:
        """Those of `names` that were given, with their values: the changes of an edit."""
        return {name: self.values[name] for name in names if self.values[name] not in (None, ())}

    def emptied(self, *names: str) -> frozenset[str]:
        """Those of `names` that are to be taken away."""
        return self.cleared & frozenset(names)


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
    problems: dict[str, str] = {}
    for parameter in command.parameters:
        try:
            given = raw.get(parameter.name)
            if given is None and parameter.kind is Kind.CLIENT and parameter.required:
                linked = lookup.linked_client(ctx)
                given = linked.name if linked else None
            if given in (None, "", ()):
                if parameter.required:
                    problems[parameter.name] = f"is missing: {parameter.help}."
                elif given is not None:
                    cleared.add(parameter.attribute)
                continue
            values[parameter.attribute] = _read(parameter, given, values, ctx)
        except ValueError as error:
            problems[parameter.name] = str(error)
        except CommandError as error:
            problems[parameter.name] = error.message
    if problems:
        raise _usage_error(command, problems)
    return Arguments(values, frozenset(cleared), is_whole)


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


def written(command: Command, raw: Raw, ctx: Context) -> dict[str, str | tuple[str, ...]]:
    """`raw` with names of rows as a form has room for them."""
    names = [p.name for p in command.parameters if p.kind is Kind.ITEM and len(raw.get(p.name, "")) > LONGEST_CHOICE]
    client = client_among(readable(command, raw, ctx), ctx) if names else None
    rows = ctx.uow.responsibilities.current(client.id) if client else []
    short = {straighten(row.item): lookup.item_written(row) for row in rows}
    return {**raw, **{name: short.get(straighten(str(raw[name])), raw[name]) for name in names}}


def client_among(values: Mapping[str, Any], ctx: Context) -> Client | None:
    """The client that the values are about: named itself, or by the number of a question about it."""
    for value in values.values():
        if isinstance(value, Client):
            return value
        question = ctx.uow.questions.find(value) if isinstance(value, QuestionNumber) else None
        if question is not None:
            return ctx.uow.clients.find(question.client_id)
    return None


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
            raw[parameter.name] = _without_options(text, words)
            return
        if parameter.kind is Kind.PERSON and not parameter.required:
            words = _without_person(parameter, words, raw)
            continue
        if parameter.kind is Kind.CLIENT:
            taken = _take_client(parameter, words, parameters[place + 1 :], raw, ctx)
        elif parameter.many:
            raw[parameter.name] = tuple(word.value for word in words)
            taken = len(words)
        else:
            raw[parameter.name] = words[0].value
            taken = 1
        words = words[taken:]
    if words:
        raise UsageError(
            f'"{words[0].written}" was not expected. Put quotes around what has spaces, like "Calder Ridge".',
            next_steps=_how_to(command),
        )


def _without_person(parameter: Parameter, words: list[Word], raw: dict[str, str | tuple[str, ...]]) -> list[Word]:
    """Fill the person from the first mention, wherever it stands; the other words."""
    found = next((word for word in words if word.value.startswith("<@")), None)
    if found is None:
        return words
    raw[parameter.name] = found.value
    return [word for word in words if word is not found]


def _take_client(
    parameter: Parameter,
    words: Sequence[Word],
    later: Sequence[Parameter],
    raw: dict[str, str | tuple[str, ...]],
    ctx: Context,
) -> int:
    """Fill the client from the first words, or leave it to the channel's; the number of words used."""
    linked = lookup.linked_client(ctx)
    needed = sum(1 for other in later if other.required and other.kind is not Kind.REST)
    if linked is not None and len(words) <= needed:
        raw[parameter.name] = linked.name
        return 0
    if words[0].is_quoted:
        raw[parameter.name] = lookup.client_named(ctx, words[0].value).name
        return 1
    is_question = any(other.kind is Kind.REST for other in later)
    if is_question and lookup.is_ordinary(words[0].value):
        return 0
    found = lookup.client_at(ctx, [word.value for word in words if not word.is_quoted])
    if found is not None:
        raw[parameter.name] = found[0].name
        return found[1]
    if is_question or not parameter.required:
        return 0
    lookup.client_named(ctx, words[0].value)
    return 1


def _without_options(text: str, words: Sequence[Word]) -> str:
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


def _read_one(parameter: Parameter, text: str, values: Mapping[str, Any], ctx: Context) -> Any:
    if parameter.kind is Kind.CLIENT:
        return lookup.client_named(ctx, text)
    if parameter.kind is Kind.AGREEMENT:
        client = client_among(values, ctx)
        if client is None:
            raise ValueError("needs a client first.")
        return lookup.agreement_named(ctx, client, text)
    if parameter.kind is Kind.REGULATION:
        return lookup.regulation_named(text)
    if parameter.kind is Kind.ITEM:
        return lookup.item_named(ctx, str(read_value(parameter, text, ctx)))
    return read_value(parameter, text, ctx)


def _unknown_option(command: Command, key: str, by_name: Mapping[str, Parameter]) -> UsageError:
    near = process.extractOne(key, by_name.keys(), score_cutoff=60)
    hint = f" Did you mean {near[0]}:?" if near else f" It takes {', '.join(name + ':' for name in by_name)}."
    return UsageError(f'"{command.name}" has no option {key}:.{hint}', next_steps=_how_to(command))


def _usage_error(command: Command, problems: dict[str, str]) -> UsageError:
    lines = [f"{name}{'' if text[:1].islower() else ':'} {text}" for name, text in problems.items()]
    return UsageError(" ".join(lines), fields=problems, next_steps=_how_to(command))


def _how_to(command: Command) -> tuple[str, ...]:
    return (f"Example: {command.example}", f"/engagement help {command.name}")
