"""Which of the typed words belong to which parameter, unread; clients' names may be of several words."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import CommandError, UnclearClient, UsageError
from commands.grammar import lookup
from commands.grammar.client_in_question import refuse_longer_name
from commands.grammar.option_names import options_meant
from commands.grammar.other_clients import client_begun_in
from commands.grammar.parsing import channel_client, convert, how_to, read_one
from commands.grammar.spelled_names import LONGEST_NAME, is_ordinary
from commands.grammar.words import Word, quote, split_words, straighten
from commands.parameters import Kind, Parameter
from commands.reply import Choice
from storage.records import Client

# So many clients are offered as buttons.
_FEW = 5
_MOST_WORDS = 6
_VERSION = re.compile(r"v?\d[\d.]*")
# What takes any words.
_OPEN_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.ITEM, Kind.FILE, Kind.REST})


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
            next_steps=how_to(command),
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
    linked = channel_client(command, ctx)
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
            read_one(parameter, " ".join(words[:count]), {}, ctx)
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
        read_one(later[0], word, {"client": linked}, ctx)
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


def _unknown_option(command: Command, key: str, by_name: Mapping[str, Parameter]) -> UsageError:
    meant = " or ".join(f'"{name}:"' for name in options_meant(key, by_name))
    hint = f" Did you mean {meant}?" if meant else f" It takes {', '.join(name + ':' for name in by_name)}."
    return UsageError(f'"{command.name}" has no option "{key}:".{hint}', next_steps=how_to(command))
