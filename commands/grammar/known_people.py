"""People by name or mail address, where nobody picks them from a list: on the command line, and in one's own words."""

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
an angel art april august bill bob case chase christian dawn day dean do drew eve faith frank gene grace grant guy hope
iris jack josh june lance long major mark mason max may miles my page pat penny price ray rich rob robin rose rusty
sandy skip so son sue summer van victor will young
"""
_ALSO_WORDS = frozenset(_WORD_NAMES.split())
_SHARED_NAMES = """
a account accounts admin administrator alerts backup billing bot client contact customer desk dr employee external guest
help helpdesk i it manager mr mrs ms msp noc office ops owner reminder reminders role sales security service services
slack soc staff support team tech technician temp test the us user vendor viewer
"""
_NEVER_ALONE = frozenset(_SHARED_NAMES.split())
"""How names begin that are nobody's first name: of accounts that several share, and of roles."""
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

    A name that is a word, too ("mark", "will"), is one only where it is written like one, and as the first word of the
    sentence ("Will Sam ...") only where nobody else is named.
    """
    known = list(people)
    words = _WORD.findall(text)
    folded = [re.sub(r"['’]s$", "", word.lower()) for word in words]
    found: dict[str, None] = {}
    taken: set[int] = set()
    for each in known:
        name = re.findall(r"[\w'’-]+", (each.name or "").lower())
        if len(name) > 1 and (places := _places_of(name, folded)):
            found[each.user] = None
            taken |= places
    names, opening = _by_name(known), dict[str, None]()
    for at, (word, plain) in enumerate(zip(words, folded, strict=True)):
        if at in taken or plain in _NEVER_ALONE or plain not in names:
            continue
        if plain not in _ALSO_WORDS:
            found |= dict.fromkeys(names[plain])
        elif not word[0].islower():
            (opening if at == 0 else found).update(dict.fromkeys(names[plain]))
    return list(found or opening)


def _places_of(run: list[str], words: list[str]) -> set[int]:
    """Where the words of `run` stand among `words`, one after the other."""
    starts = (at for at in range(len(words)) if words[at : at + len(run)] == run)
    return {at + step for at in starts for step in range(len(run))}


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
