"""What somebody's words mean: the command that they are, or a question about scope.

In a message, words are a command only when they are a whole, valid one, or when nobody could have meant anything else
by them: then the command says what it misses. Everything else is a question.
"""

from collections.abc import Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from commands.command import Command, Context, Registry
from commands.errors import CommandError, UsageError
from commands.grammar import lookup
from commands.grammar.assignment import parse
from commands.grammar.words import Word, split_words
from commands.labels import title_of
from commands.parameters import Kind
from commands.reply import Choice
from commands.rules.questions.utterance import asks, goes_on_as_prose, unasked, unlinked
from commands.synonyms import done_on_the_machine, meant_by
from storage.records import Role

Meaning = tuple[Command, str]
_MAIN = "/engagement"
_SHORTEST_SLIP = 4
_NEAR_VERB = 70
_PRESSED = 2
_SHORT = 2  # so few words after a command are meant for it when they come near what it takes
_INFLECTIONS = frozenset({"s", "d", "ed", "r", "n"})


def exact_meaning(registry: Registry, text: str, slash: str | None = None) -> Meaning | None:
    """The command that `text` begins with, and the rest; None where it begins with none.

    For what is a command for certain: a button's value, a form, what follows a slash command.
    """
    if slash is not None and (command := registry.for_slash(slash)) is not None:
        return (
            (find_command(registry, "help"), command.name)
            if text.strip().lower() in ("", "help") and (text.strip() or command.wants_words)
            else (command, text)
        )
    first, second, rest = _three(text)
    if not first or unasked(first).lower() == "help":
        return find_command(registry, "help"), f"{second} {rest}".strip()
    if second and (command := registry.find(first, second)) is not None:
        return command, rest
    if (command := registry.find(first, "")) is not None:
        return command, f"{second} {rest}".strip()
    return None


def is_beyond_doubt(registry: Registry, text: str, slash: str | None) -> bool:
    """Whether the words alone tell what is meant, so that no record has to be looked at."""
    first, *_ = _three(text)
    if slash is None:
        is_short = registry.for_slash(f"/{first.lower()}") is not None
        return not first.startswith("/") and not is_short and _name_meant(unasked(first), registry.nouns) is None
    if slash == _MAIN:
        return not _could_ask(registry, text)
    command = registry.for_slash(slash)
    return command is None or not first or registry.find(command.noun, first) is None


def meaning(registry: Registry, text: str, slash: str | None, ctx: Context) -> Meaning:
    """What is meant by `text`, typed after `slash` or (None) in a message.

    Raises UsageError for a slip in a command's name.
    """
    if slash not in (None, _MAIN):
        return _after_short_slash(registry, text, slash, ctx)
    first, second, rest = _three(text)
    after = f"{second} {rest}".strip()
    if not first:
        return find_command(registry, "help"), ""
    if slash is None and (first == _MAIN or registry.for_slash(first) is not None):
        return meaning(registry, after, first, ctx)
    if slash == _MAIN and (found := exact_meaning(registry, text)) is not None and _is_whole(*found, ctx):
        return found
    question = (find_command(registry, "scope", "ask"), text)
    if second and (command := registry.find(first, second if rest else unasked(second))) is not None:
        asked = "" if rest else second[len(unasked(second)) :]
        return _with_verb(registry, command, rest + asked, ctx) or question
    if (command := registry.find(unasked(first), "")) is not None:
        if slash == _MAIN and len(after.split()) <= 1 and not asks(after):
            return command, after
        return _standing_alone(command, after, ctx) or question
    if (command := registry.for_slash(f"/{first.lower()}")) is not None and first.lower() != command.noun:
        return _standing_alone(command, after, ctx) or question
    if _is_slip(registry, first, second, rest, ctx):
        raise not_a_command(registry, text, ctx.actor.role)
    if slash == _MAIN and len(text.split()) <= _SHORT and meant_by(text):
        raise not_a_command(registry, text, ctx.actor.role)
    return question


def begins_as_command(registry: Registry, text: str) -> bool:
    """Whether the first word is the noun of commands, or would be but for a slip."""
    return _name_meant(unasked(_three(text)[0]), registry.nouns) is not None


def find_command(registry: Registry, noun: str, verb: str = "") -> Command:
    command = registry.find(noun, verb)
    assert command is not None, f"the registry has no {noun} {verb}"
    return command


def not_a_command(registry: Registry, text: str, role: Role = Role.ADMIN) -> UsageError:
    """What is near `text`, or the verbs of its noun."""
    first = text.split(maxsplit=1)[0].lower()
    if first in registry.nouns:
        return needs_verb(registry, first, " ".join(text.split()[1:]), role)
    if (line := done_on_the_machine(first)) is not None:
        return UsageError(
            f'"{first}" is no command in Slack: it is done on the machine that the bot runs on.',
            next_steps=(line, "/engagement help"),
        )
    near = registry.near(" ".join(text.split()[:2]), role=role)
    hint = " Did you mean one of these?" if near else ""
    return UsageError(
        f'"{" ".join(text.split()[:2])}" is not a command.{hint}',
        next_steps=_other_than(text, (*map(_suggestion, near), "/engagement help")),
        choices=_buttons(near),
    )


def _buttons(near: Iterable[Command], after: str = "") -> tuple[Choice, ...]:
    """The same to press, the first with what was typed `after` its verb; what changes something opens its form."""
    opened = (
        Choice(
            title_of(each),
            f"{each.name} {'' if place else after}".strip(),
            opens_form=each.changes or (each.wants_words and bool(place or not after)),
        )
        for place, each in enumerate(near)
        if each.parameters or not each.changes
    )
    return (*opened, Choice("Help", "help"))


def _other_than(typed: str, steps: tuple[str, ...]) -> tuple[str, ...]:
    """The steps without what was typed just now."""
    same = " ".join(typed.lower().split())
    return tuple(step for step in steps if step.lower().removeprefix("/engagement ") != same)


def _suggestion(command: Command) -> str:
    """A near miss as it can be typed; the example of a command that changes something is no fact to be recorded."""
    return f"/engagement help {command.name}" if command.changes else command.example


def needs_verb(registry: Registry, noun: str, rest: str = "", role: Role = Role.ADMIN) -> UsageError:
    """The verbs of a noun, the nearest to what was typed first, those that only read before those that change.

    Only those that `role` may use are named.
    """
    typed, _, after = rest.partition(" ")
    of_noun = [each for each in registry.of_noun(noun) if each.verb and role.may_act_as(each.role)]
    ranked = sorted(of_noun, key=lambda each: (-_nearness(typed, each.verb), each.changes, not _is_list(each)))
    steps = [f"/engagement help {noun}"]
    if ranked and _nearness(typed, ranked[0].verb):
        steps.insert(0, f"/engagement {ranked[0].name} {after}".strip())
    elif ranked and not ranked[0].changes and not ranked[0].wants_words:
        steps.insert(0, _reading(ranked[0], rest))
    verbs = ", ".join(each.verb for each in ranked)
    return UsageError(
        f'"{noun}" needs one of: {verbs}.',
        next_steps=_other_than(f"{noun} {rest}", tuple(steps)),
        choices=_buttons(ranked[:_PRESSED], after if ranked and _nearness(typed, ranked[0].verb) else ""),
    )


def _nearness(typed: str, verb: str) -> float:
    """How near a verb comes to what was typed in its place; 0 where it does not."""
    return fuzz.ratio(typed.lower(), verb) if fuzz.ratio(typed.lower(), verb) >= _NEAR_VERB else 0.0


def _is_list(command: Command) -> bool:
    return command.verb in ("list", "show", "open")


def _reading(command: Command, rest: str) -> str:
    """The command with what was typed behind its noun, where it is one word that its client could be."""
    client = next((each for each in command.parameters if each.kind is Kind.CLIENT), None)
    if not rest or (client is None and ":" not in rest):
        return f"/engagement {command.name}"
    is_plain = ":" in rest or client is None or client.positional
    return f"/engagement {command.name} {rest if is_plain else f'client:{rest}'}"


def _with_verb(registry: Registry, command: Command, rest: str, ctx: Context) -> Meaning | None:
    """The meaning of words that begin with the command's noun and verb; None where they are a question."""
    options = _options(command)
    if _takes_free_text(command) and (command.name == "scope ask" or _is_whole(command, rest, ctx)):
        return command, rest
    if not asks(rest, options) and _is_whole(command, rest, ctx):
        return command, rest
    if not command.changes and (polite := _politely(command, rest, ctx)) is not None:
        return polite
    if asks(rest, options) or goes_on_as_prose(rest, options):
        return None
    loose = [word.value for word in _words(rest) if word.key not in options]
    if not command.positionals and loose:
        stands_alone = registry.find(command.noun, "") is not None
        is_prose = stands_alone or len(loose) > 1
        return None if is_prose and not _begins_with_client(loose, ctx) else (command, rest)
    return command, rest


def _standing_alone(command: Command, rest: str, ctx: Context) -> Meaning | None:
    """The meaning of words that begin with a noun that is a command by itself; None where they are a question."""
    if not asks(rest) and not goes_on_as_prose(rest) and _is_whole(command, rest, ctx):
        return command, rest
    if (polite := _politely(command, rest, ctx)) is not None:
        return polite
    if asks(rest) or goes_on_as_prose(rest):
        return None
    words = rest.split()
    takes_client = any(parameter.kind is Kind.CLIENT for parameter in command.parameters)
    is_near = len(words) <= _SHORT and bool(lookup.near_clients(ctx, words))
    return (command, rest) if takes_client and (is_near or not words) else None


def _politely(command: Command, rest: str, ctx: Context) -> Meaning | None:
    """A whole command but for a question mark or a linking word: "who hipaa?", "agreement list for calder"."""
    asked = unasked(rest)
    for words in (asked, unlinked(asked) or asked):
        if words != rest and not asks(words) and not goes_on_as_prose(words) and _is_whole(command, words, ctx):
            return command, words
    return None


def _after_short_slash(registry: Registry, text: str, slash: str, ctx: Context) -> Meaning:
    """`/scope history calder` is what "scope history calder" is, where that is whole; else it is a question."""
    found = exact_meaning(registry, text, slash)
    assert found is not None, f"{slash} is not one of the registry's"
    first, second, rest = _three(text)
    other = registry.find(found[0].noun, first)
    after = f"{second} {rest}".strip()
    if other is None or asks(after, _options(other)) or not _is_whole(other, after, ctx):
        return found
    return other, after


def _could_ask(registry: Registry, text: str) -> bool:
    found = exact_meaning(registry, text)
    options = _options(found[0]) if found else ()
    return asks(text, options) or (found is not None and goes_on_as_prose(found[1], options))


def _is_whole(command: Command, rest: str, ctx: Context) -> bool:
    """Whether nothing is missing, left over or unknown in `rest`."""
    try:
        args = parse(command, rest, ctx)
    except CommandError:
        return False
    if command.understands is None or command.understands(ctx, args):
        return True
    return _begins_with_client([word.value for word in _words(rest)], ctx)


def _is_slip(registry: Registry, first: str, second: str, rest: str, ctx: Context) -> bool:
    """Whether `first` and `second` are a noun and a verb but for a slip, and what follows could be arguments."""
    noun = _name_meant(first, registry.nouns)
    command = None
    if noun and second:
        verb = _name_meant(second, [each.verb for each in registry.of_noun(noun) if each.verb])
        command = registry.find(noun, verb) if verb else None
    if command is None or asks(rest) or goes_on_as_prose(rest):
        return False
    if not rest:
        return len(first) + len(second) <= len(command.noun) + len(command.verb)
    words = _words(rest)
    return any(word.key in _options(command) for word in words) or _begins_with_client(
        [word.value for word in words], ctx
    )


def _name_meant(typed: str, names: tuple[str, ...] | list[str]) -> str | None:
    """The name that was typed, or meant by it: one letter away, and not the name with an ending."""
    typed = typed.lower()
    if typed in names:
        return typed
    for name in names:
        is_inflected = typed.startswith(name) and typed[len(name) :] in _INFLECTIONS
        if len(name) >= _SHORTEST_SLIP and not is_inflected and OSA.distance(typed, name, score_cutoff=1) == 1:
            return name
    return None


def _begins_with_client(words: list[str], ctx: Context) -> bool:
    return lookup.client_exactly_at(ctx, words) is not None


def _takes_free_text(command: Command) -> bool:
    """Whether it takes a text after all that it needs: a question, or the words of a clause."""
    needs = any(parameter.required for parameter in command.positionals if parameter.kind is not Kind.CLIENT)
    is_free = any(parameter.kind is Kind.REST for parameter in command.parameters)
    return is_free and (needs or command.name == "scope ask")


def _options(command: Command) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in command.parameters if parameter.kind is not Kind.REST)


def _words(text: str) -> tuple[Word, ...]:
    return split_words(text, is_free_text=True)


def _three(text: str) -> tuple[str, str, str]:
    """The first two words and the rest, as written."""
    first, second, rest = (*text.split(maxsplit=2), "", "", "")[:3]
    return first, second, rest
