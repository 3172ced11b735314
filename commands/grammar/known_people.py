"""People by name or mail address on the command line, where nobody picks them from a list."""

import re
from collections.abc import Iterable, Mapping

from commands.command import Context
from commands.errors import UsageError
from commands.rules.text.people import as_person
from storage.records import Person

_NAMED = re.compile(
    r"(?<![\w<.@])@(?P<name>[^\W\d_][\w.'’-]*\w|[^\W\d_])"
    r"|(?<![^\s:,\"])(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?![^\s,\"])"
)
_WORD = re.compile(r"[\w'’.+@-]*\w")
_WORD_NAMES = """
art april august bill bob chase dawn dean drew eve faith frank gene grace grant guy hope iris jack june lance mark max
may miles page pat penny ray rich rob rose rusty sandy skip sue summer victor will
"""
_ALSO_WORDS = frozenset(_WORD_NAMES.split())
_MOST_ASKED_ABOUT = 20


def with_people(text: str, people: Iterable[Person]) -> str:
    """`text` with "@dana", "@dana.ortiz" and "dana@our-msp.example" as Slack would have sent the person.

    What names nobody stays as it is. Raises UsageError for a name that several have.
    """
    if "@" not in text:
        return text
    names = _by_name(people)

    def replaced(found: re.Match[str]) -> str:
        typed = (found["name"] or found["mail"]).lower()
        known = names.get(typed, {})
        if len(known) > 1:
            several = ", ".join(f"{name or user} ({user})" for user, name in sorted(known.items()))
            raise UsageError(f'"{found[0]}" may be {several}. Type the whole name with dots, or the id.')
        return as_person(next(iter(known))) if known else found[0]

    return _NAMED.sub(replaced, text)


def people_here(ctx: Context) -> list[Person]:
    """Whoever Slack told us of; and whoever has a role or answers for a client, as far as Slack tells it now."""
    known = ctx.uow.people.list()
    if ctx.look_up is None:
        return known
    users = {each.user for each in ctx.uow.roles.list()} | (set(ctx.policy.admins) if ctx.policy else set())
    users.update(user for each in ctx.uow.clients.list() for user in (each.owner, each.backup_owner) if user)
    named = {each.user for each in known if each.name}
    found = {user: ctx.look_up(user) for user in sorted(users - named)[:_MOST_ASKED_ABOUT]}
    told = [
        Person(user=user, name=each.name, absence=each.absence, seen_at=ctx.now)
        for user, each in found.items()
        if each is not None
    ]
    return [each for each in known if each.name] + told


def people_said(text: str, people: Iterable[Person]) -> list[str]:
    """The users who are called so in words without an @; several where a name is not one person's alone.

    A name that is a word, too ("mark", "will"), is one only where it is written like one.
    """
    known = list(people)
    words = _WORD.findall(text)
    folded = [re.sub(r"['’]s$", "", word.lower()) for word in words]
    whole = [
        each.user
        for each in known
        if (name := re.findall(r"[\w'’-]+", (each.name or "").lower())) and len(name) > 1 and _has_run(folded, name)
    ]
    if whole:
        return whole
    names = _by_name(known)
    found: dict[str, None] = {}
    for word, plain in zip(words, folded, strict=True):
        if plain in names and not (plain in _ALSO_WORDS and word[0].islower()):
            found |= dict.fromkeys(names[plain])
    return list(found)


def _has_run(words: list[str], run: list[str]) -> bool:
    return any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))


def _by_name(people: Iterable[Person]) -> Mapping[str, dict[str, str | None]]:
    """From what somebody may be called to the users who are called so."""
    found: dict[str, dict[str, str | None]] = {}
    for person in people:
        words = re.findall(r"[\w'’-]+", (person.name or "").lower())
        called = {words[0], ".".join(words), "".join(words), "-".join(words), "_".join(words)} if words else set()
        if person.email:
            called |= {person.email, person.email.partition("@")[0]}
        for name in called:
            found.setdefault(name, {})[person.user] = person.name
    return found
